-- An asynchronous job of the platform: what it is doing, and waiting for its end.
local host = require "host.jobs"
local json = require "json"
local timer = require "host.timer"

local job = {
  -- { entity = key in the job's entities, get = function(id) } per kind of thing, the most
  -- specific last; sdrs.lua fills it.
  resources = {},
}

-- What stands here is true of every job that has not been asked for yet.
local Job = { status = "INIT", entities = {}, sub_jobs = {} }
Job.__index = Job

local DEFAULT_TIMEOUT = "60m"

local function known(value)
  if value == json.null then return nil end
  return value
end

local function absorb(self, answer)
  self.status = answer.status
  self.type = known(answer.job_type)
  self.error_code = known(answer.error_code)
  self.fail_reason = known(answer.fail_reason)
  self.begin_time, self.end_time = known(answer.begin_time), known(answer.end_time)
  self.entities = known(answer.entities) or {}
  self.sub_jobs = known(self.entities.sub_jobs) or {}
  return self
end

local function failure(self)
  local reason = self.fail_reason or "no reason given"
  for _, sub_job in ipairs(self.sub_jobs) do
    if sub_job.status == "FAIL" and known(sub_job.fail_reason) and not self.fail_reason then
      reason = sub_job.fail_reason
    end
  end
  return {
    kind = "job_failed",
    message = ("job %s (%s) failed: %s"):format(self.id, self.type or "unknown type", reason),
    hint = "the resource may be in an error status; read it again before the next step",
    code = self.error_code,
    job_id = self.id,
  }
end

function job.new(id)
  return setmetatable({ id = id }, Job)
end

--- Asks for the job now.
function Job:refresh()
  return absorb(self, host.show { job_id = self.id })
end

local function watch_changes(self, on_progress, timeout)
  local deadline, version = timer.now() + timer.parse(timeout), 0
  repeat
    local answer
    answer, version = host.next_change(self.id, version, math.max(0, deadline - timer.now()))
    on_progress(absorb(self, answer))
  until self.status == "SUCCESS" or self.status == "FAIL"
end

--- Waits until the job has ended and returns it. `options.timeout` (60m) bounds the wait, not the
--- job: kind timeout means that it goes on in the cloud. `options.on_progress(job)` sees every
--- change. Raises job_failed with the platform's code and reason.
function Job:wait(options)
  if options and options.on_progress then
    watch_changes(self, options.on_progress, options.timeout or DEFAULT_TIMEOUT)
  else
    local answer = host.wait(self.id, options and options.timeout or DEFAULT_TIMEOUT)
    absorb(self, answer)
  end
  if self.status == "FAIL" then error(failure(self)) end
  return self
end

--- The thing that the job made or changed, freshly read; nil when the job names none.
function Job:resource()
  for i = #job.resources, 1, -1 do
    local row = job.resources[i]
    local id = known(self.entities[row.entity])
    if id then return row.get(id) end
  end
  for _, sub_job in ipairs(self.sub_jobs) do
    local id = known(sub_job.entities) and known(sub_job.entities.server_group_id)
    if id then return job.resources[1].get(id) end
  end
  return nil
end

return job
