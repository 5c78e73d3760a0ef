-- Topics and subscriptions as scripts use them, against the simulator.
local support = require("support")

support.case("a topic of a name that is there is the one that is there", function(check)
  local one = smn.topics:create({ name = "hooks" })
  check.equal(smn.topics:create({ name = "hooks" }).topic_urn, one.topic_urn)
  check.truthy(one.topic_urn:find("^urn:smn:"), one.topic_urn)
end)

support.case("an endpoint subscribes once, is listed with its topic, and cancelled", function(check)
  local topic, other = smn.topics:create({ name = "a" }), smn.topics:create({ name = "b" })
  local wish = { protocol = "https", endpoint = "https://hooks.example.com/in" }
  local subscription = topic:subscribe(wish)
  other:subscribe(wish)
  check.equal(topic:subscribe(wish).subscription_urn, subscription.subscription_urn)
  check.equal(#smn.subscriptions:all(), 2)
  local found = {}
  for row in topic:subscriptions() do found[#found + 1] = row.subscription_urn end
  check.equal(found, { subscription.subscription_urn })
  check.equal(subscription:refresh().topic_urn, topic.topic_urn)
  subscription:cancel()
  check.equal(topic:subscriptions()(), nil)
  check.raises(function() subscription:refresh() end, "not_found")
end)

support.case("a subscription is confirmed by its token only", function(check)
  local topic = smn.topics:create({ name = "invited" })
  check.raises(function() topic:confirm({ token = ("0"):rep(192) }) end, "not_found")
  local err = check.raises(function() topic:confirm({ token = 7 }) end, "argument")
  check.truthy(tostring(err):find("***", 1, true), tostring(err))
  check.raises(function() topic:confirm({}) end, "token is missing")
end)

support.case("a message is published to the topic of a URN, under a policy", function(check)
  local topic = smn.topic(smn.topics:create({ name = "news" }).topic_urn)
  topic:set_policy({ Version = "2016-09-07", Id = "policy", Statement = {} })
  check.truthy(#topic:publish({ subject = "s", message = "m" }) > 0)
  check.raises(function() topic:publish({ subject = "s" }) end, "argument")
end)
