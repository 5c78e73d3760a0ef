-- Topics: named, with a policy, and found by their URN (smn.md sections 1 and 7).
local wire = require("sim.wire")

local topics = { region = "cn-north-4" }

--- The URN of a topic.
function topics.urn(project_id, name)
  return "urn:smn:" .. topics.region .. ":" .. project_id .. ":" .. name
end

--- The last part of a topic's URN.
function topics.name_of(urn)
  return urn:match("[^:]*$")
end

--- The topic that a path names.
function topics.find(world, call)
  local urn = call.path.topic_urn
  if not urn:find("^urn:smn:[^:]+:[^:]+:[^:]+$") then wire.refuse("SMN.0005") end
  return world.topics:get(urn) or wire.refuse("SMN.0006")
end

--- The topic of a name, made when there is none; the second result says whether it was made.
function topics.ensure(world, project_id, name, display_name)
  local urn = topics.urn(project_id, name)
  local topic = world.topics:get(urn)
  if topic then return topic, false end
  topic = {
    id = urn, name = name, display_name = display_name, project_id = project_id,
    created_at = world:now(), policies = {},
  }
  world.topics:add(topic)
  return topic, true
end

topics.answers = {
  create_topic = function(world, call)
    local body = call.body
    local topic, is_new =
      topics.ensure(world, call.path.project_id, body.name, body.display_name)
    return wire.answer(world, is_new and 201 or 200, {
      request_id = world.request_id, topic_urn = topic.id,
    })
  end,

  update_topic_attribute = function(world, call)
    local topic = topics.find(world, call)
    topic.policies[call.path.name or "access_policy"] = call.body.value
    return wire.answer(world, call.operation.success, { request_id = world.request_id })
  end,
}

return topics
