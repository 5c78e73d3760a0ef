-- The classes of what a script meets, by the names that annotations give them.
local classes = { objects = {}, records = {} }

--- Gives the class of objects its name and returns it. `facts` may say where its methods are told
--- of (at = "ctx"), how to make an object that can be tried (make), one of another sort (also), and
--- of which kind its things are (kind, as of collection.lua).
function classes.named(type, class, facts)
  local row = { type = type, class = class }
  for name, value in pairs(facts or {}) do row[name] = value end
  classes.objects[#classes.objects + 1] = row
  return class
end

--- Gives a kind of plain table its name: the keys of `fields` are those that it may have.
function classes.record(type, fields)
  classes.records[#classes.records + 1] = { type = type, fields = fields }
  return fields
end

return classes
