-- Protection groups: what their operations need and do beyond the statuses of the catalogue.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local lists = require("sim.sdrs.lists")
local pairs_of = require("sim.sdrs.replications")
local transitions = require("sim.sdrs.transitions")

local groups = {
  kind = "server_group", store = "groups", plural = "server_groups", refused = "SDRS.1002",
  change = transitions.change, rules = {},
}

-- "Three months" of query_type=period_no_dr_drill (choice sdrs.drill-period).
local drill_period = 90 * 86400 * moment.second

function groups.find(world, call)
  local group = world.groups:get(call.path.server_group_id)
  if not group then wire.refuse("SDRS.1013") end
  return group
end

--- Sets the status of a group and, alike, of its instances and pairs. Members that were deleted
--- natively, or never made, stay what they are.
function groups.set_status(world, group, status, at)
  group.status, group.updated_at = status, at
  local members = world.members[group.id]
  for _, store in ipairs({ "instances", "replications" }) do
    for _, member in ipairs(members[store]) do
      if member.status ~= "invalid" and member.status ~= "error" then
        member.status, member.updated_at = status, at
      end
    end
  end
end

--- Adds a group to the world; `fields` is what the caller chose, the rest is as for a new one.
function groups.add(world, fields)
  local now = world:now()
  local group = {
    id = seeded.uuid(world), name = fields.name, description = fields.description,
    status = fields.status, source_availability_zone = fields.source_availability_zone,
    target_availability_zone = fields.target_availability_zone,
    domain_id = fields.domain_id, source_vpc_id = fields.source_vpc_id,
    target_vpc_id = fields.source_vpc_id,
    dr_type = fields.dr_type or "migration", priority_station = "source",
    created_at = fields.created_at or now, updated_at = fields.created_at or now,
  }
  world.groups:add(group)
  groups.index(world, group)
  return group
end

--- Makes room for a group's members.
function groups.index(world, group)
  world.members[group.id] = { instances = {}, replications = {}, drills = {} }
end

function groups.remove(world, group)
  world.groups:remove(group.id)
  world.members[group.id] = nil
end

-- The group's progress is that of its slowest pair.
local function progress(world, group, at)
  if group.status == "available" then return 0 end
  local least = nil
  for _, pair in ipairs(world.members[group.id].replications) do
    local own = pairs_of.progress(pair, at)
    if not least or own < least then least = own end
  end
  return least or 0
end

function groups.render(world, group)
  local null, members = world.json.null, world.members[group.id]
  local domain = world.domains:get(group.domain_id)
  return {
    id = group.id, name = group.name, description = group.description or null,
    status = group.status, progress = progress(world, group, world:now()),
    source_availability_zone = group.source_availability_zone,
    target_availability_zone = group.target_availability_zone,
    domain_id = group.domain_id, domain_name = domain and domain.name or null,
    priority_station = group.priority_station,
    protected_instance_num = #members.instances, replication_num = #members.replications,
    disaster_recovery_drill_num = #members.drills,
    source_vpc_id = group.source_vpc_id, target_vpc_id = group.target_vpc_id,
    dr_type = group.dr_type, server_type = "ECS", protection_type = "replication-pair",
    protected_status = null, replication_status = null, health_status = null,
    test_vpc_id = null, replication_model = null,
    created_at = moment.spaced(group.created_at), updated_at = moment.spaced(group.updated_at),
  }
end

--- A rename answers with tenths of seconds.
function groups.render_renamed(world, group)
  local view = groups.render(world, group)
  view.created_at = moment.tenths(group.created_at)
  view.updated_at = moment.tenths(group.updated_at)
  return view
end

--- Unprotected groups and such as had no drill for three months are found by their query_type.
function groups.list(world, call)
  local since = world:now() - drill_period
  local function matches(group, query)
    if not lists.matches(group, query) then return false end
    if query.query_type == "stop_protected"
      and group.status ~= "available" and group.status ~= "failed-over" then
      return false
    end
    if query.query_type == "period_no_dr_drill" and (group.last_drill_at or 0) > since then
      return false
    end
    return not query.availability_zone or lists.zone_of(group) == query.availability_zone
  end
  return lists.answer(world, call, world.groups:each(), matches, groups.render)
end

return groups
