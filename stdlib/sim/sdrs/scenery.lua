-- What stands in a fresh world, and the quick making of protected groups with all their members.
local seeded = require("sim.seeded")
local moment = require("sim.moment")
local servers = require("sim.ecs.servers")
local volumes = require("sim.ecs.volumes")
local hosts = require("sim.sdrs.hosts")
local networks = require("sim.sdrs.networks")
local groups = require("sim.sdrs.groups")
local instances = require("sim.sdrs.instances")
local replications = require("sim.sdrs.replications")

local scenery = {}

local age = 30 * 86400 * moment.second

-- A production server of a group, with nothing protected yet.
local function add_server(world, group, name)
  return servers.add(world, {
    name = name, availability_zone = group.source_availability_zone, vpc_id = group.source_vpc_id,
    created_at = group.created_at,
  })
end

local function add_volume(world, zone, name, bootable)
  return volumes.add(world, {
    name = name, availability_zone = zone, size = bootable and 40 or 100, bootable = bootable,
  })
end

local function add_pairs(world, group, names, count, members)
  for index = 1, count do
    local instance = members[(index - 1) % math.max(#members, 1) + 1]
    local bootable = instance ~= nil and #instance.attachment == 0
    local name = names .. "-disk-" .. index
    local volume = add_volume(world, group.source_availability_zone, name, bootable)
    local pair = replications.add(world, group, volume, {
      name = name, status = group.status, created_at = group.created_at,
    })
    if group.status ~= "available" then
      pair.synchronising_since, pair.synchronised_at = group.created_at, group.created_at
    end
    if instance then
      replications.attach(world, pair, instance,
        volumes.free_device(world, instance.source_server))
    end
  end
end

--- Makes a group that is protected and synchronised (or in `wish.status`), with wish.instances
--- instances and wish.pairs pairs, which are attached to the instances in turn.
function scenery.group(world, wish)
  local domain = world.domains:each()()
  local created_at = world:now() - age
  local group = groups.add(world, {
    name = wish.name, description = wish.description, status = wish.status or "protected",
    source_availability_zone = domain.local_zone, target_availability_zone = domain.remote_zone,
    domain_id = domain.id, source_vpc_id = world.settings.vpc_id, created_at = created_at,
  })
  local members = {}
  for index = 1, wish.instances or 0 do
    local name = wish.name .. "-server-" .. index
    members[index] = instances.add(world, group, {
      name = name, status = group.status, created_at = created_at,
      server = add_server(world, group, name),
    })
  end
  add_pairs(world, group, wish.name, wish.pairs or 0, members)
  return group
end

-- Servers that wait to be protected, each with a system disk and a data disk, and volumes that no
-- server uses.
local function add_spares(world, group)
  local zone = group.source_availability_zone
  for index = 1, 4 do
    local server = add_server(world, group, "spare-" .. index)
    for number = 1, 2 do
      local volume = add_volume(world, zone, server.name .. "-volume-" .. number, number == 1)
      volumes.attach(world, volume, server.id, volumes.free_device(world, server.id))
    end
  end
  for index = 1, 2 do
    add_volume(world, zone, "spare-volume-" .. index, false)
  end
end

local function add_network(world)
  world.settings.vpc_id = networks.add(world, "vpc-production", { "192.168.0.0/16" }).id
  networks.add(world, "vpc-drill", { "192.168.0.0/16" })
end

--- Puts into an empty world: a domain, two VPCs, a dedicated host in each zone, the group "demo",
--- and servers and volumes that are not protected.
function scenery.fresh(world)
  add_network(world)
  world.domains:add({
    id = seeded.uuid(world), name = "active-active-domain",
    description = "simulated active-active domain", sold_out = false,
    local_zone = "cn-north-4a", remote_zone = "cn-north-4b",
  })
  hosts.add(world, "dedicated-host-a", "cn-north-4a")
  hosts.add(world, "dedicated-host-b", "cn-north-4b")
  local demo = scenery.group(world, {
    name = "demo", description = "three servers, five disks", instances = 3, pairs = 5,
  })
  add_spares(world, demo)
end

return scenery
