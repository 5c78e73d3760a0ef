-- The surface: everything that a script sees, learnt from the thing itself. The functions of the
-- library are found by walking through it, their words are its comments, and what each sends is
-- seen by trying it.
local classes = require "manual.classes"
local comments = require "manual.comments"
local host = require "host.manual"
local probe = require "manual.probe"
local sorted = require "sorted"

local surface = {}

local walk -- loads the library, so only once the recorders are in place

-- "scaling_quota" of "as:show_resource_quota" is "as.ScalingQuota".
local function pascal(service, words)
  return service .. "." .. ("_" .. words):gsub("_(%a)", string.upper)
end

-- The class of the things that an operation reads.
local function type_of_rows(operation)
  local resource = probe.shape(operation).resource
  local service = operation:match("^[^:]+")
  for _, row in ipairs(classes.objects) do
    local shape = row.kind and row.kind.shape
    if shape and shape.resource == resource and row.type:find("^" .. service .. "%.") then
      return row.type
    end
  end
  return pascal(service, resource)
end

-- "sdrs.ProtectionGroup" for what a function gave back; nil where it says nothing.
local function type_of(value, collections)
  if type(value) ~= "table" then return value ~= nil and type(value) or nil end
  local class = walk.class_of(value)
  if class then return class.type end
  if walk.is_collection(value) then return collections[value.kind] end
  local origin = probe.origin(value)
  if not origin then
    local first = type_of(rawget(value, 1), collections)
    return first and first .. "[]"
  end
  if not origin.operation then return nil end
  local lists = origin.operation:find("list_", 1, true)
  local result = probe.shape(origin.operation).result
  if origin.way == "[]" then return type_of_rows(origin.operation) end
  if (origin.way or "") ~= result then return nil end
  return type_of_rows(origin.operation) .. (lists and "[]" or "")
end

local function row_type(value, collections)
  local found = type_of(value, collections)
  return found and found ~= "nil" and ("fun(): %s?"):format(found)
end

-- By which argument a value of a call was given: its name, and whether as a member of that.
local function given_by(value, given)
  local origin = probe.origin(value)
  if origin then return origin.param, origin.way end
  for name, sentinel in pairs(given) do
    if sentinel == value and type(value) ~= "table" then return name end
  end
  if type(value) ~= "table" then return nil end
  for _, each in pairs(value) do -- the ids of a list
    local name = given_by(each, given)
    if name then return name end
  end
end

