-- What every script finds without asking: the modules, print, and the clock and dice of its world.
local run = require "host.run"
local timer = require "host.timer"

local globals = {
  cloud = require "cloud",
  http = require "http",
  json = require "json",
  log = require "log",
  runbook = require "runbook",
  sdrs = require "sdrs",
  task = require "task",
}

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

return globals
