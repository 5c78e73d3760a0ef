-- Fails a protection group over to its disaster-recovery site (sdrs.md section 5).
--
-- For the day when the production zone is down. Nothing is sent before every check has passed and
-- the operator has agreed; a group that is failed over already is reported, not failed over again.
-- No other run may change the group from the first look at it until this one has ended.

local moves = require "recovery.moves"
local recovery = require "recovery"

local FAILOVER = {
  what = "failover",
  from = { "protected", "error-failing-over", "error-reversing" },
  remedies = {
    ["available"] = "its data is not protected: nothing newer is on the other site",
    ["failing-over"] = "a failover is under way already; look again when it has ended",
    ["reprotecting"] = "it is being protected again; look again when that has ended",
    ["error-reprotecting"] = "it is failed over; protect the data again: neap run reprotect",
  },
}

local LINK_BROKEN = "5" -- fault_level: the pair cannot fail over
local DISK_LOST = "2" -- fault_level: the production disk no longer reads or writes

local function check_pairs(ctx, group)
  local pairs_found, lost = group.pairs:all(), 0
  ctx:check(#pairs_found > 0,
    "group %s has no replication pairs, so there is nothing to fail over to; nothing was sent; "
    .. "check that this is the group you mean", group.name)
  for _, pair in ipairs(pairs_found) do
    local level = tostring(pair.fault_level or "0")
    ctx:check(level ~= LINK_BROKEN,
      "pair %s has a broken replication link (fault_level 5) and cannot fail over; "
      .. "nothing was sent; ask the platform's support to restore the link", pair.name)
    if level == DISK_LOST then lost = lost + 1 end
  end
  if lost > 0 then
    ctx:log("%d of %d pairs have lost their production disk: failover is advised",
      lost, #pairs_found)
  end
  return pairs_found
end

local function preflight(ctx, group)
  return ctx:step("check that it can fail over", function()
    recovery.check_status(ctx, group, FAILOVER)
    local found = { pairs = check_pairs(ctx, group), instances = group.instances:all() }
    ctx:log("%d instances, %d pairs; production moves from %s to %s",
      #found.instances, #found.pairs, group:production(), group:recovery())
    return found
  end)
end

local function fail_over(ctx, group, timeout)
  ctx:step("fail over", { expect = "3m" }, function()
    recovery.check_unchanged(ctx, group)
    recovery.wait_for(group:failover(), group, timeout,
      "failover may be run again from error-failing-over")
  end)
end

-- A job that succeeded is not yet a group that moved: both are read again (sdrs.md section 5).
local function verify(ctx, group, station_before)
  ctx:step("verify", function()
    recovery.expect_status(group, "failed-over")
    recovery.expect_after_job(group.priority_station ~= station_before,
      "production of group %s is still %s", group.name, group:production())
    ctx:log("production is now %s (priority_station %s)",
      group:production(), group.priority_station)
  end)
end

local function report(ctx, group, found)
  if group.status == "protected" then
    ctx:log("group %s is protected again", group.name)
    ctx:log("next: power on the servers in %s", group:production())
    return
  end
  ctx:log("UNPROTECTED now: %d instances and %d pairs have no second copy until reprotect succeeds",
    #found.instances, #found.pairs)
  ctx:log("next: power on the servers in %s", group:production())
  ctx:log("then, when %s is healthy and its servers are off: "
    .. "neap run reprotect --group %s", group:recovery(), group.name)
  ctx:log("or all the way back: %s", moves.way_back(group))
end

local function already_failed_over(ctx, group, p)
  ctx:log("group %s is failed over already, production is %s", group.name, group:production())
  if not p.reprotect then
    ctx:log("nothing to do; to protect the data again: neap run reprotect --group %s; "
      .. "the way back: %s", group.name, moves.way_back(group))
    return recovery.result(group, false)
  end
  ctx:confirm("Protect group %s again, from %s to %s?",
    group.name, group:production(), group:recovery())
  recovery.check_unchanged(ctx, group)
  moves.reprotect(ctx, group, p.timeout)
  return recovery.result(group, true)
end

return {
  name = "failover",
  summary = "Fail a protection group over to its disaster-recovery site",
  params = {
    group = { type = "string", required = true, help = "protection group, id or name" },
    timeout = { type = "duration", default = "30m", help = "how long to wait for each job" },
    reprotect = {
      type = "boolean", default = false, help = "also protect the data again afterwards",
    },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_replications",
    "sdrs:list_protected_instances",
    "sdrs:start_failover_protection_group",
    "sdrs:start_protection_group",
    "sdrs:show_job_status",
  },
  rto = "15m",
  run = function(ctx, p)
    local group = recovery.find_group(ctx, p.group)
    if group.status == "failed-over" then return already_failed_over(ctx, group, p) end
    local found = preflight(ctx, group)
    local station_before = group.priority_station
    ctx:confirm("Fail group %s over from %s to %s?",
      group.name, group:production(), group:recovery())
    fail_over(ctx, group, p.timeout)
    verify(ctx, group, station_before)
    if p.reprotect then moves.reprotect(ctx, group, p.timeout) end
    report(ctx, group, found)
    return recovery.result(group, true)
  end,
}
