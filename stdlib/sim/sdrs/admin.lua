-- What an administrator does to groups and their servers.
local seeded = require("sim.seeded")
local input = require("sim.admin_input")
local failures = require("sim.sdrs.failures")
local groups = require("sim.sdrs.groups")
local instances = require("sim.sdrs.instances")
local replications = require("sim.sdrs.replications")
local hosts = require("sim.sdrs.hosts")
local networks = require("sim.sdrs.networks")
local rpo = require("sim.sdrs.rpo")
local scenery = require("sim.sdrs.scenery")

local function make_groups(world, _, body)
  local name = input.text(body, "name") or input.bad("name: a text")
  local count = input.number(body, "count", 1, 100000) or 1
  local wish = {
    description = input.text(body, "description"), status = input.text(body, "status"),
    instances = input.number(body, "instances", 0, 1000),
    pairs = input.number(body, "pairs", 0, 1000),
  }
  local ids = world.json.array({})
  for index = 1, count do
    wish.name = count == 1 and name or string.format("%s-%04d", name, index)
    ids[index] = scenery.group(world, wish).id
  end
  return { server_group_ids = ids }
end

local function set_group(world, path, body)
  local group = input.found(world, "groups", "group", path.id)
  local status = input.text(body, "status")
  local fault_level = input.word(body, "fault_level", { "0", "2", "5" })
  local station = input.word(body, "priority_station", { "source", "target" })
  if status then groups.set_status(world, group, status, world:now()) end
  group.priority_station = station or group.priority_station
  for _, pair in ipairs(world.members[group.id].replications) do
    pair.fault_level = fault_level or pair.fault_level
    rpo.note(world, pair)
  end
  return { server_group = groups.render(world, group) }
end

local function set_power(server, body)
  local power = input.word(body, "state", { "ACTIVE", "SHUTOFF" })
  if not power then input.bad("state: ACTIVE or SHUTOFF") end
  server.power, server.task_state = power, nil
end

local function set_group_power(world, path, body)
  local group = input.found(world, "groups", "group", path.id)
  local site = input.word(body, "site", { "production", "dr", "all" }) or "all"
  local changed = world.json.array({})
  local sides = { production = { "current" }, dr = { "other" }, all = { "current", "other" } }
  for _, instance in ipairs(world.members[group.id].instances) do
    for _, side in ipairs(sides[site]) do
      local server = instances.server(world, group, instance, side)
      if server then
        set_power(server, body)
        changed[#changed + 1] = server
      end
    end
  end
  return { servers = changed }
end

local function set_pair(world, path, body)
  local pair = input.found(world, "replications", "pair", path.id)
  pair.status = input.text(body, "status") or pair.status
  pair.fault_level = input.word(body, "fault_level", { "0", "2", "5" }) or pair.fault_level
  rpo.note(world, pair)
  return { replication = replications.render(world, pair) }
end

local function set_instance(world, path, body)
  local instance = input.found(world, "instances", "instance", path.id)
  instance.status = input.text(body, "status") or instance.status
  return { protected_instance = instances.render(world, instance) }
end

-- The record of a job that failed with an instance; the instance stays as it is.
local function fail_instance(world, path, body)
  local instance = input.found(world, "instances", "instance", path.id)
  local job_type = input.text(body, "job_type") or "resizeProtectedInstanceNew"
  local code, reason = failures.cause(world, job_type, {
    code = input.text(body, "code"), message = input.text(body, "message"),
  })
  local job = {
    id = seeded.hex(world, "job"), type = job_type, begin_at = world:now(), failure_code = code,
    failure_reason = reason,
    memo = { things = { instance.id }, group_id = instance.server_group_id },
  }
  failures.record(world, job, instances, instance)
  return { job_id = job.id }
end

local function make_network(world, _, body)
  local cidrs = {}
  for index, cidr in ipairs(body.cidrs or {}) do
    cidrs[index] = tostring(cidr)
  end
  return { vpc = networks.add(world, input.text(body, "name") or "vpc", cidrs) }
end

local function make_host(world, _, body)
  local zone = input.text(body, "availability_zone") or input.bad("availability_zone: a text")
  return { dedicated_host = hosts.add(world, input.text(body, "name") or "host", zone) }
end

local function set_account(world, _, body)
  for _, name in ipairs({ "strict", "frozen" }) do
    local flag = input.flag(body, name)
    if flag ~= nil then world.settings[name] = flag end
  end
  return { settings = world.settings }
end

local function rows_of(store, key)
  return function(world)
    local rows = world.json.array({})
    for record in world[store]:each() do
      rows[#rows + 1] = record
    end
    return { [key] = rows }
  end
end

return {
  { "POST", "/_sim/groups", "makes a protected group: {name, instances?, pairs?, status?, count?}",
    make_groups },
  { "POST", "/_sim/groups/{id}/set", "{status?, fault_level?, priority_station?}; id or name",
    set_group },
  { "POST", "/_sim/groups/{id}/power", "its servers: {state, site? production|dr|all}",
    set_group_power },
  { "POST", "/_sim/pairs/{id}/set", "{status?, fault_level?}; id or name", set_pair },
  { "POST", "/_sim/instances/{id}/set", "{status?}; id or name", set_instance },
  { "POST", "/_sim/instances/{id}/fail", "records a failed job: {job_type?, code?, message?}",
    fail_instance },
  { "GET", "/_sim/vpcs", "the VPCs and their subnets", rows_of("vpcs", "vpcs") },
  { "POST", "/_sim/vpcs", "makes one: {name?, cidrs}", make_network },
  { "GET", "/_sim/dedicated-hosts", "the dedicated hosts", rows_of("dedicated_hosts",
    "dedicated_hosts") },
  { "POST", "/_sim/dedicated-hosts", "makes one: {name?, availability_zone}", make_host },
  { "POST", "/_sim/account", "{strict?: refuse unknown volumes, networks, flavors; frozen?}",
    set_account },
}
