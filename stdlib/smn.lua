-- Simple Message Notification: topics and who is told of what is published there. Fields are
-- exactly the API's; parameters too.
local classes = require "manual.classes"
local collection = require "collection"
local host = require "host.subscriptions"
local host_topics = require "host.topics"
local json = require "json"
local resource = require "resource"

local smn = {}

local Subscription = {}

local subscriptions = collection.kind {
  class = Subscription, host = host, list = "smn:list_subscriptions", what = "subscription",
}

--- Ends the subscription.
function Subscription:cancel()
  host.cancel({ subscription_urn = self.subscription_urn })
end

--- A topic: what is published there reaches all who are subscribed to it.
---@field topic_urn string its only name
local Topic = classes.named("smn.Topic", {}, { at = "smn.topics" })
Topic.__index = Topic

--- Sends what is published here to an endpoint too: { protocol, endpoint, remark }. The same
--- endpoint again answers the subscription there is. Returns it, with its URN; it receives nothing
--- until it is confirmed.
function Topic:subscribe(parameters)
  local answer = host.add(collection.merged(parameters, { topic_urn = self.topic_urn }))
  local row = answer[1] or answer -- the documented sample is a list
  row.topic_urn, row.endpoint = self.topic_urn, parameters.endpoint
  return resource.wrap(Subscription, row)
end

--- Confirms the subscription whose invitation brought the token: { token, endpoint }. Returns it.
function Topic:confirm(parameters)
  local row = host.confirm(collection.merged(parameters, { topic_urn = self.topic_urn }))
  row.topic_urn, row.endpoint = self.topic_urn, parameters.endpoint
  return resource.wrap(Subscription, row)
end

--- Iterates over the subscriptions to this topic: { protocol, status, endpoint }.
function Topic:subscriptions(filters)
  local rows = smn.subscriptions:each(filters)
  return function()
    for row in rows do -- the service cannot filter by topic
      if row.topic_urn == self.topic_urn then return row end
    end
    return nil
  end
end

--- Publishes { subject, message, … } and returns the message's id.
---@return string
function Topic:publish(parameters)
  return host_topics.publish(
    collection.merged(parameters, { topic_urn = self.topic_urn })).message_id
end

--- Says who may publish and subscribe: the access policy, as a table or as JSON text.
---@param policy table|string
function Topic:set_policy(policy)
  local value = type(policy) == "table" and json.encode(policy) or policy
  host_topics.update_attribute({ topic_urn = self.topic_urn, value = value })
end

local Topics = {}

--- Makes a topic, { name, display_name }, or finds the one that has this name.
function Topics:create(parameters) -- luacheck: ignore self
  local answer = host_topics.create(parameters)
  return smn.topic(answer.topic_urn)
end

--- The topics that messages are published to.
smn.topics = Topics
smn.subscriptions = collection.new(subscriptions)

--- The topic of this URN; nothing is read.
---@param topic_urn string
function smn.topic(topic_urn)
  return setmetatable({ topic_urn = topic_urn }, Topic)
end

return smn
