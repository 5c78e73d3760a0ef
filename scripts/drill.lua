-- Drills the recovery of a protection group (sdrs.md sections 5 and 8): copies of its servers are
-- started in a network of their own, checked, and deleted again.
--
-- Production goes on untouched meanwhile. Whatever happens after the drill was asked for (a check
-- that fails, an operator who says no, a cancelled run), nothing of it is left at the end but the
-- VPC that the platform made for it.

local moves = require "recovery.moves"
local recovery = require "recovery"
local resource = require "resource"

local READY = {
  ["available"] = true, ["protected"] = true, ["failed-over"] = true, ["error-starting"] = true,
  ["error-stopping"] = true, ["error-reversing"] = true, ["error-reprotecting"] = true,
  ["error-failing-over"] = true,
}
local SETTLED = { "available", "error", "error-deleting", "gone" }

-- The operator's own check as the function that the file returns; nil when there is none. Only what
-- `require` can name is found again when the run is resumed elsewhere.
local function load_check(path)
  if not path then return nil end
  local name = path:gsub("^%./", ""):gsub("%.lua$", ""):gsub("/", ".")
  if name:find("^%.") or name:find("..", 1, true) then
    error({
      kind = "usage",
      message = ("--verify: \"%s\" is not below the current directory"):format(path),
      hint = "go to its folder and give its name, like checks/shop.lua",
    })
  end
  local check = require(name)
  if type(check) == "function" then return check end
  error({
    kind = "usage",
    message = ("--verify: %s returned a %s, not a function"):format(path, type(check)),
    hint = "end it with `return function(drill, servers, ctx) … end`",
  })
end

local function check_words(p)
  if not p.vpc or resource.looks_like_id(p.vpc) then return end
  error({
    kind = "usage", message = ("--vpc: \"%s\" is no id"):format(p.vpc),
    hint = "give the id of a VPC, as the console shows it, or leave it out for a new one",
  })
end

