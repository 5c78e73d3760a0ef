-- Joins a simulated world to the C++ host: functions, plain tables in and out.
local catalog = require "catalog"
local json = require "json"
local sim = require "sim"
local post = require "sim.smn.post"

local host = {}

--- options: seed, now(), utc0, gateway_clock(), verify(request, gateway_now). Returns the world's
--- functions: answer(request); next_due() -> simulated seconds until something happens by itself,
--- nil when nothing will; take(console) -> the deliveries that are due, whose links lead to an
--- origin; delivered(id, status), the status being nil when no answer came.
function host.open(options)
  local world = sim.new {
    catalog = catalog,
    errors = catalog.errors,
    rules = catalog.rules,
    json = json,
    seed = options.seed,
    now = options.now,
    utc0 = options.utc0,
    gateway_clock = options.gateway_clock,
    verify = options.verify,
  }
  return {
    answer = function(request) return world:handle(request) end,
    next_due = function() return post.next_due(world) end,
    take = function(console) return post.take(world, console) end,
    delivered = function(id, status) post.delivered(world, id, status) end,
  }
end

return host
