-- Iteration in an order that depends on nothing but the keys: what is told or sent must not depend
-- on how a table lies in memory.

local function before(a, b)
  if type(a) ~= type(b) then return type(a) < type(b) end
  if type(a) == "number" or type(a) == "string" then return a < b end
  return tostring(a) < tostring(b)
end

--- Like pairs(), by key: numbers first, then strings. The table may lose keys meanwhile.
return function(rows)
  local keys, at = {}, 0
  for key in pairs(rows) do keys[#keys + 1] = key end
  table.sort(keys, before)
  return function()
    at = at + 1
    local key = keys[at]
    if key ~= nil then return key, rows[key] end
  end
end
