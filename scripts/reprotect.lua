-- Protects a failed-over group again, from the site that it moved to back to the one it came from
-- (sdrs.md section 5).
--
-- For the day when the old site is healthy. Its servers must be off: with --power the runbook sees
-- to that. What their disks still hold is overwritten. A group that is protected already is
-- reported; --wait also waits until its data is synchronised, as a switchover needs it.
local moves = require "recovery.moves"
local power = require "recovery.power"
local recovery = require "recovery"

local function preflight(ctx, group, p)
  return ctx:step("check that it can be protected again", function()
    recovery.check_status(ctx, group, moves.REPROTECT)
    local found = { pairs = recovery.find_pairs(ctx, group), instances = group.instances:all() }
    found.servers = power.of(group, found.instances, "dr")
    moves.check_power(ctx, found.servers, p.power, "--power")
    ctx:log("%d instances, %d pairs; the data is copied from %s to %s",
      #found.instances, #found.pairs, group:production(), group:recovery())
    return found
  end)
end

local function protect_again(ctx, group, p)
  local found = preflight(ctx, group, p)
  ctx:confirm("Protect group %s again, from %s to %s? The disks in %s are overwritten.",
    group.name, group:production(), group:recovery(), group:recovery())
  recovery.check_unchanged(ctx, group)
  if p.power then moves.set_power(ctx, found.servers, "SHUTOFF", moves.power_options(p)) end
  moves.reprotect(ctx, group, p.timeout)
end

local function report(ctx, group, p)
  if p.wait then moves.wait_until_synchronised(ctx, group, p.sync_timeout) end
  moves.report_progress(ctx, group)
  if group.priority_station == "target" then
    ctx:log("the way home: neap run failback --group %s --power", group.name)
  end
end

return {
  name = "reprotect",
  summary = "Protect a failed-over protection group again",
  params = {
    group = { type = "string", required = true, help = "protection group, id or name" },
    power = {
      type = "boolean", default = false,
      help = "power off the servers of the site that is to be the copy",
    },
    hard = {
      type = "boolean", default = false,
      help = "with --power: cut the power, where a guest that hangs would not shut down",
    },
    wait = {
      type = "boolean", default = false, help = "also wait until the data is synchronised",
    },
    timeout = { type = "duration", default = "30m", help = "how long to wait for each job" },
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
    "ecs:show_server",
    "ecs:batch_stop_servers",
    "ecs:show_job",
  },
  run = function(ctx, p)
    local group = recovery.find_group(ctx, p.group)
    local changed = false
    if group.status == "protected" then
      ctx:log("group %s is protected already", group.name)
    elseif group.status == "reprotecting" then
      moves.wait_until_protected(ctx, group, p.timeout)
    else
      protect_again(ctx, group, p)
      changed = true
    end
    report(ctx, group, p)
    return recovery.result(group, changed)
  end,
}
