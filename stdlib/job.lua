-- An asynchronous job of the platform: what it is doing, and waiting for its end.
local classes = require "manual.classes"
local host = require "host.jobs"
local json = require "json"
local servers = require "host.servers"
local timer = require "host.timer"

local job = {}

-- How each service is asked for a job.
local SHOW = { sdrs = host.show, ecs = servers.job }

-- What the jobs of each service make or change, as job.things() says it.
local things = {}

--- An asynchronous job of the platform. Its fields are what the last answer said of it.
---@field id string
---@field service? string "ecs"; none for SDRS
---@field status string INIT, RUNNING, SUCCESS or FAIL
---@field type? string such as failoverProtectionGroupNoCG
---@field error_code? string of a failed job
---@field fail_reason? string of a failed job
---@field begin_time? string
---@field end_time? string
---@field entities table the ids of what it makes or changes
---@field sub_jobs table[] what a job of many things is made up of
local Job = classes.named("neap.Job", {
  status = "INIT", entities = {}, sub_jobs = {}, -- of a job that has not been asked for yet
}, { at = "job", also = function() return job.new("of a server", "ecs") end })
Job.__index = Job
Job.__name = "job"

--- How long to wait for a job, and who is told meanwhile.
---@class neap.JobWaitOptions
---@field timeout? neap.Duration kind timeout after so long, 60m unless given; the job goes on
---@field on_progress? fun(job: neap.Job) sees every change
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

--- The job of this id, which is one of "sdrs" unless the service is given.
function job.new(id, service)
  return setmetatable({ id = id, service = service }, Job)
end

--- Says what the jobs of a service are about: { entity = key in a job's entities, get =
--- function(id) } for each kind of thing, the most specific last.
function job.things(service, rows)
  things[service] = rows
end

-- Jobs of SDRS are waited for by their id alone.
local function name_of(self)
  return self.service and self.service .. ":" .. self.id or self.id
end

--- Asks for the job now and returns it.
function Job:refresh()
  return absorb(self, SHOW[self.service or "sdrs"] { job_id = self.id })
end

local function watch_changes(self, on_progress, timeout)
  local deadline, version = timer.now() + timer.parse(timeout), 0
  repeat
    local answer
    answer, version = host.next_change(name_of(self), version, math.max(0, deadline - timer.now()))
    on_progress(absorb(self, answer))
  until self.status == "SUCCESS" or self.status == "FAIL"
end

--- Waits until the job has ended and returns it. `options.timeout` (60m) bounds the wait, not the
--- job: kind timeout means that it goes on in the cloud. `options.on_progress(job)` sees every
--- change. Raises job_failed with the platform's code and reason.
---@param options? neap.JobWaitOptions
function Job:wait(options)
  if options and options.on_progress then
    watch_changes(self, options.on_progress, options.timeout or DEFAULT_TIMEOUT)
  else
    local answer = host.wait(name_of(self), options and options.timeout or DEFAULT_TIMEOUT)
    absorb(self, answer)
  end
  if self.status == "FAIL" then error(failure(self)) end
  return self
end

-- The thing that the entities name first, in the order of the rows from `first` to `last`.
local function named_in(entities, rows, first, last, step)
  for i = first, last, step do
    local id = known(entities[rows[i].entity])
    if id then return rows[i].get(id) end
  end
end

--- The thing that the job made or changed, freshly read; nil when the job names none. Where only
--- its sub-jobs name things, it is what they have in common: their group rather than their pair.
---@return table? a group, pair, instance, drill or server
function Job:resource()
  local rows = things[self.service or "sdrs"] or {}
  local thing = named_in(self.entities, rows, #rows, 1, -1)
  if thing then return thing end
  for _, sub_job in ipairs(self.sub_jobs) do
    thing = known(sub_job.entities) and named_in(sub_job.entities, rows, 1, #rows, 1)
    if thing then return thing end
  end
  return nil
end

return job
