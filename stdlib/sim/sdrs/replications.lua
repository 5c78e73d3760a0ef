-- Replication pairs: two volumes, their synchronisation and their attachments.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local durations = require("sim.durations")
local wire = require("sim.wire")
local volumes = require("sim.ecs.volumes")
local lists = require("sim.sdrs.lists")
local transitions = require("sim.sdrs.transitions")

local replications = {
  kind = "replication_pair", store = "replications", plural = "replications",
  refused = "SDRS.1601", arrays = { "attachment" }, change = transitions.change, rules = {},
}

--- What `replication_status` says at a moment.
function replications.replication_status(pair, at)
  if not pair.synchronised_at then return "inactive" end
  if pair.stopped then return "active-stopped" end
  return at < pair.synchronised_at and "copying" or "active"
end

--- Per cent of the data that is synchronised, 0 while nothing is copied.
function replications.progress(pair, at)
  if not pair.synchronised_at or pair.stopped then return 0 end
  if at >= pair.synchronised_at then return 100 end
  if at <= pair.synchronising_since then return 0 end
  local whole = pair.synchronised_at - pair.synchronising_since
  return math.floor(100 * (at - pair.synchronising_since) / whole)
end

--- Begins a full synchronisation at a moment.
function replications.start_synchronising(world, pair, at)
  pair.stopped = false
  pair.synchronising_since = at
  pair.synchronised_at = at + durations.draw(world, "synchronisation")
end

function replications.stop_synchronising(pair)
  pair.stopped = true
end

--- The pair of an id, or a refusal.
function replications.get(world, id, code)
  return world.replications:get(id) or wire.refuse(code or "SDRS.1608")
end

function replications.find(world, call)
  return replications.get(world, call.path.replication_id)
end

function replications.set_status(_, pair, status, at)
  pair.status, pair.updated_at = status, at
end

--- Adds a pair for a production volume to a group; its DR volume, of the same kind, is made.
--- `fields`: name, status, description.
function replications.add(world, group, volume, fields)
  local created_at = fields.created_at or world:now()
  local dr_volume = volumes.add(world, {
    name = volume.name, size = volume.size, type = volume.type, bootable = volume.bootable,
    multiattach = volume.multiattach, availability_zone = group.target_availability_zone,
    charging_mode = volume.charging_mode,
  })
  local pair = {
    id = seeded.uuid(world), server_group_id = group.id, name = fields.name,
    description = fields.description, status = fields.status,
    production_volume = volume.id, dr_volume = dr_volume.id, volume_size = volume.size,
    bootable = volume.bootable, multiattach = volume.multiattach,
    fault_level = "0", attachment = world.json.array({}),
    created_at = created_at, updated_at = created_at,
  }
  volume.replication_id, dr_volume.replication_id = pair.id, pair.id
  world.replications:add(pair)
  replications.index(world, pair)
  return pair
end

--- Enters a pair under its group.
function replications.index(world, pair)
  local members = world.members[pair.server_group_id].replications
  members[#members + 1] = pair
end

--- Takes a pair out of the world; its volumes stay, the DR volume only unless `with_dr_volume`.
function replications.remove(world, pair, job)
  world.replications:remove(pair.id)
  lists.take_out(world.members[pair.server_group_id].replications, pair)
  local production, dr_volume = replications.volumes(world, pair)
  if production then production.replication_id = nil end
  if not dr_volume then return end
  dr_volume.replication_id = nil
  if job and job.memo.argument == true then volumes.remove(world, dr_volume) end
end

--- Both volumes of a pair, production and DR as the group was created; nil for one that was
--- deleted natively.
function replications.volumes(world, pair)
  return world.volumes:get(pair.production_volume), world.volumes:get(pair.dr_volume)
end

--- Attaches a pair to an instance, and its volumes to the instance's servers.
function replications.attach(world, pair, instance, device)
  table.insert(instance.attachment, { replication = pair.id, device = device })
  table.insert(pair.attachment, { protected_instance = instance.id, device = device })
  local production, dr_volume = replications.volumes(world, pair)
  for id, volume in pairs({ [instance.source_server] = production,
    [instance.target_server] = dr_volume }) do
    if not volumes.device(volume, id) then volumes.attach(world, volume, id, device) end
  end
end

--- The reverse of attach.
function replications.detach(world, pair, instance)
  lists.take_out_where(instance.attachment, "replication", pair.id)
  lists.take_out_where(pair.attachment, "protected_instance", instance.id)
  local production, dr_volume = replications.volumes(world, pair)
  if production then volumes.detach(world, production, instance.source_server) end
  if dr_volume then volumes.detach(world, dr_volume, instance.target_server) end
end

--- Whether a pair is attached to an instance: the device name, or nil.
function replications.device_on(pair, instance_id)
  for _, attachment in ipairs(pair.attachment) do
    if attachment.protected_instance == instance_id then return attachment.device end
  end
  return nil
end

function replications.render(world, pair)
  local at = world:now()
  local group = world.groups:get(pair.server_group_id)
  local status = pair.status
  return {
    id = pair.id, name = pair.name, description = pair.description or world.json.null,
    server_group_id = pair.server_group_id, status = status,
    progress = replications.progress(pair, at),
    replication_status = replications.replication_status(pair, at),
    replication_model = "hypermetro", attachment = pair.attachment,
    volume_ids = pair.production_volume .. "," .. pair.dr_volume,
    priority_station = group.priority_station, fault_level = pair.fault_level,
    record_metadata = {
      multiattach = pair.multiattach, bootable = pair.bootable, volume_size = pair.volume_size,
      volume_type = "SSD",
    },
    failure_detail = status == "error" and pair.failure_detail or nil,
    created_at = moment.micros(pair.created_at), updated_at = moment.micros(pair.updated_at),
  }
end

local function is_attached_to_any(pair, query)
  local ids = query.protected_instance_ids or { query.protected_instance_id }
  if #ids == 0 then return true end
  for _, id in ipairs(ids) do
    if replications.device_on(pair, id) then return true end
  end
  return false
end

local function one(thing)
  return function()
    local next_one = thing
    thing = nil
    return next_one
  end
end

function replications.list(world, call)
  local query = call.query
  local function matches(pair)
    if not lists.matches(pair, query) or not is_attached_to_any(pair, query) then return false end
    return lists.is_in_zone(world, pair, query.availability_zone)
  end
  local each
  if query.volume_id then
    local volume = world.volumes:get(query.volume_id)
    each = one(volume and volume.replication_id and world.replications:get(volume.replication_id))
  else
    each = lists.candidates(world, query, "replications")
  end
  return lists.answer(world, call, each, matches, replications.render)
end

return replications
