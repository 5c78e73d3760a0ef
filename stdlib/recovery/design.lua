-- What a protection group is to be, as far as it can be known before anything is made: its servers,
-- domain, zones and VPC, and what is there already under their names (sdrs.md section 8).
local ecs = require "ecs"
local recovery = require "recovery"
local sdrs = require "sdrs"

local design = {}

-- Statuses in which an instance that is there is taken as it is. What it shares with its group is
-- the group's matter.
local USABLE = { ["available"] = true, ["protected"] = true, ["creating"] = true }
-- From the others no instance can be made, so nothing may be missing.
local TAKES_MORE = { ["available"] = true, ["protected"] = true, ["creating"] = true }

local LONGEST_NAME = 64 -- bytes

--- The one protection group of exactly this name; nil when there is none.
---@param ctx neap.Context
---@param name string
---@return sdrs.ProtectionGroup?
function design.group_called(ctx, name)
  local same = {}
  for group in sdrs.groups:each { name = name } do
    if group.name == name then same[#same + 1] = group end
  end
  ctx:check(#same < 2, "%d protection groups are called %s, and this runbook goes by names; "
    .. "nothing was sent; rename all but one", #same, name)
  return same[1]
end

-- The DR server of an instance is called like its production server: their zones tell them apart.
local function find_server(name, zone)
  local ok, found = pcall(ecs.servers.find, ecs.servers, name)
  if ok then return found end
  if found.kind ~= "conflict" then error(found, 0) end
  local here = {}
  for server in ecs.servers:each { name = name } do
    if server.name == name and server["OS-EXT-AZ:availability_zone"] == zone then
      here[#here + 1] = server
    end
  end
  if #here ~= 1 then error(found, 0) end
  return here[1]
end

local function find_servers(ctx, names, zone)
  local servers, seen = {}, {}
  for i, name in ipairs(names) do
    local server = find_server(name, zone)
    ctx:check(not seen[server.id], "server %s is named twice; nothing was sent", server.name)
    seen[server.id] = true
    servers[i] = server
  end
  return servers
end

local function choose_domain(ctx, wanted)
  local domains, names = sdrs.domains(), {}
  for i, domain in ipairs(domains) do
    if domain.id == wanted or domain.name == wanted then return domain end
    names[i] = domain.name
  end
  ctx:check(wanted == nil, "there is no active-active domain %s, but %s; nothing was sent",
    tostring(wanted), recovery.enumerate(names))
  ctx:check(#domains == 1, "there are %d active-active domains: %s; nothing was sent; "
    .. "choose one with --domain", #domains, recovery.enumerate(names))
  return domains[1]
end

local function choose_zones(ctx, domain, source, target)
  local here = domain.local_replication_cluster.availability_zone
  local there = domain.remote_replication_cluster.availability_zone
  local function opposite(zone) return zone == here and there or here end
  source = source or (target and opposite(target)) or here
  target = target or opposite(source)
  ctx:check((source == here and target == there) or (source == there and target == here),
    "the zones of domain %s are %s and %s, not %s and %s; nothing was sent", domain.name, here,
    there, source, target)
  return source, target
end

local function vpc_of(server)
  return server.metadata and server.metadata.vpc_id
end

-- What is there under the name must be what was asked for.
local function check_fits(ctx, group, plan)
  local differences = {}
  for _, row in ipairs {
    { "domain_id", "domain", plan.domain.id }, { "source_vpc_id", "VPC", plan.vpc },
    { "source_availability_zone", "source zone", plan.source },
    { "target_availability_zone", "target zone", plan.target },
  } do
    local field, what, wanted = unpack(row)
    if group[field] ~= wanted then
      differences[#differences + 1] = ("its %s is %s, not %s"):format(what, group[field], wanted)
    end
  end
  ctx:check(#differences == 0, "group %s exists and is another one: %s; nothing was sent; choose "
    .. "another name, or leave out what it has otherwise", group.name,
    table.concat(differences, "; "))
end

-- The volumes of a server, by id.
local function volumes_of(server)
  local ids = {}
  for i, volume in ipairs(server["os-extended-volumes:volumes_attached"] or {}) do
    ids[i] = volume.id
  end
  return ids
end

-- Why a server cannot be protected; nil when nothing speaks against it.
local function obstacle(server, plan)
  local zone = server["OS-EXT-AZ:availability_zone"]
  if zone ~= plan.source then
    return ("it is in zone %s, not in %s (SDRS.1303)"):format(zone, plan.source)
  elseif vpc_of(server) ~= plan.vpc then
    return ("it is in VPC %s, not in %s (SDRS.1304)"):format(tostring(vpc_of(server)), plan.vpc)
  elseif server.status ~= "ACTIVE" and server.status ~= "SHUTOFF" then
    return ("it is %s, neither ACTIVE nor SHUTOFF (SDRS.1333)"):format(server.status)
  elseif server.locked then
    return "it is locked (SDRS.1357)"
  elseif #volumes_of(server) == 0 then
    return "it has no disks (SDRS.1321)"
  elseif #server.name > LONGEST_NAME then
    return ("its name is longer than the %d bytes of an instance's"):format(LONGEST_NAME)
  end
end

--- The volumes of a server that no pair of its instance replicates.
---@param server ecs.Server
---@param instance sdrs.ProtectedInstance
---@param pairs_found sdrs.ReplicationPair[]
---@return string[] ids
function design.uncovered(server, instance, pairs_found)
  local covered, left = {}, {}
  for _, pair in ipairs(pairs_found) do
    for _, attachment in ipairs(pair.attachment or {}) do
      if attachment.protected_instance == instance.id then
        covered[pair.volume_ids:match("^[^,]*")] = true
      end
    end
  end
  for _, id in ipairs(volumes_of(server)) do
    if not covered[id] then left[#left + 1] = id end
  end
  return left
end

-- Why the instance that a server has already is not the one that is wanted; nil when it is.
local function misfit(server, instance, plan)
  if not plan.group or instance.server_group_id ~= plan.group.id then
    return ("it belongs to instance %s of group %s (SDRS.1305)")
      :format(instance.name, instance.server_group_id)
  elseif instance.source_server ~= server.id then
    return ("it is the DR server of instance %s"):format(instance.name)
  elseif not USABLE[instance.status] and instance.status ~= plan.group.status then
    return ("its instance %s is %s; delete that first: neap run -e "
      .. "'sdrs.instances:get(\"%s\"):delete():wait()'"):format(instance.name, instance.status,
      instance.id)
  elseif instance.status ~= "creating" then
    local left = design.uncovered(server, instance, plan.pairs)
    if #left > 0 then
      return ("its disks %s have no replication pair: they came after its protection; detach them "
        .. "or leave the server out"):format(recovery.enumerate(left))
    end
  end
end

-- A server is in one instance of one group, and a name in the group stands for one instance.
local function index_instances(group)
  local by_server, by_name = {}, {}
  for instance in sdrs.instances:each() do
    by_server[instance.source_server or ""] = instance
    by_server[instance.target_server or ""] = instance
    if group and instance.server_group_id == group.id then by_name[instance.name] = instance end
  end
  return by_server, by_name
end

-- Divides the servers into those with an instance and those without, or says all that is wrong.
local function sort_servers(ctx, plan)
  local by_server, by_name = index_instances(plan.group)
  local wrong = {}
  plan.missing, plan.members, plan.disks = {}, {}, 0
  for _, server in ipairs(plan.servers) do
    local instance = by_server[server.id]
    local why
    if instance then
      why = misfit(server, instance, plan)
      plan.members[server.id] = instance
    elseif by_name[server.name] then
      why = "another server's instance has its name in the group already"
    else
      why = obstacle(server, plan)
      plan.missing[#plan.missing + 1] = server
      plan.disks = plan.disks + #volumes_of(server)
    end
    if why then wrong[#wrong + 1] = ("server %s: %s"):format(server.name, why) end
  end
  ctx:check(#wrong == 0, "%s; nothing was sent", table.concat(wrong, "; "))
end

local function check_group_status(ctx, plan)
  local group = plan.group
  ctx:check(TAKES_MORE[group.status] or (group.status == "error-starting" and #plan.missing == 0),
    "group %s is %s, and is gone on with from available and protected only; nothing was sent; "
    .. "wait for what is under way, clear its error status, or take it away: "
    .. "neap run remove_group --group %s", group.name, group.status, group.name)
  ctx:check(#plan.missing == 0 or group.priority_station == "source",
    "production of group %s is %s, not where it was at creation, so no server can be added "
    .. "(SDRS.1809); nothing was sent; bring it home first: neap run failback --group %s",
    group.name, group:production(), group.name)
end

local function check_quotas(ctx, plan)
  local needed = { server_groups = plan.group and 0 or 1, replications = plan.disks }
  for _, row in ipairs(sdrs.quotas()) do
    local more = needed[row.type] or 0
    ctx:check(more == 0 or row.quota < 0 or row.used + more <= row.quota,
      "the quota of %s is %d, %d are used and %d more are needed; nothing was sent; "
      .. "ask for a higher quota", row.type, row.quota, row.used, more)
  end
end

--- Finds everything that the parameters of create_group name, and checks that what is missing can
--- be made and what is there fits; raises kind precondition otherwise. Returns { name, group (nil:
--- to be made), domain, source, target, vpc, servers, missing (servers without an instance),
--- members (instances by server), pairs, disks (how many pairs will be made) }.
---@param ctx neap.Context
---@param p table
---@return table
function design.survey(ctx, p)
  local group = design.group_called(ctx, p.name)
  local plan = { name = p.name, group = group }
  plan.domain = choose_domain(ctx, p.domain or group and group.domain_id)
  plan.source, plan.target = choose_zones(ctx, plan.domain,
    p.source_zone or (not p.target_zone and group and group.source_availability_zone) or nil,
    p.target_zone)
  plan.servers = find_servers(ctx, p.servers, plan.source)
  plan.vpc = p.vpc or group and group.source_vpc_id or vpc_of(plan.servers[1])
  plan.pairs = group and group.pairs:all() or {}
  if group then check_fits(ctx, group, plan) end
  sort_servers(ctx, plan)
  if group then check_group_status(ctx, plan) end
  ctx:check(group or not plan.domain.sold_out, "domain %s is sold out; nothing was sent",
    plan.domain.name)
  check_quotas(ctx, plan)
  return plan
end

return design
