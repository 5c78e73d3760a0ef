-- Resizes the servers of a protected instance: both, or that of one site (sdrs.md section 8).
--
-- The servers to be resized must be off. With --power the runbook powers them off through ECS and
-- powers those that were on back on afterwards, also when the resizing has failed.

local moves = require "recovery.moves"
local power = require "recovery.power"
local recovery = require "recovery"

local GROUP_READY = { ["available"] = true, ["protected"] = true }
local READY = { ["available"] = true, ["protected"] = true, ["error-resizing"] = true }
local SETTLED = { "available", "protected", "error-resizing" }
-- What a flavor may be sold as and still be resized to (ecs.md section 6).
local OFFERED = { normal = true, obt = true, promotion = true }

-- The parameters of each site, and what the platform calls them. "production" and "dr" are the
-- sites of now.
local SITES = {
  { site = "production", flavor = "production_flavor", host = "production_host" },
  { site = "dr", flavor = "dr_flavor", host = "dr_host" },
}

local function refuse(message, hint)
  error({ kind = "usage", message = message, hint = hint })
end

local function check_words(p)
  if p.flavor and (p.production_flavor or p.dr_flavor) then
    refuse("--flavor is for both servers, so --production-flavor and --dr-flavor do not go with it",
      "give --flavor alone, or one for each server")
  end
  if not (p.flavor or p.production_flavor or p.dr_flavor) then
    refuse("no flavor is given", "give --flavor for both servers, --production-flavor, --dr-flavor")
  end
  for _, row in ipairs(SITES) do
    if p[row.host] and not (p.flavor or p[row.flavor]) then
      refuse(("--%s is given, but no flavor for that server"):format((row.host:gsub("_", "-"))),
        ("give --flavor or --%s too"):format((row.flavor:gsub("_", "-"))))
    end
  end
end

local function find(ctx, p)
  return ctx:step("find the instance", function()
    local instances = p.group and sdrs.groups:find(p.group).instances or sdrs.instances
    local instance = instances:find(p.instance)
    local group = sdrs.groups:get(instance.server_group_id)
    ctx:lock(group)
    ctx:log("%s (%s) is %s, in group %s, which is %s",
      instance.name, instance.id, instance.status, group.name, group.status)
    return instance, group
  end)
end

-- What is to be done to each server: { site, server, from, to, host }. Those that have their flavor
-- are left out, unless an earlier resizing failed halfway.
local function plan(ctx, group, instance, p)
  local changes = {}
  for _, row in ipairs(SITES) do
    local to = p.flavor or p[row.flavor]
    if to then
      local id = power.of(group, { instance }, row.site)[1]
      ctx:check(id, "instance %s has no %s server; nothing was sent; look at it in the console",
        instance.name, row.site)
      local server = ecs.servers:get(id)
      if server.flavor.id ~= to or instance.status == "error-resizing" then
        changes[#changes + 1] = {
          site = row.site, server = server, from = server.flavor.id, to = to, host = p[row.host],
        }
      end
    end
  end
  return changes
end

