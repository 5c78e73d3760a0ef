-- Notifications of a group: SMN topics that hear of its five scenes (as.md section 2).
local wire = require("sim.wire")
local times = require("sim.as.times")
local topics = require("sim.smn.topics")
local messages = require("sim.smn.messages")

local notices = { most = 5 }

--- Tells the group's topics of a scene. The text of these messages is our choice.
function notices.publish(world, group, scene, activity)
  for _, topic in ipairs(group.topics) do
    for _, wanted in ipairs(topic.scenes) do
      if wanted == scene then
        messages.publish(world, topic.urn, {
          subject = "Auto Scaling: " .. scene,
          message = world.json.encode({
            service = "AutoScaling", tenant_id = group.project_id, scene = scene,
            scaling_group_id = group.id, scaling_group_name = group.name,
            activity_id = activity.id, activity_type = activity.type, status = activity.status,
            time = times.text(world:now()),
          }),
        })
      end
    end
  end
end

local function find_group(world, call)
  return world.scaling_groups:get(call.path.scaling_group_id) or wire.refuse("AS.2007")
end

local function place_of(group, urn)
  for place, topic in ipairs(group.topics) do
    if topic.urn == urn then return place end
  end
  return nil
end

local function render(world, topic)
  return {
    topic_urn = topic.urn, topic_scene = world.json.array(topic.scenes),
    topic_name = topics.name_of(topic.urn),
  }
end

notices.answers = {
  create_scaling_notification = function(world, call)
    local group, urn = find_group(world, call), call.body.topic_urn
    if not world.topics:get(urn) then wire.refuse("AS.7025") end
    if place_of(group, urn) then wire.refuse("AS.7029") end
    if #group.topics >= notices.most then wire.refuse("AS.7028") end
    local topic = { urn = urn, scenes = call.body.topic_scene }
    table.insert(group.topics, topic)
    return wire.answer(world, call.operation.success, render(world, topic))
  end,

  list_scaling_notifications = function(world, call)
    local out = world.json.array({})
    for index, topic in ipairs(find_group(world, call).topics) do
      out[index] = render(world, topic)
    end
    return wire.answer(world, call.operation.success, { topics = out })
  end,

  delete_scaling_notification = function(world, call)
    local group = find_group(world, call)
    local place = place_of(group, call.path.topic_urn)
    if not place then wire.refuse("AS.7025") end
    table.remove(group.topics, place)
    return wire.answer(world, call.operation.success)
  end,
}

return notices
