-- Jobs and their sub-jobs. Nothing runs: a job is created with the moments at which it begins and
-- ends and with its outcome; its status is a function of the time at which somebody asks.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local durations = require("sim.durations")
local wire = require("sim.wire")

local jobs = {}

-- Sub-jobs run side by side; the job ends a little after the last of them. They differ from each
-- other by chance, and the one that is to fail is chosen by chance.
local function plan_sub_jobs(world, job, plan)
  local begin_at = job.running_at + durations.preparing
  local failing = plan.failure_code and
    math.floor(seeded.fraction(world, "chance") * plan.sub_jobs) + 1
  local last = begin_at
  job.sub_jobs = world.json.array({})
  for index = 1, plan.sub_jobs do
    local end_at = begin_at + durations.draw(world, plan.type)
    job.sub_jobs[index] = {
      id = seeded.hex(world, "job"),
      type = plan.type:gsub("ProtectionGroupNoCG$", "ProtectionGroupRepNoCG"),
      begin_at = begin_at + (index - 1) * 7 * moment.millisecond,
      end_at = end_at,
      fails = index == failing,
    }
    last = math.max(last, end_at)
  end
  return last + durations.concluding
end

--- Starts a job. `plan` says: operation, type, kind and thing (what it acts on), name, group_id,
--- entity (the key of the thing in `entities`), sub_jobs (how many), stuck (never ends),
--- failure_code and failure_reason (it fails), the status after a failure, the possible ones after
--- success (none: the thing is gone) and an argument that success needs.
function jobs.start(world, plan)
  local now = world:now()
  world.counters.sequence = world.counters.sequence + 1
  local job = {
    id = seeded.hex(world, "job"), sequence = world.counters.sequence,
    operation = plan.operation, type = plan.type, kind = plan.kind, thing = plan.thing,
    name = plan.name, group_id = plan.group_id, entity = plan.entity, argument = plan.argument,
    success = world.json.array(plan.success), failure = plan.failure,
    failure_code = plan.failure_code, failure_reason = plan.failure_reason,
    begin_at = now, running_at = now + durations.initialising, finished = false,
  }
  local end_at
  if plan.sub_jobs > 0 then
    end_at = plan_sub_jobs(world, job, plan)
  else
    end_at = now + durations.draw(world, plan.type)
  end
  if plan.stuck then
    job.stuck = true
  else
    job.end_at = end_at
  end
  world.jobs:add(job)
  jobs.schedule(world, job)
  return job
end

--- Puts an unfinished job among those that await their end.
function jobs.schedule(world, job)
  if job.finished or job.stuck then return end
  world.due:push({ due = job.end_at, sequence = job.sequence, id = job.id })
end

--- Finishes every job that is due by now, in due order; `conclude(world, job)` is its effect.
function jobs.advance(world, conclude)
  local now = world:now()
  while world.due:first() and world.due:first().due <= now do
    local job = world.jobs:get(world.due:pop().id)
    job.finished = true
    conclude(world, job)
  end
end

local function described(world, job, entities, failed, at)
  local null = world.json.null
  local status = "RUNNING"
  if at < job.running_at then status = "INIT" end
  local over = job.end_at ~= nil and at >= job.end_at
  if over then status = failed and "FAIL" or "SUCCESS" end
  return {
    job_id = job.id, job_type = job.type, status = status, entities = entities,
    begin_time = moment.zulu(job.begin_at), end_time = over and moment.zulu(job.end_at) or null,
    error_code = over and failed and job.failure_code or null,
    fail_reason = over and failed and job.failure_reason or null,
  }
end

-- A parent of sub-jobs names only those, and each of them the group: so the documented example.
local function described_sub_jobs(world, job, at)
  local rows = world.json.array({})
  for index, sub_job in ipairs(job.sub_jobs) do
    local view = {
      id = sub_job.id, type = sub_job.type,
      begin_at = sub_job.begin_at, running_at = sub_job.begin_at,
      end_at = not job.stuck and sub_job.end_at or nil,
      failure_code = job.failure_code, failure_reason = job.failure_reason,
    }
    rows[index] = described(world, view, { server_group_id = job.group_id }, sub_job.fails, at)
  end
  return { sub_jobs = rows }
end

--- The job as show_job_status answers it.
function jobs.render(world, job)
  local at = world:now()
  local entities = job.sub_jobs and described_sub_jobs(world, job, at)
    or { [job.entity or "id"] = job.thing }
  return described(world, job, entities, job.failure_code ~= nil, at)
end

jobs.answers = {
  show_job_status = function(world, call)
    local job = world.jobs:get(call.path.job_id)
    if not job then
      return wire.service_error(world, "SDRS.0201", 404, "The job does not exist.", "itemNotFound")
    end
    return wire.answer(world, 200, jobs.render(world, job))
  end,
}

return jobs
