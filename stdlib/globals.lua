-- What every script finds without asking: the modules, print, and the clock and dice of its world.
local run = require "host.run"
local timer = require "host.timer"

-- Loaded when a script first names them, so that a script pays for what it uses.
local MODULES = {
  as = true, cloud = true, ecs = true, hooks = true, http = true, iam = true, json = true,
  log = true, runbook = true, sdrs = true, smn = true, task = true,
}

local globals = {}

function globals.print(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = tostring((select(i, ...))) end
  run.print(table.concat(parts, "\t"))
end

globals.os = {
  time = function() return math.floor(timer.utc()) end,
  clock = timer.now,
  difftime = function(later, earlier) return later - earlier end,
}

-- The __index of the table of globals.
local function find(scope, name)
  if not MODULES[name] then return nil end
  local module = require(name)
  rawset(scope, name, module)
  return module
end

-- What a script gets by `require`, because few need it.
local REQUIRED = {
  "recovery", "recovery.design", "recovery.moves", "recovery.power", "retry", "test",
}

return { at_once = globals, find = find, modules = MODULES, required = REQUIRED }
