-- Scheduled tasks of a group, which set its numbers at a time, and its warm pool. Only the SDK
-- knows both: the model keeps what it is told, tasks fire, a pool holds no servers.
local seeded = require("sim.seeded")
local agenda = require("sim.agenda")
local wire = require("sim.wire")
local rows = require("sim.as.rows")
local times = require("sim.as.times")
local groups = require("sim.as.groups")
local schedules = require("sim.as.schedules")
local scaling = require("sim.as.scaling")

local tasks = {}

local function arm(world, task)
  task.next_at = times.next(task.schedule, world:now())
  if task.next_at then agenda.at(world, task.next_at, "as_task", task.id) end
end

local function find(world, call)
  local group = groups.find(world, call)
  local task = world.scheduled_tasks:get(call.path.scheduled_task_id)
  if not task or task.group_id ~= group.id then wire.refuse("AS.0007") end
  return task
end

local function fill(world, task, body)
  local schedule = body.scheduled_policy
  schedules.check(world, schedule, schedule.recurrence_type ~= nil)
  local numbers = body.instance_number
  if numbers.min and numbers.max and numbers.min > numbers.max then wire.refuse("AS.2004") end
  task.name, task.schedule, task.numbers = body.name, schedule, numbers
  arm(world, task)
end

--- The moment of a task has come.
function tasks.fire(world, id, at)
  local task = world.scheduled_tasks:get(id)
  if not task or task.next_at ~= at then return end
  arm(world, task)
  local group = world.scaling_groups:get(task.group_id)
  if group.status ~= "INSERVICE" then return end
  group.min, group.max = task.numbers.min or group.min, task.numbers.max or group.max
  group.max = math.max(group.min, group.max)
  local desire = task.numbers.desire or group.desire
  scaling.set_desire(world, group, math.max(group.min, math.min(group.max, desire)), "SCHEDULED")
end

local function render(task)
  return {
    task_id = task.id, name = task.name, scaling_group_id = task.group_id,
    scheduled_policy = task.schedule, instance_number = task.numbers,
    create_time = times.text(task.created_at),
  }
end

local function render_pool(world, pool)
  local null = world.json.null
  return {
    min_capacity = pool.min_capacity or 0, max_capacity = pool.max_capacity or null,
    instance_init_wait_time = pool.instance_init_wait_time or 0, status = "INSERVICE",
  }
end

local function find_pool(world, call)
  local group = groups.find(world, call)
  if not group.warm_pool then wire.refuse("AS.0007") end
  return group.warm_pool, group
end

tasks.answers = {
  create_group_scheduled_task = function(world, call)
    local group = groups.find(world, call)
    local task = { id = seeded.uuid(world), group_id = group.id, created_at = world:now() }
    fill(world, task, call.body)
    rows.add(world, "scheduled_tasks", task)
    return wire.answer(world, call.operation.success, { task_id = task.id })
  end,
  list_group_scheduled_tasks = function(world, call)
    local out = world.json.array({})
    for index, task in ipairs(rows.of(world, "scheduled_tasks", groups.find(world, call).id)) do
      out[index] = render(task)
    end
    return wire.answer(world, call.operation.success, { scheduled_tasks = out })
  end,
  update_group_scheduled_task = function(world, call)
    fill(world, find(world, call), call.body)
    return wire.answer(world, call.operation.success)
  end,
  delete_group_scheduled_task = function(world, call)
    rows.remove(world, "scheduled_tasks", find(world, call))
    return wire.answer(world, call.operation.success)
  end,
  put_warm_pool_new = function(world, call)
    groups.find(world, call).warm_pool = call.body
    return wire.answer(world, call.operation.success)
  end,
  show_warm_pool_new = function(world, call)
    local pool = find_pool(world, call)
    return wire.answer(world, call.operation.success, { warm_pool = render_pool(world, pool) })
  end,
  close_warm_pool_new = function(world, call)
    local _, group = find_pool(world, call)
    group.warm_pool = nil
    return wire.answer(world, call.operation.success)
  end,
  list_warm_pool_instances_new = function(world, call)
    groups.find(world, call)
    return wire.answer(world, call.operation.success, {
      warm_pool_instances = world.json.array({}),
    })
  end,
}

return tasks
