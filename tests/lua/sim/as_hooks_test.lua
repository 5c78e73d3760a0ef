-- Lifecycle hooks: who is held, what each answer does, and what happens when nobody answers.
local test = require("test")
local scaling = require("scaling")

local function hook(name, kind, result, timeout)
  return {
    name = name, type = "INSTANCE_" .. kind, default_result = result, timeout = timeout or 600,
  }
end

-- A group with hooks and one launched instance that they hold.
local function held(...)
  local client = scaling.client()
  local id = client:group({ hooks = { ... } })
  client:desire(id, 1)
  client:wait(60)
  return client, id, client:held(id)
end

test.case("a launch is held after the server is made, and goes on with CONTINUE", function(check)
  local client = scaling.client()
  local id = client:group({ hooks = { hook("up", "LAUNCHING") } })
  check.equal(client:desire(id, 1), "200", "desire")
  check.equal(client:states(id), "PENDING 1", "at once")
  check.equal(client:instances(id)[1].instance_id, scaling.null, "no server yet")
  client:wait(60)
  check.equal(client:states(id), "PENDING_WAIT 1", "held")
  check.equal(client:show(id).is_scaling, true, "the activity goes on")
  local hold = client:held(id)[1]
  check.equal(hold.instance_id, client:instances(id)[1].instance_id, "the instance")
  check.equal(hold.lifecycle_hook_status, "HANGING", "status")
  check.equal(client:callback(id, {
    lifecycle_action_key = hold.lifecycle_action_key, lifecycle_action_result = "CONTINUE",
  }), "204", "callback")
  check.equal(client:states(id), "PENDING 1", "binding")
  check.equal(#client:held(id), 0, "not held any more")
  client:wait(10)
  check.equal(client:states(id), "INSERVICE 1", "in service")
  check.equal(client:activities(id)[1].status, "SUCCESS", "activity")
end)

test.case("a callback may name the instance and the hook instead of the key", function(check)
  local client, id, holds = held(hook("up", "LAUNCHING"))
  local names = { instance_id = holds[1].instance_id, lifecycle_action_result = "CONTINUE" }
  check.equal(client:callback(id, names), "400 AS.7040", "without the hook")
  names.lifecycle_hook_name = "other"
  check.equal(client:callback(id, names), "400 AS.7042", "with another hook")
  names.lifecycle_hook_name = "up"
  check.equal(client:callback(id, names), "204", "with both")
end)

test.case("the key wins over an instance that does not fit", function(check)
  local client, id, holds = held(hook("up", "LAUNCHING"))
  check.equal(client:callback(id, {
    lifecycle_action_key = holds[1].lifecycle_action_key, lifecycle_action_result = "CONTINUE",
    instance_id = "00000000-0000-4000-a000-000000000000",
  }), "204", "callback")
end)

test.case("callbacks are checked in the documented order", function(check)
  local client, id, holds = held(hook("up", "LAUNCHING"))
  local key = holds[1].lifecycle_action_key
  local nowhere = "00000000-0000-4000-a000-000000000000"
  check.equal(client:callback(id, ""), "400 AS.0002", "no body")
  check.equal(client:callback(id, "{"), "400 AS.0022", "no JSON")
  check.equal(client:callback(nowhere, { lifecycle_action_key = key }), "400 AS.7039", "no result")
  check.equal(client:callback(nowhere, {
    lifecycle_action_key = key, lifecycle_action_result = "MAYBE",
  }), "400 AS.7034", "no such result")
  check.equal(client:callback(nowhere, { lifecycle_action_result = "CONTINUE" }), "400 AS.2007",
    "no such group")
  check.equal(client:callback(id, { lifecycle_action_result = "CONTINUE" }), "400 AS.7040",
    "nothing named")
  check.equal(client:callback(id, {
    lifecycle_action_key = nowhere, lifecycle_action_result = "CONTINUE",
  }), "400 AS.7042", "unknown key")
end)

test.case("a repeated callback is refused: the record hangs no more", function(check)
  local client, id, holds = held(hook("a", "LAUNCHING"), hook("b", "LAUNCHING"))
  local again = {
    lifecycle_action_key = holds[1].lifecycle_action_key, lifecycle_action_result = "CONTINUE",
  }
  check.equal(client:callback(id, again), "204", "first")
  check.equal(client:callback(id, again), "400 AS.7042", "second")
  check.equal(client:held(id)[1].lifecycle_hook_status, "CONTINUE", "listed while the other waits")
end)

test.case("all hooks of the type hold together, and all must say CONTINUE", function(check)
  local client, id, holds =
    held(hook("a", "LAUNCHING"), hook("b", "LAUNCHING"), hook("c", "TERMINATING"))
  check.equal(#holds, 2, "records")
  check.truthy(holds[1].lifecycle_action_key ~= holds[2].lifecycle_action_key, "keys differ")
  for index, hold in ipairs(holds) do
    check.equal(client:states(id), "PENDING_WAIT 1", "before callback " .. index)
    client:callback(id, {
      lifecycle_action_key = hold.lifecycle_action_key, lifecycle_action_result = "CONTINUE",
    })
  end
  check.equal(client:states(id), "PENDING 1", "after both")
end)

test.case("one ABANDON of a launch decides: FAIL, and a replacement by a new activity",
  function(check)
    local client, id, holds = held(hook("a", "LAUNCHING"), hook("b", "LAUNCHING"))
    local first = holds[1].instance_id
    client:callback(id, {
      lifecycle_action_key = holds[1].lifecycle_action_key, lifecycle_action_result = "ABANDON",
    })
    check.equal(client:states(id), "REMOVING 1", "discarded")
    check.equal(client:callback(id, {
      lifecycle_action_key = holds[2].lifecycle_action_key, lifecycle_action_result = "CONTINUE",
    }), "400 AS.7042", "the sibling is cut short")
    client:wait(20)
    local activities = client:activities(id)
    check.equal(activities[2].status, "FAIL", "the first activity")
    check.equal(activities[2].instance_failed_list[1].instance_id, first, "its failure")
    check.equal(activities[1].type, "DIFF", "the replacement's activity")
    check.equal(activities[1].status, "DOING", "goes on")
    check.equal(client:world().servers:get(first), nil, "the server is deleted")
    client:wait(60)
    check.equal(#client:held(id), 2, "the replacement is held in turn")
    check.truthy(client:held(id)[1].instance_id ~= first, "another instance")
  end)

test.case("a launch whose time is over is abandoned by default", function(check)
  local client, id, holds = held(hook("up", "LAUNCHING", "ABANDON", 300))
  client:wait(270)
  check.equal(#client:held(id), 1, "held to the end")
  client:wait(30)
  check.equal(#client:held(id), 0, "abandoned")
  client:wait(20)
  check.equal(client:activities(id)[1].type, "DIFF", "replaced")
  check.equal(client:callback(id, {
    lifecycle_action_key = holds[1].lifecycle_action_key, lifecycle_action_result = "EXTEND",
  }), "400 AS.7042", "too late")
end)

test.case("with the default CONTINUE a launch whose time is over goes on", function(check)
  local client, id = held(hook("up", "LAUNCHING", "CONTINUE", 300))
  client:wait(310)
  check.equal(client:states(id), "INSERVICE 1", "in service")
end)

test.case("EXTEND moves the stored deadline of one record by 3600 s, each time", function(check)
  local client, id, holds =
    held(hook("a", "LAUNCHING", "ABANDON", 300), hook("b", "LAUNCHING", "CONTINUE", 7200))
  local function deadline(index)
    return client:held(id)[index].timeout
  end
  local before, sibling = deadline(1), deadline(2)
  local extend = {
    lifecycle_action_key = holds[1].lifecycle_action_key, lifecycle_action_result = "EXTEND",
  }
  check.equal(client:callback(id, extend), "204", "once")
  local function seconds(text)
    local hour, minute, second = text:match("T(%d+):(%d+):(%d+)Z")
    return hour * 3600 + minute * 60 + second
  end
  check.equal((seconds(deadline(1)) - seconds(before)) % 86400, 3600, "an hour later")
  check.equal(deadline(2), sibling, "the sibling stays")
  check.equal(client:callback(id, extend), "204", "twice")
  check.equal((seconds(deadline(1)) - seconds(before)) % 86400, 7200, "two hours later")
  client:wait(7000)
  check.equal(client:states(id), "PENDING_WAIT 1", "the old deadlines do nothing")
  client:wait(500)
  check.equal(#client:held(id), 0, "the new one does")
end)

test.case("a scale-in is held after unbinding; CONTINUE lets the server be deleted", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 2, hooks = { hook("down", "TERMINATING") } })
  client:desire(id, 1)
  check.equal(client:states(id), "INSERVICE 1, REMOVING 1", "unbinding")
  client:wait(10)
  check.equal(client:states(id), "INSERVICE 1, REMOVING_WAIT 1", "held")
  local hold = client:held(id)[1]
  check.truthy(client:world().servers:get(hold.instance_id), "the server stands")
  client:callback(id, {
    lifecycle_action_key = hold.lifecycle_action_key, lifecycle_action_result = "CONTINUE",
  })
  check.equal(client:states(id), "INSERVICE 1, REMOVING 1", "leaving")
  client:wait(20)
  check.equal(client:states(id), "INSERVICE 1", "gone")
  check.equal(client:world().servers:get(hold.instance_id), nil, "with its server")
  check.equal(client:activities(id)[1].instance_deleted_list[1].instance_id, hold.instance_id,
    "logged as deleted")
end)

test.case("ABANDON of a removal cuts the other hooks short", function(check)
  local client = scaling.client()
  local id = client:group({
    instances = 1, hooks = { hook("a", "TERMINATING"), hook("b", "TERMINATING") },
  })
  client:desire(id, 0)
  client:wait(10)
  client:callback(id, {
    lifecycle_action_key = client:held(id)[2].lifecycle_action_key,
    lifecycle_action_result = "ABANDON",
  })
  check.equal(client:states(id), "REMOVING 1", "goes on")
  check.equal(#client:held(id), 0, "no record is left")
  client:wait(20)
  check.equal(client:activities(id)[1].status, "SUCCESS", "a removal cannot be vetoed")
end)

test.case("a held instance blocks its group", function(check)
  local client, id = held(hook("up", "LAUNCHING"))
  local path = "/scaling_lifecycle_hook/" .. id
  check.equal(client:result("DELETE", path .. "/up"), "400 AS.2033", "hook delete")
  check.equal(client:result("PUT", path .. "/up", { default_timeout = 300 }), "400 AS.2033",
    "hook update")
  check.equal(client:result("DELETE", "/scaling_group/" .. id), "400 AS.2033", "group delete")
  local instance = client:instances(id)[1].instance_id
  check.equal(client:batch(id, "REMOVE", { instance }), "400 AS.2047", "remove")
  check.equal(client:batch(id, "ENTER_STANDBY", { instance }), "400 AS.2047", "standby")
  check.equal(client:result("PUT", "/scaling_group/" .. id, {
    available_zones = { "cn-north-4a" },
  }), "400 AS.2054", "zones")
  check.equal(client:result("PUT", "/scaling_group/" .. id, { lb_listener_id = "x" }),
    "400 AS.2047", "load balancer")
end)

test.case("pausing does not end a hold, and a callback works in a paused group", function(check)
  local client, id, holds = held(hook("up", "LAUNCHING"))
  check.equal(client:result("POST", "/scaling_group/" .. id .. "/action", { action = "pause" }),
    "204", "pause")
  check.equal(client:callback(id, {
    lifecycle_action_key = holds[1].lifecycle_action_key, lifecycle_action_result = "CONTINUE",
  }), "204", "callback")
  client:wait(10)
  check.equal(client:states(id), "INSERVICE 1", "in service")
end)

test.case("a server that is deleted natively during a hold ends the hold", function(check)
  local client, id, holds = held(hook("up", "LAUNCHING"))
  client:admin("DELETE", "/servers/" .. holds[1].instance_id)
  check.equal(#client:held(id), 0, "no hold")
  client:wait(20)
  check.equal(client:activities(id)[2].status, "FAIL", "its activity failed")
  check.equal(client:activities(id)[1].type, "DIFF", "a replacement follows")
end)

test.case("the deletion of the topic loses the message, not the hold", function(check)
  local client = scaling.client()
  local id = client:group({ hooks = { hook("up", "LAUNCHING") } })
  local world = client:world()
  world.topics:remove(world.topics:each()().id)
  client:desire(id, 1)
  client:wait(60)
  check.equal(#client:held(id), 1, "held")
end)

test.case("hooks are created, shown, changed and deleted", function(check)
  local client = scaling.client()
  local id, topic = client:group(), client:topic()
  local path = "/scaling_lifecycle_hook/" .. id
  local body = {
    lifecycle_hook_name = "up", lifecycle_hook_type = "INSTANCE_LAUNCHING",
    notification_topic_urn = topic,
  }
  local response, made = client:call("POST", path, body)
  check.equal(response.status, 200, "created")
  check.equal(made.default_result, "ABANDON", "default result")
  check.equal(made.default_timeout, 3600, "default timeout")
  check.equal(made.notification_metadata, scaling.null, "metadata")
  check.equal(made.notification_topic_name, "events", "topic name")
  check.equal(client:result("POST", path, body), "400 AS.7041", "a second of the name")
  check.equal(client:result("PUT", path .. "/up", { default_timeout = 86400 }), "200", "changed")
  local _, shown = client:call("GET", path .. "/up")
  check.equal(shown.default_timeout, 86400, "shown")
  check.equal(client:result("GET", path .. "/down"), "404 AS.0007", "unknown hook")
  check.equal(client:result("DELETE", path .. "/up"), "204", "deleted")
  local _, listed = client:call("GET", path .. "/list")
  check.equal(#listed.lifecycle_hooks, 0, "listed")
end)

test.case("every rule of a hook has its code", function(check)
  local client = scaling.client()
  local id, topic = client:group(), client:topic()
  local function refused(name, value)
    local body = {
      lifecycle_hook_name = "up", lifecycle_hook_type = "INSTANCE_LAUNCHING",
      notification_topic_urn = topic,
    }
    body[name] = value
    return client:result("POST", "/scaling_lifecycle_hook/" .. id, body)
  end
  check.equal(refused("lifecycle_hook_name", ""), "400 AS.7032", "empty name")
  check.equal(refused("lifecycle_hook_name", ("a"):rep(33)), "400 AS.7031", "long name")
  check.equal(refused("lifecycle_hook_name", "a b"), "400 AS.7031", "wrong name")
  check.equal(refused("lifecycle_hook_type", nil), "400 AS.7037", "no type")
  check.equal(refused("lifecycle_hook_type", "X"), "400 AS.7033", "wrong type")
  check.equal(refused("default_result", "EXTEND"), "400 AS.7034", "wrong result")
  check.equal(refused("default_timeout", 299), "400 AS.7030", "short timeout")
  check.equal(refused("default_timeout", 86401), "400 AS.7030", "long timeout")
  check.equal(refused("notification_topic_urn", topic .. "x"), "400 AS.7043", "unknown topic")
  check.equal(refused("notification_metadata", ("m"):rep(257)), "400 AS.7035", "long metadata")
  check.equal(refused("notification_metadata", "a<b"), "400 AS.7055", "wrong metadata")
  for index = 1, 5 do
    check.equal(refused("lifecycle_hook_name", "hook-" .. index), "200", "hook " .. index)
  end
  check.equal(refused("lifecycle_hook_name", "hook-6"), "400 AS.7038", "the sixth")
end)
