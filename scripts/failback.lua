-- Brings production home after a failover: protects the data again, waits until it is synchronised,
-- and switches over to the home site (sdrs.md section 5).
--
-- The way back of failover. It goes on from wherever the group stands: failed over, being protected
-- again, protected on the other site, or half switched. Production serves from the other site until
-- the switchover, which interrupts it: then the servers of both sites must be off. With --power the
-- runbook sees to that, and powers on those at home; without, it stops there, is run again when
-- they are off, and finds nothing else left to do. To choose the moment of the interruption:
-- `reprotect --wait` first, this later.
local moves = require "recovery.moves"
local power = require "recovery.power"
local recovery = require "recovery"

-- What is left to do from each status that it can start from.
local REPROTECT = "protect the data again"
local WAIT = "wait until it is protected again"
local SWITCH = "switch over"
local LEFT = {
  ["failed-over"] = REPROTECT,
  ["error-reprotecting"] = REPROTECT,
  ["reprotecting"] = WAIT,
  ["protected"] = SWITCH,
  ["error-reversing"] = SWITCH,
}

local FAILBACK = {
  what = "failback",
  from = { "failed-over", "reprotecting", "error-reprotecting", "protected", "error-reversing" },
  remedies = {
    ["available"] = "its protection is stopped: neap run start_protection",
    ["failing-over"] = "a failover is under way; run this again when it has ended",
    ["error-failing-over"] = "finish the failover first: neap run failover",
    ["reversing"] = "a switchover is under way; look again when it has ended",
  },
}

local function check_pairs(ctx, group)
  for _, pair in ipairs(recovery.find_pairs(ctx, group)) do
    local level = tostring(pair.fault_level or "0")
    ctx:check(level == "0", "pair %s has fault_level %s: it cannot be switched over (SDRS.1823); "
      .. "nothing was sent; ask the platform's support to restore the link", pair.name, level)
  end
end

-- The servers that must be off for the next thing that is done. Those of production go on serving
-- while the data is copied.
local function to_be_off(group, instances)
  if LEFT[group.status] == SWITCH and group.progress == 100 then
    return power.of_both_sites(group, instances)
  end
  return power.of(group, instances, "dr")
end

local function preflight(ctx, group, p)
  return ctx:step("check that it can go home", function()
    recovery.check_status(ctx, group, FAILBACK)
    ctx:check(group.status ~= "error-reversing" or group.priority_station ~= p.to,
      "group %s is error-reversing, away from %s; nothing was sent; finish that switchover: "
      .. "neap run switchover", group.name, group:production())
    check_pairs(ctx, group)
    local instances = group.instances:all()
    moves.check_power(ctx, to_be_off(group, instances), p.power, "--power")
    ctx:log("%d instances; to do: %s%s", #instances, LEFT[group.status],
      LEFT[group.status] == SWITCH and "" or ", then switch over")
    return instances
  end)
end

local function ask(ctx, group, p)
  if LEFT[group.status] == REPROTECT then
    ctx:confirm("Protect group %s again, from %s to %s, overwriting the disks in %s, and serve "
      .. "from the %s site then?", group.name, group:production(), group:recovery(),
      group:recovery(), p.to)
  else
    ctx:confirm("Switch group %s over to its %s site as soon as its data is synchronised?",
      group.name, p.to)
  end
  recovery.check_unchanged(ctx, group)
end

local function ensure_protected(ctx, group, instances, p)
  if LEFT[group.status] == WAIT then
    moves.wait_until_protected(ctx, group, p.timeout)
  elseif LEFT[group.status] == REPROTECT then
    if p.power then
      moves.set_power(ctx, power.of(group, instances, "dr"), "SHUTOFF", moves.power_options(p))
    end
    moves.reprotect(ctx, group, p.timeout)
  end
end

local function go_home(ctx, group, instances, p)
  moves.wait_until_synchronised(ctx, group, p.sync_timeout)
  ctx:step("check that the servers may go off", function()
    moves.check_power(ctx, power.of_both_sites(group, instances), p.power, "--power")
  end)
  moves.switch_site(ctx, group, instances, p.to, p)
end

local function report(ctx, group, p)
  ctx:log("group %s is home: production is %s, the copy is in %s",
    group.name, group:production(), group:recovery())
  if not p.power then ctx:log("next: power on the servers in %s", group:production()) end
end

return {
  name = "failback",
  summary = "Bring production home after a failover",
  params = {
    group = { type = "string", required = true, help = "protection group, id or name" },
    to = {
      choices = { "source", "target" }, default = "source",
      help = "the home site, named as when the group was created",
    },
    power = {
      type = "boolean", default = false,
      help = "power servers off where they must be, and those at home on after",
    },
    hard = {
      type = "boolean", default = false,
      help = "with --power: cut the power, where a guest that hangs would not shut down",
    },
    timeout = { type = "duration", default = "30m", help = "how long to wait for each job" },
    sync_timeout = {
      type = "duration", default = "24h", help = "how long to wait for the synchronisation",
    },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_replications",
    "sdrs:list_protected_instances",
    "sdrs:start_protection_group",
    "sdrs:start_reverse_protection_group",
    "sdrs:show_job_status",
    "ecs:show_server",
    "ecs:batch_stop_servers",
    "ecs:batch_start_servers",
    "ecs:show_job",
  },
  run = function(ctx, p)
    local group = recovery.find_group(ctx, p.group)
    if group.priority_station == p.to and group.status == "protected" then
      ctx:log("group %s is home already: production is %s", group.name, group:production())
      return recovery.result(group, moves.ensure_running(ctx, group, p))
    end
    local instances = preflight(ctx, group, p)
    ask(ctx, group, p)
    ensure_protected(ctx, group, instances, p)
    if group.priority_station ~= p.to then go_home(ctx, group, instances, p) end
    report(ctx, group, p)
    return recovery.result(group, true)
  end,
}
