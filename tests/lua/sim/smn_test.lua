-- SMN: topics, subscriptions, messages, and what becomes of deliveries.
local test = require("test")
local support = require("support")
local scaling = require("scaling")
local post = require("sim.smn.post")

local endpoint = "http://127.0.0.1:9/smn"
local origin = "http://127.0.0.1:4370"

-- A client with a topic; `confirmed` subscribes the endpoint as well.
local function with_topic(confirmed)
  local client = scaling.client()
  return client, client:topic(confirmed and endpoint or nil)
end

-- What the host would carry now.
local function take(client)
  return post.take(client:world(), origin)
end

local function answer(client, delivery, status)
  post.delivered(client:world(), delivery.id, status)
end

local function publish(client, topic, body)
  local response, value = client:smn("POST", "/topics/" .. topic .. "/publish", body)
  return response.status, value
end

local function states(client)
  local out = {}
  for index, delivery in ipairs(client:admin("GET", "/deliveries").deliveries) do
    out[index] = delivery.state
  end
  return table.concat(out, " ")
end

test.case("every operation of Auto Scaling and SMN is simulated", function(check)
  local counts = { as = 0, smn = 0 }
  local world = scaling.client():world()
  for _, operation in ipairs(world.operations) do
    local service = world.services.by_name[operation.service]
    if counts[operation.service] then
      counts[operation.service] = counts[operation.service] + 1
      check.truthy(service.answers[operation.name], operation.name)
    end
  end
  check.equal(counts.as, 62, "of Auto Scaling")
  check.equal(counts.smn, 7, "of SMN")
end)

test.case("a topic is made once and found again", function(check)
  local client = scaling.client()
  local response, made = client:smn("POST", "/topics", { name = "hooks", display_name = "Hooks" })
  check.equal(response.status, 201, "made")
  check.truthy(made.topic_urn:find("^urn:smn:cn%-north%-4:%x+:hooks$"), "URN")
  local again, found = client:smn("POST", "/topics", { name = "hooks", display_name = "Hooks" })
  check.equal(again.status, 200, "found")
  check.equal(found.topic_urn, made.topic_urn, "the same")
end)

