-- The servers behind scaling instances: rows of the store that all services share.
local seeded = require("sim.seeded")
local ecs_servers = require("sim.ecs.servers")

local servers = {}

local letters = "ABCDEFGHIJKLMNPQRSTUVWXYZ0123456789"

local function suffix(world)
  local text = {}
  for index = 1, 8 do
    local place = math.floor(seeded.fraction(world, "chance") * #letters) + 1
    text[index] = letters:sub(place, place)
  end
  return table.concat(text)
end

--- A name as Auto Scaling gives it: the configuration's and eight characters.
function servers.name(world, configuration_name)
  return configuration_name .. "_" .. suffix(world)
end

--- The first private address of a server; nil for one that has none.
function servers.address(server)
  return server.nics and server.nics[1] and server.nics[1].address
end

--- Creates the server of an instance that Auto Scaling launches.
function servers.create(world, group, instance)
  local configuration = world.scaling_configurations:get(instance.configuration_id)
  local template = configuration and configuration.instance_config or {}
  local subnet = group.networks[1]
  local server = ecs_servers.add(world, {
    id = instance.id, name = instance.name, availability_zone = instance.zone,
    vpc_id = group.vpc_id, subnet_id = subnet and subnet.id, image = template.imageRef,
    flavor = template.flavorRef and template.flavorRef:match("^[^,]+"),
  })
  server.scaling_group_id = group.id
  instance.created, instance.address = true, servers.address(server)
end

--- The server goes with its instance.
function servers.delete(world, instance)
  local server = world.servers:get(instance.id)
  if server then ecs_servers.remove(world, server, true) end
end

--- The instance is gone, its server stays.
function servers.leave(world, instance)
  local server = world.servers:get(instance.id)
  if server then server.scaling_group_id = nil end
end

return servers
