-- Asynchronous changes: which status they are allowed from, what they lead through and to. The
-- statuses come from the catalogue; what it cannot hold comes from the rules of each resource:
--   make(world, call, during)          makes the things (operations that create): a list
--   find(world, call)                  finds the things, where the path does not name just one
--   ready(world, call, things)         refuses before any status is looked at
--   check(world, thing, call, status)  refuses for other reasons than a status
--   begun(world, thing, job, call)     what changes at once, besides the status
--   succeeded(world, thing, job, at)   what changes with success, besides the status
--   failed(world, thing, job, at)      what changes with a failure, besides the status
--   removed(world, thing, job)         takes the thing out of the world, where that is not all
--   by_pair                            the work is divided into a sub-job for each pair
--   by_thing                           the work is divided into a sub-job for each thing
--   argument                           name of the body parameter that success needs to know
--   entities(world, thing, call)       more of what the job names
--   refused                            the error code for a wrong status of the thing
--   any_group                          whatever the group does meanwhile
--   group_refused                      the error code for a wrong status of the group
--   job_type                           where none is documented
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local jobs = require("sim.jobs")
local failures = require("sim.sdrs.failures")

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

--- Refuses unless the group's status is one that the operation asks of the group of a member. Where
--- none is documented, a change under way in the group excludes others (choice sdrs.group-busy).
function transitions.check_group(operation, rule, group)
  local allowed
  if #operation.group_from == 0 then
    allowed = not transitions.is_busy(group.status)
  else
    allowed = is_among(group.status, operation.group_from)
  end
  if not allowed then wire.refuse(rule.group_refused or "SDRS.1002") end
end

-- A sub-job for each pair of a group, all named alike (choice sdrs.sub-job-per-pair), or one for
-- each thing of a batch. One of them, by chance, is the one that fails.
local function parts_of(world, rule, things, plan, entity)
  local rows = {}
  if rule.by_pair then
    local name = plan.type:gsub("ProtectionGroupNoCG$", "ProtectionGroupRepNoCG")
    for index = 1, #world.members[things[1].id].replications do
      rows[index] = { type = name, entities = { server_group_id = things[1].id } }
    end
  elseif rule.by_thing then
    for index, thing in ipairs(things) do
      rows[index] = { type = rule.by_thing, entities = { [entity] = thing.id } }
    end
  end
  if #rows == 0 then return nil end
  if plan.failure_code then
    local failing = math.floor(seeded.fraction(world, "chance") * #rows) + 1
    rows[failing].fails = true
    if rule.by_thing then plan.memo.failing = failing end
  end
  return rows
end

local function names_of(things)
  local ids, statuses = {}, {}
  for index, thing in ipairs(things) do
    ids[index], statuses[index] = thing.id, thing.status
  end
  return ids, statuses
end

local function plan_of(world, call, resource, rule, things, transition)
  local operation, fault, first = call.operation, call.fault, things[1]
  local entity = operation.entity or "id"
  local entities = { [entity] = first.id }
  for name, value in pairs(rule.entities and rule.entities(world, first, call) or {}) do
    entities[name] = value
  end
  local ids, before = names_of(things)
  local plan = {
    service = "sdrs", operation = operation.name, entities = entities,
    type = transition.job_type ~= "" and transition.job_type or rule.job_type,
    stuck = fault ~= nil and fault.kind == "stuck_job",
    memo = {
      kind = operation.resource, things = ids, before = before, during = transition.during,
      failure = transition.failure ~= "" and transition.failure or nil,
      success = #transition.success > 0 and transition.success or nil,
      group_id = first.server_group_id or first.id,
      argument = rule.argument and call.body[rule.argument],
    },
  }
  if fault and fault.kind == "job_fail" then
    plan.failure_code, plan.failure_reason = failures.cause(world, plan.type, fault)
  end
  plan.sub_jobs = parts_of(world, rule, things, plan, entity)
  return plan, resource
end

-- The things of a call that makes none, and the transition that the status of the first starts.
local function acted_on(world, call, resource, rule)
  local operation = call.operation
  local things = rule.find and rule.find(world, call) or { resource.find(world, call) }
  if rule.ready then rule.ready(world, call, things) end
  local chosen = nil
  for _, thing in ipairs(things) do
    if thing.server_group_id and not rule.any_group then
      transitions.check_group(operation, rule, world.groups:get(thing.server_group_id))
    end
    local transition = transition_from(operation, thing.status)
    if not transition then wire.refuse(rule.refused or resource.refused) end
    if rule.check then rule.check(world, thing, call, thing.status) end
    chosen = chosen or transition
  end
  return things, chosen
end

--- Carries out an asynchronous operation: checks, sets the status that it leads through, starts the
--- job. Returns the answer. Raises the platform's refusal.
function transitions.change(world, call, resource)
  local operation = call.operation
  local rule = resource.rules[operation.name]
  local things, transition
  if rule.make then
    transition = operation.transitions[1]
    things = rule.make(world, call, transition.during)
  else
    things, transition = acted_on(world, call, resource, rule)
  end
  local job = jobs.start(world, plan_of(world, call, resource, rule, things, transition))
  for _, thing in ipairs(things) do
    resource.set_status(world, thing, transition.during, world:now())
    if rule.begun then rule.begun(world, thing, job, call) end
  end
  return wire.answer(world, operation.success, { job_id = job.id })
end

-- Of several statuses that success may lead to, a member takes the one that its group is in; where
-- that is none of them, the one it had before.
local function status_after(world, thing, success, before)
  if #success == 1 then return success[1] end
  local group = world.groups:get(thing.server_group_id)
  if is_among(group.status, success) then return group.status end
  return is_among(before, success) and before or success[1]
end

local function conclude_thing(world, job, resource, thing, index)
  local memo, at = job.memo, job.end_at
  local rule = resource.rules[job.operation]
  if job.failure_code and (memo.failing == nil or memo.failing == index) then
    resource.set_status(world, thing, memo.failure or memo.before[index], at)
    failures.record(world, job, resource, thing)
    if rule.failed then rule.failed(world, thing, job, at) end
  elseif not memo.success then
    local remove = rule.removed or resource.remove
    remove(world, thing, job)
  else
    local status = status_after(world, thing, memo.success, memo.before[index])
    resource.set_status(world, thing, status, at)
    if rule.succeeded then rule.succeeded(world, thing, job, at) end
  end
end

--- The effect of a job that has come to its end. What was deleted natively meanwhile stays invalid.
function transitions.concluded(world, job)
  local resource = world.services.resources[job.memo.kind]
  for index, id in ipairs(job.memo.things) do
    local thing = world[resource.store]:get(id)
    if thing and thing.status == "invalid" and job.memo.success then
      failures.record(world, job, resource, thing)
    elseif thing then
      conclude_thing(world, job, resource, thing, index)
    end
  end
end

return transitions
