-- Subscriptions: asked for, confirmed within 48 hours by a link, cancelled (smn.md section 1).
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local topics = require("sim.smn.topics")
local deliveries = require("sim.smn.deliveries")

local subscriptions = { unconfirmed = 0, confirmed = 1 }

local token_life = 48 * 3600 * moment.second
local message_life = 3600 * moment.second

local protocols = {
  http = "^http://[^/]", https = "^https://[^/]", email = "^[^@]+@[^@]+$", sms = "^%+?%d+$",
  functionstage = "^urn:", functiongraph = "^urn:", dms = ".", callnotify = "^%+?%d+$",
}

local function index(world, subscription)
  local list = world.subscribers[subscription.topic_urn] or {}
  world.subscribers[subscription.topic_urn] = list
  list[#list + 1] = subscription
end

function subscriptions.clear(world)
  world.subscribers = {}
end

function subscriptions.index(world)
  for subscription in world.subscriptions:each() do
    index(world, subscription)
  end
end

local function new_token(world)
  local parts = {}
  for part = 1, 6 do
    parts[part] = seeded.hex(world, "message")
  end
  return table.concat(parts)
end

-- Sends a message that brings a link with a token.
local function send_link(world, subscription, type_name, text)
  subscription.token, subscription.token_until = new_token(world), world:now() + token_life
  if not deliveries.carries(subscription.protocol) then return end
  deliveries.send(world, subscription, {
    type = type_name, message_id = seeded.hex(world, "message"), message = text,
    token = subscription.token, expires_at = world:now() + message_life,
  })
end

local function invite(world, subscription)
  send_link(world, subscription, "SubscriptionConfirmation",
    "You are invited to subscribe to topic: " .. subscription.topic_urn
      .. ". To confirm this subscription, please visit the subscribe_url included in this message."
      .. " The subscribe_url is valid only within 48 hours.")
end

--- Adds a subscription; fields: topic_urn, protocol, endpoint and what else the caller chose.
function subscriptions.add(world, fields)
  local subscription = {
    id = fields.topic_urn .. ":" .. seeded.hex(world, "message"), topic_urn = fields.topic_urn,
    protocol = fields.protocol, endpoint = fields.endpoint, remark = fields.remark,
    headers = fields.headers, project_id = fields.project_id,
    status = fields.status or subscriptions.unconfirmed, created_at = world:now(),
  }
  world.subscriptions:add(subscription)
  index(world, subscription)
  return subscription
end

local function remove(world, subscription)
  world.subscriptions:remove(subscription.id)
  local list = world.subscribers[subscription.topic_urn]
  for place, candidate in ipairs(list) do
    if candidate == subscription then
      table.remove(list, place)
      break
    end
  end
  send_link(world, subscription, "UnsubscribeConfirmation",
    "You are unsubscribed from topic: " .. subscription.topic_urn
      .. ". To subscribe to this topic again, please visit the subscribe_url included in this"
      .. " message. The subscribe_url is valid only within 48 hours.")
  world.farewells:add({
    id = subscription.token, topic_urn = subscription.topic_urn, protocol = subscription.protocol,
    endpoint = subscription.endpoint, remark = subscription.remark,
    project_id = subscription.project_id, token_until = subscription.token_until,
  })
end

local function find_subscribed(world, topic, endpoint)
  for _, subscription in ipairs(world.subscribers[topic.id] or {}) do
    if subscription.endpoint == endpoint then return subscription end
  end
  return nil
end

local function add(world, call)
  local topic, body = topics.find(world, call), call.body
  local form = protocols[body.protocol]
  if not form then wire.refuse("SMN.0011") end
  if not body.endpoint:find(form) then wire.refuse("SMN.0012") end
  local known = find_subscribed(world, topic, body.endpoint)
  local subscription = known or subscriptions.add(world, {
    topic_urn = topic.id, protocol = body.protocol, endpoint = body.endpoint,
    remark = body.remark, headers = body.extension and body.extension.header,
    project_id = call.path.project_id,
  })
  if subscription.status == subscriptions.unconfirmed then invite(world, subscription) end
  return wire.answer(world, known and 200 or 201, {
    request_id = world.request_id, subscription_urn = subscription.id,
  })
end

-- Whether a token that was found confirms this, a subscription or what is left of one.
local function is_good(world, holder, wanted)
  return holder ~= nil and world:now() <= holder.token_until
    and (not wanted.topic_urn or holder.topic_urn == wanted.topic_urn)
    and (not wanted.endpoint or holder.endpoint == wanted.endpoint)
end

local function invited_by(world, token)
  for subscription in world.subscriptions:each() do
    if subscription.token == token then return subscription end
  end
  return nil
end

--- Confirms by the token of a link, { token, topic_urn, endpoint }; returns the subscription, nil
--- for a token that is unknown, old or for something else. Once more changes nothing.
function subscriptions.confirm(world, wanted)
  local token = wanted.token or ""
  local subscription = invited_by(world, token)
  if subscription then
    if not is_good(world, subscription, wanted) then return nil end
    subscription.status = subscriptions.confirmed
    return subscription
  end
  local farewell = world.farewells:get(token)
  if not is_good(world, farewell, wanted) then return nil end
  world.farewells:remove(token)
  farewell.status = subscriptions.confirmed
  subscription = subscriptions.add(world, farewell)
  subscription.token, subscription.token_until = token, farewell.token_until
  return subscription
end

--- Cancels by URN; returns whether there was such a subscription.
function subscriptions.cancel(world, urn)
  local subscription = world.subscriptions:get(urn or "")
  if not subscription then return false end
  remove(world, subscription)
  return true
end

local function render(subscription)
  return {
    topic_urn = subscription.topic_urn, protocol = subscription.protocol,
    subscription_urn = subscription.id, owner = subscription.project_id,
    endpoint = subscription.endpoint, remark = subscription.remark or "",
    status = subscription.status,
  }
end

local function list(world, call)
  local query = call.query
  local limit, offset = query.limit or 100, query.offset or 0
  local out, count = world.json.array({}), 0
  for subscription in world.subscriptions:each() do
    if (not query.protocol or subscription.protocol == query.protocol)
      and (not query.status or subscription.status == tonumber(query.status))
      and (not query.endpoint or subscription.endpoint:find(query.endpoint, 1, true))
      and (not call.path.topic_urn or subscription.topic_urn == call.path.topic_urn) then
      count = count + 1
      if count > offset and #out < limit then out[#out + 1] = render(subscription) end
    end
  end
  return wire.answer(world, call.operation.success, {
    request_id = world.request_id, subscription_count = count, subscriptions = out,
  })
end

local function confirm(world, call)
  local subscription = subscriptions.confirm(world, call.query)
  if not subscription then wire.refuse("SMN.0013") end
  return wire.answer(world, call.operation.success, {
    request_id = world.request_id, subscription_urn = subscription.id,
  })
end

subscriptions.answers = {
  add_subscription = add,
  confirm_subscription = confirm,
  list_subscriptions = list,
  cancel_subscription = function(world, call)
    if not subscriptions.cancel(world, call.path.subscription_urn) then wire.refuse("SMN.0013") end
    return wire.answer(world, call.operation.success, { request_id = world.request_id })
  end,
}

return subscriptions
