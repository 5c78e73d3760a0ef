-- How long each type of job takes, in seconds of simulated time. Creating a group (15 s) and
-- stopping one (4 s for each pair, 8 s in all) are the platform's documented examples (sdrs.md
-- section 6); the rest is our choice, within the upper bounds seen in published acceptance runs
-- (field.md P6).
local moment = require("sim.moment")
local seeded = require("sim.seeded")

-- `seconds` is the middle, `spread` the part of it that chance adds or takes away. For the verbs of
-- a group it is the time of one pair; pairs are worked on side by side.
local by_job_type = {
  createProtectionGroupNoCG = { seconds = 15, spread = 0.1 },
  deleteProtectionGroupNoCG = { seconds = 10, spread = 0.2 },
  startProtectionGroupNoCG = { seconds = 40, spread = 0.25 },
  reprotectProtectionGroupNoCG = { seconds = 150, spread = 0.2 },
  stopProtectionGroupNoCG = { seconds = 4, spread = 0.1 },
  failoverProtectionGroupNoCG = { seconds = 130, spread = 0.3 },
  reverseProtectionGroupNoCG = { seconds = 120, spread = 0.2 },
  createReplicationPairNoCG = { seconds = 60, spread = 0.25 },
  deleteReplicationPairNoCG = { seconds = 30, spread = 0.25 },
  createProtectedInstanceNoCG = { seconds = 150, spread = 0.25 },
  batchCreateProtectedInstanceNoCG = { seconds = 150, spread = 0.25 },
  deleteProtectedInstanceNoCG = { seconds = 60, spread = 0.25 },
  batchDeleteProtectedInstanceNoCG = { seconds = 60, spread = 0.25 },
  attachReplicationPairNew = { seconds = 25, spread = 0.25 },
  detachReplicationPairNew = { seconds = 25, spread = 0.25 },
  addNicNew = { seconds = 20, spread = 0.25 },
  deleteNicNew = { seconds = 20, spread = 0.25 },
  resizeProtectedInstanceNew = { seconds = 80, spread = 0.25 },
  expandReplicationPairNew = { seconds = 40, spread = 0.25 },
  createDisasterRecoveryDrill = { seconds = 180, spread = 0.25 },
  deleteDisasterRecoveryDrill = { seconds = 90, spread = 0.25 },
  batchStartServers = { seconds = 20, spread = 0.25 },
  batchStopServers = { seconds = 25, spread = 0.25 },
  batchRebootServers = { seconds = 35, spread = 0.25 },
  hardStop = { seconds = 5, spread = 0.25 },
  hardReboot = { seconds = 15, spread = 0.25 },
  synchronisation = { seconds = 90, spread = 0.3 },
}
local otherwise = { seconds = 30, spread = 0.25 }

local durations = {
  -- From the answer until the job is RUNNING, and from there until its sub-jobs begin.
  initialising = 0.4 * moment.second,
  preparing = 0.7 * moment.second,
  -- From the end of the last sub-job until the end of its parent.
  concluding = 3 * moment.second,
}

--- The duration of a job type or of a "synchronisation", jittered from the world's seed: whole
--- milliseconds, in microseconds.
function durations.draw(world, name)
  local entry = by_job_type[name] or otherwise
  local jitter = 1 + entry.spread * (2 * seeded.fraction(world, "chance") - 1)
  return math.floor(entry.seconds * jitter * 1000) * moment.millisecond
end

return durations
