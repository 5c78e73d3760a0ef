-- Publishing: one message becomes a delivery to every confirmed subscription of the topic.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local topics = require("sim.smn.topics")
local deliveries = require("sim.smn.deliveries")

local messages = { default_life = 3600, longest_life = 86400, longest_text = 262144 }

local confirmed = 1

-- The text for a protocol: with a structure its own entry, else the default one.
local function text_for(message, protocol)
  local structure = message.structure
  if not structure then return message.message end
  local own = structure[protocol]
  return type(own) == "string" and own or structure.default
end

--- Publishes { subject, message, structure, life } on a topic; life is in seconds. Returns the id
--- of the message, nil when there is no such topic (it is lost then, and nobody hears of it).
function messages.publish(world, urn, message)
  if not world.topics:get(urn) then return nil end
  local id = seeded.hex(world, "message")
  local life = (message.life or messages.default_life) * moment.second
  for _, subscription in ipairs(world.subscribers[urn] or {}) do
    if subscription.status == confirmed and deliveries.carries(subscription.protocol) then
      deliveries.send(world, subscription, {
        type = "Notification", message_id = id, subject = message.subject,
        message = text_for(message, subscription.protocol), expires_at = world:now() + life,
      })
    end
  end
  return id
end

local function structure_of(world, text)
  if not text then return nil end
  local read, structure = pcall(world.json.decode, text)
  if not read or type(structure) ~= "table" or type(structure.default) ~= "string" then
    wire.refuse("SMN.0001", "message_structure is no JSON object with a default")
  end
  return structure
end

local function life_of(body)
  if body.time_to_live == nil then return nil end
  local life = tonumber(body.time_to_live)
  if not life or life < 1 or life > messages.longest_life then
    wire.refuse("SMN.0001", "time_to_live is not from 1 to 86400")
  end
  return life
end

messages.answers = {
  publish_message = function(world, call)
    local topic, body = topics.find(world, call), call.body
    local structure = structure_of(world, body.message_structure)
    local text = body.message or body.message_template_name
    if not structure and not text then wire.refuse("SMN.0001", "there is no message") end
    if text and #text > messages.longest_text then
      wire.refuse("SMN.0001", "the message is longer than 256 KB")
    end
    local id = messages.publish(world, topic.id, {
      subject = body.subject, message = text, structure = structure, life = life_of(body),
    })
    return wire.answer(world, call.operation.success, {
      request_id = world.request_id, message_id = id,
    })
  end,
}

return messages