local function check_flavor(ctx, change)
  if change.from == change.to then return end
  local others = {}
  for flavor in ecs.flavors({ instance_uuid = change.server.id }) do
    local status = flavor.extra_specs["cond:operation:status"] or "normal"
    if flavor.id == change.to then
      ctx:check(OFFERED[status], "flavor %s is not to be had now (%s); nothing was sent; choose "
        .. "another one", change.to, status)
      change.flavor = flavor
      return
    end
    if OFFERED[status] then others[#others + 1] = flavor.id end
  end
  ctx:check(false, "%s cannot be resized from %s to %s; nothing was sent; it can be to %s",
    change.server.name, change.from, change.to, table.concat(others, ", "))
end

local function check_change(ctx, change)
  local server = change.server
  ctx:check(server.metadata.charging_mode ~= "1", "%s is paid by the month or year and cannot be "
    .. "resized here (SDRS.1376); nothing was sent; change it in the console", server.name)
  check_flavor(ctx, change)
  ctx:log("%s server %s: %s -> %s%s", change.site, server.name, change.from, change.to,
    change.host and ", dedicated host " .. change.host or "")
end

-- A small recovery server cannot carry what production does.
local function warn_of_small(ctx, changes)
  local production, dr = changes[1], changes[2]
  if not (dr and production.flavor and dr.flavor) then return end
  if tonumber(dr.flavor.vcpus) < tonumber(production.flavor.vcpus)
    or tonumber(dr.flavor.ram) < tonumber(production.flavor.ram) then
    ctx:log("WARNING: %s is smaller than %s: after a failover it may not carry the load",
      dr.to, production.to)
  end
end

local function preflight(ctx, group, instance, changes, p)
  ctx:step("check that it can be resized", function()
    ctx:check(GROUP_READY[group.status], "group %s is %s, and resizing is allowed from available "
      .. "and protected; nothing was sent; bring the group there first", group.name, group.status)
    ctx:check(READY[instance.status], "instance %s is %s, and resizing is allowed from available, "
      .. "protected and error-resizing; nothing was sent; wait, or repair it first",
      instance.name, instance.status)
    for _, change in ipairs(changes) do check_change(ctx, change) end
    warn_of_small(ctx, changes)
    local ids = {}
    for i, change in ipairs(changes) do ids[i] = change.server.id end
    moves.check_power(ctx, ids, p.power, "--power")
  end)
end

local function question(instance, changes)
  local parts = {}
  for i, change in ipairs(changes) do
    parts[i] = ("%s %s -> %s"):format(change.site, change.from, change.to)
  end
  return ("Resize %s: %s?"):format(instance.name, table.concat(parts, ", "))
end

-- The call's parameters: one flavor for both servers is a parameter of its own.
local function request(changes)
  local call = {}
  for _, change in ipairs(changes) do
    call[change.site .. "_dedicated_host_id"] = change.host
    call[change.site .. "_flavorRef"] = change.to
  end
  if #changes == 2 and changes[1].to == changes[2].to then
    call.flavorRef, call.production_flavorRef, call.dr_flavorRef = changes[1].to, nil, nil
  end
  return call
end

local function resize(ctx, group, instance, changes, timeout)
  ctx:step("resize", { expect = "3m" }, function()
    local status = instance.status
    recovery.check_unchanged(ctx, group)
    instance:refresh()
    ctx:check(instance.status == status, "instance %s has changed since the question: it is %s "
      .. "now; run this again", instance.name, instance.status)
    local ok, err = pcall(function()
      instance:resize(request(changes)):wait { timeout = timeout }
    end)
    if ok then return end
    if err.kind == "job_failed" then
      instance:refresh()
      err.hint = ("instance %s is now %s; from error-resizing it may be resized again"):format(
        instance.name, instance.status)
    end
    error(err, 0)
  end)
end

-- A job that succeeded is not yet a server that has its flavor: ECS is asked.
local function verify(ctx, instance, changes)
  ctx:step("verify", function()
    instance:refresh()
    recovery.expect_after_job(instance.status == "available" or instance.status == "protected",
      "instance %s is %s", instance.name, instance.status)
    for _, change in ipairs(changes) do
      change.server:refresh()
      recovery.expect_after_job(change.server.flavor.id == change.to,
        "%s server %s still has flavor %s", change.site, change.server.name,
        change.server.flavor.id)
      ctx:log("%s server %s has flavor %s", change.site, change.server.name, change.to)
    end
  end)
end

-- The ids of those servers that are on now and have to be off meanwhile.
local function running(changes)
  local ids = {}
  for _, change in ipairs(changes) do
    if change.server.status ~= "SHUTOFF" then ids[#ids + 1] = change.server.id end
  end
  return ids
end

local function with_power(ctx, instance, changes, p, fn)
  local ids = p.power and running(changes) or {}
  if #ids == 0 then return fn() end
  local options = { type = p.hard and "HARD" or "SOFT", timeout = p.timeout }
  local is_restored = false
  ctx:on_exit("see that the servers are on again", function()
    if is_restored then return end
    instance:wait_for(SETTLED, { timeout = p.timeout })
    power.set(ids, "ACTIVE", options)
  end)
  moves.set_power(ctx, ids, "SHUTOFF", options)
  fn()
  moves.set_power(ctx, ids, "ACTIVE", options)
  is_restored = true
end

local function way_back(ctx, instance, changes, p)
  local words = { "neap run resize --instance " .. instance.id }
  for _, change in ipairs(changes) do
    words[#words + 1] = ("--%s-flavor %s"):format(change.site, change.from)
    if change.host then words[#words + 1] = ("--%s-host ID"):format(change.site) end
  end
  if p.power then words[#words + 1] = "--power" end
  ctx:log("the way back: %s", table.concat(words, " "))
  if not p.power then ctx:log("next: power on the servers that are to run") end
end

local function result(instance, changes)
  local servers = {}
  for i, change in ipairs(changes) do
    servers[i] = {
      site = change.site, server = change.server.id, flavor = change.to,
      flavor_before = change.from,
    }
  end
  return {
    instance = instance.id, name = instance.name, status = instance.status,
    servers = #servers > 0 and servers or nil, changed = #servers > 0,
  }
end

return {
  name = "resize",
  summary = "Resize the servers of a protected instance, on both sites or one",
  params = {
    instance = { type = "string", required = true, help = "protected instance, id or name" },
    group = { type = "string", help = "its protection group, where several have that name" },
    flavor = { type = "string", help = "flavor for both servers, like s3.xlarge.2" },
    production_flavor = { type = "string", help = "flavor for the production server" },
    dr_flavor = { type = "string", help = "flavor for the disaster-recovery server" },
    production_host = {
      type = "string", help = "dedicated host of the production server, required if it is on one",
    },
    dr_host = {
      type = "string", help = "dedicated host of the recovery server, required if it is on one",
    },
    power = {
      type = "boolean", default = false,
      help = "power the servers off before, and those that were on back on after",
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
    "sdrs:list_protected_instances",
    "sdrs:show_protected_instance",
    "sdrs:resize_protected_instance",
    "sdrs:show_job_status",
    "ecs:show_server",
    "ecs:list_resize_flavors",
    "ecs:batch_stop_servers",
    "ecs:batch_start_servers",
    "ecs:show_job",
  },
  rto = "15m",
  run = function(ctx, p)
    check_words(p)
    local instance, group = find(ctx, p)
    local changes = plan(ctx, group, instance, p)
    if #changes == 0 then
      ctx:log("instance %s has that flavor already; nothing to do", instance.name)
      return result(instance, changes)
    end
    preflight(ctx, group, instance, changes, p)
    ctx:confirm("%s", question(instance, changes))
    with_power(ctx, instance, changes, p, function()
      resize(ctx, group, instance, changes, p.timeout)
      verify(ctx, instance, changes)
    end)
    way_back(ctx, instance, changes, p)
    return result(instance, changes)
  end,
}
