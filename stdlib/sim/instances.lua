-- Protected instances and the two servers of each.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local lists = require("sim.lists")
local replications = require("sim.replications")

local instances = {
  kind = "protected_instance", store = "instances", plural = "protected_instances",
  refused = "SDRS.1314", arrays = { "attachment", "tags" }, rules = {},
}

function instances.find(world, call)
  local instance = world.instances:get(call.path.protected_instance_id)
  if not instance then wire.refuse("SDRS.0208") end
  return instance
end

function instances.set_status(_, instance, status, at)
  instance.status, instance.updated_at = status, at
end

local function add_server(world, instance, zone, power)
  local server = {
    id = seeded.uuid(world), name = instance.name, availability_zone = zone, power = power,
    protected_instance_id = instance.id,
  }
  world.servers:add(server)
  return server.id
end

--- Adds an instance to a group, with its production server running and its DR server off.
function instances.add(world, group, fields)
  local now = world:now()
  local instance = {
    id = seeded.uuid(world), server_group_id = group.id, name = fields.name,
    description = fields.description, status = fields.status,
    attachment = world.json.array({}), tags = world.json.array({}),
    created_at = fields.created_at or now, updated_at = fields.created_at or now,
  }
  instance.source_server = add_server(world, instance, group.source_availability_zone, "ACTIVE")
  instance.target_server = add_server(world, instance, group.target_availability_zone, "SHUTOFF")
  world.instances:add(instance)
  instances.index(world, instance)
  return instance
end

--- Enters an instance under its group.
function instances.index(world, instance)
  local members = world.members[instance.server_group_id].instances
  members[#members + 1] = instance
end

--- Attaches a pair to an instance under a device name.
function instances.attach(instance, pair, device)
  table.insert(instance.attachment, { replication = pair.id, device = device })
  table.insert(pair.attachment, { protected_instance = instance.id, device = device })
end

--- The server of one side: "current" production or "other". nil when it was deleted natively.
function instances.server(world, group, instance, side)
  local is_source = (group.priority_station == "source") == (side == "current")
  return world.servers:get(is_source and instance.source_server or instance.target_server)
end

-- An instance is as far as the slowest of its pairs.
local function progress(world, instance, at)
  if instance.status == "available" then return 0 end
  local least = nil
  for _, attachment in ipairs(instance.attachment) do
    local pair = world.replications:get(attachment.replication)
    local own = pair and replications.progress(pair, at) or 0
    if not least or own < least then least = own end
  end
  return least or 0
end

function instances.render(world, instance)
  local group = world.groups:get(instance.server_group_id)
  return {
    id = instance.id, name = instance.name,
    description = instance.description or world.json.null,
    server_group_id = instance.server_group_id, status = instance.status,
    progress = progress(world, instance, world:now()),
    source_server = instance.source_server, target_server = instance.target_server,
    priority_station = group.priority_station, attachment = instance.attachment,
    tags = instance.tags, metadata = {},
    created_at = moment.spaced(instance.created_at),
    updated_at = moment.spaced(instance.updated_at),
  }
end

--- A rename answers with tenths of seconds.
function instances.render_renamed(world, instance)
  local view = instances.render(world, instance)
  view.created_at = moment.tenths(instance.created_at)
  view.updated_at = moment.tenths(instance.updated_at)
  return view
end

local function id_set(query)
  local ids = query.protected_instance_ids
  if not ids or query.server_group_id or query.server_group_ids then return nil end
  local set = {}
  for _, id in ipairs(ids) do
    set[id] = true
  end
  return set
end

function instances.list(world, call)
  local wanted = id_set(call.query)
  local function matches(instance, query)
    if wanted and not wanted[instance.id] then return false end
    if not lists.matches(instance, query) then return false end
    local zone = query.availability_zone
    return not zone or world:zone_of(instance.server_group_id) == zone
  end
  local each = lists.candidates(world, call.query, "instances")
  return lists.answer(world, call, each, matches, instances.render)
end

return instances
