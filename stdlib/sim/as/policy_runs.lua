-- Policies at work: by hand, by their alarm or by the clock; resumed, paused and deleted, one by
-- one or in batches; and the log of what they did.
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local rows = require("sim.as.rows")
local times = require("sim.as.times")
local pages = require("sim.as.pages")
local groups = require("sim.as.groups")
local policies = require("sim.as.policies")
local scaling = require("sim.as.scaling")

local runs = {}

local first_bandwidth = 5  -- Mbit/s

-- What the action makes of a number: results above 1 are rounded down, those below 1 become 1.
local function adjusted(action, old)
  local by = action.size
  if action.percentage then
    by = old * action.percentage / 100
    by = by > 1 and math.floor(by) or (by > 0 and 1 or 0)
  end
  if action.operation == "SET" then return by end
  return action.operation == "ADD" and old + by or old - by
end

local function log(world, policy, execute_type, fields)
  local entry = {
    id = seeded.uuid(world), group_id = policy.group_id, policy_id = policy.id,
    resource_type = policy.resource_type, project_id = policy.project_id,
    execute_type = execute_type, executed_at = world:now(), operation = policy.action.operation,
    status = "SUCCESS",
  }
  for name, value in pairs(fields) do
    entry[name] = value
  end
  rows.add(world, "policy_executions", entry)
end

-- The reason why a group cannot follow a policy now, as a code.
local function obstacle(world, group, policy, timed)
  if group.status ~= "INSERVICE" then return "AS.2033" end
  if timed then return nil end
  if group.activity_id then return "AS.0034" end
  local cooling = policies.is_of_alarm(policy.type) and groups.is_cooling(world, group)
  return cooling and "AS.0026" or nil
end

local function run_on_group(world, policy, execute_type, timed)
  local group = world.scaling_groups:get(policy.group_id)
  local old = group.desire
  local new = math.max(group.min, math.min(group.max, adjusted(policy.action, old)))
  local refused = obstacle(world, group, policy, timed) or (new == old and "AS.3040") or nil
  log(world, policy, execute_type, {
    old_value = old, desire_value = refused and old or new, status = refused and "FAIL" or nil,
    failed_reason = refused and (world.errors[refused] or {}).meaning or refused,
    limit_value = policy.action.operation == "ADD" and group.max or group.min,
  })
  if refused then return refused end
  group.policy_cool_down = policy.cool_down
  scaling.set_desire(world, group, new, execute_type == "MANUAL" and "MANNUAL" or policy.type,
    policy)
  return nil
end

local function run_on_bandwidth(world, policy, execute_type)
  local action, old = policy.action, policy.bandwidth or first_bandwidth
  local new = adjusted(action, old)
  if action.limits and action.operation == "ADD" then new = math.min(new, action.limits) end
  if action.limits and action.operation ~= "ADD" then new = math.max(new, action.limits) end
  policy.bandwidth = math.max(new, 1)
  log(world, policy, execute_type, {
    old_value = old, desire_value = policy.bandwidth, limit_value = action.limits,
  })
  return nil
end

-- Runs a policy; returns the code of what kept it from working.
local function run(world, policy, execute_type, timed)
  if policy.resource_type == "BANDWIDTH" then
    return run_on_bandwidth(world, policy, execute_type)
  end
  return run_on_group(world, policy, execute_type, timed)
end

-- Of two timed policies of one moment the one that was created last runs.
local function is_last_created(world, policy, at)
  for _, other in ipairs(rows.of(world, "scaling_policies", policy.group_id)) do
    if other.fired_at == at or other.next_at == at then
      if other.sequence > policy.sequence and other.status == "INSERVICE" then return false end
    end
  end
  return true
end

--- A timed policy's moment has come.
function runs.fire(world, id, at)
  local policy = world.scaling_policies:get(id)
  if not policy or policy.next_at ~= at then return end
  policy.fired_at = at
  policies.arm(world, policy)
  if policy.status == "INSERVICE" and is_last_created(world, policy, at) then
    run(world, policy, policy.type == "SCHEDULED" and "SCHEDULE" or policy.type, true)
  end
