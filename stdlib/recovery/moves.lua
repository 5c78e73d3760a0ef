-- The planned moves of a protection group, as steps of a runbook: protecting its data again, and
-- switching over to the other site (sdrs.md section 5).
local power = require "recovery.power"
local recovery = require "recovery"
local task = require "task"

local moves = {}

-- The most that a person wants to wait for news.
local BETWEEN_LOOKS = "15s"

local function watch_progress(ctx, group)
  local status, seen = group.status, nil
  while group.progress ~= 100 do
    if group.progress ~= seen then
      seen = group.progress
      ctx:log("%s is synchronised to %d %%", group.name, seen or 0)
    end
    task.sleep(BETWEEN_LOOKS)
    group:refresh()
    if group.status ~= status then
      error({
        kind = "conflict",
        message = ("group %s is %s, no longer %s: somebody else is at work on it")
          :format(group.name, group.status, status),
        hint = "run this again when that has ended",
      })
    end
  end
end

--- Waits until every pair of the group is synchronised: a switchover is refused before that
--- (SDRS.1830).
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param timeout neap.Duration
function moves.wait_until_synchronised(ctx, group, timeout)
  ctx:step("wait until the data is synchronised", { expect = "3m" }, function()
    group:refresh()
    local ok, err = pcall(task.timeout, timeout, function() watch_progress(ctx, group) end)
    if ok then return end
    if err.kind == "timeout" then
      err.hint = ("group %s is synchronised to %d %%; that goes on; run this again to wait for it")
        :format(group.name, group.progress or 0)
    end
    error(err, 0)
  end)
end

--- Says how much of a protected group's data the other site has.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
function moves.report_progress(ctx, group)
  if group.progress == 100 then
    ctx:log("group %s is protected and synchronised, production is %s",
      group.name, group:production())
  else
    ctx:log("group %s is protected, but not before its data is synchronised (%d %% now) does %s "
      .. "have all of it", group.name, group.progress or 0, group:recovery())
  end
end

--- What protecting again asks of the status of the group: recovery.check_status.
moves.REPROTECT = {
  what = "protecting again",
  from = { "failed-over", "error-reprotecting" },
  remedies = {
    ["available"] = "its protection is stopped: neap run start_protection",
    ["error-starting"] = "its protection never started: neap run start_protection",
    ["error-failing-over"] = "finish the failover first: neap run failover",
    ["error-reversing"] = "finish the switchover first: neap run switchover",
  },
}

--- Protects the data again after a failover. The servers of what is the DR site now must be off.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param timeout neap.Duration
function moves.reprotect(ctx, group, timeout)
  ctx:step("protect the data again", { expect = "5m" }, function()
    recovery.wait_for(group:reprotect(), group, timeout,
      "its data has no second copy until this succeeds; run this again")
    recovery.expect_status(group, "protected")
  end)
end

--- Enables the protection of a group that has none.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param timeout neap.Duration
function moves.start(ctx, group, timeout)
  ctx:step("protect the data", { expect = "2m" }, function()
    recovery.wait_for(group:start(), group, timeout,
      "its data has no second copy until this succeeds; run neap run start_protection again")
    recovery.expect_status(group, "protected")
  end)
end

--- Raises kind precondition while any of these pairs is copied: the service refuses to stop a group
--- before its data is synchronised.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param pairs_found sdrs.ReplicationPair[]
function moves.check_not_copying(ctx, group, pairs_found)
  for _, pair in ipairs(pairs_found) do
    ctx:check(pair.replication_status ~= "copying",
      "pair %s is still being synchronised (%d %%), and the service refuses to stop a group before "
      .. "its data is (SDRS.1830); nothing was sent; wait for it: neap run start_protection "
      .. "--group %s --wait", pair.name, pair.progress or 0, group.name)
  end
end

--- Ends the protection of the group; its pairs stay.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param timeout neap.Duration
function moves.stop(ctx, group, timeout)
  ctx:step("stop protection", { expect = "1m" }, function()
    recovery.wait_for(group:stop(), group, timeout,
      "whether its pairs are still copied is not certain; run this again")
    recovery.expect_status(group, "available")
  end)
end

