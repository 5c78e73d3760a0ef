-- Protection groups: what their operations need and do beyond the statuses of the catalogue.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local lists = require("sim.lists")
local pairs_of = require("sim.replications")
local instances = require("sim.instances")
local quotas = require("sim.quotas")
local transitions = require("sim.transitions")

local groups = {
  kind = "server_group", store = "groups", plural = "server_groups", refused = "SDRS.1002",
}

--- The zone that serves now.
function groups.current_zone(group)
  if group.priority_station == "source" then return group.source_availability_zone end
  return group.target_availability_zone
end

function groups.find(world, call)
  local group = world.groups:get(call.path.server_group_id)
  if not group then wire.refuse("SDRS.1013") end
  return group
end

--- Sets the status of a group and, alike, of its instances and pairs. Members that were deleted
--- natively stay invalid.
function groups.set_status(world, group, status, at)
  group.status, group.updated_at = status, at
  local members = world.members[group.id]
  for _, store in ipairs({ "instances", "replications" }) do
    for _, member in ipairs(members[store]) do
      if member.status ~= "invalid" then
        member.status, member.updated_at = status, at
      end
    end
  end
end

--- Adds a group to the world; `fields` is what the caller chose, the rest is as for a new one.
function groups.add(world, fields)
  local now = world:now()
  local group = {
    id = seeded.uuid(world), name = fields.name, description = fields.description,
    status = fields.status, source_availability_zone = fields.source_availability_zone,
    target_availability_zone = fields.target_availability_zone,
    domain_id = fields.domain_id, source_vpc_id = fields.source_vpc_id,
    dr_type = fields.dr_type or "migration", priority_station = "source",
    created_at = fields.created_at or now, updated_at = fields.created_at or now,
  }
  world.groups:add(group)
  world.members[group.id] = { instances = {}, replications = {} }
  return group
end

function groups.remove(world, group)
  world.groups:remove(group.id)
  world.members[group.id] = nil
end

-- The group's progress is that of its slowest pair.
local function progress(world, group, at)
  if group.status == "available" then return 0 end
  local least = nil
  for _, pair in ipairs(world.members[group.id].replications) do
    local own = pairs_of.progress(pair, at)
    if not least or own < least then least = own end
  end
  return least or 0
end

function groups.render(world, group)
  local null, members = world.json.null, world.members[group.id]
  local domain = world.domains:get(group.domain_id)
  return {
    id = group.id, name = group.name, description = group.description or null,
    status = group.status, progress = progress(world, group, world:now()),
    source_availability_zone = group.source_availability_zone,
    target_availability_zone = group.target_availability_zone,
    domain_id = group.domain_id, domain_name = domain and domain.name or null,
    priority_station = group.priority_station,
    protected_instance_num = #members.instances, replication_num = #members.replications,
    disaster_recovery_drill_num = 0,
    source_vpc_id = group.source_vpc_id, target_vpc_id = group.source_vpc_id,
    dr_type = group.dr_type, server_type = "ECS", protection_type = "replication-pair",
    protected_status = null, replication_status = null, health_status = null,
    test_vpc_id = null, replication_model = null,
    created_at = moment.spaced(group.created_at), updated_at = moment.spaced(group.updated_at),
  }
end

--- A rename answers with tenths of seconds.
function groups.render_renamed(world, group)
  local view = groups.render(world, group)
  view.created_at = moment.tenths(group.created_at)
  view.updated_at = moment.tenths(group.updated_at)
  return view
end

function groups.list(world, call)
  local function matches(group, query)
    if not lists.matches(group, query) then return false end
    if query.query_type == "stop_protected"
      and group.status ~= "available" and group.status ~= "failed-over" then
      return false
    end
    return not query.availability_zone or groups.current_zone(group) == query.availability_zone
  end
  return lists.answer(world, call, world.groups:each(), matches, groups.render)
end

local function make(world, call, during)
  local wish = call.body
  local domain = world.domains:get(wish.domain_id)
  if not domain then wire.refuse("SDRS.0205") end
  local from, to = wish.source_availability_zone, wish.target_availability_zone
  local here, there = domain.local_zone, domain.remote_zone
  local are_its_ends = (from == here and to == there) or (from == there and to == here)
  if not are_its_ends then wire.refuse("SDRS.0203") end
  quotas.check(world, "server_groups")
  wish.status = during
  return groups.add(world, wish)
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

local function start_synchronising(world, group, job)
  each_pair(world, group, function(pair)
    pairs_of.start_synchronising(world, pair, job.end_at)
  end)
end

local function stop_synchronising(world, group)
  each_pair(world, group, pairs_of.stop_synchronising)
end

groups.rules = {
  create_protection_group = { make = make },
  delete_protection_group = {
    -- Undocumented: a protected group is refused like a busy one.
    check = function(world, group)
      if group.status == "protected" then wire.refuse("SDRS.1002") end
      local members = world.members[group.id]
      if #members.instances > 0 then wire.refuse("SDRS.1001") end
      if #members.replications > 0 then wire.refuse("SDRS.1010") end
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
    succeeded = start_synchronising,
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
    succeeded = function(_, group)
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
    succeeded = function(_, group, job)
      group.priority_station = job.argument
    end,
  },
}

return groups
