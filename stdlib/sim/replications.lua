-- Replication pairs: their synchronisation, and what creating and deleting them needs.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local durations = require("sim.durations")
local wire = require("sim.wire")
local lists = require("sim.lists")
local quotas = require("sim.quotas")
local transitions = require("sim.transitions")

local replications = {
  kind = "replication_pair", store = "replications", plural = "replications",
  refused = "SDRS.1601", arrays = { "attachment" },
}

-- Undocumented number: sdrs.md section 8 says no new pair while five are unattached; we count them
-- by group.
local unattached_most = 5

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

function replications.find(world, call)
  local pair = world.replications:get(call.path.replication_id)
  if not pair then wire.refuse("SDRS.1608") end
  return pair
end

function replications.set_status(_, pair, status, at)
  pair.status, pair.updated_at = status, at
end

--- Adds a pair to a group; `fields` is what the caller chose.
function replications.add(world, group, fields)
  local now = world:now()
  local pair = {
    id = seeded.uuid(world), server_group_id = group.id, name = fields.name,
    description = fields.description, status = fields.status,
    production_volume = fields.volume_id, dr_volume = seeded.uuid(world),
    volume_size = fields.volume_size or 40, bootable = fields.bootable or false,
    fault_level = "0", attachment = world.json.array({}),
    created_at = fields.created_at or now, updated_at = fields.created_at or now,
  }
  world.replications:add(pair)
  replications.index(world, pair)
  return pair
end

--- Enters a pair under its group and its volumes.
function replications.index(world, pair)
  local members = world.members[pair.server_group_id].replications
  members[#members + 1] = pair
  world.volumes[pair.production_volume] = pair
  world.volumes[pair.dr_volume] = pair
end

function replications.remove(world, pair)
  world.replications:remove(pair.id)
  world.volumes[pair.production_volume] = nil
  world.volumes[pair.dr_volume] = nil
  local members = world.members[pair.server_group_id].replications
  for index, member in ipairs(members) do
    if member == pair then
      table.remove(members, index)
      return
    end
  end
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
      multiattach = false, bootable = pair.bootable, volume_size = pair.volume_size,
      volume_type = "SSD",
    },
    failure_detail = status == "error" and pair.failure_detail or nil,
    created_at = moment.micros(pair.created_at), updated_at = moment.micros(pair.updated_at),
  }
end

local function is_attached_to(pair, instance_id)
  for _, attachment in ipairs(pair.attachment) do
    if attachment.protected_instance == instance_id then return true end
  end
  return false
end

local function is_attached_to_any(pair, query)
  local ids = query.protected_instance_ids or { query.protected_instance_id }
  if #ids == 0 then return true end
  for _, id in ipairs(ids) do
    if is_attached_to(pair, id) then return true end
  end
  return false
end

function replications.list(world, call)
  local function matches(pair, query)
    if not lists.matches(pair, query) or not is_attached_to_any(pair, query) then return false end
    if query.volume_id and world.volumes[query.volume_id] ~= pair then return false end
    local zone = query.availability_zone
    return not zone or world:zone_of(pair.server_group_id) == zone
  end
  local each = lists.candidates(world, call.query, "replications")
  return lists.answer(world, call, each, matches, replications.render)
end

local function refuse_if_many_unattached(members)
  local unattached = 0
  for _, pair in ipairs(members) do
    if #pair.attachment == 0 then unattached = unattached + 1 end
  end
  if unattached >= unattached_most then wire.refuse("SDRS.1826") end
end

local function make(world, call, during)
  local wish = call.body
  local group = world.groups:get(wish.server_group_id)
  if not group then wire.refuse("SDRS.1013") end
  transitions.check_group(call.operation, replications.rules.create_replication, group)
  if world.volumes[wish.volume_id] then wire.refuse("SDRS.1811") end
  if group.priority_station ~= "source" then wire.refuse("SDRS.1809") end
  refuse_if_many_unattached(world.members[group.id].replications)
  quotas.check(world, "replications")
  wish.status = during
  return replications.add(world, group, wish)
end

replications.rules = {
  create_replication = {
    make = make,
    group_refused = "SDRS.1024",
    begun = function(_, pair, job)
      pair.failure_detail = job.failure_code
    end,
    -- Under protection a new pair begins to synchronise by itself.
    succeeded = function(world, pair, job)
      if pair.status == "protected" then
        replications.start_synchronising(world, pair, job.end_at)
      end
    end,
  },
  delete_replication = {
    check = function(_, pair, call)
      local group_id = call.body.server_group_id
      if group_id and group_id ~= pair.server_group_id then wire.refuse("SDRS.1611") end
      if #pair.attachment > 0 then wire.refuse("SDRS.1605") end
    end,
  },
}

return replications