local function drills_named(group, name)
  local found = {}
  for drill in group.drills:each({ name = name }) do -- the filter matches parts of names
    if drill.name == name then found[#found + 1] = drill end
  end
  return found
end

-- Deletes the drill as soon as what is under way with it has ended, and reads that it is gone.
local function remove(drill, timeout)
  if not drill:wait_for(SETTLED, { timeout = timeout }) then return end
  drill:delete():wait { timeout = timeout }
  local there, err = pcall(drill.refresh, drill)
  if not there and err.kind == "not_found" then return end
  if not there then error(err, 0) end
  recovery.expect_after_job(false, "drill %s is still %s", drill.name, drill.status)
end

local function remove_all(group, name, timeout)
  local left = drills_named(group, name)
  for _, drill in ipairs(left) do remove(drill, timeout) end
  return #left
end

local function remove_leftover(ctx, group, p)
  local found = drills_named(group, p.name)
  local result = { group = group.id, name = p.name, changed = #found > 0 }
  if #found == 0 then
    ctx:log("group %s has no drill called %s; nothing to do", group.name, p.name)
    return result
  end
  ctx:confirm("Delete drill %s of group %s with its servers and disks?", p.name, group.name)
  ctx:step("delete the drill", { expect = "3m" }, function()
    remove_all(group, p.name, p.timeout)
  end)
  return result
end

-- The drill of this name that an earlier run, or the console, has left there.
local function leftover(ctx, group, p)
  local found = drills_named(group, p.name)
  if #found == 0 then return nil end
  local drill = found[1]
  local way_out = ("delete it: neap run drill --group %s --name %s --remove"):format(
    group.name, p.name)
  ctx:check(#found == 1, "%d drills are called %s; nothing was sent; %s", #found, p.name, way_out)
  ctx:check(p.reuse, "a drill called %s is there already (%s since %s); nothing was sent; use it "
    .. "with --reuse, give another --name, or %s", p.name, drill.status, drill.updated_at, way_out)
  ctx:check(drill.status == "available" or drill.status == "creating",
    "drill %s is %s and cannot be used; nothing was sent; %s", p.name, drill.status, way_out)
  return drill
end

local function preflight(ctx, group, p)
  return ctx:step("check that it can be drilled", function()
    ctx:check(READY[group.status], "group %s is %s, which allows no drill; nothing was sent; wait "
      .. "for what is under way, or clear its error status", group.name, group.status)
    local instances = group.instances:all()
    ctx:check(#instances > 0, "group %s has no protected instances, so there is nothing to drill; "
      .. "nothing was sent; check that this is the group you mean", group.name)
    ctx:check(p.vpc == nil or (p.vpc ~= group.source_vpc_id and p.vpc ~= group.target_vpc_id),
      "--vpc is the group's own VPC; nothing was sent; a drill's servers have the addresses of "
      .. "production and need a network of their own (SDRS.1907)")
    ctx:log("%d instances are copied into %s", #instances, p.vpc and "VPC " .. p.vpc or "a new VPC")
    return leftover(ctx, group, p), #instances
  end)
end

local function create(ctx, group, p, found)
  return ctx:step("create the drill", { expect = "5m" }, function()
    if found then
      ctx:log("drill %s is there already and is used", found.name)
      return found:wait_for("available", { timeout = p.timeout })
    end
    local job = sdrs.drills:create({
      server_group_id = group.id, name = p.name, drill_vpc_id = p.vpc,
    })
    recovery.wait_for(job, group, p.timeout, "what was made of the drill is deleted now")
    local drill = job:resource()
    recovery.expect_after_job(drill and drill.status == "available",
      "drill %s is %s", p.name, drill and drill.status or "not there")
    return drill
  end)
end

local function read_servers(ctx, drill, count)
  return ctx:step("look at its servers", function()
    recovery.expect_after_job(#drill.drill_servers == count,
      "drill %s has %d servers for %d instances", drill.name, #drill.drill_servers, count)
    local servers = task.map(drill.drill_servers, 4, function(row)
      return ecs.servers:get(row.drill_server_id)
    end)
    for _, server in ipairs(servers) do
      ctx:log("%s (%s) is %s", server.name, server.id, server.status)
      recovery.expect_after_job(server.status ~= "ERROR",
        "drill server %s is in ERROR and cannot be checked", server.name)
    end
    return servers
  end)
end

local function fail_check(drill, reason)
  error({
    kind = "conflict",
    message = ("drill %s did not pass: %s"):format(drill.name, reason),
    hint = "production is untouched; find out why before you need the recovery site",
  })
end

-- Without a check of his own the operator looks for himself, while the drill waits for the answer.
local function ask_operator(ctx, drill, count)
  local ok, answer = pcall(ctx.confirm, ctx,
    "Drill %s is up with %d servers in VPC %s. Do they work?",
    drill.name, count, drill.drill_vpc_id)
  if ok then return "said by " .. tostring(answer.by) end
  if answer.kind == "precondition" then fail_check(drill, answer.message) end
  error(answer, 0)
end

local function verify(ctx, drill, servers, check)
  return ctx:step("check the drill", function()
    drill:refresh() -- a run that is resumed after a check that failed finds it gone
    if not check then return ask_operator(ctx, drill, #servers) end
    local verdict, reason = check(drill, servers, ctx)
    if verdict == false then fail_check(drill, tostring(reason or "the check returned false")) end
    return verdict == nil and true or verdict
  end)
end

-- Calls `fn` and returns the seconds that it took, and its result.
local function timed(fn)
  local from = os.clock()
  local result = fn()
  return math.floor((os.clock() - from) * 10 + 0.5) / 10, result
end

local function drill_group(ctx, group, p, check)
  local found, count = preflight(ctx, group, p)
  if group.status == "protected" then moves.wait_until_synchronised(ctx, group, p.timeout) end
  ctx:confirm("Start a drill of group %s with %d servers? It is deleted afterwards.",
    group.name, count)
  ctx:on_exit("see that nothing is left of the drill", function()
    local left = remove_all(group, p.name, p.timeout)
    if left > 0 then ctx:log("drill %s is deleted", p.name) end
  end)
  local creating, drill = timed(function() return create(ctx, group, p, found) end)
  local servers = read_servers(ctx, drill, count)
  local checking, verdict = timed(function() return verify(ctx, drill, servers, check) end)
  local deleting = timed(function()
    ctx:step("delete the drill", { expect = "3m" }, function() remove(drill, p.timeout) end)
  end)
  ctx:log("the drill passed: servers up after %s s, checked in %s s, deleted in %s s",
    creating, checking, deleting)
  if not p.vpc then
    ctx:log("VPC %s stays; delete it when it serves no more", drill.drill_vpc_id)
  end
  return {
    group = group.id, name = p.name, drill = drill.id, vpc = drill.drill_vpc_id, servers = count,
    verdict = verdict, changed = true,
  }
end

return {
  name = "drill",
  summary = "Drill the recovery of a protection group, check it, and clean up",
  params = {
    group = { type = "string", required = true, help = "protection group, id or name" },
    name = { type = "string", help = "name of the drill; the group's with -drill unless given" },
    vpc = { type = "string", help = "id of a VPC for the drill; a new one unless given" },
    verify = {
      type = "string",
      help = "Lua file below the current directory that returns function(drill, servers, ctx); "
        .. "an error or false fails the drill. You are asked unless it is given",
    },
    reuse = {
      type = "boolean", default = false, help = "use a drill of that name that is there already",
    },
    remove = {
      type = "boolean", default = false, help = "only delete a drill of that name that was left",
    },
    timeout = { type = "duration", default = "60m", help = "how long to wait for each job" },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_protected_instances",
    "sdrs:list_disaster_recovery_drills",
    "sdrs:show_disaster_recovery_drill",
    "sdrs:create_disaster_recovery_drill",
    "sdrs:delete_disaster_recovery_drill",
    "sdrs:show_job_status",
    "ecs:show_server",
    "net:*", -- for checks: each host still needs --allow
  },
  rto = "30m",
  run = function(ctx, p)
    check_words(p)
    local check = load_check(p.verify)
    local group = recovery.find_group(ctx, p.group)
    p.name = p.name or group.name .. "-drill"
    if p.remove then return remove_leftover(ctx, group, p) end
    return drill_group(ctx, group, p, check)
  end,
}