--- Waits until somebody else, or a run that was given up, has protected the group again.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param timeout neap.Duration
function moves.wait_until_protected(ctx, group, timeout)
  ctx:step("wait until it is protected again", { expect = "5m" }, function()
    group:wait_for("protected", { timeout = timeout })
  end)
end

--- The site that production is not on now.
---@param group sdrs.ProtectionGroup
---@return "source"|"target"
function moves.other_station(group)
  return group.priority_station == "source" and "target" or "source"
end

--- The command that brings production of a failed-over group back to where it came from.
---@param group sdrs.ProtectionGroup
---@return string
function moves.way_back(group)
  local command = "neap run failback --group " .. group.name
  return moves.other_station(group) == "source" and command or command .. " --to target"
end

--- Raises kind precondition unless these servers are off or `may_power` says that the runbook may
--- see to that; says which are to be powered off.
---@param ctx neap.Context
---@param ids string[]
---@param may_power boolean?
---@param option string
function moves.check_power(ctx, ids, may_power, option)
  local running = power.not_in(ids, "SHUTOFF")
  if #running == 0 then return end
  ctx:check(may_power, "%d servers are not off: %s; power them off and run this again, or let this "
    .. "runbook do it with %s", #running, power.names_of(running), option)
  ctx:log("%d servers will be powered off: %s", #running, power.names_of(running))
end

--- Powers servers on or off as a step.
---@param ctx neap.Context
---@param ids string[]
---@param status "ACTIVE"|"SHUTOFF"
---@param options { type?: string, timeout?: neap.Duration }
function moves.set_power(ctx, ids, status, options)
  local what = status == "ACTIVE" and "power servers on" or "power servers off"
  ctx:step(what, { expect = "2m" }, function()
    local changed = power.set(ids, status, options)
    ctx:log("%d of %d servers changed", changed, #ids)
  end)
end

--- How moves.set_power is to power servers off, by the parameters `hard` and `timeout`.
---@param p table
---@return { type: string, timeout: neap.Duration }
function moves.power_options(p)
  return { type = p.hard and "HARD" or "SOFT", timeout = p.timeout }
end

--- Switches the group over to `station`, "source" or "target" as at its creation.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param station "source"|"target"
---@param timeout neap.Duration
function moves.switch_over(ctx, group, station, timeout)
  ctx:step("switch over", { expect = "3m" }, function()
    recovery.check_unchanged(ctx, group)
    recovery.wait_for(group:reverse(station), group, timeout,
      "a switchover may be run again from error-reversing, and so may a failover")
    recovery.expect_status(group, "protected")
    recovery.expect_after_job(group.priority_station == station,
      "production of group %s is still %s", group.name, group:production())
    ctx:log("production is now %s (priority_station %s)",
      group:production(), group.priority_station)
  end)
end

--- Switches the group over as moves.switch_over does; with p.power the servers of these instances
--- are powered off before, and those of the new production site on afterwards. What fails between
--- says that nothing is running.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param instances sdrs.ProtectedInstance[]
---@param station "source"|"target"
---@param p table
function moves.switch_site(ctx, group, instances, station, p)
  if not p.power then return moves.switch_over(ctx, group, station, p.timeout) end
  local options, is_dark = moves.power_options(p), true
  ctx:on_failure("say what is off", function()
    if not is_dark then return end
    ctx:log("servers of group %s are OFF: run this again, or power on those in %s by hand",
      group.name, group:production())
  end)
  moves.set_power(ctx, power.of_both_sites(group, instances), "SHUTOFF", options)
  moves.switch_over(ctx, group, station, p.timeout)
  moves.set_power(ctx, power.of(group, instances, "production"), "ACTIVE", options)
  is_dark = false
end

--- For a group that is where it should be: with p.power, also sees to it that its production
--- servers run. Returns whether any had to be powered on.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param p table
---@return boolean
function moves.ensure_running(ctx, group, p)
  if not p.power then return false end
  local ids = power.of(group, group.instances:all(), "production")
  local idle = power.not_in(ids, "ACTIVE")
  if #idle == 0 then return false end
  ctx:confirm("Power on %d servers in %s: %s?",
    #idle, group:production(), power.names_of(idle))
  moves.set_power(ctx, ids, "ACTIVE", moves.power_options(p))
  return true
end

return moves
