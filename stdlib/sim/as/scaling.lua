-- What a group does when it is left alone: it moves the number of its instances to the desired one,
-- replaces unhealthy instances, and empties itself when it is being deleted.
local moment = require("sim.moment")
local agenda = require("sim.agenda")
local seeded = require("sim.seeded")
local rows = require("sim.as.rows")
local activities = require("sim.as.activities")
local lifecycle = require("sim.as.lifecycle")
local servers = require("sim.as.servers")
local victims = require("sim.as.victims")

local scaling = {}

local function members(world, group)
  return rows.of(world, "scaling_instances", group.id)
end

-- The zone for one more instance: the emptiest by `counts`, or always the first.
local function pick_zone(group, counts)
  local zones = group.zones
  if group.zone_policy == "PICK_FIRST" then return zones[1] end
  local best = zones[1]
  for _, zone in ipairs(zones) do
    if (counts[zone] or 0) < (counts[best] or 0) then best = zone end
  end
  counts[best] = (counts[best] or 0) + 1
  return best
end

--- Adds an instance to a group; fields: id, name, zone, address, automatic.
function scaling.add(world, group, fields)
  local automatic = fields.automatic
  local instance = {
    id = fields.id, name = fields.name, group_id = group.id, zone = fields.zone,
    address = fields.address, automatic = automatic, created = not automatic,
    configuration_id = automatic and group.configuration_id or nil,
    configuration_name = automatic and group.configuration_name or nil,
    health = "INITAILIZING", state = "PENDING", protected = false, joined_at = world:now(),
    holds = world.json.array({}),
  }
  rows.add(world, "scaling_instances", instance)
  return instance
end

--- Makes a new instance of the group's configuration, without a server yet. `counts` says how many
--- there are by zone, and goes on counting.
function scaling.new_instance(world, group, counts)
  return scaling.add(world, group, {
    id = seeded.uuid(world), name = servers.name(world, group.configuration_name),
    zone = pick_zone(group, counts), automatic = true,
  })
end

local function launch(world, group, count, type_name, reasons)
  activities.start(world, group, type_name, count, group.desire, reasons)
  local counts = victims.by_zone(members(world, group))
  for _ = 1, count do
    lifecycle.begin(world, scaling.new_instance(world, group, counts), "creating")
  end
end

--- Starts the removal of instances as an activity. `delete` takes their servers along, where Auto
--- Scaling made them.
function scaling.remove(world, group, chosen, type_name, delete, reasons)
  local target = activities.current(world, group) - #chosen
  activities.start(world, group, type_name, #chosen, target, reasons)
  for _, instance in ipairs(chosen) do
    instance.delete_server = delete and instance.automatic
    lifecycle.begin(world, instance, "unbinding")
  end
end

-- Instances that the audit has found to be unhealthy.
local function condemned(world, group)
  local chosen = {}
  for _, instance in ipairs(members(world, group)) do
    if instance.condemned then chosen[#chosen + 1] = instance end
  end
  return chosen
end

-- Why the number changes: what changed the desired one, or that it differs from the actual one.
local function take_reasons(world, group, current)
  local reasons = group.reasons
  group.reasons = world.json.array({})
  if #reasons > 0 then return "NORMAL", reasons end
  return "DIFF", { activities.reason(world, "DIFF", current, group.desire) }
end

local function audit_type(group)
  return group.audit_method == "ELB_AUDIT" and "ELB_CHECK_DELETE" or "AUDIT_CHECK_DELETE"
end

local function follow_desire(world, group)
  local current = #members(world, group)
  if current == group.desire then
    group.reasons = world.json.array({})
    return
  end
  if current < group.desire then
    launch(world, group, group.desire - current, take_reasons(world, group, current))
    return
  end
  local chosen = victims.choose(world, group, members(world, group), current - group.desire)
  if #chosen == 0 then return end
  local type_name, reasons = take_reasons(world, group, current)
  scaling.remove(world, group, chosen, type_name, true, reasons)
end

--- Removes a group with all that belongs to it.
function scaling.forget(world, group)
  for _, store in ipairs({ "scaling_activities", "scaling_policies", "scheduled_tasks" }) do
    rows.drop(world, store, group.id)
  end
  world.scaling_groups:remove(group.id)
end

local function empty(world, group)
  local all = members(world, group)
  if #all == 0 then return scaling.forget(world, group) end
  scaling.remove(world, group, all, "NORMAL", true,
    { activities.reason(world, "MANNUAL", #all, 0) })
end

--- Starts the activity that a group needs now, if it may have one.
function scaling.settle(world, group_id)
  local group = world.scaling_groups:get(group_id)
  if not group or group.activity_id then return end
  if group.status == "DELETING" then return empty(world, group) end
  if group.status ~= "INSERVICE" then return end
  local unhealthy = condemned(world, group)
  if #unhealthy > 0 then
    local count = #members(world, group)
    return scaling.remove(world, group, unhealthy, audit_type(group), true,
      { activities.reason(world, "AUDIT", count, count - #unhealthy) })
  end
  follow_desire(world, group)
end

--- Lets a group settle as soon as nothing else is to be done at this moment.
function scaling.soon(world, group)
  agenda.at(world, world:now(), "as_settle", group.id)
end

--- Changes the desired number for a reason ("MANNUAL", "RECURRENCE", …).
function scaling.set_desire(world, group, desire, change_reason, policy)
  if desire == group.desire then return end
  table.insert(group.reasons,
    activities.reason(world, change_reason, group.desire, desire, policy))
  group.desire = desire
  scaling.soon(world, group)
end

local ten_seconds = 10 * moment.second

--- An instance has become unhealthy: the next audit will condemn it.
function scaling.unhealthy(world, group, instance)
  local period = group.audit_minutes > 0 and group.audit_minutes * 60 * moment.second or ten_seconds
  local at = world:now() + period
  if group.audit_method == "ELB_AUDIT" and instance.in_service_at then
    at = math.max(at, instance.in_service_at + group.audit_grace * moment.second)
  end
  instance.health, instance.audit_at = "ERROR", at
  agenda.at(world, at, "as_audit", instance.id)
end

--- The server of an instance was deleted behind Auto Scaling's back: what holds it ends, and the
--- audit finds it.
function scaling.lost_server(world, instance)
  lifecycle.lost_server(world, instance)
  scaling.unhealthy(world, world.scaling_groups:get(instance.group_id), instance)
end

--- The audit looks at an instance that was unhealthy.
function scaling.audit(world, id, at)
  local instance = world.scaling_instances:get(id)
  if not instance or instance.audit_at ~= at or instance.health ~= "ERROR" then return end
  if instance.state == "INSERVICE" then
    instance.condemned = true
    scaling.settle(world, instance.group_id)
  end
end

return scaling
