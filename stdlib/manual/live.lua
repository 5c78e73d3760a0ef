-- Where a value that a script holds is told of in the manual: for whoever completes what is typed
-- or explains it.
local probe = require "manual.probe"
local walk = require "manual.walk"

local live = {}

local paths -- of functions, of collections by kind and verbs, of modules and other tables

local function learn()
  probe.learn()
  paths = { values = {}, kinds = {} }
  local visit = {}
  function visit.module(place, module) paths.values[module] = place.path end
  function visit.namespace(place, value) paths.values[value] = place.path end
  function visit.field() end
  function visit.object() end
  function visit.collection(place, value, index)
    local by_verbs = paths.kinds[value.kind] or {}
    paths.kinds[value.kind] = by_verbs
    by_verbs[index] = by_verbs[index] or place.path
  end
  function visit.class() end
  function visit.call(place, name, fn)
    paths.values[fn] = paths.values[fn] or place.path .. "." .. name
  end
  paths.placed = walk.all(visit)
end

--- The path of a module, a collection, a function, or of the place where a thing's methods are told
--- of; nil for any other value. Functions that all collections share have the path of the first.
function live.path(value)
  if not paths then learn() end
  if walk.is_collection(value) then
    local by_verbs = paths.kinds[value.kind]
    return by_verbs and by_verbs[getmetatable(value).__index]
  end
  local class = walk.class_of(value)
  if class then return paths.placed[class], walk.what(class) end
  return value ~= nil and paths.values[value] or nil
end

return live
