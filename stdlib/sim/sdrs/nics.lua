-- NICs of protected instances: each is one NIC of the production server and a spare one of the DR
-- server.
local wire = require("sim.wire")
local servers = require("sim.ecs.servers")
local lists = require("sim.sdrs.lists")
local networks = require("sim.sdrs.networks")
local instances = require("sim.sdrs.instances")

local most = 12

local function production_of(world, instance)
  local group = world.groups:get(instance.server_group_id)
  return instances.server(world, group, instance, "current"), group
end

local function nics_of(world, instance)
  local server = production_of(world, instance)
  return server and server.nics or {}
end

instances.rules.add_protected_instance_nic = {
  refused = "SDRS.1327", group_refused = "SDRS.1024",
  check = function(world, instance, call)
    local wish = call.body
    local server, group = production_of(world, instance)
    if not server then wire.refuse("SDRS.1314") end
    if #server.nics >= most then wire.refuse("SDRS.1340") end
    networks.check_subnet(world, group.source_vpc_id, wish.subnet_id)
    if wish.ip_address then
      networks.check_address(world, group.source_vpc_id, wish.ip_address)
    end
    call.nic = servers.new_nic(world, wish.subnet_id, wish.ip_address)
  end,
  entities = function(_, _, call) return { nic_id = call.nic.id } end,
  begun = function(_, _, job, call) job.memo.nic = call.nic end,
  succeeded = function(world, instance, job)
    local server = production_of(world, instance)
    if server then table.insert(server.nics, job.memo.nic) end
  end,
}

instances.rules.delete_protected_instance_nic = {
  refused = "SDRS.1327", group_refused = "SDRS.1024",
  check = function(world, instance, call)
    for index, nic in ipairs(nics_of(world, instance)) do
      if nic.id == call.body.nic_id then
        if index == 1 then wire.refuse("SDRS.1311") end
        return
      end
    end
    wire.refuse("SDRS.1310")
  end,
  argument = "nic_id",
  entities = function(_, _, call) return { nic_id = call.body.nic_id } end,
  succeeded = function(world, instance, job)
    lists.take_out_where(nics_of(world, instance), "id", job.memo.argument)
  end,
}

local nics = {}

-- Calls change(current production server, other server) for each instance that still has both.
local function each_couple(world, group, change)
  for _, instance in ipairs(world.members[group.id].instances) do
    local current = instances.server(world, group, instance, "current")
    local other = instances.server(world, group, instance, "other")
    if current and other then change(current, other) end
  end
end

--- A switchover exchanges the NICs of both servers: addresses stay with the service.
function nics.exchange(world, group)
  each_couple(world, group, function(current, other)
    current.nics, other.nics = other.nics, current.nics
  end)
end

--- A failover moves the NICs to the new production servers; the old ones keep none.
function nics.move(world, group)
  each_couple(world, group, function(current, other)
    current.spare_nics, other.nics, current.nics =
      other.nics, current.nics, world.json.array({})
  end)
end

--- Protecting again gives the old servers the spare NICs.
function nics.give_back(world, group)
  each_couple(world, group, function(_, other)
    if #other.nics > 0 then return end
    other.nics, other.spare_nics = other.spare_nics, world.json.array({})
  end)
end

return nics
