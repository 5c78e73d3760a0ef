-- Joins a simulated world to the C++ host: one function, plain tables in and out.
local catalog = require "catalog"
local json = require "json"
local sim = require "sim"

local host = {}

--- options: seed, now(), utc0, gateway_clock(), verify(request, gateway_now). Returns the function
--- that answers a request.
function host.open(options)
  local world = sim.new {
    catalog = catalog,
    errors = catalog.errors,
    json = json,
    seed = options.seed,
    now = options.now,
    utc0 = options.utc0,
    gateway_clock = options.gateway_clock,
    verify = options.verify,
  }
  return function(request) return world:handle(request) end
end

return host
