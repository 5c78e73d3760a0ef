-- Creating protected instances: what is asked of the servers, and what is made for them (sdrs.md
-- section 8).
local wire = require("sim.wire")
local servers = require("sim.ecs.servers")
local flavors = require("sim.ecs.flavors")
local volumes = require("sim.ecs.volumes")
local lists = require("sim.sdrs.lists")
local hosts = require("sim.sdrs.hosts")
local networks = require("sim.sdrs.networks")
local quotas = require("sim.sdrs.quotas")
local transitions = require("sim.sdrs.transitions")
local replications = require("sim.sdrs.replications")
local instances = require("sim.sdrs.instances")

local function check_server(group, server)
  if server.protected_instance_id then wire.refuse("SDRS.1305") end
  if server.availability_zone ~= lists.zone_of(group) then wire.refuse("SDRS.1303") end
  if server.vpc_id ~= group.source_vpc_id then wire.refuse("SDRS.1304") end
  if server.locked then
    wire.refuse(server.locked == "system" and "SDRS.1357" or "SDRS.1359")
  end
  local status = servers.status(server)
  if status ~= "ACTIVE" and status ~= "SHUTOFF" then wire.refuse("SDRS.1333") end
  if not flavors.is_offered(server.flavor) then wire.refuse("SDRS.1356") end
end

local function is_among(ids, attachments)
  for _, attachment in ipairs(attachments) do
    if not ids[attachment.server_id] then return false end
  end
  return true
end

-- The disks of a server must be such that pairs can be made of them; a shared one only together
-- with all servers that share it, `ids`.
local function check_volumes(world, server, ids)
  local disks, has_system_disk = volumes.of(world, server.id), false
  if #disks == 0 then wire.refuse("SDRS.1321") end
  for _, volume in ipairs(disks) do
    has_system_disk = has_system_disk or volume.bootable
    if not is_among(ids, volume.attachments) then wire.refuse("SDRS.1408") end
    if volume.status == "error" then
      wire.refuse(volume.bootable and "SDRS.1322" or "SDRS.1801")
    end
    if volume.encrypted then wire.refuse("SDRS.1802") end
    if volume.frozen then wire.refuse("SDRS.0225") end
    if volume.locked then wire.refuse("SDRS.1831") end
    if volume.replication_id then wire.refuse("SDRS.1811") end
  end
  if not has_system_disk then wire.refuse("SDRS.1339") end
  return #disks
end

local function check_dr_server(world, group, wish, server, flavor)
  if wish.cluster_id then wire.refuse("SDRS.1381") end
  if flavor and not flavors.is_offered(flavor, world.settings.strict) then
    wire.refuse("SDRS.1353")
  end
  if wish.tenancy ~= "dedicated" then return end
  if wish.dedicated_host_id then
    hosts.check(world, wish.dedicated_host_id, group.target_availability_zone)
  end
  if server.server_group then wire.refuse("SDRS.1375") end
end

local function check_tags(tags)
  local seen = {}
  for _, tag in ipairs(tags or {}) do
    if seen[tag.key] then wire.refuse("SDRS.2209") end
    seen[tag.key] = true
  end
end

local function check_network(world, group, wish)
  if wish.primary_subnet_id then
    networks.check_subnet(world, group.target_vpc_id, wish.primary_subnet_id)
  end
  if wish.primary_ip_address then
    networks.check_address(world, group.target_vpc_id, wish.primary_ip_address)
  end
end

local function check_room(world, group, count, disks)
  local most = world.quotas.instances_per_group
  if most >= 0 and #world.members[group.id].instances + count > most then
    wire.refuse("SDRS.1358")
  end
  quotas.check(world, "replications", disks)
end

-- Pairs for the disks of a server; a shared disk has its pair already when the second server comes.
local function pair_disks(world, group, server, instance, during)
  for _, volume in ipairs(volumes.of(world, server.id)) do
    local device = volumes.device(volume, server.id)
    local pair = volume.replication_id and world.replications:get(volume.replication_id)
      or replications.add(world, group, volume, {
        name = volume.name and volume.name:sub(1, 64) or instance.name, status = during,
      })
    replications.attach(world, pair, instance, device)
  end
end

local function group_of(world, call, rule)
  local group = world.groups:get(call.body.server_group_id)
  if not group then wire.refuse("SDRS.1013") end
  transitions.check_group(call.operation, rule, group)
  if group.priority_station ~= "source" then wire.refuse("SDRS.1809") end
  return group
end

-- wishes: {server, name, flavor} for each instance.
local function make_all(world, call, group, wishes, during)
  local body, ids, disks = call.body, {}, 0
  for _, wish in ipairs(wishes) do
    ids[wish.server.id] = true
  end
  for _, wish in ipairs(wishes) do
    check_server(group, wish.server)
    disks = disks + check_volumes(world, wish.server, ids)
    check_dr_server(world, group, body, wish.server, wish.flavor)
  end
  check_tags(body.tags)
  check_network(world, group, body)
  check_room(world, group, #wishes, disks)
  local made = {}
  for index, wish in ipairs(wishes) do
    local tags = {}
    for place, tag in ipairs(body.tags or {}) do
      tags[place] = { key = tag.key, value = tag.value }
    end
    made[index] = instances.add(world, group, {
      name = wish.name, description = body.description, status = during, server = wish.server,
      tags = tags, flavor = wish.flavor, dedicated_host_id = body.dedicated_host_id,
      subnet_id = body.primary_subnet_id, address = body.primary_ip_address,
    })
    pair_disks(world, group, wish.server, made[index], during)
  end
  return made
end

-- The pairs of an instance go with it: they become what it becomes.
local function follow(world, instance, _, at)
  for _, pair in ipairs(instances.pairs_of(world, instance)) do
    pair.status, pair.updated_at = instance.status, at
    if instance.status == "protected" then
      replications.start_synchronising(world, pair, at)
    end
  end
end

local function entities(_, instance)
  return { native_server_id = instance.target_server }
end

local one = {
  group_refused = "SDRS.1024", entities = entities, succeeded = follow, failed = follow,
}
local several = {
  group_refused = "SDRS.1024", by_thing = "createProtectedInstanceNoCG",
  job_type = "batchCreateProtectedInstanceNoCG", succeeded = follow, failed = follow,
}

function one.make(world, call, during)
  local body = call.body
  local group = group_of(world, call, one)
  local server = world.servers:get(body.server_id)
  if not server then wire.refuse("SDRS.1326") end
  local wish = { server = server, name = body.name, flavor = body.flavorRef }
  return make_all(world, call, group, { wish }, during)
end

function several.make(world, call, during)
  local body = call.body
  local group = group_of(world, call, several)
  local wishes, seen = {}, {}
  for index, row in ipairs(body.servers) do
    local server = world.servers:get(row.server_id)
    if not server then wire.refuse("SDRS.1360") end
    if seen[server.id] then wire.refuse("SDRS.1361") end
    seen[server.id] = true
    local name = ("%s-%04d"):format(body.name_prefix, index)
    wishes[index] = { server = server, name = name, flavor = row.flavorRef }
  end
  return make_all(world, call, group, wishes, during)
end

instances.rules.create_protected_instance = one
instances.rules.batch_create_protected_instances = several
