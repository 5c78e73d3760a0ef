-- Creating, deleting and expanding replication pairs.
local wire = require("sim.wire")
local volumes = require("sim.ecs.volumes")
local lists = require("sim.sdrs.lists")
local quotas = require("sim.sdrs.quotas")
local transitions = require("sim.sdrs.transitions")
local replications = require("sim.sdrs.replications")

local rules = replications.rules

-- No new pair while this many of the group are attached to nothing (sdrs.md section 8).
local unattached_most = 5

-- A volume that nobody knows is one that was just made, unless the world is strict: the service
-- for volumes is not simulated (choice sdrs.unknown-volume).
local function volume_of(world, group, id)
  local volume = world.volumes:get(id)
  if volume then return volume end
  if world.settings.strict then wire.refuse("SDRS.0211") end
  return { id = id, attachments = {}, availability_zone = lists.zone_of(group), is_new = true }
end

local function check_volume(group, volume)
  if volume.drill_id then wire.refuse("SDRS.1825") end
  if volume.replication_id then wire.refuse("SDRS.1811") end
  if volume.availability_zone ~= lists.zone_of(group) then wire.refuse("SDRS.1810") end
  if volume.encrypted then wire.refuse("SDRS.1802") end
  if volume.frozen then wire.refuse("SDRS.0225") end
  if volume.locked then wire.refuse("SDRS.1831") end
  if volumes.status(volume) ~= "available" then wire.refuse("SDRS.1801") end
end

local function refuse_if_many_unattached(members)
  local unattached = 0
  for _, pair in ipairs(members) do
    if #pair.attachment == 0 then unattached = unattached + 1 end
  end
  if unattached >= unattached_most then wire.refuse("SDRS.1826") end
end

rules.create_replication = {
  group_refused = "SDRS.1024",
  make = function(world, call, during)
    local wish = call.body
    local group = world.groups:get(wish.server_group_id)
    if not group then wire.refuse("SDRS.1013") end
    transitions.check_group(call.operation, rules.create_replication, group)
    if wish.cluster_id then wire.refuse("SDRS.1381") end
    local volume = volume_of(world, group, wish.volume_id)
    if volume.replication_id then wire.refuse("SDRS.1811") end
    if group.priority_station ~= "source" then wire.refuse("SDRS.1809") end
    check_volume(group, volume)
    refuse_if_many_unattached(world.members[group.id].replications)
    quotas.check(world, "replications", 1)
    if volume.is_new then
      volume = volumes.add(world, {
        id = wish.volume_id, name = wish.name, availability_zone = lists.zone_of(group),
      })
    end
    wish.status = during
    return { replications.add(world, group, volume, wish) }
  end,
  entities = function(_, pair)
    return { volume_ids = pair.production_volume .. "," .. pair.dr_volume }
  end,
  begun = function(_, pair, job)
    pair.failure_detail = job.failure_code
  end,
  -- Under protection a new pair begins to synchronise by itself.
  succeeded = function(world, pair, _, at)
    if pair.status == "protected" then replications.start_synchronising(world, pair, at) end
  end,
}

rules.delete_replication = {
  argument = "delete_target_volume",
  check = function(world, pair, call)
    local group_id = call.body.server_group_id
    if group_id and group_id ~= pair.server_group_id then wire.refuse("SDRS.1611") end
    if #pair.attachment > 0 then wire.refuse("SDRS.1605") end
    if not call.body.delete_target_volume then return end
    local _, dr_volume = replications.volumes(world, pair)
    if dr_volume and dr_volume.charging_mode == "1" then wire.refuse("SDRS.1827") end
    if world.settings.frozen then wire.refuse("SDRS.1828") end
  end,
}

local function check_expandable(volume, pair)
  if volume.charging_mode == "1" then wire.refuse("SDRS.1819") end
  if volume.locked then wire.refuse("SDRS.1832") end
  local status = volumes.status(volume)
  if status ~= "available" and status ~= "in-use" then wire.refuse("SDRS.1817") end
  if pair.multiattach and status == "in-use" then wire.refuse("SDRS.1818") end
end

rules.expand_replication = {
  argument = "new_size",
  check = function(world, pair, call)
    -- Shrinking has no code of its own (choice sdrs.shrink).
    if call.body.new_size <= pair.volume_size then wire.refuse("SDRS.0201") end
    local production, dr_volume = replications.volumes(world, pair)
    for _, volume in ipairs({ production or dr_volume, dr_volume }) do
      check_expandable(volume, pair)
    end
  end,
  succeeded = function(world, pair, job)
    pair.volume_size = job.memo.argument
    local production, dr_volume = replications.volumes(world, pair)
    if production then production.size = job.memo.argument end
    if dr_volume then dr_volume.size = job.memo.argument end
  end,
}
