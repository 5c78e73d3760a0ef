-- What people do with the instances of a group: list, add, remove, protect and stand by (as.md
-- section 9). Everything but protection runs as an activity.
local wire = require("sim.wire")
local rows = require("sim.as.rows")
local times = require("sim.as.times")
local pages = require("sim.as.pages")
local groups = require("sim.as.groups")
local activities = require("sim.as.activities")
local lifecycle = require("sim.as.lifecycle")
local scaling = require("sim.as.scaling")
local server_of = require("sim.as.servers")

local instances = { most = 10 }

local function render(world, instance)
  local null = world.json.null
  local group = world.scaling_groups:get(instance.group_id)
  return {
    instance_id = instance.created and instance.id or null, instance_name = instance.name,
    scaling_group_id = group.id, scaling_group_name = group.name,
    life_cycle_state = instance.state, health_status = instance.health,
    scaling_configuration_id = instance.configuration_id or null,
    scaling_configuration_name = instance.configuration_name or null,
    create_time = times.text(instance.joined_at),
    protect_from_scaling_down = instance.protected,
  }
end

local function list(world, call)
  local group, query = world.scaling_groups:get(call.path.scaling_group_id), call.query
  if not group then wire.refuse("AS.4005") end
  -- The filter is spelled right, the answer is not.
  local health = query.health_status == "INITIALIZING" and "INITAILIZING" or query.health_status
  local function matches(instance)
    return (not query.life_cycle_state or instance.state == query.life_cycle_state)
      and (not health or instance.health == health)
      and (not query.protect_from_scaling_down
        or tostring(instance.protected) == tostring(query.protect_from_scaling_down))
  end
  local all = rows.of(world, "scaling_instances", group.id)
  return pages.answer(world, call, pages.forwards(all), matches, render)
end

local function check_idle(group)
  groups.check_alive(group)
  if group.activity_id then wire.refuse("AS.2047") end
end

