-- Scaling configurations: the templates that groups make their servers from (as.md section 2).
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local times = require("sim.as.times")
local pages = require("sim.as.pages")
local quotas = require("sim.as.quotas")

local configurations = {}

local function find(world, call)
  return world.scaling_configurations:get(call.path.scaling_configuration_id)
    or wire.refuse("AS.1004")
end

local function users_of(world, id)
  local ids = {}
  for group in world.scaling_groups:each() do
    if group.configuration_id == id then ids[#ids + 1] = group.id end
  end
  return ids
end

local function check_disks(disks)
  if not disks or #disks == 0 then wire.refuse("AS.1028") end
  local system = 0
  for _, disk in ipairs(disks) do
    local least, most = 10, 32768
    if disk.disk_type == "SYS" then system, least, most = system + 1, 1, 1024 end
    if disk.size < least or disk.size > most then wire.refuse("AS.1031") end
  end
  if system ~= 1 then wire.refuse("AS.1029") end
end

-- How people log in: a key pair, or a password in user_data or metadata; exactly one of them.
local function check_login(config)
  local password = config.metadata and config.metadata.admin_pass
  if config.key_name and password then wire.refuse("AS.1025") end
  if not config.key_name and not password and not config.user_data then wire.refuse("AS.1026") end
end

local function check_config(world, config)
  if config.instance_id then
    if not world.servers:get(config.instance_id) then wire.refuse("AS.4006") end
  else
    if not config.flavorRef then wire.refuse("AS.1016") end
    if not config.imageRef then wire.refuse("AS.1014") end
    local _, commas = config.flavorRef:gsub(",", "")
    if commas >= 10 then wire.refuse("AS.1087") end
    check_disks(config.disk)
  end
  check_login(config)
end

--- Adds a configuration to the world.
function configurations.add(world, project_id, name, config)
  local configuration = {
    id = seeded.uuid(world), project_id = project_id, name = name, instance_config = config,
    created_at = world:now(),
  }
  world.scaling_configurations:add(configuration)
  return configuration
end

local function copied(world, id)
  local source = world.scaling_configurations:get(id) or wire.refuse("AS.1004")
  local config = {}
  for name, value in pairs(source.instance_config) do
    config[name] = value
  end
  return config
end

local function create(world, call)
  local body = call.body
  if not quotas.allows(world, "scaling_configurations", world.scaling_configurations.count + 1) then
    wire.refuse("AS.1024")
  end
  local config = body.instance_config
  if body.source_scaling_configuration_id then
    local merged = copied(world, body.source_scaling_configuration_id)
    for name, value in pairs(config or {}) do
      merged[name] = value
    end
    config = merged
  elseif not config then
    wire.refuse("AS.1011")
  end
  check_config(world, config)
  local configuration =
    configurations.add(world, call.path.project_id, body.scaling_configuration_name, config)
  return wire.answer(world, call.operation.success, {
    scaling_configuration_id = configuration.id,
  })
end

local lists = { disk = true, personality = true, security_groups = true }
local nullable = {
  "personality", "instance_name", "instance_id", "flavorRef", "imageRef", "key_name", "public_ip",
  "user_data",
}

local function render_config(world, config)
  local view = {}
  for name, value in pairs(config) do
    view[name] = lists[name] and world.json.array(value) or value
  end
  for _, name in ipairs(nullable) do
    if view[name] == nil then view[name] = world.json.null end
  end
  view.metadata = {}
  for name, value in pairs(config.metadata or {}) do
    view.metadata[name] = name == "admin_pass" and "******" or value
  end
  view.multi_flavor_priority_policy = config.multi_flavor_priority_policy or "PICK_FIRST"
  return view
end

local function render(world, configuration)
  local users = users_of(world, configuration.id)
  return {
    scaling_configuration_id = configuration.id, tenant = configuration.project_id,
    scaling_configuration_name = configuration.name,
    instance_config = render_config(world, configuration.instance_config),
    create_time = times.text(configuration.created_at),
    scaling_group_id = #users > 0 and table.concat(users, ",") or world.json.null,
  }
end

local function list(world, call)
  local query = call.query
  local function matches(configuration)
    return (not query.scaling_configuration_name
        or configuration.name:find(query.scaling_configuration_name, 1, true))
      and (not query.image_id or configuration.instance_config.imageRef == query.image_id)
  end
  return pages.answer(world, call, world.scaling_configurations:each(), matches, render)
end

-- All or nothing; the text names the first that stood in the way.
local function delete_batch(world, call)
  local ids = call.body.scaling_configuration_id
  for _, id in ipairs(ids) do
    local reason = not world.scaling_configurations:get(id) and "AS.1004"
      or #users_of(world, id) > 0 and "AS.1006"
    if reason then
      wire.refuse("AS.1038", "batch deleting scaling config failed: " .. id .. " " .. reason)
    end
  end
  for _, id in ipairs(ids) do
    world.scaling_configurations:remove(id)
  end
  return wire.answer(world, call.operation.success)
end

configurations.answers = {
  create_scaling_config = create,
  list_scaling_configs = list,
  show_scaling_config = function(world, call)
    local configuration = find(world, call)
    return wire.answer(world, call.operation.success, {
      scaling_configuration = render(world, configuration),
    })
  end,
  update_scaling_config = function(world, call)
    local configuration = find(world, call)
    configuration.instance_config.imageRef = call.body.instance_config.imageRef
    return wire.answer(world, call.operation.success, {
      scaling_configuration_id = configuration.id,
    })
  end,
  delete_scaling_config = function(world, call)
    local configuration = find(world, call)
    if #users_of(world, configuration.id) > 0 then wire.refuse("AS.1006") end
    world.scaling_configurations:remove(configuration.id)
    return wire.answer(world, call.operation.success)
  end,
  batch_delete_scaling_configs = delete_batch,
}

return configurations
