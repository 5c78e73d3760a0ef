-- Protected instances and the two servers of each.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local servers = require("sim.ecs.servers")
local lists = require("sim.sdrs.lists")
local replications = require("sim.sdrs.replications")
local transitions = require("sim.sdrs.transitions")

local instances = {
  kind = "protected_instance", store = "instances", plural = "protected_instances",
  refused = "SDRS.1314", arrays = { "attachment", "tags" }, change = transitions.change,
  rules = {},
}

--- The instance of an id, or the platform's refusal.
function instances.get(world, id)
  return world.instances:get(id) or wire.refuse("SDRS.0208")
end

function instances.find(world, call)
  return instances.get(world, call.path.protected_instance_id)
end

function instances.set_status(_, instance, status, at)
  instance.status, instance.updated_at = status, at
end

-- The DR server has the name and, unless another is asked for, the flavor of the production server.
local function add_dr_server(world, group, production, fields)
  local server = servers.add(world, {
    name = production.name, availability_zone = group.target_availability_zone,
    vpc_id = group.target_vpc_id, power = "SHUTOFF", flavor = fields.flavor or production.flavor,
    charging_mode = fields.dr_charging_mode, dedicated_host_id = fields.dedicated_host_id,
    subnet_id = fields.subnet_id, created_at = fields.created_at,
  })
  if fields.address then server.nics[1].address = fields.address end
  return server
end

--- Adds an instance to a group for its production server, with a DR server that is off. `fields`:
--- name, status, server (the production server), description, tags, and of the DR server flavor,
--- dedicated_host_id, subnet_id, address.
function instances.add(world, group, fields)
  local created_at = fields.created_at or world:now()
  local production = fields.server
  local dr_server = add_dr_server(world, group, production, fields)
  local instance = {
    id = seeded.uuid(world), server_group_id = group.id, name = fields.name,
    description = fields.description, status = fields.status,
    attachment = world.json.array({}), tags = world.json.array(fields.tags or {}),
    created_at = created_at, updated_at = created_at,
    source_server = production.id, target_server = dr_server.id,
  }
  production.protected_instance_id = instance.id
  dr_server.protected_instance_id = instance.id
  world.instances:add(instance)
  instances.index(world, instance)
  return instance
end

--- Enters an instance under its group.
function instances.index(world, instance)
  local members = world.members[instance.server_group_id].instances
  members[#members + 1] = instance
end

--- Takes an instance out of the world; its servers stay.
function instances.remove(world, instance)
  world.instances:remove(instance.id)
  lists.take_out(world.members[instance.server_group_id].instances, instance)
  for _, id in ipairs({ instance.source_server, instance.target_server }) do
    local server = world.servers:get(id)
    if server then server.protected_instance_id = nil end
  end
end

--- The server of one side: "current" production or "other". nil when it was deleted natively.
function instances.server(world, group, instance, side)
  local is_source = (group.priority_station == "source") == (side == "current")
  return world.servers:get(is_source and instance.source_server or instance.target_server)
end

--- The pairs that are attached to an instance.
function instances.pairs_of(world, instance)
  local list = {}
  for _, attachment in ipairs(instance.attachment) do
    list[#list + 1] = world.replications:get(attachment.replication)
  end
  return list
end

-- An instance is as far as the slowest of its pairs.
local function progress(world, instance, at)
  if instance.status == "available" then return 0 end
  local least = nil
  for _, pair in ipairs(instances.pairs_of(world, instance)) do
    local own = replications.progress(pair, at)
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

-- The instances of a list of ids, each once; unknown ones are passed over.
local function by_ids(world, ids)
  local index, seen = 0, {}
  return function()
    repeat
      index = index + 1
      local id = ids[index]
      if id == nil then return nil end
      local instance = not seen[id] and world.instances:get(id)
      seen[id] = true
      if instance then return instance end
    until false
  end
end

function instances.list(world, call)
  local query = call.query
  local function matches(instance)
    return lists.matches(instance, query)
      and lists.is_in_zone(world, instance, query.availability_zone)
  end
  -- A filter by group beats one by instances.
  local ids = query.protected_instance_ids
  if query.server_group_id or query.server_group_ids then ids = nil end
  local each = ids and by_ids(world, ids) or lists.candidates(world, query, "instances")
  return lists.answer(world, call, each, matches, instances.render)
end

return instances
