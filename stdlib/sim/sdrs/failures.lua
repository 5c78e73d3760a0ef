-- The failed-job centre: what a job fails with, and what list_failure_jobs shows of it.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local lists = require("sim.sdrs.lists")

local failures = {}

-- The documented code of each kind of failure (sdrs.json, error codes). Any other: 0405.
local codes = {
  createProtectedInstanceNoCG = "SDRS.1350", deleteProtectedInstanceNoCG = "SDRS.1351",
  batchCreateProtectedInstanceNoCG = "SDRS.1350", batchDeleteProtectedInstanceNoCG = "SDRS.1351",
  attachReplicationPairNew = "SDRS.1821", detachReplicationPairNew = "SDRS.1822",
  addNicNew = "SDRS.1312", deleteNicNew = "SDRS.1313", resizeProtectedInstanceNew = "SDRS.1329",
  expandReplicationPairNew = "SDRS.1820", createDisasterRecoveryDrill = "SDRS.1922",
  deleteDisasterRecoveryDrill = "SDRS.1923",
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
  local task = job_type:gsub("^%l", string.upper):gsub("NoCG$", ""):gsub("New$", "")
  return code, fault.message or ("Sdrs" .. task .. "Task-fail:" .. (known.meaning or code))
end

-- The verb of a job type names the failure: "startProtectionGroupNoCG" -> "startFail". NICs have no
-- word of their own: adding and deleting one count as attaching and detaching (choice
-- sdrs.nic-failures).
local verbs = { addNicNew = "attach", deleteNicNew = "detach" }

local function failure_status(job)
  local verb = verbs[job.type] or job.type:gsub("^batch(%u)", string.lower):match("^%l+")
  return verb .. "Fail"
end

--- Records that a job has failed with a thing.
function failures.record(world, job, resource, thing)
  local alone = #job.memo.things == 1
  world.failures:add({
    id = alone and job.id or seeded.hex(world, "job"), job_id = job.id, resource_id = thing.id,
    resource_name = thing.name, resource_type = resource.plural,
    failure_status = failure_status(job), job_type = job.type, begin_at = job.begin_at,
    code = job.failure_code or "SDRS.0405", reason = job.failure_reason or "the thing is invalid",
    group_id = job.memo.group_id, group_level = job.memo.kind == "server_group",
  })
end

local function render(_, failure)
  return {
    job_status = "FAIL", resource_id = failure.resource_id, resource_name = failure.resource_name,
    resource_type = failure.resource_type, failure_status = failure.failure_status,
    job_id = failure.job_id, job_type = failure.job_type,
    begin_time = moment.zulu(failure.begin_at),
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

local function remove_where(world, concerns)
  local ids = {}
  for failure in world.failures:each() do
    if concerns(failure) then ids[#ids + 1] = failure.id end
  end
  for _, id in ipairs(ids) do
    world.failures:remove(id)
  end
  return #ids
end

failures.answers = {
  --- By the id of the job or of the resource: the documented example passes the latter.
  delete_failure_job = function(world, call)
    local id = call.path.failure_job_id
    local removed = remove_where(world, function(failure)
      return failure.job_id == id or failure.resource_id == id
    end)
    if removed == 0 then wire.refuse("SDRS.0201") end
    return wire.answer(world, call.operation.success)
  end,
  delete_all_server_group_failure_jobs = function(world, call)
    remove_where(world, function(failure) return failure.group_level end)
    return wire.answer(world, call.operation.success)
  end,
  delete_server_group_failure_jobs = function(world, call)
    local id = call.path.server_group_id
    if not world.groups:get(id) then wire.refuse("SDRS.1013") end
    remove_where(world, function(failure)
      return not failure.group_level and failure.group_id == id
    end)
    return wire.answer(world, call.operation.success)
  end,
  list_failure_jobs = function(world, call)
    return lists.answer(world, call, world.failures:each(), shown, render)
  end,
}

return failures
