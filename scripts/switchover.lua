-- Switches a protection group over to its other site, planned and without loss (sdrs.md section 5).
--
-- For maintenance, and for the way home. The servers of both sites must be off while it runs; with
-- --power the runbook powers them off before, and those of the new production site on afterwards.
-- With --to a group that is there already is reported, not moved back.
local moves = require "recovery.moves"
local power = require "recovery.power"
local recovery = require "recovery"

local SWITCHOVER = {
  what = "switchover",
  from = { "protected", "error-reversing" },
  remedies = {
    ["available"] = "enable its protection first: neap run start_protection",
    ["failed-over"] = "protect the data again first: neap run reprotect",
    ["error-reprotecting"] = "protect the data again first: neap run reprotect",
    ["reversing"] = "a switchover is under way already; look again when it has ended",
  },
}

local function check_pairs(ctx, group)
  for _, pair in ipairs(recovery.find_pairs(ctx, group)) do
    ctx:check(pair.replication_status == "active",
      "pair %s is not synchronised (replication_status %s, %d %%): the service refuses a "
      .. "switchover (SDRS.1830); nothing was sent; wait until it is",
      pair.name, tostring(pair.replication_status), pair.progress or 0)
    local level = tostring(pair.fault_level or "0")
    ctx:check(level == "0", "pair %s has fault_level %s: the service refuses a switchover "
      .. "(SDRS.1823); nothing was sent; if production is lost: neap run failover",
      pair.name, level)
  end
end

local function preflight(ctx, group, station, p)
  return ctx:step("check that it can switch over", function()
    recovery.check_status(ctx, group, SWITCHOVER)
    ctx:check(group.priority_station ~= station, "group %s is %s, and its production is %s still; "
      .. "nothing was sent; finish the switchover to the other site, or fail over",
      group.name, group.status, group:production())
    check_pairs(ctx, group)
    local instances = group.instances:all()
    moves.check_power(ctx, power.of_both_sites(group, instances), p.power, "--power")
    ctx:log("%d instances; production moves from %s to %s",
      #instances, group:production(), group:recovery())
    return instances
  end)
end

local function report(ctx, group, p)
  if not p.power then ctx:log("next: power on the servers in %s", group:production()) end
  ctx:log("the way back: neap run switchover --group %s --to %s",
    group.name, moves.other_station(group))
end

return {
  name = "switchover",
  summary = "Switch a protection group over to its other site, planned and without loss",
  params = {
    group = { type = "string", required = true, help = "protection group, id or name" },
    to = {
      choices = { "source", "target" },
      help = "site to serve from, named as when the group was created; the other one unless given",
    },
    power = {
      type = "boolean", default = false,
      help = "power the servers off before, and those of the new production site on after",
    },
    hard = {
      type = "boolean", default = false,
      help = "with --power: cut the power, where a guest that hangs would not shut down",
    },
    timeout = { type = "duration", default = "30m", help = "how long to wait for each job" },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_replications",
    "sdrs:list_protected_instances",
    "sdrs:start_reverse_protection_group",
    "sdrs:show_job_status",
    "ecs:show_server",
    "ecs:batch_stop_servers",
    "ecs:batch_start_servers",
    "ecs:show_job",
  },
  rto = "30m",
  run = function(ctx, p)
    local group = recovery.find_group(ctx, p.group)
    local station = p.to or moves.other_station(group)
    if group.priority_station == station and group.status == "protected" then
      ctx:log("production is %s already; nothing to switch", group:production())
      return recovery.result(group, moves.ensure_running(ctx, group, p))
    end
    local instances = preflight(ctx, group, station, p)
    ctx:confirm("Switch group %s over from %s to %s?",
      group.name, group:production(), group:recovery())
    moves.switch_site(ctx, group, instances, station, p)
    report(ctx, group, p)
    return recovery.result(group, true)
  end,
}
