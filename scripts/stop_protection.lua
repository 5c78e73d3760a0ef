-- Stops the protection of a group, for maintenance (sdrs.md sections 4 and 5).
--
-- From then on nothing that is written in production has a second copy, and a failover is not
-- possible. Instances, pairs and both sites' disks stay; start_protection is the way back. A group
-- whose protection is stopped already is reported.
local moves = require "recovery.moves"
local recovery = require "recovery"

local STOP = {
  what = "stopping protection",
  from = { "protected", "error-stopping" },
  remedies = {
    ["failed-over"] = "it is unprotected as it is; to protect it again: neap run reprotect",
    ["error-reprotecting"] = "it is unprotected as it is; to protect it again: neap run reprotect",
    ["error-starting"] = "it is unprotected as it is; to protect it: neap run start_protection",
    ["stopping"] = "it is being stopped already; look again when that has ended",
  },
}

local function preflight(ctx, group)
  return ctx:step("check that it can be stopped", function()
    recovery.check_status(ctx, group, STOP)
    local found = { pairs = recovery.find_pairs(ctx, group), instances = group.instances:all() }
    moves.check_not_copying(ctx, group, found.pairs)
    ctx:log("%d instances, %d pairs; %s will keep what it has now, and get no more",
      #found.instances, #found.pairs, group:recovery())
    return found
  end)
end

local function report(ctx, group, found)
  ctx:log("UNPROTECTED now: %d instances and %d pairs of group %s", #found.instances, #found.pairs,
    group.name)
  ctx:log("NO FAILOVER is possible, and what is written in %s has NO SECOND COPY, until: "
    .. "neap run start_protection --group %s", group:production(), group.name)
end

return {
  name = "stop_protection",
  summary = "Stop the protection of a group, which leaves its data without a second copy",
  params = {
    group = { type = "string", required = true, help = "protection group, id or name" },
    timeout = { type = "duration", default = "30m", help = "how long to wait for the job" },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_replications",
    "sdrs:list_protected_instances",
    "sdrs:stop_protection_group",
    "sdrs:show_job_status",
  },
  run = function(ctx, p)
    local group = recovery.find_group(ctx, p.group)
    if group.status == "available" then
      ctx:log("the protection of group %s is stopped already: it is UNPROTECTED; to protect it: "
        .. "neap run start_protection --group %s", group.name, group.name)
      return recovery.result(group, false)
    end
    local found = preflight(ctx, group)
    ctx:confirm("Stop the protection of group %s? %d instances and %d pairs will have no second "
      .. "copy.", group.name, #found.instances, #found.pairs)
    recovery.check_unchanged(ctx, group)
    moves.stop(ctx, group, p.timeout)
    report(ctx, group, found)
    return recovery.result(group, true)
  end,
}
