-- Attaching pairs to instances and detaching them. Both show on the pair: an instance has no status
-- for them.
local wire = require("sim.wire")
local volumes = require("sim.ecs.volumes")
local replications = require("sim.sdrs.replications")
local instances = require("sim.sdrs.instances")

-- From which statuses of the instance (sdrs.md section 4): those from which it may be deleted, but
-- for "error".
local detachable = {
  available = true, protected = true, ["failed-over"] = true, ["error-starting"] = true,
  ["error-stopping"] = true, ["error-reversing"] = true, ["error-failing-over"] = true,
  ["error-deleting"] = true, ["error-reprotecting"] = true, ["error-resizing"] = true,
  invalid = true, fault = true,
}

--- The name with which a KVM server sees a device; SDRS.0201 for what is none.
local function normalised(device)
  local letter = device:match("^/dev/[xsv]v?d([a-z])$")
  return letter and "/dev/vd" .. letter or wire.refuse("SDRS.0201")
end

local function instance_of(world, call)
  return instances.get(world, call.path.protected_instance_id)
end

local function check_device(world, instance, device)
  for _, id in ipairs({ instance.source_server, instance.target_server }) do
    for _, volume in ipairs(volumes.of(world, id)) do
      if volumes.device(volume, id) == device then wire.refuse("SDRS.1603") end
    end
  end
end

replications.rules.attach_protected_instance_replication = {
  group_refused = "SDRS.1024",
  find = function(world, call)
    instance_of(world, call)
    return { replications.get(world, call.body.replication_id) }
  end,
  check = function(world, pair, call)
    local instance = instance_of(world, call)
    if instance.status ~= "available" and instance.status ~= "protected" then
      wire.refuse("SDRS.1314")
    end
    if pair.server_group_id ~= instance.server_group_id then wire.refuse("SDRS.1611") end
    local is_shared = pair.multiattach and not replications.device_on(pair, instance.id)
    if #pair.attachment > 0 and not is_shared then wire.refuse("SDRS.1605") end
    local production = replications.volumes(world, pair)
    if not pair.multiattach and production and volumes.status(production) ~= "available" then
      wire.refuse("SDRS.1801")
    end
    check_device(world, instance, normalised(call.body.device))
  end,
  begun = function(_, _, job, call)
    job.memo.instance = call.path.protected_instance_id
    job.memo.device = normalised(call.body.device)
  end,
  succeeded = function(world, pair, job)
    local instance = world.instances:get(job.memo.instance)
    if instance then replications.attach(world, pair, instance, job.memo.device) end
  end,
}

replications.rules.detach_protected_instance_replication = {
  find = function(world, call)
    instance_of(world, call)
    return { replications.get(world, call.path.replication_id, "SDRS.0213") }
  end,
  check = function(world, pair, call)
    local instance = instance_of(world, call)
    if not detachable[instance.status] then wire.refuse("SDRS.1314") end
    local device = replications.device_on(pair, instance.id)
    if not device then wire.refuse("SDRS.1604") end
    local group = world.groups:get(pair.server_group_id)
    local server = instances.server(world, group, instance, "current")
    if device == "/dev/vda" and server and server.power ~= "SHUTOFF" then
      wire.refuse("SDRS.1316")
    end
  end,
  begun = function(_, _, job, call)
    job.memo.instance = call.path.protected_instance_id
  end,
  succeeded = function(world, pair, job)
    local instance = world.instances:get(job.memo.instance)
    if instance then replications.detach(world, pair, instance) end
  end,
}
