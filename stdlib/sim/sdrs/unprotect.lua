-- Deleting protected instances: with their pairs, and their DR servers when asked for.
local wire = require("sim.wire")
local servers = require("sim.ecs.servers")
local lists = require("sim.sdrs.lists")
local replications = require("sim.sdrs.replications")
local instances = require("sim.sdrs.instances")

-- What the DR server, its disks and its address must be like to be deleted too.
local function check_target(world, instance, wish)
  local group = world.groups:get(instance.server_group_id)
  local is_home = group.priority_station == "source"
  if wish.delete_target_server then
    if not is_home then wire.refuse("SDRS.1330") end
    local server = world.servers:get(instance.target_server)
    if server and server.charging_mode == "1" then wire.refuse("SDRS.1354") end
    if world.settings.frozen then wire.refuse("SDRS.1355") end
  end
  if wish.delete_target_eip and not is_home then wire.refuse("SDRS.1338") end
end

-- A pair that is also attached to an instance outside of the call stands in the way.
local function check_shared(world, instance, ids, code)
  for _, pair in ipairs(instances.pairs_of(world, instance)) do
    for _, attachment in ipairs(pair.attachment) do
      if not ids[attachment.protected_instance] then wire.refuse(code) end
    end
  end
end

local function begun(world, instance, _, call)
  for _, pair in ipairs(instances.pairs_of(world, instance)) do
    pair.status, pair.updated_at = "deleting", world:now()
  end
  instance.delete_target_server = call.body.delete_target_server or nil
end

local function failed(world, instance, _, at)
  instance.delete_target_server = nil
  for _, pair in ipairs(instances.pairs_of(world, instance)) do
    pair.status, pair.updated_at = instance.status, at
  end
end

-- The pairs go with the last instance that they are attached to. Their DR disks stay, unless the
-- DR server is deleted too (choice sdrs.delete-instance-pairs).
local function removed(world, instance)
  for _, pair in ipairs(instances.pairs_of(world, instance)) do
    lists.take_out_where(pair.attachment, "protected_instance", instance.id)
    if #pair.attachment == 0 then replications.remove(world, pair) end
  end
  instances.remove(world, instance)
  local server = world.servers:get(instance.target_server)
  if instance.delete_target_server and server then servers.remove(world, server, true) end
end

instances.rules.delete_protected_instance = {
  refused = "SDRS.1301",
  check = function(world, instance, call)
    check_target(world, instance, call.body)
    check_shared(world, instance, { [instance.id] = true }, "SDRS.1365")
  end,
  begun = begun, failed = failed, removed = removed,
}

instances.rules.batch_delete_protected_instances = {
  refused = "SDRS.1301", by_thing = "deleteProtectedInstanceNoCG",
  job_type = "batchDeleteProtectedInstanceNoCG",
  find = function(world, call)
    local list, seen = {}, {}
    for index, row in ipairs(call.body.protected_instances) do
      if seen[row.id] then wire.refuse("SDRS.1363") end
      seen[row.id] = true
      list[index] = instances.get(world, row.id)
      if list[index].server_group_id ~= list[1].server_group_id then wire.refuse("SDRS.1364") end
    end
    return list
  end,
  check = function(world, instance, call)
    local ids = {}
    for _, row in ipairs(call.body.protected_instances) do
      ids[row.id] = true
    end
    check_target(world, instance, call.body)
    check_shared(world, instance, ids, "SDRS.1409")
  end,
  begun = begun, failed = failed, removed = removed,
}
