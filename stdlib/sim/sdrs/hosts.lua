-- Dedicated hosts, as far as protected instances name them.
local seeded = require("sim.seeded")
local wire = require("sim.wire")

local hosts = {}

--- Adds a dedicated host in a zone.
function hosts.add(world, name, zone)
  local host = { id = seeded.uuid(world), name = name, availability_zone = zone }
  world.dedicated_hosts:add(host)
  return host
end

--- Refuses a host that is unknown or in another zone than the server on it.
function hosts.check(world, id, zone)
  local host = world.dedicated_hosts:get(id)
  if not host then wire.refuse("SDRS.1372") end
  if host.availability_zone ~= zone then wire.refuse("SDRS.1373") end
end

return hosts
