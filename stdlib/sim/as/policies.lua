-- Scaling policies of both versions: they differ in the names of their fields only.
local seeded = require("sim.seeded")
local agenda = require("sim.agenda")
local wire = require("sim.wire")
local rows = require("sim.as.rows")
local times = require("sim.as.times")
local pages = require("sim.as.pages")
local quotas = require("sim.as.quotas")
local schedules = require("sim.as.schedules")

local policies = { most_in_batch = 20 }

local largest_percentage = 20000

--- The policy that a path names.
function policies.find(world, call)
  return world.scaling_policies:get(call.path.scaling_policy_id) or wire.refuse("AS.3020")
end

--- Arms a timed policy for its next time, if it has one.
function policies.arm(world, policy)
  policy.next_at = policy.schedule and times.next(policy.schedule, world:now()) or nil
  if policy.next_at then agenda.at(world, policy.next_at, "as_policy", policy.id) end
end

-- Alarms live in another service: an id that begins like one is taken for one.
local function check_alarm(world, policy)
  local alarm = policy.alarm_id
  if not alarm or alarm == "" then wire.refuse("AS.3026") end
  if not alarm:find("^al") then wire.refuse("AS.3030") end
  for other in world.scaling_policies:each() do
    if other.alarm_id == alarm and other.group_id ~= policy.group_id then wire.refuse("AS.3034") end
  end
end

local function check_size(world, policy, action)
  local setting = action.operation == "SET"
  local most = policy.resource_type == "BANDWIDTH" and 300 or world.quotas.scaling_instances
  if most < 0 then most = math.huge end
  local least = setting and policy.resource_type == "SCALING_GROUP" and 0 or 1
  if action.size and (action.size < least or action.size > most) then wire.refuse("AS.3018") end
  local percentage = action.percentage
  if percentage and (percentage < (setting and 0 or 1) or percentage > largest_percentage) then
    wire.refuse("AS.3035")
  end
end

local function check_action(world, policy)
  local action = policy.action
  if action.size and action.percentage then wire.refuse("AS.3036") end
  if policy.resource_type == "BANDWIDTH" then
    if action.percentage then wire.refuse("AS.3035") end
  elseif action.limits then
    wire.refuse("AS.3043")
  end
  action.operation = action.operation or "ADD"
  if not action.size and not action.percentage then action.size = 1 end
  check_size(world, policy, action)
end

--- Whether alarms run a policy of a type.
function policies.is_of_alarm(kind)
  return kind == "ALARM" or kind == "INTERVAL_ALARM"
end

local function check_kind(world, policy)
  if policies.is_of_alarm(policy.type) then
    check_alarm(world, policy)
    policy.schedule = nil
  else
    schedules.check(world, policy.schedule, policy.type == "RECURRENCE")
    policy.alarm_id = nil
  end
  check_action(world, policy)
end

-- The fields that a body of version 1 or 2 sets.
local function wishes(body)
  local action = body.scaling_policy_action
  return {
    name = body.scaling_policy_name, type = body.scaling_policy_type, alarm_id = body.alarm_id,
    schedule = body.scheduled_policy, cool_down = body.cool_down_time,
    description = body.description, intervals = body.interval_alarm_actions,
    action = action and {
      operation = action.operation, limits = action.limits,
      size = action.size or action.instance_number,
      percentage = action.percentage or action.instance_percentage,
    },
  }
end

