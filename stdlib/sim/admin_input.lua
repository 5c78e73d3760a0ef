-- Reads what an administrator sends, and refuses what is wrong with it.
local wire = require("sim.wire")

local input = {}

--- Refuses a call with 400.
function input.bad(message)
  error({ kind = "bad_admin_call", status = 400, message = message }, 0)
end

--- Refuses a call with 404.
function input.unknown(world, what, id)
  local message = what .. " " .. wire.printable(world.json, id) .. ": unknown"
  error({ kind = "bad_admin_call", status = 404, message = message }, 0)
end

--- A record of a store by id or by name.
function input.found(world, store, what, id)
  local record = world[store]:get(id)
  if record then return record end
  for candidate in world[store]:each() do
    if candidate.name == id then return candidate end
  end
  input.unknown(world, what, id)
end

--- A text of the body; nil when it is missing.
function input.text(body, name)
  local value = body[name]
  if value ~= nil and type(value) ~= "string" then input.bad(name .. ": a text") end
  return value
end

--- A flag of the body; nil when it is missing.
function input.flag(body, name)
  local value = body[name]
  if value ~= nil and type(value) ~= "boolean" then input.bad(name .. ": true or false") end
  return value
end

--- A number of the body within bounds; nil when it is missing.
function input.number(body, name, least, most)
  local value = body[name]
  if value == nil then return nil end
  least, most = least or -1e12, most or 1e12
  if type(value) ~= "number" or not (value >= least and value <= most) then
    input.bad(("%s: a number from %.0f to %.0f"):format(name, least, most))
  end
  return value
end

--- One of several words; nil when it is missing.
function input.word(body, name, words)
  local value = body[name]
  if value == nil then return nil end
  for _, known in ipairs(words) do
    if value == known then return value end
  end
  input.bad(name .. ": one of " .. table.concat(words, ", "))
end

return input
