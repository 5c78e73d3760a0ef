-- What the host carries for the world: messages over HTTP. Signature and certificate are the host's
-- (smn.md section 3).
local moment = require("sim.moment")
local agenda = require("sim.agenda")
local deliveries = require("sim.smn.deliveries")
local topics = require("sim.smn.topics")

local post = {}

local region_query = "region=" .. topics.region .. "&region_id=" .. topics.region

local function members_of(delivery, console)
  local members = {
    type = delivery.type, message_id = delivery.message_id, topic_urn = delivery.topic_urn,
    message = delivery.message, subject = delivery.subject,
    -- The time of the first attempt, which later ones repeat; like signatures of requests it is
    -- judged by a clock that no time scale moves.
    timestamp = (moment.zulu(delivery.stamp):gsub("%.%d+Z$", "Z")),
  }
  if delivery.token then
    members.subscribe_url = console .. "/smn/subscription/confirm?token=" .. delivery.token
      .. "&topic_urn=" .. delivery.topic_urn .. "&" .. region_query
  else
    members.unsubscribe_url = console .. "/smn/subscription/unsubscribe?" .. region_query
      .. "&subscription_urn=" .. delivery.subscription_urn
  end
  return members
end

--- Lets what is due happen and takes the deliveries that are ready: { id, url, subscription_urn,
--- headers, members }. `console` is the origin that their links lead to.
function post.take(world, console)
  agenda.advance(world)
  local out = {}
  for index, delivery in ipairs(deliveries.take(world)) do
    out[index] = {
      id = delivery.id, url = delivery.endpoint, subscription_urn = delivery.subscription_urn,
      headers = delivery.headers or {}, members = members_of(delivery, console),
    }
  end
  return out
end

--- What the endpoint made of a delivery: a status, or nil when no answer came in time.
function post.delivered(world, id, status)
  agenda.advance(world)
  deliveries.answered(world, id, status)
end

--- Simulated seconds until something happens by itself; nil when nothing will.
function post.next_due(world)
  if #world.outbox > 0 then return 0 end
  local event = world.agenda:first()
  return event and math.max(0, event.due - world:now()) / moment.second
end

return post