-- The instances that a batch names; `unknown` answers one that is in no group, `wrong_state` one
-- whose state is not among `allowed`.
local function chosen(world, group, ids, unknown, allowed, wrong_state)
  local list_of, seen = {}, {}
  for _, id in ipairs(ids) do
    local instance = world.scaling_instances:get(id)
    if not instance or not instance.created then wire.refuse(unknown) end
    if instance.group_id ~= group.id then wire.refuse("AS.4014") end
    if not allowed[instance.state] then wire.refuse(wrong_state) end
    if not seen[id] then list_of[#list_of + 1] = instance end
    seen[id] = true
  end
  return list_of
end

local serving, standing_by = { INSERVICE = true }, { STANDBY = true }
local removable = { INSERVICE = true, STANDBY = true }

local function check_server(world, group, id)
  local server = world.servers:get(id)
  if not server then wire.refuse("AS.4029") end
  local member = world.scaling_instances:get(id)
  if member then wire.refuse(member.group_id == group.id and "AS.4023" or "AS.4027") end
  if server.power ~= "ACTIVE" then wire.refuse("AS.4024") end
  if server.vpc_id and server.vpc_id ~= group.vpc_id then wire.refuse("AS.4021") end
  for _, zone in ipairs(group.zones) do
    if zone == server.availability_zone then return server end
  end
  wire.refuse("AS.4020")
end

local function add(world, call)
  local group, ids = groups.find(world, call), call.body.instances_id
  if group.status ~= "INSERVICE" then wire.refuse("AS.2033") end
  check_idle(group)
  local servers, seen = {}, {}
  for _, id in ipairs(ids) do
    if not seen[id] then servers[#servers + 1] = check_server(world, group, id) end
    seen[id] = true
  end
  local before = activities.current(world, group)
  if before + #servers > group.max then wire.refuse("AS.2035") end
  group.desire = math.max(group.desire, before + #servers)
  activities.start(world, group, "MANNUAL_ADD", #servers, before + #servers, {
    activities.reason(world, "MANNUAL", before, before + #servers),
  })
  for _, server in ipairs(servers) do
    server.scaling_group_id = group.id
    local instance = scaling.add(world, group, {
      id = server.id, name = server.name, zone = server.availability_zone,
      address = server_of.address(server), automatic = false,
    })
    lifecycle.begin(world, instance, "joining")
  end
  return wire.answer(world, call.operation.success)
end

-- Takes instances out of their group; `flag` is instance_delete.
local function remove(world, group, list_of, flag)
  local after = #rows.of(world, "scaling_instances", group.id) - #list_of
  if after < group.min then wire.refuse("AS.2036") end
  local delete = flag == "yes"
  for _, instance in ipairs(delete and list_of or {}) do
    local server = world.servers:get(instance.id)
    if server and server.protected_instance_id then wire.refuse("AS.4030") end
    if server and server.charging_mode == "1" then wire.refuse("AS.4016") end
  end
  group.desire = math.min(group.desire, math.max(after, group.min))
  scaling.remove(world, group, list_of, delete and "MANNUAL_DELETE" or "MANNUAL_REMOVE", delete, {
    activities.reason(world, "MANNUAL", after + #list_of, after),
  })
end

local function delete_one(world, call)
  local instance = world.scaling_instances:get(call.path.instance_id)
  if not instance or not instance.created then wire.refuse("AS.4006") end
  local group = world.scaling_groups:get(instance.group_id)
  check_idle(group)
  if not removable[instance.state] then wire.refuse("AS.4015") end
  remove(world, group, { instance }, call.query.instance_delete)
  return wire.answer(world, call.operation.success)
end

local function remove_batch(world, call)
  local group, body = groups.find(world, call), call.body
  check_idle(group)
  local list_of = chosen(world, group, body.instances_id, "AS.4030", removable, "AS.4015")
  remove(world, group, list_of, body.instance_delete)
  return wire.answer(world, call.operation.success)
end

local function protect(value)
  return function(world, call)
    local group = groups.find(world, call)
    groups.check_alive(group)
    local list_of = chosen(world, group, call.body.instances_id, "AS.4033", serving, "AS.4033")
    for _, instance in ipairs(list_of) do
      instance.protected = value
    end
    return wire.answer(world, call.operation.success)
  end
end

-- Starts a move in or out of standby as an activity.
local function move(world, group, list_of, step, type_name)
  local count = activities.current(world, group)
  activities.start(world, group, type_name, #list_of, group.desire, {
    activities.reason(world, "MANNUAL", count, count),
  })
  for _, instance in ipairs(list_of) do
    lifecycle.begin(world, instance, step)
  end
end

local function enter_standby(world, call)
  local group, body = groups.find(world, call), call.body
  check_idle(group)
  local list_of = chosen(world, group, body.instances_id, "AS.4036", serving, "AS.4036")
  if body.instance_append == "yes" then
    local desire = group.desire + #list_of
    if desire > group.max then wire.refuse("AS.4039") end
    scaling.set_desire(world, group, desire, "MANNUAL")
  end
  move(world, group, list_of, "entering_standby", "ENTER_STANDBY")
  return wire.answer(world, call.operation.success)
end

local function exit_standby(world, call)
  local group = groups.find(world, call)
  check_idle(group)
  local list_of = chosen(world, group, call.body.instances_id, "AS.4037", standing_by, "AS.4038")
  move(world, group, list_of, "exiting_standby", "EXIT_STANDBY")
  return wire.answer(world, call.operation.success)
end

instances.answers = {
  list_scaling_instances = list,
  delete_scaling_instance = delete_one,
  batch_add_scaling_instances = add,
  batch_remove_scaling_instances = remove_batch,
  batch_protect_scaling_instances = protect(true),
  batch_unprotect_scaling_instances = protect(false),
  batch_set_scaling_instances_standby = enter_standby,
  batch_unset_scaling_instances_standby = exit_standby,
}

return instances