end

--- An alarm goes off: its policies run. Returns the codes of those that could not.
function runs.alarm(world, alarm_id)
  local refused, count = {}, 0
  for policy in world.scaling_policies:each() do
    if policy.alarm_id == alarm_id and policy.status == "INSERVICE" then
      count = count + 1
      refused[#refused + 1] = run(world, policy, "ALARM", false)
    end
  end
  return count, refused
end

local function execute(world, call)
  local policy = policies.find(world, call)
  if policy.status ~= "INSERVICE" then wire.refuse("AS.3027") end
  local refused = run(world, policy, "MANUAL", false)
  if refused then wire.refuse(refused) end
  return wire.answer(world, call.operation.success)
end

local function set_status(status)
  return function(world, call)
    policies.find(world, call).status = status
    return wire.answer(world, call.operation.success)
  end
end

local function delete(world, policy)
  rows.remove(world, "scaling_policies", policy)
end

-- All or nothing; the text names the first that is unknown.
local function batch(code, change)
  return function(world, call)
    for _, id in ipairs(call.body.scaling_policy_id) do
      if not world.scaling_policies:get(id) then
        wire.refuse(code, (world.errors[code] or {}).meaning .. " " .. id .. " AS.3020")
      end
    end
    for _, id in ipairs(call.body.scaling_policy_id) do
      local policy = world.scaling_policies:get(id)
      if policy then change(world, policy) end
    end
    return wire.answer(world, call.operation.success)
  end
end

local function render(world, entry)
  local null = world.json.null
  local function text(value) return value and tostring(value) or null end
  return {
    id = entry.id, status = entry.status, failed_reason = entry.failed_reason or null,
    execute_type = entry.execute_type, execute_time = times.text(entry.executed_at),
    tenant_id = entry.project_id, scaling_policy_id = entry.policy_id,
    scaling_resource_type = entry.resource_type, scaling_resource_id = entry.group_id,
    old_value = text(entry.old_value), desire_value = text(entry.desire_value),
    limit_value = text(entry.limit_value), type = entry.operation,
    job_records = world.json.array({}), meta_data = {},
  }
end

local function time_filter(query, name)
  if not query[name] then return nil end
  return times.to_second(query[name]) or wire.refuse("AS.9007")
end

local function list(world, call)
  local policy, query = policies.find(world, call), call.query
  local from, to = time_filter(query, "start_time"), time_filter(query, "end_time")
  -- The filter has another word than the answer.
  local kind = query.execute_type == "SCHEDULED" and "SCHEDULE" or query.execute_type
  local function matches(entry)
    return entry.policy_id == policy.id and (not query.log_id or entry.id == query.log_id)
      and (not kind or entry.execute_type == kind)
      and (not query.scaling_resource_id or entry.group_id == query.scaling_resource_id)
      and (not query.scaling_resource_type or entry.resource_type == query.scaling_resource_type)
      and (not from or entry.executed_at >= from) and (not to or entry.executed_at <= to)
  end
  local all = rows.of(world, "policy_executions", policy.group_id)
  return pages.answer(world, call, pages.backwards(all), matches, render)
end

runs.answers = {
  execute_scaling_policy = execute,
  resume_scaling_policy = set_status("INSERVICE"),
  pause_scaling_policy = set_status("PAUSED"),
  delete_scaling_policy = function(world, call)
    delete(world, policies.find(world, call))
    return wire.answer(world, call.operation.success)
  end,
  batch_delete_scaling_policies = batch("AS.3045", delete),
  batch_resume_scaling_policies = batch("AS.3046", function(_, policy)
    policy.status = "INSERVICE"
  end),
  batch_pause_scaling_policies = batch("AS.3047", function(_, policy)
    policy.status = "PAUSED"
  end),
  list_scaling_policy_execute_logs = list,
}

return runs
