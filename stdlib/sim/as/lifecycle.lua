-- The life of an instance in its group (as.md sections 3 and 4): which step follows which, where
-- hooks hold it, and what becomes of it.
--
--   launch   creating | joining -> [held] -> binding -> INSERVICE
--   removal  unbinding -> [held] -> leaving -> gone
--   standby  entering_standby -> STANDBY, exiting_standby -> INSERVICE
--
-- A step is what goes on without being asked; its end is an event of the agenda.
local agenda = require("sim.agenda")
local rows = require("sim.as.rows")
local durations = require("sim.as.durations")
local activities = require("sim.as.activities")
local holds = require("sim.as.holds")
local servers = require("sim.as.servers")

local lifecycle = { arrays = { "holds" } }

-- The state that a step shows.
local states = {
  creating = "PENDING", joining = "PENDING", binding = "PENDING", unbinding = "REMOVING",
  leaving = "REMOVING", discarding = "REMOVING", entering_standby = "ENTERING_STANDBY",
  exiting_standby = "STANDBY",
}

--- Begins a step; whatever went on before is over.
function lifecycle.begin(world, instance, step)
  instance.step, instance.state = step, states[step]
  instance.due = world:now() + durations.draw(world, step)
  agenda.at(world, instance.due, "as_step", instance.id)
end

-- Holds the instance, or goes on at once where no hook is of this type.
local function hold_or(world, group, instance, hook_type, held_state, next_step)
  if holds.begin(world, group, instance, hook_type) == 0 then
    return lifecycle.begin(world, instance, next_step)
  end
  instance.step, instance.due, instance.state = nil, nil, held_state
end

local function settle_in(instance, state)
  instance.step, instance.due, instance.state = nil, nil, state
end

-- Takes the instance out of the group, and its server away when the removal says so.
local function take_out(world, instance)
  rows.remove(world, "scaling_instances", instance)
  if instance.delete_server then
    servers.delete(world, instance)
  else
    servers.leave(world, instance)
  end
end

local function fail_launch(world, group, instance, reason, details, fatal)
  take_out(world, instance)
  activities.done(world, group, "failed", instance, {
    reason = reason, details = details, fatal = fatal,
  })
end

-- What follows the end of each step.
local after = {
  creating = function(world, group, instance)
    if (group.failing_launches or 0) > 0 then
      group.failing_launches = group.failing_launches - 1
      return fail_launch(world, group, instance, "CREATE_INSTANCE_FAILED", group.failing_reason,
        true)
    end
    servers.create(world, group, instance)
    hold_or(world, group, instance, "INSTANCE_LAUNCHING", "PENDING_WAIT", "binding")
  end,
  joining = function(world, group, instance)
    hold_or(world, group, instance, "INSTANCE_LAUNCHING", "PENDING_WAIT", "binding")
  end,
  binding = function(world, group, instance)
    settle_in(instance, "INSERVICE")
    instance.in_service_at = world:now()
    if instance.health == "INITAILIZING" then instance.health = "NORMAL" end
    activities.done(world, group, "added", instance)
  end,
  unbinding = function(world, group, instance)
    hold_or(world, group, instance, "INSTANCE_TERMINATING", "REMOVING_WAIT", "leaving")
  end,
  leaving = function(world, group, instance)
    take_out(world, instance)
    activities.done(world, group, instance.delete_server and "deleted" or "removed", instance)
  end,
  discarding = function(world, group, instance)
    fail_launch(world, group, instance, "LIFECYCLE_HOOK_ABANDON",
      "The lifecycle hook " .. instance.abandoned_by .. " ended with ABANDON.")
  end,
  entering_standby = function(world, group, instance)
    settle_in(instance, "STANDBY")
    activities.done(world, group, "standby", instance)
  end,
  exiting_standby = function(world, group, instance)
    settle_in(instance, "INSERVICE")
    -- Nobody looked at it while it stood by.
    if instance.health == "ERROR" then
      instance.audit_at = world:now()
      agenda.at(world, instance.audit_at, "as_audit", instance.id)
    end
    activities.done(world, group, "added", instance)
  end,
}

--- Whether the step that ends at a moment still goes on.
function lifecycle.goes_on(world, id, at)
  local instance = world.scaling_instances:get(id)
  return instance ~= nil and instance.due == at
end

--- A step has come to its end, if it still goes on.
function lifecycle.stepped(world, id, at)
  if not lifecycle.goes_on(world, id, at) then return end
  local instance = world.scaling_instances:get(id)
  after[instance.step](world, world.scaling_groups:get(instance.group_id), instance)
end

-- A launch that was abandoned: its server goes, unless the user brought it.
local function discard(world, group, instance, hold)
  instance.delete_server, instance.abandoned_by = instance.automatic, hold.hook
  if not instance.automatic then
    group.desire = math.max(group.desire - 1, group.min)
  end
  lifecycle.begin(world, instance, "discarding")
end

--- Takes a final result, "CONTINUE" or "ABANDON", for a hanging record; `by` is where it came from
--- (outcomes.lua).
function lifecycle.answer(world, hold, result, by)
  local instance = world.scaling_instances:get(hold.instance_id)
  local group = world.scaling_groups:get(hold.group_id)
  local verdict = holds.decide(world, instance, hold, result, by)
  if not verdict then return end
  local launching = instance.state == "PENDING_WAIT"
  holds.release(world, instance)
  if not launching then
    lifecycle.begin(world, instance, "leaving")
  elseif verdict == "CONTINUE" then
    lifecycle.begin(world, instance, "binding")
  else
    discard(world, group, instance, hold)
  end
end

--- Whether a record still hangs until a moment: it was neither moved nor answered.
function lifecycle.hangs(world, id, at)
  local hold = world.lifecycle_holds:get(id)
  return hold ~= nil and hold.status == "HANGING" and hold.deadline == at
end

--- The deadline of a record has come: its default result applies, if it still hangs.
function lifecycle.timed_out(world, id, at)
  if not lifecycle.hangs(world, id, at) then return end
  local hold = world.lifecycle_holds:get(id)
  lifecycle.answer(world, hold, hold.default_result, "default")
end

--- Ends what holds an instance whose server is gone.
function lifecycle.lost_server(world, instance)
  for _, id in ipairs(instance.holds) do
    local hold = world.lifecycle_holds:get(id)
    if hold.status == "HANGING" then return lifecycle.answer(world, hold, "ABANDON", "server") end
  end
end

return lifecycle
