-- Protects a group that is not, or not any more, protected (sdrs.md sections 4 and 5).
--
-- The way back of stop_protection. The data is copied from production to the other site, which has
-- all of it only when it is synchronised: --wait waits for that. A group that is protected already
-- is reported; one that is failed over is a matter of reprotect.
local moves = require "recovery.moves"
local recovery = require "recovery"

local START = {
  what = "starting protection",
  from = { "available", "error-starting" },
  remedies = {
    ["failed-over"] = "it is failed over; protect it again: neap run reprotect",
    ["error-reprotecting"] = "it is failed over; protect it again: neap run reprotect",
    ["error-stopping"] = "finish stopping it first: neap run stop_protection",
    ["starting"] = "it is being started already; look again when that has ended",
  },
}

local function preflight(ctx, group)
  return ctx:step("check that it can be protected", function()
    recovery.check_status(ctx, group, START)
    local found = { pairs = recovery.find_pairs(ctx, group), instances = group.instances:all() }
    ctx:log("%d instances, %d pairs; the data is copied from %s to %s",
      #found.instances, #found.pairs, group:production(), group:recovery())
    return found
  end)
end

local function start(ctx, group, p)
  local found = preflight(ctx, group)
  ctx:confirm("Protect group %s, %d instances and %d pairs, from %s to %s? The disks in %s are "
    .. "overwritten.", group.name, #found.instances, #found.pairs, group:production(),
    group:recovery(), group:recovery())
  recovery.check_unchanged(ctx, group)
  moves.start(ctx, group, p.timeout)
end

local function report(ctx, group)
  moves.report_progress(ctx, group)
  ctx:log("the way back: neap run stop_protection --group %s", group.name)
end

return {
  name = "start_protection",
  summary = "Protect a group whose protection is stopped",
  params = {
    group = { type = "string", required = true, help = "protection group, id or name" },
    wait = {
      type = "boolean", default = false, help = "also wait until the data is synchronised",
    },
    timeout = { type = "duration", default = "30m", help = "how long to wait for the job" },
    sync_timeout = {
      type = "duration", default = "24h",
      help = "with --wait: how long to wait for the synchronisation",
    },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_replications",
    "sdrs:list_protected_instances",
    "sdrs:start_protection_group",
    "sdrs:show_job_status",
  },
  run = function(ctx, p)
    local group = recovery.find_group(ctx, p.group)
    local changed = group.status ~= "protected"
    if changed then
      start(ctx, group, p)
    else
      ctx:log("group %s is protected already", group.name)
    end
    if p.wait then moves.wait_until_synchronised(ctx, group, p.sync_timeout) end
    report(ctx, group)
    return recovery.result(group, changed)
  end,
}
