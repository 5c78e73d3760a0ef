-- What the operations of a protection group need and do beyond the statuses of the catalogue.
local wire = require("sim.wire")
local pairs_of = require("sim.sdrs.replications")
local instances = require("sim.sdrs.instances")
local networks = require("sim.sdrs.networks")
local nics = require("sim.sdrs.nics")
local quotas = require("sim.sdrs.quotas")
local transitions = require("sim.sdrs.transitions")
local groups = require("sim.sdrs.groups")

local function make(world, call, during)
  local wish = call.body
  local domain = world.domains:get(wish.domain_id)
  if world.domains.count == 0 then wire.refuse("SDRS.0233") end
  if not domain then wire.refuse("SDRS.0205") end
  local from, to = wish.source_availability_zone, wish.target_availability_zone
  local here, there = domain.local_zone, domain.remote_zone
  local are_its_ends = (from == here and to == there) or (from == there and to == here)
  if not are_its_ends then wire.refuse("SDRS.0203") end
  networks.check_vpc(world, wish.source_vpc_id, "SDRS.0204")
  quotas.check(world, "server_groups", 1)
  wish.status = during
  return { groups.add(world, wish) }
end

-- What every verb of a group asks: pairs, none of its members busy, gone or out of order.
local function check_members(world, group)
  local members = world.members[group.id]
  if #members.replications == 0 then wire.refuse("SDRS.1002") end
  for _, instance in ipairs(members.instances) do
    if instance.status == "invalid" then wire.refuse("SDRS.1314") end
    if transitions.is_busy(instance.status) then wire.refuse("SDRS.1002") end
  end
  for _, pair in ipairs(members.replications) do
    if pair.status == "invalid" then wire.refuse("SDRS.1601") end
    if transitions.is_busy(pair.status) then wire.refuse("SDRS.1002") end
  end
end

local function worst_fault(world, group)
  local worst = "0"
  for _, pair in ipairs(world.members[group.id].replications) do
    if pair.fault_level > worst then worst = pair.fault_level end
  end
  return worst
end

local function check_synchronised(world, group)
  for _, pair in ipairs(world.members[group.id].replications) do
    if pairs_of.replication_status(pair, world:now()) == "copying" then wire.refuse("SDRS.1830") end
  end
end

-- The servers of one side, "current" production or "other", have to be off.
local function check_power(world, group, side, code)
  for _, instance in ipairs(world.members[group.id].instances) do
    local server = instances.server(world, group, instance, side)
    if server and server.power ~= "SHUTOFF" then wire.refuse(code) end
  end
end

local function each_pair(world, group, change)
  for _, pair in ipairs(world.members[group.id].replications) do
    change(pair)
  end
end

local function start_synchronising(world, group, _, at)
  each_pair(world, group, function(pair)
    pairs_of.start_synchronising(world, pair, at)
  end)
end

local function stop_synchronising(world, group)
  each_pair(world, group, pairs_of.stop_synchronising)
end

groups.rules = {
  create_protection_group = { make = make },
  delete_protection_group = {
    -- A protected group is refused like a busy one (choice sdrs.delete-group).
    check = function(world, group)
      if group.status == "protected" then wire.refuse("SDRS.1002") end
      local members = world.members[group.id]
      if #members.instances > 0 then wire.refuse("SDRS.1001") end
      if #members.replications > 0 then wire.refuse("SDRS.1010") end
      if #members.drills > 0 then wire.refuse("SDRS.1003") end
    end,
  },
  -- The same call enables protection and, after a failover, protects again: then the servers of
  -- what has become the DR site must be off.
  start_protection_group = {
    by_pair = true,
    check = function(world, group)
      check_members(world, group)
      if group.status == "failed-over" or group.status == "error-reprotecting" then
        check_power(world, group, "other", "SDRS.1342")
      end
    end,
    succeeded = function(world, group, job, at)
      start_synchronising(world, group, job, at)
      nics.give_back(world, group)
    end,
  },
  stop_protection_group = {
    by_pair = true,
    check = function(world, group)
      check_members(world, group)
      check_synchronised(world, group)
    end,
    succeeded = stop_synchronising,
  },
  start_failover_protection_group = {
    by_pair = true,
    check = function(world, group)
      check_members(world, group)
      if worst_fault(world, group) == "5" then wire.refuse("SDRS.1824") end
    end,
    begun = stop_synchronising,
    succeeded = function(world, group)
      nics.move(world, group)
      group.priority_station = group.priority_station == "source" and "target" or "source"
    end,
  },
  start_reverse_protection_group = {
    by_pair = true,
    argument = "priority_station",
    check = function(world, group, call)
      if call.body.priority_station == group.priority_station then wire.refuse("SDRS.0216") end
      check_members(world, group)
      check_synchronised(world, group)
      if worst_fault(world, group) ~= "0" then wire.refuse("SDRS.1823") end
      check_power(world, group, "current", "SDRS.1319")
    end,
    succeeded = function(world, group, job)
      nics.exchange(world, group)
      group.priority_station = job.memo.argument
    end,
  },
}
