-- Scaling groups: created PAUSED, resumed, paused, changed and deleted (as.md sections 2 and 9).
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local rows = require("sim.as.rows")
local times = require("sim.as.times")
local pages = require("sim.as.pages")
local activities = require("sim.as.activities")
local scaling = require("sim.as.scaling")
local quotas = require("sim.as.quotas")

local groups = {
  arrays = { "hooks", "topics", "reasons", "zones", "networks", "security_groups", "tags" },
  -- Those of the simulated region.
  zones = { "cn-north-4a", "cn-north-4b", "cn-north-4c" },
}

--- The group that a path names.
function groups.find(world, call)
  return world.scaling_groups:get(call.path.scaling_group_id) or wire.refuse("AS.2007")
end

--- Refuses while the group is being deleted.
function groups.check_alive(group)
  if group.status == "DELETING" or group.status == "FREEZED" then wire.refuse("AS.2033") end
end

-- Settings that are kept as they are sent: the name in the API and in the record.
local plain = {
  lb_listener_id = "listener_id", lbaas_listeners = "lbaas_listeners", networks = "networks",
  security_groups = "security_groups", available_zones = "zones", cool_down_time = "cool_down",
  health_periodic_audit_method = "audit_method", health_periodic_audit_time = "audit_minutes",
  health_periodic_audit_grace_period = "audit_grace", description = "description",
  instance_terminate_policy = "terminate_policy", delete_publicip = "delete_publicip",
  delete_volume = "delete_volume", enterprise_project_id = "enterprise_project_id",
  multi_az_priority_policy = "zone_policy", iam_agency_name = "agency_name",
  notifications = "notifications", scaling_group_name = "name", tags = "tags",
}

local function check_zones(zones)
  for _, zone in ipairs(zones or {}) do
    local known = false
    for _, candidate in ipairs(groups.zones) do
      known = known or candidate == zone
    end
    if not known then wire.refuse("AS.2011") end
  end
end

local function check_listeners(body)
  if body.lb_listener_id and body.lbaas_listeners then wire.refuse("AS.2026") end
  local _, commas = (body.lb_listener_id or ""):gsub(",", "")
  if commas >= 6 then wire.refuse("AS.2037") end
end

local function check_numbers(world, min, desire, max)
  if min > max then wire.refuse("AS.2004") end
  if desire < min or desire > max then wire.refuse("AS.2005") end
  if not quotas.allows(world, "scaling_instances", max) then wire.refuse("AS.2045") end
end

local function set_configuration(world, group, id)
  if not id then return end
  local configuration = world.scaling_configurations:get(id)
  if not configuration then wire.refuse("AS.1004") end
  group.configuration_id, group.configuration_name = id, configuration.name
end

--- Adds a group to the world; `fields` is what the caller chose, the rest is as for a new one.
function groups.add(world, fields)
  local array = world.json.array
  local group = {
    id = seeded.uuid(world), status = "PAUSED", min = 0, max = 0, cool_down = 300,
    audit_minutes = 5, audit_grace = 600, terminate_policy = "OLD_CONFIG_OLD_INSTANCE",
    zone_policy = "EQUILIBRIUM_DISTRIBUTE", delete_publicip = false, delete_volume = false,
    enterprise_project_id = "0", created_at = world:now(), hooks = array({}), topics = array({}),
    reasons = array({}), security_groups = array({}), networks = array({}), tags = array({}),
  }
  for name, value in pairs(fields) do
    group[name] = value
  end
  group.desire = group.desire or group.min
  group.zones = array(group.zones or { unpack(groups.zones, 1, 2) })
  local balanced = group.listener_id or group.lbaas_listeners
  group.audit_method = group.audit_method or (balanced and "ELB_AUDIT" or "NOVA_AUDIT")
  world.scaling_groups:add(group)
  return group
end

-- Takes over the settings of a body; those that are tables are lists.
local function take_settings(world, into, body)
  for name, field in pairs(plain) do
    local value = body[name]
    if type(value) == "table" then value = world.json.array(value) end
    if value ~= nil then into[field] = value end
  end
end

local function create(world, call)
  local body = call.body
  check_listeners(body)
  check_zones(body.available_zones)
  local min, max = body.min_instance_number or 0, body.max_instance_number or 0
  local desire = body.desire_instance_number or min
  check_numbers(world, min, desire, max)
  if not quotas.allows(world, "scaling_groups", world.scaling_groups.count + 1) then
    wire.refuse("AS.2023")
  end
  local fields = {
    min = min, max = max, desire = desire, vpc_id = body.vpc_id, project_id = call.path.project_id,
  }
  set_configuration(world, fields, body.scaling_configuration_id)
  take_settings(world, fields, body)
  local group = groups.add(world, fields)
  return wire.answer(world, call.operation.success, { scaling_group_id = group.id })
end

-- What has to stand still for a change to be allowed.
local function check_change(world, group, body)
  groups.check_alive(group)
  check_listeners(body)
  check_zones(body.available_zones)
  if body.available_zones and group.activity_id then wire.refuse("AS.2054") end
  if (body.lb_listener_id or body.lbaas_listeners) and group.activity_id then
    wire.refuse("AS.2047")
  end
  local idle = not group.activity_id and group.status ~= "INSERVICE"
    and #rows.of(world, "scaling_instances", group.id) == 0
  if (body.networks or body.security_groups) and not idle then wire.refuse("AS.2030") end
