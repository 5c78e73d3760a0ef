-- Asynchronous changes: which status they are allowed from, what they lead through and to. The
-- statuses come from the catalogue; what it cannot hold comes from the rules of each resource:
--   make(world, call, during)       makes the thing (operations that create)
--   check(world, thing, call)       refuses for other reasons than a status
--   begun(world, thing, job)        what changes at once, besides the status
--   succeeded(world, thing, job)    what changes with success, besides the status
--   by_pair                         the work is divided into a sub-job for each pair
--   argument                        name of the body parameter that success needs to know
--   group_refused                   the error code for a wrong status of the group
local wire = require("sim.wire")
local jobs = require("sim.jobs")
local failures = require("sim.failures")

local transitions = {}

--- Whether a status is that of a change under way, which nothing else may interrupt.
function transitions.is_busy(status)
  return status == "failing-over"
    or (status:find("ing$") ~= nil and not status:find("^error"))
end

local function is_among(status, statuses)
  for _, allowed in ipairs(statuses) do
    if allowed == status then return true end
  end
  return false
end

-- The transition that starts from a status. Where none is documented, any status does that is not
-- a change under way.
local function transition_from(operation, status)
  for _, transition in ipairs(operation.transitions) do
    if #transition.from == 0 then
      if not transitions.is_busy(status) then return transition end
    elseif is_among(status, transition.from) then
      return transition
    end
  end
  return nil
end

--- Refuses unless the group's status is one that the operation asks of the group of a member.
function transitions.check_group(operation, rule, group)
  if #operation.group_from == 0 or is_among(group.status, operation.group_from) then return end
  wire.refuse(rule.group_refused or "SDRS.1002")
end

local function plan_of(world, call, resource, rule, thing, transition)
  local group_id = thing.server_group_id or thing.id
  local fault = call.fault
  local plan = {
    operation = call.operation.name, type = transition.job_type, entity = call.operation.entity,
    kind = resource.kind, thing = thing.id, name = thing.name, group_id = group_id,
    success = transition.success, failure = transition.failure,
    sub_jobs = rule.by_pair and #world.members[group_id].replications or 0,
    argument = rule.argument and call.body[rule.argument],
    stuck = fault ~= nil and fault.kind == "stuck_job",
  }
  if fault and fault.kind == "job_fail" then
    plan.failure_code, plan.failure_reason = failures.cause(world, plan.type, fault)
  end
  return plan
end

--- Carries out an asynchronous operation: checks, sets the status that it leads through, starts the
--- job. Returns the answer. Raises the platform's refusal.
function transitions.change(world, call, resource)
  local operation = call.operation
  local rule = resource.rules[operation.name]
  local thing, transition
  if rule.make then
    transition = operation.transitions[1]
    thing = rule.make(world, call, transition.during)
  else
    thing = resource.find(world, call)
    transition = transition_from(operation, thing.status)
    if thing.server_group_id then
      transitions.check_group(operation, rule, world.groups:get(thing.server_group_id))
    end
    if not transition then wire.refuse(resource.refused) end
    if rule.check then rule.check(world, thing, call) end
  end
  local job = jobs.start(world, plan_of(world, call, resource, rule, thing, transition))
  resource.set_status(world, thing, transition.during, world:now())
  if rule.begun then rule.begun(world, thing, job) end
  return wire.answer(world, operation.success, { job_id = job.id })
end

-- Of two statuses that success may lead to, a member takes the one that its group is in.
local function status_after(world, thing, success)
  if #success == 1 then return success[1] end
  local group = world.groups:get(thing.server_group_id)
  return is_among(group.status, success) and group.status or success[1]
end

--- The effect of a job that has come to its end.
function transitions.conclude(world, job)
  local resource = world.resources[job.kind]
  local thing = world[resource.store]:get(job.thing)
  if not thing then return end
  if job.failure_code then
    resource.set_status(world, thing, job.failure, job.end_at)
    failures.record(world, job, resource)
  elseif #job.success == 0 then
    resource.remove(world, thing)
  else
    resource.set_status(world, thing, status_after(world, thing, job.success), job.end_at)
    local rule = resource.rules[job.operation]
    if rule.succeeded then rule.succeeded(world, thing, job) end
  end
end

return transitions
