-- The administrator's calls on SMN: what was sent, to whom, and what goes wrong on the way.
local input = require("sim.admin_input")
local deliveries = require("sim.smn.deliveries")
local mishaps = require("sim.smn.mishaps")
local moment = require("sim.moment")
local subscriptions = require("sim.smn.subscriptions")
local topics = require("sim.smn.topics")

local page = 1000

local function list_deliveries(world, _, _, query)
  local out, after = world.json.array({}), query.after ~= nil
  for delivery in world.deliveries:each() do
    local matches = (not query.state or delivery.state == query.state)
      and (not query.topic_urn or delivery.topic_urn == query.topic_urn)
      and (not query.message_id or delivery.message_id == query.message_id)
    if matches and not after and #out < page then
      out[#out + 1] = deliveries.render(world, delivery)
    end
    if delivery.id == query.after then after = false end
  end
  return { deliveries = out }
end

-- What the platform tells nobody but the endpoint: the token that confirms.
local function list_subscriptions(world)
  local out, null = world.json.array({}), world.json.null
  for subscription in world.subscriptions:each() do
    out[#out + 1] = {
      subscription_urn = subscription.id, topic_urn = subscription.topic_urn,
      protocol = subscription.protocol, endpoint = subscription.endpoint,
      status = subscription.status, token = subscription.token or null,
    }
  end
  return { subscriptions = out }
end

local function list_endpoints(world)
  local out, null = world.json.array({}), world.json.null
  for endpoint in world.endpoints:each() do
    local shunned = endpoint.shunned_until
    out[#out + 1] = {
      endpoint = endpoint.id, failures = endpoint.failures, shunned = endpoint.shunned or 0,
      shunned_until = shunned and moment.zulu(shunned) or null,
      is_shunned = shunned ~= nil and world:now() < shunned,
    }
  end
  return { endpoints = out }
end

local function list_mishaps(world)
  local out = world.json.array({})
  for mishap in world.mishaps:each() do
    out[#out + 1] = mishap
  end
  return { mishaps = out, kinds = mishaps.kinds }
end

local function add_mishap(world, _, body)
  local mishap, reason = mishaps.make(world, body)
  if not mishap then input.bad(reason) end
  world.mishaps:add(mishap)
  return list_mishaps(world)
end

local function remove_mishaps(world, _, _, query)
  local ids = {}
  for mishap in world.mishaps:each() do
    if not query.id or mishap.id == query.id then ids[#ids + 1] = mishap.id end
  end
  for _, id in ipairs(ids) do
    world.mishaps:remove(id)
  end
  return list_mishaps(world)
end

-- A topic with a confirmed subscription, without the exchange of messages.
local function make_topic(world, _, body)
  local name = input.text(body, "name") or input.bad("name: a text")
  local project_id = input.text(body, "project_id") or "5147d0000000400080000000000000a1"
  local topic = topics.ensure(world, project_id, name, name)
  local endpoint = input.text(body, "endpoint")
  if not endpoint then return { topic_urn = topic.id } end
  local subscription = subscriptions.add(world, {
    topic_urn = topic.id, protocol = endpoint:match("^https") or "http", endpoint = endpoint,
    project_id = project_id, status = subscriptions.confirmed,
  })
  return { topic_urn = topic.id, subscription_urn = subscription.id }
end

return {
  { "GET", "/_sim/deliveries",
    "messages and what became of them: ?state=&topic_urn=&message_id=&after=ID", list_deliveries },
  { "GET", "/_sim/smn/subscriptions", "every subscription, with the token that confirms it",
    list_subscriptions },
  { "GET", "/_sim/smn/endpoints", "how often each endpoint failed on end and was shunned",
    list_endpoints },
  { "GET", "/_sim/smn/mishaps", "what goes wrong with deliveries, and the kinds", list_mishaps },
  { "POST", "/_sim/smn/mishaps",
    "adds one: {kind, topic_urn?, type?, count?, probability?, times?, seconds?}", add_mishap },
  { "DELETE", "/_sim/smn/mishaps", "takes all away, or one: ?id=", remove_mishaps },
  { "POST", "/_sim/smn/topics", "makes a topic, confirmed at once: {name, endpoint?, project_id?}",
    make_topic },
}
