-- Jobs and their sub-jobs. Nothing runs: a job is created with the moments at which it begins and
-- ends and with its outcome; its status is a function of the time at which somebody asks.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local agenda = require("sim.agenda")
local durations = require("sim.durations")

local jobs = {}

-- Sub-jobs run side by side; the job ends a little after the last of them. They differ from each
-- other by chance.
local function plan_sub_jobs(world, job, plan)
  local begin_at = job.running_at + durations.preparing
  local last = begin_at
  job.sub_jobs = world.json.array({})
  for index, wish in ipairs(plan.sub_jobs) do
    local end_at = begin_at + durations.draw(world, plan.pace or plan.type)
    job.sub_jobs[index] = {
      id = seeded.hex(world, "job"), type = wish.type, entities = wish.entities,
      begin_at = begin_at + (index - 1) * 7 * moment.millisecond, end_at = end_at,
      fails = wish.fails or false, failure_code = wish.failure_code,
      failure_reason = wish.failure_reason,
    }
    last = math.max(last, end_at)
  end
  return last + durations.concluding
end

--- Starts a job. `plan` says: service, operation, type, entities (what it names; sub-jobs stand in
--- for them), sub_jobs (list of {type, entities, fails?, failure_code?, failure_reason?}, or nil),
--- pace (what its duration is drawn as, where not its type), stuck (it never ends), failure_code
--- and failure_reason (it fails), and `memo`, a plain record that the service needs at the end.
function jobs.start(world, plan)
  local now = world:now()
  local job = {
    id = seeded.hex(world, "job"), service = plan.service, operation = plan.operation,
    type = plan.type, entities = plan.entities, memo = plan.memo,
    failure_code = plan.failure_code, failure_reason = plan.failure_reason,
    begin_at = now, running_at = now + durations.initialising, finished = false,
  }
  local end_at
  if plan.sub_jobs then
    end_at = plan_sub_jobs(world, job, plan)
  else
    end_at = now + durations.draw(world, plan.pace or plan.type)
  end
  world.jobs:add(job)
  if plan.stuck then
    job.stuck = true
  else
    job.end_at = end_at
    agenda.at(world, end_at, "job", job.id)
  end
  return job
end

jobs.events = {
  job = function(world, id)
    local job = world.jobs:get(id)
    job.finished = true
    world.services.by_name[job.service].concluded(world, job)
  end,
}

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

local function described_sub_jobs(world, job, at)
  local rows = world.json.array({})
  for index, sub_job in ipairs(job.sub_jobs) do
    local view = {
      id = sub_job.id, type = sub_job.type,
      begin_at = sub_job.begin_at, running_at = sub_job.begin_at,
      end_at = not job.stuck and sub_job.end_at or nil,
      failure_code = sub_job.failure_code or job.failure_code,
      failure_reason = sub_job.failure_reason or job.failure_reason,
    }
    rows[index] = described(world, view, sub_job.entities, sub_job.fails, at)
  end
  return rows
end

--- The job as the platform shows it. One with sub-jobs names only those: so the documented example.
function jobs.render(world, job)
  local at = world:now()
  local entities = job.entities or {}
  if job.sub_jobs then entities = { sub_jobs = described_sub_jobs(world, job, at) } end
  return described(world, job, entities, job.failure_code ~= nil, at)
end

--- Whether a service has started the job of this id.
function jobs.is_of(world, id, service)
  local job = world.jobs:get(id)
  return job ~= nil and job.service == service
end

return jobs
