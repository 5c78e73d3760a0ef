-- Takes a protection group away: stops its protection, deletes its instances and pairs, and at last
-- the group (sdrs.md sections 4 and 8).
--
-- The way back of create_group. No production server is ever deleted, nor its disks; the DR servers
-- and DR disks stay too, and go on costing, unless --delete-dr is given. A run that broke off is
-- run again and finds less to do. A group that is not there is an error: the name may be wrong.
local ecs = require "ecs"
local moves = require "recovery.moves"
local power = require "recovery.power"
local recovery = require "recovery"
local sdrs = require "sdrs"
local task = require "task"

local AT_A_TIME = 4 -- pairs that are deleted side by side
local BATCH = 20 -- the most instances that one call deletes

local REMOVAL = {
  what = "removal",
  from = {
    "available", "protected", "failed-over", "error", "error-starting", "error-stopping",
    "error-reprotecting", "error-reversing", "error-failing-over", "error-deleting",
  },
  remedies = {},
}

local function names_of(things)
  local names = {}
  for i, thing in ipairs(things) do names[i] = thing.name end
  return #names > 0 and ": " .. recovery.enumerate(names) or ""
end

local function check_drills(ctx, group)
  local drills = group.drills:all()
  ctx:check(#drills == 0, "group %s has %d drills%s; nothing was sent; delete them first: neap run "
    .. "-e 'sdrs.drills:find(\"%s\"):delete():wait()'", group.name, #drills, names_of(drills),
    drills[1] and drills[1].name)
end

local function preflight(ctx, group, p)
  return ctx:step("check what is there to be removed", function()
    recovery.check_status(ctx, group, REMOVAL)
    check_drills(ctx, group)
    ctx:check(not p.delete_dr or group.priority_station == "source",
      "production of group %s is %s, where its DR servers are, so they cannot be deleted "
      .. "(SDRS.1330); nothing was sent; bring it home first: neap run failback --group %s; "
      .. "or leave out --delete-dr", group.name, group:production(), group.name)
    local found = { instances = group.instances:all(), pairs = group.pairs:all() }
    if group.status == "protected" then moves.check_not_copying(ctx, group, found.pairs) end
    found.servers = power.of(group, found.instances, "production")
    return found
  end)
end

local function ask(ctx, group, found, p)
  local dr = p.delete_dr and "Their DR servers and DR disks are DELETED with all data"
    or "Their DR servers and DR disks stay"
  ctx:confirm("Remove group %s (%s) with %s%s, and %s%s? %s; production servers stay, without a "
    .. "second copy.", group.name, group.id, recovery.count(#found.instances, "instance"),
    names_of(found.instances), recovery.count(#found.pairs, "pair"), names_of(found.pairs), dr)
  recovery.check_unchanged(ctx, group)
end

-- Somebody else may be at it already; one that is not there any more is what is wanted.
local function without_deleting(things, timeout)
  local left = {}
  for _, thing in ipairs(things) do
    if thing.status == "deleting" then
      thing:wait_for("gone", { timeout = timeout })
    else
      left[#left + 1] = thing
    end
  end
  return left
end

local function delete_instances(ctx, group, p)
  ctx:step("delete the instances", { expect = "2m" }, function()
    local left = without_deleting(group.instances:all(), p.timeout)
    for first = 1, #left, BATCH do
      local batch = { unpack(left, first, math.min(first + BATCH - 1, #left)) }
      local job = sdrs.instances:batch_delete(batch, { delete_target_server = p.delete_dr })
      recovery.wait_for(job, group, p.timeout, "some instances may be gone; run this again")
    end
    local still = group.instances:all()
    recovery.expect_after_job(#still == 0, "%d instances are still there%s", #still,
      names_of(still))
  end)
end

-- Pairs go with the instances they are attached to; what is left was attached to none.
local function delete_pairs(ctx, group, p)
  local pairs_found = group.pairs:all()
  if #pairs_found == 0 then return end
  ctx:step("delete the pairs", { expect = "1m" }, function()
    local left = without_deleting(pairs_found, p.timeout)
    task.map(left, AT_A_TIME, function(pair)
      recovery.wait_for(pair:delete { delete_target_volume = p.delete_dr }, group, p.timeout,
        "some pairs may be gone; run this again")
    end)
    local still = group.pairs:all()
    recovery.expect_after_job(#still == 0, "%d pairs are still there%s", #still, names_of(still))
  end)
end

local function delete_group(ctx, group, p)
  ctx:step("delete the group", { expect = "15s" }, function()
    recovery.wait_for(group:delete(), group, p.timeout, "it is empty; run this again")
    local ok, err = pcall(group.refresh, group)
    recovery.expect_after_job(not ok, "group %s is still there", group.name)
    if err.kind ~= "not_found" then error(err, 0) end
  end)
end

local function verify_servers(ctx, ids)
  ctx:step("verify that the production servers are there", function()
    for _, id in ipairs(ids) do ecs.servers:get(id) end
  end)
end

local function report(ctx, group, found, p)
  ctx:log("group %s is gone with %s and %s; UNPROTECTED: %s", group.name,
    recovery.count(#found.instances, "instance"), recovery.count(#found.pairs, "pair"),
    recovery.count(#found.servers, "production server"))
  if not p.delete_dr and #found.instances > 0 then
    ctx:log("the DR servers and DR disks in %s stay, and go on costing", group:recovery())
  end
  ctx:log("the way back: neap run create_group --name %s --servers %s", group.name,
    table.concat(found.servers, ","))
end

return {
  name = "remove_group",
  summary = "Remove a protection group with its instances and pairs, never a production server",
  params = {
    group = { type = "string", required = true, help = "protection group, id or name" },
    delete_dr = {
      type = "boolean", default = false, help = "also delete the DR servers and DR disks",
    },
    timeout = { type = "duration", default = "30m", help = "how long to wait for each job" },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_protected_instances",
    "sdrs:show_protected_instance",
    "sdrs:list_replications",
    "sdrs:show_replication",
    "sdrs:list_disaster_recovery_drills",
    "sdrs:stop_protection_group",
    "sdrs:batch_delete_protected_instances",
    "sdrs:delete_replication",
    "sdrs:delete_protection_group",
    "sdrs:show_job_status",
    "ecs:show_server",
  },
  run = function(ctx, p)
    local group = recovery.find_group(ctx, p.group)
    local found = preflight(ctx, group, p)
    ask(ctx, group, found, p)
    if group.status == "protected" and #found.pairs > 0 then moves.stop(ctx, group, p.timeout) end
    if #found.instances > 0 then delete_instances(ctx, group, p) end
    delete_pairs(ctx, group, p)
    delete_group(ctx, group, p)
    verify_servers(ctx, found.servers)
    report(ctx, group, found, p)
    return {
      group = group.id, name = group.name, instances = #found.instances, pairs = #found.pairs,
      changed = true,
    }
  end,
}
