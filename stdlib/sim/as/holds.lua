-- Held instances: one record per instance and hook, with its action key and deadline (as.md
-- sections 4 and 6). What a result means for the instance is decided in lifecycle.lua.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local agenda = require("sim.agenda")
local outcomes = require("sim.as.outcomes")
local rows = require("sim.as.rows")
local times = require("sim.as.times")
local messages = require("sim.smn.messages")

local holds = { extension = 3600 * moment.second }

-- Keeps the row of a record as text: ten thousand of them are listed again and again, and to write
-- them each time would take a tenth of a second.
local function write_row(world, hold)
  world.hold_rows[hold.id] = world.json.encode(holds.render(world, hold))
end

--- Empties the rows.
function holds.clear(world)
  world.hold_rows = {}
end

--- Writes the rows of the records there are.
function holds.index(world)
  for hold in world.lifecycle_holds:each() do
    write_row(world, hold)
  end
end

-- What the hook's topic gets: the text of as.md section 6.
local function message_text(world, group, instance, hook, hold)
  return world.json.encode({
    service = "AutoScaling", tenant_id = group.project_id,
    lifecycle_hook_type = hook.type, lifecycle_hook_name = hook.name,
    lifecycle_action_key = hold.id,
    notification_metadata = hook.metadata or world.json.null,
    scaling_instance = {
      instance_id = instance.id, instance_name = instance.name,
      instance_ip = instance.address,
    },
    scaling_group = {
      scaling_group_id = group.id, scaling_group_name = group.name,
      scaling_config_id = group.configuration_id or world.json.null,
      scaling_config_name = group.configuration_name or world.json.null,
    },
  })
end

local function hold_by(world, group, instance, hook)
  local deadline = world:now() + hook.timeout * moment.second
  local hold = {
    id = seeded.uuid(world), group_id = group.id, instance_id = instance.id, hook = hook.name,
    status = "HANGING", default_result = hook.default_result, deadline = deadline,
  }
  rows.add(world, "lifecycle_holds", hold)
  outcomes.began(world, hold, hook.type)
  write_row(world, hold)
  table.insert(instance.holds, hold.id)
  agenda.at(world, deadline, "as_hold", hold.id)
  messages.publish(world, hook.topic_urn, {
    subject = "lifecycle hook", message = message_text(world, group, instance, hook, hold),
  })
end

--- Holds an instance by every hook of a type, all at the same time; returns how many there are.
function holds.begin(world, group, instance, hook_type)
  local count = 0
  for _, hook in ipairs(group.hooks) do
    if hook.type == hook_type then
      hold_by(world, group, instance, hook)
      count = count + 1
    end
  end
  return count
end

--- Takes a final result for one record; `by` is where it came from (outcomes.lua). Returns the
--- verdict for the instance: "ABANDON" as soon as one record says so, "CONTINUE" when all do, nil
--- while others hang.
function holds.decide(world, instance, hold, result, by)
  hold.status = result
  write_row(world, hold)
  outcomes.ended(world, hold, result, by)
  if result == "ABANDON" then return result end
  for _, id in ipairs(instance.holds) do
    if world.lifecycle_holds:get(id).status == "HANGING" then return nil end
  end
  return result
end

--- Lets the records of an instance vanish: it is not held any more.
function holds.release(world, instance)
  for _, id in ipairs(instance.holds) do
    local hold = world.lifecycle_holds:get(id)
    if hold.status == "HANGING" then outcomes.ended(world, hold, "ABANDON", "sibling") end
    rows.remove(world, "lifecycle_holds", hold)
    world.hold_rows[id] = nil
  end
  instance.holds = world.json.array({})
end

--- Moves the deadline of one record by an hour, from where it was.
function holds.extend(world, hold)
  hold.deadline = hold.deadline + holds.extension
  agenda.at(world, hold.deadline, "as_hold", hold.id)
  write_row(world, hold)
end

local function named(world, body)
  if body.lifecycle_action_key then return world.lifecycle_holds:get(body.lifecycle_action_key) end
  local instance = world.scaling_instances:get(body.instance_id)
  for _, id in ipairs(instance and instance.holds or {}) do
    local hold = world.lifecycle_holds:get(id)
    if hold.hook == body.lifecycle_hook_name then return hold end
  end
  return nil
end

--- The hanging record of a group that a callback names, by key or by instance and hook; nil when
--- none fits.
function holds.find(world, group, body)
  local hold = named(world, body)
  return hold and hold.group_id == group.id and hold.status == "HANGING" and hold or nil
end

--- The records of a group, of one instance if it is given, as a JSON list.
function holds.list(world, group, instance_id)
  local out, texts = {}, world.hold_rows
  for _, hold in ipairs(rows.of(world, "lifecycle_holds", group.id)) do
    if not instance_id or hold.instance_id == instance_id then out[#out + 1] = texts[hold.id] end
  end
  return "[" .. table.concat(out, ",") .. "]"
end

function holds.render(_, hold)
  return {
    instance_id = hold.instance_id, scaling_group_id = hold.group_id,
    lifecycle_hook_name = hold.hook, lifecycle_action_key = hold.id,
    default_result = hold.default_result, timeout = times.text(hold.deadline),
    lifecycle_hook_status = hold.status,
  }
end

return holds