test.case("a subscription is invited at once and confirmed by the link", function(check)
  local client, topic = with_topic()
  local path = "/topics/" .. topic .. "/subscriptions"
  local response, added = client:smn("POST", path, { protocol = "http", endpoint = endpoint })
  check.equal(response.status, 201, "added")
  client:wait(1)
  local invitation = take(client)[1]
  check.equal(invitation.url, endpoint, "endpoint")
  check.equal(invitation.members.type, "SubscriptionConfirmation", "type")
  check.equal(invitation.members.unsubscribe_url, nil, "no way out yet")
  local url = invitation.members.subscribe_url
  check.equal(url:sub(1, #origin), origin, "origin")
  answer(client, invitation, 200)
  check.equal(publish(client, topic, { message = "too early" }), 200, "published")
  client:wait(1)
  check.equal(#take(client), 0, "nothing else before the confirmation")
  local wrong = client.inner:send("GET", "/smn/subscription/confirm?token=00&topic_urn=" .. topic)
  check.equal(wrong.status, 404, "wrong token")
  local confirmed, value = client.inner:send("GET", url:sub(#origin + 1))
  check.equal(confirmed.status, 200, "confirmed")
  check.equal(value.subscription_urn, added.subscription_urn, "which")
  local again = client:smn("POST", path, { protocol = "http", endpoint = endpoint })
  check.equal(again.status, 200, "subscribed already")
  local _, list = client:smn("GET", "/subscriptions?status=1")
  check.equal(list.subscription_count, 1, "listed")
  check.equal(list.subscriptions[1].endpoint, endpoint, "endpoint")
end)

test.case("a link is good for 48 hours, and the API twins take its token", function(check)
  local client, topic = with_topic()
  local path = "/topics/" .. topic .. "/subscriptions"
  for index, twin in ipairs({
    "/v2/notifications/subscriptions/subscribe", "/rest/v2/notifications/subscription/confirm",
  }) do
    for _, is_late in ipairs({ false, true }) do
      local target = endpoint .. index .. tostring(is_late)
      client:smn("POST", path, { protocol = "http", endpoint = target })
      client:wait(1)
      local token = take(client)[1].members.subscribe_url:match("token=(%x+)")
      check.equal(#token, 192, "token")
      client:wait(is_late and 48 * 3600 + 1 or 48 * 3600 - 1)
      local response, value = client.inner:send("GET", twin .. "?token=" .. token)
      check.equal(response.status, is_late and 404 or 200, twin)
      if is_late then check.equal(value.code, "SMN.0013", "code") end
    end
  end
end)

test.case("confirm_subscription takes a token for what it is for, as often as it comes",
  function(check)
    local client, topic = with_topic()
    local _, added = client:smn("POST", "/topics/" .. topic .. "/subscriptions",
      { protocol = "http", endpoint = endpoint })
    local told = client:admin("GET", "/smn/subscriptions").subscriptions[1]
    check.equal({ told.subscription_urn, told.status }, { added.subscription_urn, 0 }, "invited")
    local function confirm(query)
      local response, value =
        client.inner:send("GET", "/v2/notifications/subscriptions/subscribe?" .. query)
      return response.status .. " " .. tostring(value.code or value.subscription_urn)
    end
    local token = "token=" .. told.token
    check.equal(confirm("topic_urn=" .. topic), "400 SMN.0001", "no token")
    check.equal(confirm("token=00"), "404 SMN.0013", "wrong token")
    check.equal(confirm(token .. "&topic_urn=" .. topic .. "x"), "404 SMN.0013", "other topic")
    check.equal(confirm(token .. "&topic_urn=a%20b"), "400 SMN.0005", "no URN")
    check.equal(confirm(token .. "&endpoint=http%3A%2F%2Fother"), "404 SMN.0013", "other endpoint")
    check.equal(client:admin("GET", "/smn/subscriptions").subscriptions[1].status, 0, "not yet")
    for time = 1, 2 do
      check.equal(confirm(token .. "&topic_urn=" .. topic), "200 " .. added.subscription_urn,
        "time " .. time)
    end
    check.equal(client:admin("GET", "/smn/subscriptions").subscriptions[1].status, 1, "confirmed")
    local kept = client:admin("GET", "/receipts?operation=confirm_subscription").receipts
    check.equal(#kept, 7, "receipts")
    for _, receipt in ipairs(kept) do
      check.truthy(not (receipt.query or ""):find("token=[^*]"), "the token is not kept")
    end
    check.equal(kept[7].query, "token=***&topic_urn=" .. topic, "the rest is")
  end)

test.case("a cancelled subscription says so, and its link subscribes again", function(check)
  local client = with_topic(true)
  local _, list = client:smn("GET", "/subscriptions")
  local urn = list.subscriptions[1].subscription_urn
  check.equal(client:smn("DELETE", "/subscriptions/" .. urn).status, 200, "cancelled")
  check.equal(client:smn("DELETE", "/subscriptions/" .. urn).status, 404, "gone")
  client:wait(1)
  local farewell = take(client)[1]
  check.equal(farewell.members.type, "UnsubscribeConfirmation", "type")
  local url = farewell.members.subscribe_url
  check.equal(client.inner:send("GET", url:sub(#origin + 1)).status, 200, "link")
  _, list = client:smn("GET", "/subscriptions?status=1")
  check.equal(list.subscription_count, 1, "back")
end)

test.case("the unsubscribe link cancels without a login", function(check)
  local client, topic = with_topic(true)
  publish(client, topic, { message = "m" })
  client:wait(1)
  local url = take(client)[1].members.unsubscribe_url
  check.equal(client.inner:send("GET", url:sub(#origin + 1)).status, 200, "cancelled")
  local _, list = client:smn("GET", "/subscriptions")
  check.equal(list.subscription_count, 0, "gone")
end)

test.case("bad requests have flat errors with their codes", function(check)
  local client, topic = with_topic()
  local function refused(target, body)
    local response, value = client:smn("POST", target, body)
    return response.status .. " " .. tostring(value.code)
  end
  local path = "/topics/" .. topic .. "/subscriptions"
  check.equal(refused("/topics/nonsense/publish", { message = "m" }), "400 SMN.0005", "URN")
  check.equal(refused("/topics/" .. topic .. "x/publish", { message = "m" }), "404 SMN.0006",
    "topic")
  check.equal(refused(path, { protocol = "pigeon", endpoint = endpoint }), "400 SMN.0011",
    "protocol")
  check.equal(refused(path, { protocol = "https", endpoint = endpoint }), "400 SMN.0012",
    "endpoint")
  check.equal((publish(client, topic, { subject = "s" })), 400, "no message")
  check.equal((publish(client, topic, { message = "m", time_to_live = "86401" })), 400, "life")
  check.equal((publish(client, topic, { message_structure = "{}" })), 400, "structure")
end)

test.case("a structure has a text for each protocol", function(check)
  local client, topic = with_topic(true)
  publish(client, topic, { message_structure = '{"default":"d","http":"h"}', message = "m" })
  client:wait(1)
  check.equal(take(client)[1].members.message, "h", "text")
end)

test.case("a delivery is tried again at most 6 times, and only after 500 or silence",
  function(check)
    local client, topic = with_topic(true)
    publish(client, topic, { message = "m", subject = "s" })
    local id, attempts = nil, 0
    for _ = 1, 30 do
      client:wait(30)
      for _, delivery in ipairs(take(client)) do
        attempts = attempts + 1
        check.equal(delivery.members.message_id, id or delivery.members.message_id, "message id")
        id = delivery.members.message_id
        answer(client, delivery, attempts % 2 == 0 and 503 or nil)
      end
    end
    check.equal(attempts, 7, "attempts")
    check.equal(states(client), "dropped", "then it is dropped")
    publish(client, topic, { message = "m" })
    client:wait(1)
    answer(client, take(client)[1], 404)
    check.equal(states(client), "dropped dropped", "a 404 is final")
    publish(client, topic, { message = "m" })
    client:wait(1)
    answer(client, take(client)[1], 200)
    check.equal(states(client), "dropped dropped delivered", "a 200 is what it wants")
  end)

test.case("an endpoint that keeps failing is shunned for five minutes", function(check)
  local client, topic = with_topic(true)
  for _ = 1, 20 do
    publish(client, topic, { message = "m" })
  end
  client:wait(1)
  for _, delivery in ipairs(take(client)) do
    answer(client, delivery, 500)
  end
  publish(client, topic, { message = "later" })
  client:wait(290)
  check.equal(#take(client), 0, "nothing meanwhile")
  check.equal(client:admin("GET", "/smn/endpoints").endpoints[1].shunned, 1, "counted")
  client:wait(15)
  check.truthy(#take(client) > 0, "afterwards")
end)

test.case("a message that is too old is not delivered any more", function(check)
  local client, topic = with_topic(true)
  client:admin("POST", "/smn/mishaps", { kind = "delay", seconds = 100 })
  publish(client, topic, { message = "m", time_to_live = "60" })
  client:wait(200)
  check.equal(#take(client), 0, "nothing")
  check.equal(states(client), "expired", "state")
end)

test.case("mishaps duplicate, lose, delay and reorder on request", function(check)
  local client, topic = with_topic(true)
  local function sent(mishap, seconds)
    client:admin("DELETE", "/smn/mishaps")
    client:admin("POST", "/smn/mishaps", mishap)
    publish(client, topic, { message = "m" })
    client:wait(seconds)
    return #take(client)
  end
  check.equal(sent({ kind = "duplicate", times = 7 }, 1), 7, "duplicates")
  check.equal(sent({ kind = "lose" }, 1), 0, "lost")
  check.equal(sent({ kind = "delay", seconds = 50 }, 40), 0, "not yet")
  client:wait(20)
  check.equal(#take(client), 1, "delayed")
  client:admin("DELETE", "/smn/mishaps")
  client:admin("POST", "/smn/mishaps", { kind = "reorder", seconds = 30, count = 0 })
  for index = 1, 20 do
    publish(client, topic, { message = tostring(index) })
  end
  local order, is_sorted = {}, true
  for _ = 1, 40 do
    client:wait(1)
    for _, delivery in ipairs(take(client)) do
      local number = tonumber(delivery.members.message)
      if order[#order] and number < order[#order] then is_sorted = false end
      order[#order + 1] = number
    end
  end
  check.equal(#order, 20, "all of them")
  check.truthy(not is_sorted, "in another order")
  for _, wrong in ipairs({
    { kind = "odd" }, { kind = "duplicate", times = 0 }, { kind = "lose", probability = 2 },
    { kind = "delay", seconds = "1" }, { kind = "lose", topic_urn = 7 },
  }) do
    check.equal(client.inner:send("POST", "/_sim/smn/mishaps", wrong).status, 400, wrong.kind)
  end
end)

test.case("seven copies of each message arrive in any order, and the mishaps count", function(check)
  local client, topic = with_topic(true)
  client:admin("POST", "/smn/mishaps", { kind = "duplicate", times = 7, count = 0 })
  client:admin("POST", "/smn/mishaps", { kind = "reorder", seconds = 60, probability = 1 })
  for index = 1, 30 do
    publish(client, topic, { message = tostring(index) })
  end
  local counts, changes, last = {}, 0, nil
  for _ = 1, 70 do
    client:wait(1)
    for _, delivery in ipairs(take(client)) do
      local message = delivery.members.message
      counts[message] = (counts[message] or 0) + 1
      if message ~= last then changes = changes + 1 end
      last = message
      answer(client, delivery, 200)
    end
  end
  for index = 1, 30 do
    check.equal(counts[tostring(index)], 7, "copies of " .. index)
  end
  check.truthy(changes > 150, "copies of one are not together")
  for _, mishap in ipairs(client:admin("GET", "/smn/mishaps").mishaps) do
    check.equal(mishap.happened, 30, mishap.kind)
  end
end)

test.case("every message can be lost, for ever or by chance", function(check)
  local client, topic = with_topic(true)
  client:admin("POST", "/smn/mishaps", { kind = "lose", count = 0 })
  for _ = 1, 20 do
    publish(client, topic, { message = "m" })
  end
  client:wait(4000)
  check.equal(#take(client), 0, "nothing arrives")
  check.equal(client:admin("GET", "/smn/mishaps").mishaps[1].happened, 20, "counted")
  client:admin("DELETE", "/smn/mishaps")
  client:admin("POST", "/smn/mishaps", { kind = "lose", probability = 0.5 })
  for _ = 1, 200 do
    publish(client, topic, { message = "m" })
  end
  client:wait(1)
  local arrived = #take(client)
  check.truthy(arrived > 60 and arrived < 140, "half of them")
  check.equal(client:admin("GET", "/smn/mishaps").mishaps[1].happened, 200 - arrived, "counted")
end)

test.case("an endpoint can be shunned on request; what waited comes when its rest is over",
  function(check)
    local client, topic = with_topic(true)
    client:admin("POST", "/smn/mishaps", { kind = "shun", seconds = 120 })
    publish(client, topic, { message = "1" })
    publish(client, topic, { message = "2" })
    client:wait(119)
    check.equal(#take(client), 0, "nothing meanwhile")
    local row = client:admin("GET", "/smn/endpoints").endpoints[1]
    check.equal({ row.endpoint, row.shunned, row.is_shunned }, { endpoint, 1, true }, "shunned")
    client:wait(2)
    check.equal(#take(client), 2, "afterwards")
    check.equal(client:admin("GET", "/smn/endpoints").endpoints[1].is_shunned, false, "over")
  end)

test.case("a hook's message says what the documents say, in a text of its own", function(check)
  local client = scaling.client()
  client:topic(endpoint)
  local id = client:group({
    hooks = { { name = "up", type = "INSTANCE_LAUNCHING", metadata = "note" } },
  })
  client:desire(id, 1)
  client:wait(60)
  local delivery = take(client)[1]
  check.equal(delivery.members.type, "Notification", "type")
  local event = support.json.decode(delivery.members.message)
  local hold = client:held(id)[1]
  check.equal(event.service, "AutoScaling", "service")
  check.equal(event.lifecycle_hook_type, "INSTANCE_LAUNCHING", "hook type")
  check.equal(event.lifecycle_hook_name, "up", "hook")
  check.equal(event.lifecycle_action_key, hold.lifecycle_action_key, "key")
  check.equal(event.notification_metadata, "note", "metadata")
  check.equal(event.scaling_instance.instance_id, hold.instance_id, "instance")
  check.truthy(event.scaling_instance.instance_ip:find("^192%.168%."), "address")
  check.equal(event.scaling_group.scaling_group_id, id, "group")
  check.equal(event.scaling_group.scaling_config_name, "web-config", "configuration")
end)

test.case("the host learns when something happens by itself", function(check)
  local client, topic = with_topic(true)
  check.equal(post.next_due(client:world()), nil, "nothing will")
  publish(client, topic, { message = "m" })
  local due = post.next_due(client:world())
  check.truthy(due > 0 and due < 1, "a message")
  client:wait(1)
  check.equal(post.next_due(client:world()), 0, "now")
  answer(client, take(client)[1], 200)
  check.equal(post.next_due(client:world()), nil, "nothing any more")
end)

test.case("deliveries under way when the state is written are sent again", function(check)
  local client, topic = with_topic(true)
  publish(client, topic, { message = "m" })
  client:wait(1)
  check.equal(#take(client), 1, "taken")
  local state = client:admin("GET", "/state")
  client:admin("PUT", "/state", state)
  check.equal(#take(client), 1, "again")
end)
