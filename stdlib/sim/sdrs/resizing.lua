-- Resizing: which server gets which flavor, and what stands in the way (sdrs.md section 8).
local wire = require("sim.wire")
local flavors = require("sim.ecs.flavors")
local hosts = require("sim.sdrs.hosts")
local instances = require("sim.sdrs.instances")

-- The codes of each side; "production" and "dr" are those of now (choice sdrs.resize-sides).
local sides = {
  {
    side = "current", flavor = "production_flavorRef", host = "production_dedicated_host_id",
    not_on_host = "SDRS.1368", host_missing = "SDRS.1370", unsupported = "SDRS.1378",
    running = "SDRS.1352",
  },
  {
    side = "other", flavor = "dr_flavorRef", host = "dr_dedicated_host_id",
    not_on_host = "SDRS.1367", host_missing = "SDRS.1369", unsupported = "SDRS.1379",
    running = "SDRS.1342",
  },
}

-- The changes that a call asks for: {server, flavor, host, codes} for each server to be resized.
-- flavorRef beats the flavors of one side.
local function changes_of(world, instance, wish)
  local group = world.groups:get(instance.server_group_id)
  local list = {}
  for _, codes in ipairs(sides) do
    local server = instances.server(world, group, instance, codes.side)
    local flavor = wish.flavorRef or wish[codes.flavor]
    if not server then wire.refuse("SDRS.1314") end
    if wish[codes.host] and not server.dedicated_host_id then wire.refuse(codes.not_on_host) end
    if flavor then
      list[#list + 1] = { server = server, flavor = flavor, host = wish[codes.host], codes = codes }
    end
  end
  return list
end

local function has_system_pair(world, instance)
  for _, pair in ipairs(instances.pairs_of(world, instance)) do
    if pair.bootable then return true end
  end
  return false
end

local function check_host(world, change)
  local server = change.server
  if not server.dedicated_host_id then return end
  if not change.host then wire.refuse(change.codes.host_missing) end
  hosts.check(world, change.host, server.availability_zone)
end

-- With several servers it is enough that one of them changes (choice sdrs.resize-same-flavor).
local function check_other_flavor(changes)
  for _, change in ipairs(changes) do
    if change.flavor ~= change.server.flavor then return end
  end
  wire.refuse("SDRS.1341")
end

local function check(world, instance, call)
  local changes = changes_of(world, instance, call.body)
  if not has_system_pair(world, instance) then wire.refuse("SDRS.1377") end
  for _, change in ipairs(changes) do
    if change.server.charging_mode == "1" then wire.refuse("SDRS.1376") end
    check_host(world, change)
  end
  check_other_flavor(changes)
  for _, change in ipairs(changes) do
    if not flavors.is_offered(change.flavor, world.settings.strict) then
      wire.refuse(change.codes.unsupported)
    end
  end
  for _, change in ipairs(changes) do
    if change.server.power ~= "SHUTOFF" or change.server.task_state then
      wire.refuse(change.codes.running)
    end
  end
end

instances.rules.resize_protected_instance = {
  group_refused = "SDRS.1024",
  check = check,
  begun = function(world, instance, job, call)
    job.memo.changes = world.json.array({})
    for index, change in ipairs(changes_of(world, instance, call.body)) do
      job.memo.changes[index] = {
        server = change.server.id, flavor = change.flavor, host = change.host,
      }
    end
  end,
  succeeded = function(world, _, job, at)
    for _, change in ipairs(job.memo.changes) do
      local server = world.servers:get(change.server)
      if server then
        server.flavor, server.updated_at = change.flavor, at
        server.dedicated_host_id = change.host or server.dedicated_host_id
      end
    end
  end,
}