local function check_group(world, id, unknown)
  if not world.scaling_groups:get(id) then wire.refuse(unknown) end
  if not quotas.allows(world, "scaling_policies", #rows.of(world, "scaling_policies", id) + 1) then
    wire.refuse("AS.3032")
  end
end

local function create(world, call, group_id, resource_type, unknown)
  if resource_type == "SCALING_GROUP" then check_group(world, group_id, unknown) end
  local policy = wishes(call.body)
  policy.group_id, policy.resource_type = group_id, resource_type
  policy.project_id = call.path.project_id
  policy.action, policy.cool_down = policy.action or {}, policy.cool_down or 300
  check_kind(world, policy)
  world.counters.policy = (world.counters.policy or 0) + 1
  policy.id, policy.status, policy.created_at = seeded.uuid(world), "INSERVICE", world:now()
  policy.sequence = world.counters.policy
  rows.add(world, "scaling_policies", policy)
  policies.arm(world, policy)
  return wire.answer(world, call.operation.success, { scaling_policy_id = policy.id })
end

local function update(world, call)
  local policy = policies.find(world, call)
  if next(call.body) == nil then wire.refuse("AS.3003") end
  if policy.status == "EXECUTING" then wire.refuse("AS.3038") end
  local changed = {}
  for name, value in pairs(policy) do
    changed[name] = value
  end
  local own = wishes(call.body)
  for name, value in pairs(own) do
    changed[name] = value
  end
  if own.schedule or own.type then
    check_kind(world, changed)
  else
    check_action(world, changed)
  end
  for name, value in pairs(changed) do
    policy[name] = value
  end
  -- What belongs to the other kind is gone.
  policy.schedule, policy.alarm_id = changed.schedule, changed.alarm_id
  policies.arm(world, policy)
  return wire.answer(world, call.operation.success, { scaling_policy_id = policy.id })
end

local function common(world, policy)
  return {
    scaling_policy_id = policy.id, scaling_policy_name = policy.name,
    policy_status = policy.status, scaling_policy_type = policy.type,
    alarm_id = policy.alarm_id, scheduled_policy = policy.schedule,
    cool_down_time = policy.cool_down, create_time = times.text(policy.created_at),
  }, policy.action, world.json.null
end

function policies.render_v1(world, policy)
  local view, action = common(world, policy)
  view.scaling_group_id = policy.group_id
  view.scaling_policy_action = {
    operation = action.operation, instance_number = action.size,
    instance_percentage = action.percentage,
  }
  return view
end

function policies.render_v2(world, policy)
  local view, action = common(world, policy)
  view.scaling_resource_id, view.scaling_resource_type = policy.group_id, policy.resource_type
  view.scaling_policy_action, view.description = action, policy.description
  view.interval_alarm_actions = policy.intervals
  view.meta_data = policy.resource_type == "BANDWIDTH" and {
    metadata_bandwidth_share_type = "PER", metadata_eip_id = policy.group_id,
  } or nil
  return view
end

local orders = {
  POLICY_NAME = function(policy) return policy.name end,
  TRIGGER_CONDITION = function(policy) return policy.type end,
  CREATE_TIME = function(policy) return policy.sequence end,
}

local function sorted(query, list)
  if not query.sort_by then return list end
  local copy, key = {}, orders[query.sort_by]
  for index, policy in ipairs(list) do
    copy[index] = policy
  end
  table.sort(copy, function(a, b)
    if query.order == "DESC" then a, b = b, a end
    if key(a) ~= key(b) then return key(a) < key(b) end
    return a.sequence < b.sequence
  end)
  return copy
end

local function list(world, call, candidates, render)
  local query = call.query
  local function matches(policy)
    return (not query.scaling_policy_name
        or policy.name:find(query.scaling_policy_name, 1, true) ~= nil)
      and (not query.scaling_policy_type or policy.type == query.scaling_policy_type)
      and (not query.scaling_policy_id or policy.id == query.scaling_policy_id)
      and (not query.scaling_resource_id or policy.group_id == query.scaling_resource_id)
      and (not query.scaling_resource_type or policy.resource_type == query.scaling_resource_type)
      and (not query.alarm_id or policy.alarm_id == query.alarm_id)
  end
  return pages.answer(world, call, pages.forwards(sorted(query, candidates)), matches, render)
end

local function show(render)
  return function(world, call)
    local policy = policies.find(world, call)
    return wire.answer(world, call.operation.success, { scaling_policy = render(world, policy) })
  end
end

local function all(world)
  local out = {}
  for policy in world.scaling_policies:each() do
    out[#out + 1] = policy
  end
  return out
end

policies.answers = {
  create_scaling_policy = function(world, call)
    return create(world, call, call.body.scaling_group_id, "SCALING_GROUP", "AS.2007")
  end,
  create_scaling_v2_policy = function(world, call)
    local body = call.body
    return create(world, call, body.scaling_resource_id, body.scaling_resource_type, "AS.3042")
  end,
  update_scaling_policy = update,
  update_scaling_v2_policy = update,
  list_scaling_policies = function(world, call)
    local id = call.path.scaling_group_id
    if not world.scaling_groups:get(id) then wire.refuse("AS.2007") end
    return list(world, call, rows.of(world, "scaling_policies", id), policies.render_v1)
  end,
  list_scaling_v2_policies = function(world, call)
    local own = rows.of(world, "scaling_policies", call.path.scaling_resource_id)
    return list(world, call, own, policies.render_v2)
  end,
  list_all_scaling_v2_policies = function(world, call)
    return list(world, call, all(world), policies.render_v2)
  end,
  show_scaling_policy = show(policies.render_v1),
  show_scaling_v2_policy = show(policies.render_v2),
}

return policies
