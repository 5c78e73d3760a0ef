-- Lifecycle hooks and what is asked about the instances they hold (as.md sections 4, 5, 7 and 8).
local wire = require("sim.wire")
local times = require("sim.as.times")
local groups = require("sim.as.groups")
local holds = require("sim.as.holds")
local lifecycle = require("sim.as.lifecycle")
local outcomes = require("sim.as.outcomes")
local topics = require("sim.smn.topics")

local hooks = { most = 5 }

local function place_of(group, name)
  for place, hook in ipairs(group.hooks) do
    if hook.name == name then return place end
  end
  return nil
end

local function find(world, call)
  local group = groups.find(world, call)
  local place = place_of(group, call.path.lifecycle_hook_name)
  if not place then wire.refuse("AS.0007") end
  return group.hooks[place], group, place
end

-- Hooks stand still while a scaling activity runs.
local function check_idle(group)
  groups.check_alive(group)
  if group.activity_id then wire.refuse("AS.2033") end
end

local function check_topic(world, urn)
  if urn and not world.topics:get(urn) then wire.refuse("AS.7043") end
end

local function render(world, hook)
  return {
    lifecycle_hook_name = hook.name, lifecycle_hook_type = hook.type,
    default_result = hook.default_result, default_timeout = hook.timeout,
    notification_topic_urn = hook.topic_urn,
    notification_topic_name = topics.name_of(hook.topic_urn),
    notification_metadata = hook.metadata or world.json.null,
    create_time = times.text(hook.created_at),
  }
end

local function create(world, call)
  local group, body = groups.find(world, call), call.body
  if place_of(group, body.lifecycle_hook_name) then wire.refuse("AS.7041") end
  check_topic(world, body.notification_topic_urn)
  if #group.hooks >= hooks.most then wire.refuse("AS.7038") end
  check_idle(group)
  local hook = {
    name = body.lifecycle_hook_name, type = body.lifecycle_hook_type,
    default_result = body.default_result or "ABANDON", timeout = body.default_timeout or 3600,
    topic_urn = body.notification_topic_urn, metadata = body.notification_metadata,
    created_at = world:now(),
  }
  table.insert(group.hooks, hook)
  return wire.answer(world, call.operation.success, render(world, hook))
end

local function update(world, call)
  local hook, group = find(world, call)
  local body = call.body
  if next(body) == nil then wire.refuse("AS.7036") end
  check_topic(world, body.notification_topic_urn)
  check_idle(group)
  hook.type = body.lifecycle_hook_type or hook.type
  hook.default_result = body.default_result or hook.default_result
  hook.timeout = body.default_timeout or hook.timeout
  hook.topic_urn = body.notification_topic_urn or hook.topic_urn
  if body.notification_metadata then hook.metadata = body.notification_metadata end
  return wire.answer(world, call.operation.success, render(world, hook))
end

local function list_held(world, call)
  local group, wanted = groups.find(world, call), call.query.instance_id
  if wanted then
    local instance = world.scaling_instances:get(wanted)
    if not instance or instance.group_id ~= group.id then wire.refuse("AS.4006") end
  end
  return wire.answer_text(world, call.operation.success,
    '{"instance_hanging_info":' .. holds.list(world, group, wanted) .. "}")
end

-- The checks in the order of as.md section 8; those of the body alone come first.
local function callback(world, call)
  local group, body = groups.find(world, call), call.body
  if not body.lifecycle_action_key and not (body.instance_id and body.lifecycle_hook_name) then
    wire.refuse("AS.7040")
  end
  local hold, result = holds.find(world, group, body), body.lifecycle_action_result
  if not hold then
    outcomes.refused(world, body.lifecycle_action_key, result)
    wire.refuse("AS.7042")
  end
  if result == "EXTEND" then
    holds.extend(world, hold)
  else
    lifecycle.answer(world, hold, result, "callback")
  end
  outcomes.accepted(world, hold, result)
  return wire.answer(world, call.operation.success)
end

hooks.answers = {
  create_life_cycle_hook = create,
  list_life_cycle_hooks = function(world, call)
    local out = world.json.array({})
    for index, hook in ipairs(groups.find(world, call).hooks) do
      out[index] = render(world, hook)
    end
    return wire.answer(world, call.operation.success, { lifecycle_hooks = out })
  end,
  show_life_cycle_hook = function(world, call)
    local hook = find(world, call)
    return wire.answer(world, call.operation.success, render(world, hook))
  end,
  update_life_cycle_hook = update,
  delete_lifecycle_hook = function(world, call)
    local _, group, place = find(world, call)
    check_idle(group)
    table.remove(group.hooks, place)
    return wire.answer(world, call.operation.success)
  end,
  list_hook_instances = list_held,
  attach_callback_instance_life_cycle_hook = callback,
}

return hooks
