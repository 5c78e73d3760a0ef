-- Deliveries over HTTP: each message to each subscription is a record that waits for its moment, is
-- carried by the host and comes back with what the endpoint answered (smn.md section 5).
--
--   waiting -> ready -> sending -> delivered | dropped | waiting for another attempt
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local agenda = require("sim.agenda")
local mishaps = require("sim.smn.mishaps")

local deliveries = { arrays = { "answers" } }

local second = moment.second
local latency = 0.1 * second
-- Before each further attempt; the platform takes minutes or hours, people who test do not.
local pauses = { 5, 10, 20, 40, 80, 160 }
local failures_until_shunned, shunned_for = 20, 300 * second
-- Finished records that are kept to look at.
local kept = 20000

--- Whether subscribers of a protocol get HTTP requests.
function deliveries.carries(protocol)
  return protocol == "http" or protocol == "https"
end

local function drop_oldest(world)
  while world.deliveries.count > kept do
    local oldest = world.deliveries:each()()
    if not oldest.outcome then return end
    world.deliveries:remove(oldest.id)
  end
end

local function wait(world, delivery, due)
  delivery.state, delivery.due = "waiting", due
  agenda.at(world, due, "smn_due", delivery.id)
end

local function finish(delivery, outcome)
  delivery.state, delivery.outcome = outcome, outcome
end

local function endpoint_of(world, delivery)
  local endpoint = world.endpoints:get(delivery.endpoint)
  if not endpoint then
    endpoint = { id = delivery.endpoint, failures = 0 }
    world.endpoints:add(endpoint)
  end
  return endpoint
end

local function shun(world, endpoint, span)
  endpoint.failures, endpoint.shunned_until = 0, world:now() + span
  endpoint.shunned = (endpoint.shunned or 0) + 1
end

--- Sends a message { type, message_id, message, subject, token, expires_at } to a subscription.
function deliveries.send(world, subscription, message)
  local copies, rest = mishaps.copies(world, subscription.topic_urn, message)
  if rest > 0 then shun(world, endpoint_of(world, subscription), rest * second) end
  for _, copy in ipairs(copies) do
    local delivery = {
      id = seeded.hex(world, "message"), topic_urn = subscription.topic_urn,
      subscription_urn = subscription.id, endpoint = subscription.endpoint,
      headers = subscription.headers, type = message.type, message_id = message.message_id,
      subject = message.subject, message = message.message, token = message.token,
      sent_at = world:now(), stamp = moment.from_seconds(world:gateway_now()),
      expires_at = message.expires_at, attempts = 0,
      answers = world.json.array({}),
    }
    world.deliveries:add(delivery)
    if copy.lost then
      finish(delivery, "lost")
    else
      wait(world, delivery, world:now() + latency + copy.delay)
    end
  end
  drop_oldest(world)
end

--- Whether a delivery still waits for a moment.
function deliveries.waits(world, id, at)
  local delivery = world.deliveries:get(id)
  return delivery ~= nil and delivery.state == "waiting" and delivery.due == at
end

--- A delivery's moment has come: it is ready, unless it is too old or its endpoint is shunned.
function deliveries.due(world, id, at)
  if not deliveries.waits(world, id, at) then return end
  local delivery = world.deliveries:get(id)
  if at > delivery.expires_at then return finish(delivery, "expired") end
  local shunned_until = endpoint_of(world, delivery).shunned_until
  if shunned_until and at < shunned_until then return wait(world, delivery, shunned_until) end
  delivery.state = "ready"
  table.insert(world.outbox, delivery)
end

--- Takes what is ready; the host carries it and reports each with `answered`.
function deliveries.take(world)
  local ready = world.outbox
  world.outbox = {}
  for _, delivery in ipairs(ready) do
    delivery.state, delivery.attempts = "sending", delivery.attempts + 1
  end
  return ready
end

local function failed(world, delivery)
  local endpoint = endpoint_of(world, delivery)
  endpoint.failures = endpoint.failures + 1
  if endpoint.failures >= failures_until_shunned then shun(world, endpoint, shunned_for) end
end

--- What the endpoint made of a delivery: a status, or nil when no answer came in time.
function deliveries.answered(world, id, status)
  local delivery = world.deliveries:get(id)
  if not delivery or delivery.state ~= "sending" then return end
  table.insert(delivery.answers, status or 0)
  if status and status >= 200 and status < 300 then
    endpoint_of(world, delivery).failures = 0
    return finish(delivery, "delivered")
  end
  failed(world, delivery)
  local pause = pauses[delivery.attempts]
  local is_transient = not status or status >= 500
  if not is_transient or not pause then return finish(delivery, "dropped") end
  wait(world, delivery, world:now() + pause * second)
end

--- Empties what is not in the stores.
function deliveries.clear(world)
  world.outbox = {}
end

--- Fills it from the stores: what was on its way when the state was written is sent again.
function deliveries.index(world)
  for delivery in world.deliveries:each() do
    if delivery.state == "ready" or delivery.state == "sending" then
      delivery.state = "ready"
      table.insert(world.outbox, delivery)
    end
  end
end

--- A delivery as the administrator sees it.
function deliveries.render(world, delivery)
  local function text(at) return at and moment.zulu(at) or world.json.null end
  return {
    id = delivery.id, type = delivery.type, state = delivery.state,
    message_id = delivery.message_id, topic_urn = delivery.topic_urn,
    subscription_urn = delivery.subscription_urn, endpoint = delivery.endpoint,
    subject = delivery.subject or world.json.null, message = delivery.message,
    token = delivery.token or world.json.null, attempts = delivery.attempts,
    answers = delivery.answers, sent_at = text(delivery.sent_at),
    due = delivery.state == "waiting" and text(delivery.due) or world.json.null,
  }
end

return deliveries
