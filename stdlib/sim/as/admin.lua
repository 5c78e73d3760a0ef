-- The administrator's calls on Auto Scaling: what no call of the platform can do.
local seeded = require("sim.seeded")
local input = require("sim.admin_input")
local configurations = require("sim.as.configurations")
local groups = require("sim.as.groups")
local holds = require("sim.as.holds")
local outcomes = require("sim.as.outcomes")
local rows = require("sim.as.rows")
local runs = require("sim.as.policy_runs")
local scaling = require("sim.as.scaling")
local servers = require("sim.as.servers")

local own_project = "5147d0000000400080000000000000a1"
local age = 86400 * 1e6
local page = 1000

local function template(world)
  return {
    flavorRef = "s3.large.2", imageRef = seeded.uuid(world), key_name = "simulated",
    disk = world.json.array({ { size = 40, volume_type = "SAS", disk_type = "SYS" } }),
    security_groups = world.json.array({ { id = seeded.uuid(world) } }), metadata = {},
  }
end

local function hook_of(world, wish)
  if type(wish) ~= "table" then input.bad("hooks: a list of objects") end
  if not world.topics:get(wish.topic_urn or "") then input.bad("hooks: topic_urn is unknown") end
  return {
    name = input.text(wish, "name") or input.bad("hooks: name is missing"),
    type = input.word(wish, "type", { "INSTANCE_LAUNCHING", "INSTANCE_TERMINATING" })
      or input.bad("hooks: type is missing"),
    default_result = input.word(wish, "default_result", { "ABANDON", "CONTINUE" }) or "ABANDON",
    timeout = input.number(wish, "timeout", 1, 86400) or 3600,
    topic_urn = wish.topic_urn, metadata = input.text(wish, "metadata"), created_at = world:now(),
  }
end

local function fill(world, group, count)
  local counts = {}
  for _ = 1, count do
    local instance = scaling.new_instance(world, group, counts)
    instance.state, instance.health = "INSERVICE", "NORMAL"
    instance.joined_at = world:now() - age
    instance.in_service_at = instance.joined_at
    servers.create(world, group, instance)
  end
end

local function make_group(world, _, body)
  if type(body.hooks or {}) ~= "table" then input.bad("hooks: a list of objects") end
  local name = input.text(body, "name") or input.bad("name: a text")
  local count = math.floor(input.number(body, "instances", 0, 100000) or 0)
  local project_id = input.text(body, "project_id") or own_project
  local configuration = configurations.add(world, project_id, name .. "-config", template(world))
  local group = groups.add(world, {
    name = name, project_id = project_id, vpc_id = seeded.uuid(world), desire = count,
    min = input.number(body, "min", 0) or 0,
    max = input.number(body, "max", 0) or math.max(count, 100),
    status = input.word(body, "status", { "INSERVICE", "PAUSED", "ERROR" }) or "INSERVICE",
    configuration_id = configuration.id, configuration_name = configuration.name,
    networks = world.json.array({ { id = seeded.uuid(world), ipv6_enable = false } }),
    created_at = world:now() - age,
  })
  for _, wish in ipairs(body.hooks or {}) do
    table.insert(group.hooks, hook_of(world, wish))
  end
  fill(world, group, count)
  return { scaling_group_id = group.id, scaling_configuration_id = configuration.id }
end

local function set_group(world, path, body)
  local group = input.found(world, "scaling_groups", "scaling group", path.id)
  local status = input.word(body, "status", { "INSERVICE", "PAUSED", "ERROR", "FREEZED" })
  group.status, group.detail = status or group.status, input.text(body, "detail") or group.detail
  local desire = input.number(body, "desire", 0)
  if desire then
    desire = math.floor(desire)
    group.max = math.max(group.max, desire)
    scaling.set_desire(world, group, desire, "MANNUAL")
  end
  local failing = input.number(body, "failing_launches", 0)
  if failing then
    group.failing_launches = failing
    group.failing_reason = input.text(body, "reason") or "The type of ECS has been sold out."
  end
  scaling.soon(world, group)
  return { scaling_group = groups.render(world, group) }
end

local function set_instance(world, path, body)
  local instance = input.found(world, "scaling_instances", "instance", path.id)
  local health = input.word(body, "health", { "NORMAL", "ERROR" })
  if health == "ERROR" then
    scaling.unhealthy(world, world.scaling_groups:get(instance.group_id), instance)
  elseif health then
    instance.health, instance.condemned = health, nil
  end
  return { instance = instance }
end

local function list_held(world)
  local out = world.json.array({})
  for hold in world.lifecycle_holds:each() do
    local row = holds.render(world, hold)
    row.life_cycle_state = world.scaling_instances:get(hold.instance_id).state
    out[#out + 1] = row
  end
  return { held = out }
end

local function list_outcomes(world, _, _, query)
  local group = query.group and input.found(world, "scaling_groups", "scaling group", query.group)
  return outcomes.book(world, group and group.id, query.after, page)
end

local function count_states(world)
  local out = world.json.array({})
  for group in world.scaling_groups:each() do
    local states = {}
    for _, instance in ipairs(rows.of(world, "scaling_instances", group.id)) do
      states[instance.state] = (states[instance.state] or 0) + 1
    end
    out[#out + 1] = {
      scaling_group_id = group.id, name = group.name, status = group.status,
      desire = group.desire, states = states, is_scaling = group.activity_id ~= nil,
    }
  end
  return { scaling_groups = out }
end

local function fire_alarm(world, path)
  local count, refused = runs.alarm(world, path.id)
  if count == 0 then input.unknown(world, "alarm", path.id) end
  return { policies = count, refused = world.json.array(refused) }
end

return {
  { "GET", "/_sim/as/groups", "the scaling groups, and how many instances are in each state",
    count_states },
  { "POST", "/_sim/as/groups", "makes a scaling group in service: {name, instances?, min?, max?, "
    .. "status?, project_id?, hooks? [{name, type, topic_urn, timeout?, default_result?}]}",
    make_group },
  { "POST", "/_sim/as/groups/{id}/set",
    "{status?, detail?, desire?, failing_launches?, reason?}; id or name", set_group },
  { "POST", "/_sim/as/instances/{id}/set", "{health: NORMAL|ERROR}", set_instance },
  { "GET", "/_sim/as/held", "every held instance of every group", list_held },
  { "GET", "/_sim/as/outcomes", "what every hold that ever was came to, and who said so: "
    .. "?group=&after=KEY", list_outcomes },
  { "POST", "/_sim/as/alarms/{id}/fire", "lets an alarm go off: its policies run", fire_alarm },
}