-- What the calls of a function say of its arguments: which stand for parameters of the operation,
-- which are tables of them, and which parameters it sets by itself.
local function learn_arguments(outcome)
  local learnt = { stands = {}, tables = {}, members = {}, sets = {}, operations = {}, rows = {} }
  local seen = {}
  for _, call in ipairs(outcome.calls) do
    local row = call.row
    local name = row.module .. "." .. row.name
    if not seen[name] then
      seen[name] = true
      learnt.rows[#learnt.rows + 1] = name
    end
    if row.operation and not seen[row.operation] then
      seen[row.operation] = true
      learnt.operations[#learnt.operations + 1] = row.operation
    end
    local sent = row.operation and call.arguments[1]
    for field, value in pairs(type(sent) == "table" and sent or {}) do
      local by, way = given_by(value, outcome.given)
      if field == "*" then
        learnt.tables[value] = row.operation
      elseif by and way == field then
        learnt.members[by] = learnt.members[by] or {}
        learnt.members[by][field] = true
        learnt.tables[by] = learnt.tables[by] or ""
      elseif by then
        learnt.stands[by] = { operation = row.operation, param = field }
      else
        learnt.sets[row.operation] = learnt.sets[row.operation] or {}
        learnt.sets[row.operation][field] = true
      end
    end
  end
  return learnt
end

local function keys_of(set)
  local keys = {}
  for key in sorted(set or {}) do keys[#keys + 1] = key end
  return keys
end

-- The arguments as the definition names them, with the types of the annotations.
local function params_of(comment, row)
  local named, params = {}, {}
  for _, param in ipairs(comment.params) do named[param.name] = param end
  local names = comment.names
  if not names then -- a row of the host: its annotations name them all
    names = {}
    for _, param in ipairs(comment.params) do names[#names + 1] = param.name end
    if #names == 0 and row then
      for name in (row.signature:match("^%((.-)%)") or ""):gmatch("[%w_]+") do
        names[#names + 1] = name
      end
    end
  end
  for i, name in ipairs(names) do
    local param = named[name] or { name = name }
    params[i] = {
      name = name, type = param.type, optional = param.optional or false, help = param.help,
    }
  end
  return params
end

local function describe_params(params, learnt)
  for _, param in ipairs(params) do
    local stands, operation = learnt.stands[param.name], learnt.tables[param.name]
    if stands then param.operation, param.stands_for = stands.operation, stands.param end
    if operation then
      if operation == "" then operation = learnt.operations[1] end
      param.operation = operation
      param.members = learnt.members[param.name] and keys_of(learnt.members[param.name])
      param.optional = true
      param.whole = learnt.tables[param.name] ~= ""
      param.set = keys_of(learnt.sets[operation])
    end
  end
end

local function returns_of(comment, outcome, collections, self_type)
  local returns = {}
  for i, row in ipairs(comment.returns) do
    returns[i] = row.type == "self" and self_type or row.type
  end
  if #returns > 0 then return returns end
  local observed = row_type(outcome.row, collections) or type_of(outcome.result, collections)
  return { observed }
end

-- What the functions that are rows themselves are called with.
local function outcome_of_row(row)
  local operations = row.operation and { row.operation } or {}
  return { stands = {}, tables = {}, members = {}, sets = {}, operations = operations,
    rows = { row.module .. "." .. row.name } }
end

-- In this machine whatever names a thing is there, in every object.
local Named = {}

function Named.__index(_, key)
  if type(key) == "string" and key:find("^0000") then return "2026-01-01T00:00:00Z" end -- asked for
  local names = type(key) == "string" and key:find("_%a+$") and key:match("_(%a+)$")
  return (names == "id" or names == "urn" or names == "name" or names == "key") and "self" or nil
end

local function new_members(described)
  local members, collections = {}, {}

  local function add(place, kind, name, more)
    local member = { path = place.path, kind = kind, name = name, owner = place.owner or "" }
    for key, value in pairs(more or {}) do member[key] = value end
    members[#members + 1] = member
    return member
  end

  local function commented(place, fallback)
    local comment = place.module and place.name and comments.of_field(place.module, place.name)
    return comment or { summary = fallback, text = fallback .. "." }
  end

  local visit = {}

  function visit.module(place)
    local comment = comments.of_module(place.path)
    add(place, "module", place.path, {
      summary = comment.summary, text = comment.text, type = place.path,
      global = place.global or false,
    })
  end

  function visit.collection(place, value)
    local what = value.kind.what
    local of = place.of and place.of ~= "" and " of the " .. place.of or ""
    local plural = what:find("y$") and what:sub(1, -2) .. "ies" or what .. "s"
    local comment = commented(place, ("The %s%s"):format(plural, of))
    add(place, "collection", place.name, {
      summary = comment.summary, text = comment.text, of = what, type = place.path,
      row_type = value.kind.type,
    })
    collections[value.kind] = collections[value.kind] or place.path
  end

  function visit.namespace(place)
    local comment = commented(place, place.name)
    add(place, "collection", place.name, {
      summary = comment.summary, text = comment.text, type = place.path,
    })
  end

  function visit.object(place, row)
    local comment = described[row.type] or commented(place, place.name)
    add(place, "object", place.name, {
      summary = comment.summary, text = comment.text, type = row.type,
    })
  end

  function visit.field(place)
    local comment = commented(place, place.name)
    add(place, "field", place.name, { summary = comment.summary, text = comment.text })
  end

  function visit.class(_, row) setmetatable(row.class, Named) end

  function visit.call(place, name, fn, make)
    local row = probe.row_of(fn)
    local comment
    if row then
      comment = comments.of_field(place.module, name)
    else
      comment = comments.of_function(fn, name)
    end
    comment = comment or { summary = "", text = "", params = {}, returns = {}, overloads = {} }
    if comment.private then return end
    local params = params_of(comment, row)
    local outcome = row and { calls = {}, given = {} }
      or probe.try(fn, comment.method and make or nil, params)
    local learnt = row and outcome_of_row(row) or learn_arguments(outcome)
    describe_params(params, learnt)
    add({ path = place.path .. "." .. name, owner = place.owner }, comment.method and "method"
      or "function", name, {
      parent = place.path, summary = comment.summary, text = comment.text, params = params,
      returns = returns_of(comment, outcome, collections, place.type),
      overloads = comment.overloads,
      generic = comment.generic, operations = learnt.operations, rows = learnt.rows,
      module = comment.module, line = comment.line, self_type = place.type or place.path,
    })
  end

  return members, visit
end

-- The methods of objects that bindings make, as the annotations tell of them.
local function add_bound_classes(members, described)
  for _, row in ipairs(host.methods()) do
    local class = described[row.module] or { fields = {} }
    local path = row.module:match("%.(.*)$"):lower()
    local member = {
      path = "task." .. path .. "." .. row.name, parent = "task." .. path, kind = "method",
      name = row.name, owner = path, summary = "", text = "", params = {}, returns = {},
      overloads = {}, operations = {}, rows = { row.module .. "." .. row.name },
      self_type = row.module,
    }
    for _, field in ipairs(class.fields) do
      if field.name == row.name then
        member.summary, member.text = field.help, field.help .. "."
        member.declared = field.type
        member.returns = { field.type:match("^fun%(.-%)%s*:%s*(.*)$") }
      end
    end
    members[#members + 1] = member
  end
end

-- Every class that annotations name, with its fields.
local function describe_classes(described)
  local list, known = {}, {}
  for _, row in ipairs(classes.objects) do
    known[row.type] = {
      type = row.type, kind = "object", resource = row.kind and row.kind.shape.resource,
      what = row.kind and row.kind.what,
    }
  end
  for _, row in ipairs(classes.records) do
    known[row.type] = { type = row.type, kind = "record", keys = keys_of(row.fields) }
  end
  for name in pairs(described) do
    known[name] = known[name] or { type = name, kind = "declared" }
  end
  for name, class in sorted(known) do
    local comment = described[name]
    class.summary = comment and comment.summary or ""
    class.fields = comment and comment.fields or {}
    list[#list + 1] = class
  end
  return list
end

--- Everything, as plain data: { members, classes, homes = { { type, what, path } }, aliases }. It
--- leaves the machine good for nothing else.
function surface.describe()
  probe.begin()
  walk = require "manual.walk"
  probe.samples(walk.sample)
  local described = comments.of_classes(host.modules())
  local members, visit = new_members(described)
  local placed = walk.all(visit)
  local homes = {}
  for _, row in ipairs(classes.objects) do
    homes[#homes + 1] = {
      type = row.type, path = placed[row] or "",
      what = walk.what(row),
    }
  end
  add_bound_classes(members, described)
  return {
    members = members, classes = describe_classes(described), homes = homes,
    aliases = comments.aliases(host.modules()),
  }
end

return surface
