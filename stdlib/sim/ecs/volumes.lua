-- Volumes: the disks of servers. Their own service is not simulated, so its answers are seen only
-- through servers and replication pairs.
local seeded = require("sim.seeded")

local volumes = { store = "volumes", arrays = { "attachments" } }

--- Adds a volume. `fields`: name, availability_zone, size (GB), bootable, multiattach (several
--- servers may share it), encrypted, locked, frozen, charging_mode ("1" by the month or year), id.
function volumes.add(world, fields)
  local volume = {
    id = fields.id or seeded.uuid(world), name = fields.name, size = fields.size or 40,
    type = fields.type or "SSD", availability_zone = fields.availability_zone,
    bootable = fields.bootable or false, multiattach = fields.multiattach or false,
    encrypted = fields.encrypted, locked = fields.locked, frozen = fields.frozen,
    charging_mode = fields.charging_mode or "0", status = fields.status,
    attachments = world.json.array({}),
  }
  world.volumes:add(volume)
  return volume
end

--- "available", "in-use", or the status that an administrator gave it.
function volumes.status(volume)
  return volume.status or (#volume.attachments > 0 and "in-use" or "available")
end

--- The device name under which a server sees a volume; nil when it does not.
function volumes.device(volume, server_id)
  for _, attachment in ipairs(volume.attachments) do
    if attachment.server_id == server_id then return attachment.device end
  end
  return nil
end

-- Keeps the volumes of a server in the order of their device names.
local function enter(world, volume, server_id)
  local list = world.attached[server_id] or {}
  world.attached[server_id] = list
  local device, place = volumes.device(volume, server_id), #list + 1
  while place > 1 and volumes.device(list[place - 1], server_id) > device do
    place = place - 1
  end
  table.insert(list, place, volume)
end

--- Enters a volume under the servers that it is attached to.
function volumes.index(world, volume)
  for _, attachment in ipairs(volume.attachments) do
    enter(world, volume, attachment.server_id)
  end
end

--- The volumes of a server, in the order of their device names.
function volumes.of(world, server_id)
  return world.attached[server_id] or {}
end

--- Attaches a volume to a server under a device name like "/dev/vda".
function volumes.attach(world, volume, server_id, device)
  table.insert(volume.attachments, { server_id = server_id, device = device })
  enter(world, volume, server_id)
end

local function without(list, keep)
  local index = 1
  while list[index] do
    if keep(list[index]) then index = index + 1 else table.remove(list, index) end
  end
end

--- Detaches a volume from a server.
function volumes.detach(world, volume, server_id)
  without(volume.attachments, function(row) return row.server_id ~= server_id end)
  without(world.attached[server_id] or {}, function(row) return row ~= volume end)
end

--- Takes a volume out of the world.
function volumes.remove(world, volume)
  for _, attachment in ipairs(volume.attachments) do
    without(world.attached[attachment.server_id] or {}, function(row) return row ~= volume end)
  end
  world.volumes:remove(volume.id)
end

--- The first device name of a server that is free.
function volumes.free_device(world, server_id)
  local used = {}
  for _, volume in ipairs(volumes.of(world, server_id)) do
    used[volumes.device(volume, server_id)] = true
  end
  for byte = ("a"):byte(), ("z"):byte() do
    local device = "/dev/vd" .. string.char(byte)
    if not used[device] then return device end
  end
  return nil
end

return volumes