end

-- The desired number cannot fall below what no scale-in may take.
local function check_desire(world, group, desire)
  local protected, standby = 0, 0
  for _, instance in ipairs(rows.of(world, "scaling_instances", group.id)) do
    if instance.state == "STANDBY" then
      standby = standby + 1
    elseif instance.protected then
      protected = protected + 1
    end
  end
  if desire < protected + standby then
    wire.refuse(standby == 0 and "AS.2010" or protected == 0 and "AS.2051" or "AS.2052")
  end
end

local function change_numbers(world, group, body)
  local desire = body.desire_instance_number
  if desire == group.desire then
    local _, second = next(body, (next(body)))
    if second == nil then wire.refuse("AS.2028") end
  end
  local min = body.min_instance_number or group.min
  local max = body.max_instance_number or group.max
  check_numbers(world, min, desire or group.desire, max)
  if desire then check_desire(world, group, desire) end
  return min, max, desire
end

local function update(world, call)
  local group, body = groups.find(world, call), call.body
  check_change(world, group, body)
  local min, max, desire = change_numbers(world, group, body)
  set_configuration(world, group, body.scaling_configuration_id)
  group.min, group.max = min, max
  take_settings(world, group, body)
  if desire then scaling.set_desire(world, group, desire, "MANNUAL") end
  return wire.answer(world, call.operation.success, { scaling_group_id = group.id })
end

local function delete(world, call)
  local group = groups.find(world, call)
  groups.check_alive(group)
  if call.query.force_delete == "yes" then
    group.status = "DELETING"
    scaling.settle(world, group.id)
    return wire.answer(world, call.operation.success)
  end
  if group.activity_id then wire.refuse("AS.2033") end
  if #rows.of(world, "scaling_instances", group.id) > 0 then wire.refuse("AS.2021") end
  scaling.forget(world, group)
  return wire.answer(world, call.operation.success)
end

local function resume(world, call)
  local group = groups.find(world, call)
  if group.status ~= "PAUSED" and group.status ~= "ERROR" then wire.refuse("AS.2033") end
  if not group.configuration_id then wire.refuse("AS.2018") end
  group.status = "INSERVICE"
  scaling.soon(world, group)
  return wire.answer(world, call.operation.success)
end

local function pause(world, call)
  local group = groups.find(world, call)
  if group.status ~= "INSERVICE" and group.status ~= "ERROR" then wire.refuse("AS.2033") end
  group.status = "PAUSED"
  return wire.answer(world, call.operation.success)
end

function groups.render(world, group)
  local null = world.json.null
  return {
    scaling_group_id = group.id, scaling_group_name = group.name,
    scaling_group_status = group.status,
    scaling_configuration_id = group.configuration_id or null,
    scaling_configuration_name = group.configuration_name or null,
    current_instance_number = activities.current(world, group),
    desire_instance_number = group.desire, min_instance_number = group.min,
    max_instance_number = group.max, cool_down_time = group.cool_down,
    lb_listener_id = group.listener_id or null, lbaas_listeners = group.lbaas_listeners or null,
    available_zones = group.zones, networks = group.networks,
    security_groups = group.security_groups, create_time = times.text(group.created_at),
    vpc_id = group.vpc_id or null, detail = group.detail or null,
    is_scaling = group.activity_id ~= nil, activity_type = group.activity_type or null,
    health_periodic_audit_method = group.audit_method,
    health_periodic_audit_time = group.audit_minutes,
    health_periodic_audit_grace_period = group.audit_grace,
    instance_terminate_policy = group.terminate_policy,
    notifications = group.notifications or null, delete_publicip = group.delete_publicip,
    delete_volume = group.delete_volume, cloud_location_id = null,
    enterprise_project_id = group.enterprise_project_id,
    multi_az_priority_policy = group.zone_policy, description = group.description or null,
    iam_agency_name = group.agency_name or null, tags = group.tags,
  }
end

local function list(world, call)
  local query = call.query
  local function matches(group)
    return (not query.scaling_group_name or group.name:find(query.scaling_group_name, 1, true))
      and (not query.scaling_configuration_id
        or group.configuration_id == query.scaling_configuration_id)
      and (not query.scaling_group_status or group.status == query.scaling_group_status)
      and (not query.enterprise_project_id or query.enterprise_project_id == "all_granted_eps"
        or group.enterprise_project_id == query.enterprise_project_id)
  end
  return pages.answer(world, call, world.scaling_groups:each(), matches, groups.render)
end

--- Whether the group's cooling time goes on.
function groups.is_cooling(world, group)
  return group.cooled_at ~= nil and world:now() < group.cooled_at
end

groups.answers = {
  create_scaling_group = create,
  list_scaling_groups = list,
  show_scaling_group = function(world, call)
    local group = groups.find(world, call)
    return wire.answer(world, call.operation.success, {
      scaling_group = groups.render(world, group),
    })
  end,
  update_scaling_group = update,
  delete_scaling_group = delete,
  resume_scaling_group = resume,
  pause_scaling_group = pause,
}

return groups
