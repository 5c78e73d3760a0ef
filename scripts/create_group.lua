-- Creates a protection group with its instances and replication pairs, and protects it, in order
-- (sdrs.md sections 3, 4 and 8).
--
-- The service makes a DR server for each server, and for each of its disks a DR disk and a pair
-- that is attached to both. The runbook goes by names: what is there and fits is taken as it is, so
-- one that broke off is run again with the same words; what is there and differs is refused before
-- anything is sent. The way back is remove_group.
local design = require "recovery.design"
local moves = require "recovery.moves"
local recovery = require "recovery"
local sdrs = require "sdrs"
local task = require "task"

local AT_A_TIME = 4 -- instances that are made side by side

local function names_of(servers)
  local names = {}
  for i, server in ipairs(servers) do names[i] = server.name end
  return recovery.enumerate(names)
end

local function survey(ctx, p)
  return ctx:step("find what is there, and check the rest", function()
    local plan = design.survey(ctx, p)
    if plan.group then ctx:lock(plan.group) end
    ctx:log("group %s (%s), from %s to %s, VPC %s, domain %s", plan.name,
      plan.group and plan.group.status or "to be created", plan.source, plan.target, plan.vpc,
      plan.domain.name)
    ctx:log("%s, %d protected already%s", recovery.count(#plan.servers, "server"),
      #plan.servers - #plan.missing,
      #plan.missing > 0 and "; to be protected: " .. names_of(plan.missing) or "")
    return plan
  end)
end

local function capitalised(text)
  return (text:gsub("^%l", string.upper))
end

-- What is to be done, in words; nothing when the group is as it should be.
local function to_do(plan, p)
  local words = {}
  if not plan.group then
    words[1] = ("create protection group %s, from %s to %s"):format(plan.name, plan.source,
      plan.target)
  end
  if #plan.missing > 0 then
    words[#words + 1] = ("protect %s with %s (%s)"):format(
      recovery.count(#plan.missing, "server"), recovery.count(plan.disks, "disk"),
      names_of(plan.missing))
  end
  if p.start and not (plan.group and plan.group.status == "protected") then
    words[#words + 1] = "start the protection of " .. plan.name
  end
  return words
end

local function check_nothing_new(ctx, plan)
  if plan.group then return recovery.check_unchanged(ctx, plan.group) end
  ctx:check(not design.group_called(ctx, plan.name), "a group %s has been created since the "
    .. "question; nothing was sent; run this again", plan.name)
end

local function create_group(ctx, plan, p)
  return ctx:step("create the group", { expect = "15s" }, function()
    local job = sdrs.groups:create {
      name = plan.name,
      description = p.description,
      domain_id = plan.domain.id,
      source_availability_zone = plan.source,
      target_availability_zone = plan.target,
      source_vpc_id = plan.vpc,
    }
    local ok, err = pcall(job.wait, job, { timeout = p.timeout })
    if not ok then
      if err.kind == "job_failed" then
        err.hint = "what is left of it is taken away with: neap run remove_group --group "
          .. plan.name
      end
      error(err, 0)
    end
    local group = job:resource()
    ctx:lock(group)
    recovery.expect_status(group, "available")
    ctx:log("%s is %s", group.name, group.id)
    return group
  end)
end

local function ensure_group(ctx, plan, p)
  local group = plan.group
  if not group then return create_group(ctx, plan, p) end
  if group.status ~= "creating" then return group end
  return ctx:step("wait until the group is created", function()
    return group:wait_for("available", { timeout = p.timeout })
  end)
end

local function protect(ctx, group, server, p)
  local job = group.instances:create { server_id = server.id, name = server.name }
  local ok, err = pcall(job.wait, job, { timeout = p.timeout })
  if not ok then
    if err.kind == "job_failed" then
      err.hint = ("server %s is not protected; look at its instance, delete that, run this again")
        :format(server.name)
    end
    error(err, 0)
  end
  ctx:log("%s is protected, with a DR server in %s", server.name, group:recovery())
  return job:resource()
end

local function ensure_instances(ctx, group, plan, p)
  if #plan.missing > 0 then
    ctx:step("protect the servers", { expect = "5m" }, function()
      local made = task.map(plan.missing, AT_A_TIME, function(server)
        return protect(ctx, group, server, p)
      end)
      for i, server in ipairs(plan.missing) do plan.members[server.id] = made[i] end
    end)
  end
  for _, server in ipairs(plan.servers) do
    local instance = plan.members[server.id]
    if instance.status == "creating" then
      ctx:step("wait until an instance is created", function()
        instance:wait_for({ "available", "protected" }, { timeout = p.timeout })
      end)
    end
  end
end

-- Jobs that succeeded are not yet servers that have a second copy of every disk.
local function verify(ctx, group, plan)
  return ctx:step("verify", function()
    local pairs_found = group.pairs:all()
    for _, server in ipairs(plan.servers) do
      local instance = plan.members[server.id]:refresh()
      recovery.expect_after_job(instance.status == group.status, "instance %s is %s, not %s",
        instance.name, instance.status, group.status)
      local left = design.uncovered(server, instance, pairs_found)
      recovery.expect_after_job(#left == 0, "disks of server %s have no replication pair: %s",
        server.name, recovery.enumerate(left))
    end
    return pairs_found
  end)
end

local function report(ctx, group, plan, pairs_found)
  ctx:log("group %s holds %s, and %s in all", group.name, names_of(plan.servers),
    recovery.count(#pairs_found, "pair"))
  if group.status == "protected" then
    moves.report_progress(ctx, group)
  else
    ctx:log("UNPROTECTED until: neap run start_protection --group %s", group.name)
  end
  ctx:log("the way back: neap run remove_group --group %s", group.name)
end

return {
  name = "create_group",
  summary = "Create a protection group with its instances and pairs, and protect it",
  params = {
    name = { type = "string", required = true, help = "name of the group" },
    servers = {
      type = "list", required = true,
      help = "production servers, ids or names: web-1,web-2,db",
    },
    domain = { help = "active-active domain, id or name; the only one unless given" },
    source_zone = { help = "availability zone of production; the domain's local one unless given" },
    target_zone = { help = "availability zone of the copy; the domain's other one unless given" },
    vpc = { help = "VPC of the group; that of the servers unless given" },
    description = { help = "description of a group that is created" },
    start = { type = "boolean", default = true, help = "start the protection" },
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
    "sdrs:list_active_active_domains",
    "sdrs:show_quota",
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_protected_instances",
    "sdrs:show_protected_instance",
    "sdrs:list_replications",
    "sdrs:create_protection_group",
    "sdrs:create_protected_instance",
    "sdrs:start_protection_group",
    "sdrs:show_job_status",
    "ecs:list_servers_details",
    "ecs:show_server",
  },
  run = function(ctx, p)
    local plan = survey(ctx, p)
    local words = to_do(plan, p)
    if #words > 0 then
      ctx:confirm("%s?", capitalised(recovery.enumerate(words)))
      check_nothing_new(ctx, plan)
    end
    local group = ensure_group(ctx, plan, p)
    ensure_instances(ctx, group, plan, p)
    group:refresh()
    if p.start and group.status ~= "protected" then moves.start(ctx, group, p.timeout) end
    local pairs_found = verify(ctx, group, plan)
    if p.wait and group.status == "protected" then
      moves.wait_until_synchronised(ctx, group, p.sync_timeout)
    end
    report(ctx, group, plan, pairs_found)
    return recovery.result(group, #words > 0)
  end,
}
