-- The failed-job centre: what a job fails with, and what list_failure_jobs shows of it.
local moment = require("sim.moment")
local lists = require("sim.lists")

local failures = {}

-- The documented code of each kind of failure (sdrs.json, error codes). Any other: 0405.
local codes = {
  createProtectionGroupNoCG = "SDRS.1014", deleteProtectionGroupNoCG = "SDRS.1016",
  startProtectionGroupNoCG = "SDRS.1027", reprotectProtectionGroupNoCG = "SDRS.1032",
  stopProtectionGroupNoCG = "SDRS.1028", failoverProtectionGroupNoCG = "SDRS.1030",
  reverseProtectionGroupNoCG = "SDRS.1029", createReplicationPairNoCG = "SDRS.1609",
  deleteReplicationPairNoCG = "SDRS.1607",
}

--- The code and the reason with which a fault lets a job of a type fail.
function failures.cause(world, job_type, fault)
  local code = fault.code or codes[job_type] or "SDRS.0405"
  local known = world.errors[code] or {}
  local task = job_type:gsub("^%l", string.upper):gsub("NoCG$", "")
  return code, fault.message or ("Sdrs" .. task .. "Task-fail:" .. (known.meaning or code))
end

-- The verb of a job type names the failure: "startProtectionGroupNoCG" -> "startFail".
local function failure_status(job)
  return job.type:match("^%l+") .. "Fail"
end

--- Records a job that has failed.
function failures.record(world, job, resource)
  world.failures:add({
    id = job.id, resource_id = job.thing, resource_name = job.name,
    resource_type = resource.plural, failure_status = failure_status(job),
    job_type = job.type, begin_at = job.begin_at, code = job.failure_code,
    reason = job.failure_reason, group_id = job.group_id,
    group_level = job.kind == "server_group",
  })
end

local function render(_, failure)
  return {
    job_status = "FAIL", resource_id = failure.resource_id, resource_name = failure.resource_name,
    resource_type = failure.resource_type, failure_status = failure.failure_status,
    job_id = failure.id, job_type = failure.job_type, begin_time = moment.zulu(failure.begin_at),
    error_code = failure.code, fail_reason = failure.reason,
  }
end

-- Without a group only failures of groups themselves are shown, with one those inside it.
local function shown(failure, query)
  if query.server_group_id then
    if failure.group_level or failure.group_id ~= query.server_group_id then return false end
  elseif not failure.group_level then
    return false
  end
  return (not query.failure_status or failure.failure_status == query.failure_status)
    and (not query.resource_type or failure.resource_type == query.resource_type)
    and (not query.resource_name or failure.resource_name == query.resource_name)
end

failures.answers = {
  list_failure_jobs = function(world, call)
    return lists.answer(world, call, world.failures:each(), shown, render)
  end,
}

return failures
