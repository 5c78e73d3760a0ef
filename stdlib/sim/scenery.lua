-- What stands in a fresh world, and the quick making of protected groups with all their members.
local seeded = require("sim.seeded")
local moment = require("sim.moment")
local groups = require("sim.groups")
local instances = require("sim.instances")
local replications = require("sim.replications")

local scenery = {}

local age = 30 * 86400 * moment.second

local function add_pairs(world, group, names, count, members)
  for index = 1, count do
    local instance = members[(index - 1) % math.max(#members, 1) + 1]
    local bootable = instance ~= nil and #instance.attachment == 0
    local pair = replications.add(world, group, {
      name = names .. "-disk-" .. index, status = group.status, created_at = group.created_at,
      volume_id = seeded.uuid(world), volume_size = bootable and 40 or 100, bootable = bootable,
    })
    if group.status ~= "available" then
      pair.synchronising_since, pair.synchronised_at = group.created_at, group.created_at
    end
    if instance then
      local letter = string.char(("a"):byte() + #instance.attachment)
      instances.attach(instance, pair, "/dev/vd" .. letter)
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
    domain_id = domain.id, source_vpc_id = seeded.uuid(world), created_at = created_at,
  })
  local members = {}
  for index = 1, wish.instances or 0 do
    members[index] = instances.add(world, group, {
      name = wish.name .. "-server-" .. index, status = group.status, created_at = created_at,
    })
  end
  add_pairs(world, group, wish.name, wish.pairs or 0, members)
  return group
end

--- Puts one domain and the group "demo" into an empty world.
function scenery.fresh(world)
  world.domains:add({
    id = seeded.uuid(world), name = "active-active-domain",
    description = "simulated active-active domain", sold_out = false,
    local_zone = "cn-north-4a", remote_zone = "cn-north-4b",
  })
  scenery.group(world, {
    name = "demo", description = "three servers, five disks", instances = 3, pairs = 5,
  })
end

return scenery
