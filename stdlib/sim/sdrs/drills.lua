-- DR drills: a copy of each protected server in a VPC of its own.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local servers = require("sim.ecs.servers")
local volumes = require("sim.ecs.volumes")
local lists = require("sim.sdrs.lists")
local networks = require("sim.sdrs.networks")
local transitions = require("sim.sdrs.transitions")
local replications = require("sim.sdrs.replications")
local instances = require("sim.sdrs.instances")

local drills = {
  kind = "disaster_recovery_drill", store = "drills", plural = "disaster_recovery_drills",
  refused = "SDRS.1913", arrays = { "drill_servers" }, change = transitions.change, rules = {},
}

function drills.find(world, call)
  local drill = world.drills:get(call.path.disaster_recovery_drill_id)
  local is_deletion = call.operation.method == "DELETE"
  return drill or wire.refuse(is_deletion and "SDRS.1913" or "SDRS.1902")
end

function drills.set_status(_, drill, status, at)
  drill.status, drill.updated_at = status, at
end

--- Enters a drill under its group.
function drills.index(world, drill)
  local members = world.members[drill.server_group_id].drills
  members[#members + 1] = drill
end

function drills.render(_, drill)
  return {
    id = drill.id, name = drill.name, status = drill.status,
    server_group_id = drill.server_group_id, drill_vpc_id = drill.drill_vpc_id,
    drill_servers = drill.drill_servers, created_at = moment.spaced(drill.created_at),
    updated_at = moment.spaced(drill.updated_at),
  }
end

function drills.list(world, call)
  local query = call.query
  local function matches(drill)
    if query.drill_vpc_id and drill.drill_vpc_id ~= query.drill_vpc_id then return false end
    return lists.matches(drill, query)
  end
  return lists.answer(world, call, lists.candidates(world, query, "drills"), matches, drills.render)
end

-- The first full synchronisation must have come to its end.
local function check_synchronised(world, group)
  for _, pair in ipairs(world.members[group.id].replications) do
    if replications.replication_status(pair, world:now()) == "copying" then
      wire.refuse("SDRS.1830")
    end
  end
end

-- The VPC that was asked for, or one made like that of the group.
local function vpc_of(world, group, wish)
  local id = wish.drill_vpc_id
  if not id then
    local quota = world.quotas
    if quota.vpcs >= 0 and world.vpcs.count >= quota.vpcs then wire.refuse("SDRS.1929") end
    local ours = world.vpcs:get(group.source_vpc_id)
    local cidrs = ours and { unpack(ours.cidrs) } or { "192.168.0.0/16" }
    if quota.subnets >= 0 and #cidrs > quota.subnets then wire.refuse("SDRS.1930") end
    return networks.add(world, wish.name .. "-vpc", cidrs).id
  end
  if id == group.source_vpc_id or id == group.target_vpc_id then wire.refuse("SDRS.1907") end
  for drill in world.drills:each() do
    if drill.drill_vpc_id == id then wire.refuse("SDRS.1921") end
  end
  networks.check_drill_vpc(world, group.source_vpc_id, id)
  return id
end

-- A running copy of the server that does not serve now, with copies of its disks.
local function copy_server(world, group, drill, instance)
  local origin = instances.server(world, group, instance, "other")
  local copy = servers.add(world, {
    name = instance.name .. "-drill", vpc_id = drill.drill_vpc_id, power = "ACTIVE",
    availability_zone = origin and origin.availability_zone or group.target_availability_zone,
    flavor = origin and origin.flavor,
  })
  copy.drill_id = drill.id
  for _, attachment in ipairs(instance.attachment) do
    local pair = world.replications:get(attachment.replication)
    local disk = volumes.add(world, {
      name = pair.name .. "-drill", size = pair.volume_size, bootable = pair.bootable,
      availability_zone = copy.availability_zone,
    })
    disk.drill_id = drill.id
    volumes.attach(world, disk, copy.id, attachment.device)
  end
  return copy
end

drills.rules.create_disaster_recovery_drill = {
  make = function(world, call, during)
    local wish = call.body
    local group = world.groups:get(wish.server_group_id)
    if not group then wire.refuse("SDRS.1013") end
    transitions.check_group(call.operation, {}, group)
    check_synchronised(world, group)
    local now = world:now()
    local drill = {
      id = seeded.uuid(world), name = wish.name, status = during, server_group_id = group.id,
      drill_vpc_id = vpc_of(world, group, wish), drill_servers = world.json.array({}),
      created_at = now, updated_at = now,
    }
    group.last_drill_at = now
    world.drills:add(drill)
    drills.index(world, drill)
    return { drill }
  end,
  succeeded = function(world, drill)
    local group = world.groups:get(drill.server_group_id)
    for index, instance in ipairs(world.members[group.id].instances) do
      local copy = copy_server(world, group, drill, instance)
      drill.drill_servers[index] = {
        protected_instance = instance.id, drill_server_id = copy.id,
      }
    end
  end,
}

-- Servers and disks go, VPC and subnets stay.
drills.rules.delete_disaster_recovery_drill = {
  any_group = true,
  removed = function(world, drill)
    for _, row in ipairs(drill.drill_servers) do
      local server = world.servers:get(row.drill_server_id)
      if server then servers.remove(world, server, true) end
    end
    world.drills:remove(drill.id)
    lists.take_out(world.members[drill.server_group_id].drills, drill)
  end,
}

return drills
