-- Policies, their times and logs; notifications, quotas, scheduled tasks, warm pools, versions.
local test = require("test")
local scaling = require("scaling")

-- The world begins at 2023-11-14T22:13:20Z, a Tuesday.
local nowhere = "00000000-0000-4000-a000-000000000000"

local function policy_body(id, more)
  local body = {
    scaling_policy_name = "grow", scaling_group_id = id, scaling_policy_type = "ALARM",
    alarm_id = "al1450321795427dR8p5mQBo", cool_down_time = 300,
    scaling_policy_action = { operation = "ADD", instance_number = 1 },
  }
  for name, value in pairs(more or {}) do
    body[name] = value
  end
  return body
end

local function create(client, id, more)
  local _, made = client:call("POST", "/scaling_policy", policy_body(id, more))
  return made.scaling_policy_id
end

local function action(client, id, verb)
  return client:result("POST", "/scaling_policy/" .. id .. "/action", { action = verb })
end

local function logs(client, id, filter)
  local _, value = client:call("GET", "/scaling_policy_execute_log/" .. id .. (filter or ""))
  return value.scaling_policy_execute_log
end

test.case("a policy is executed by hand, within limits, one activity at a time", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1, max = 2 })
  local policy = create(client, id)
  check.equal(action(client, policy, "execute"), "204", "execute")
  check.equal(client:show(id).desire_instance_number, 2, "desired")
  check.equal(action(client, policy, "execute"), "400 AS.0034", "while that goes on")
  client:wait(70)
  check.equal(client:states(id), "INSERVICE 2", "grown")
  check.equal(action(client, policy, "execute"), "400 AS.0026", "cooling")
  client:wait(400)
  check.equal(action(client, policy, "execute"), "400 AS.3040", "at the limit")
  check.equal(action(client, policy, "pause"), "204", "pause")
  check.equal(action(client, policy, "execute"), "400 AS.3027", "paused")
  check.equal(action(client, policy, "resume"), "204", "resume")
  check.equal(action(client, policy, "explode"), "400 AS.3022", "no such action")
  client:result("POST", "/scaling_group/" .. id .. "/action", { action = "pause" })
  check.equal(action(client, policy, "execute"), "400 AS.2033", "group paused")
  check.equal(action(client, nowhere, "execute"), "400 AS.3020", "unknown")
  local log = logs(client, policy)
  check.equal(log[#log].status, "SUCCESS", "first")
  check.equal(log[#log].old_value, "1", "old")
  check.equal(log[#log].desire_value, "2", "new")
  check.equal(log[1].status, "FAIL", "last")
  check.equal(#logs(client, policy, "?execute_type=MANUAL"), #log, "by hand")
  local description = client:activities(id)[1].description
  check.equal(scaling.json.decode(description).reason[1].scaling_policy_id, policy, "reason")
end)

test.case("an alarm runs its policies", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  create(client, id)
  local fired = client:admin("POST", "/as/alarms/al1450321795427dR8p5mQBo/fire")
  check.equal(fired.policies, 1, "policies")
  check.equal(#fired.refused, 0, "refused")
  check.equal(client:states(id), "INSERVICE 1, PENDING 1", "growing")
  fired = client:admin("POST", "/as/alarms/al1450321795427dR8p5mQBo/fire")
  check.equal(fired.refused[1], "AS.0034", "a busy group takes no alarm")
end)

test.case("actions add, take away and set, by number and by percentage", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 5 })
  local function after(operation, more)
    more.operation = operation
    client:desire(id, 5)
    client:wait(200)
    action(client, create(client, id, {
      scaling_policy_type = "SCHEDULED", alarm_id = scaling.null, scaling_policy_action = more,
      scheduled_policy = { launch_time = "2030-01-01T00:00Z" },
    }), "execute")
    return client:show(id).desire_instance_number
  end
  check.equal(after("ADD", { instance_number = 2 }), 7, "add")
  check.equal(after("REMOVE", { instance_number = 2 }), 3, "remove")
  check.equal(after("REDUCE", { instance_number = 1 }), 4, "reduce")
  check.equal(after("SET", { instance_number = 1 }), 1, "set")
  check.equal(after("ADD", { instance_percentage = 50 }), 7, "2.5 is 2")
  check.equal(after("ADD", { instance_percentage = 10 }), 6, "0.5 is 1")
end)

test.case("a scheduled policy fires once, a recurring one again and again", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  local once = create(client, id, {
    scaling_policy_type = "SCHEDULED", scheduled_policy = { launch_time = "2023-11-14T22:30Z" },
  })
  local daily = create(client, id, {
    scaling_policy_type = "RECURRENCE", scheduled_policy = {
      launch_time = "23:00", recurrence_type = "Daily", end_time = "2023-11-17T00:00Z",
    },
  })
  client:wait(999)
  check.equal(client:show(id).desire_instance_number, 1, "not yet")
  client:wait(1)
  check.equal(client:show(id).desire_instance_number, 2, "at 22:30")
  client:wait(4 * 86400)
  check.equal(client:show(id).desire_instance_number, 5, "and on three days at 23:00")
  check.equal(#logs(client, once, "?execute_type=SCHEDULED"), 1, "once")
  check.equal(logs(client, once)[1].execute_type, "SCHEDULE", "spelled otherwise")
  check.equal(#logs(client, daily), 3, "daily")
  check.equal(logs(client, daily)[3].execute_time, "2023-11-14T23:00:00Z", "its moment")
end)

test.case("weekly and monthly policies know their days", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  local function first(kind, value)
    local policy = create(client, id, {
      scaling_policy_type = "RECURRENCE", scheduled_policy = {
        launch_time = "12:00", recurrence_type = kind, recurrence_value = value,
        end_time = "2024-12-31T00:00Z",
      },
    })
    local at = client:world().scaling_policies:get(policy).next_at
    return require("sim.as.times").minute_text(at)
  end
  check.equal(first("Weekly", "1"), "2023-11-19T12:00Z", "Sunday is 1")
  check.equal(first("Weekly", "3,4"), "2023-11-15T12:00Z", "Wednesday before Tuesday")
  check.equal(first("Monthly", "31"), "2023-12-31T12:00Z", "a month that has it")
  check.equal(first("Monthly", "14,20"), "2023-11-20T12:00Z", "not today any more")
end)

test.case("of two timed policies of one moment the one created last runs", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  for number = 3, 4 do
    create(client, id, {
      scaling_policy_type = "SCHEDULED", scheduled_policy = { launch_time = "2023-11-14T22:30Z" },
      scaling_policy_action = { operation = "SET", instance_number = number },
    })
  end
  client:wait(1001)
  check.equal(client:show(id).desire_instance_number, 4, "desired")
  check.equal(client:activities(id)[1].desire_value, 4, "in one step")
end)

test.case("every rule of a policy has its code", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  local function refused(more)
    return client:result("POST", "/scaling_policy", policy_body(id, more))
  end
  local function timed(schedule)
    return refused({ scaling_policy_type = "RECURRENCE", scheduled_policy = schedule })
  end
  local null = scaling.null
  check.equal(refused({ scaling_policy_name = null }), "400 AS.3013", "no name")
  check.equal(refused({ scaling_policy_name = ("a"):rep(65) }), "400 AS.3014", "long name")
  check.equal(refused({ scaling_policy_name = "a.b" }), "400 AS.3031", "wrong name")
  check.equal(refused({ scaling_group_id = nowhere }), "400 AS.2007", "group")
  check.equal(refused({ scaling_policy_type = null }), "400 AS.3011", "no type")
  check.equal(refused({ scaling_policy_type = "LUNAR" }), "400 AS.3002", "type")
  check.equal(refused({ alarm_id = null }), "400 AS.3026", "no alarm")
  check.equal(refused({ alarm_id = "xy" }), "400 AS.3030", "unknown alarm")
  check.equal(refused({ cool_down_time = -1 }), "400 AS.3012", "cooling")
  check.equal(refused({ scaling_policy_action = { operation = "DOUBLE" } }), "400 AS.3017",
    "operation")
  check.equal(refused({ scaling_policy_action = { instance_number = 0 } }), "400 AS.3018",
    "number")
  check.equal(refused({ scaling_policy_action = { instance_percentage = 0 } }), "400 AS.3035",
    "percentage")
  check.equal(refused({
    scaling_policy_action = { instance_number = 1, instance_percentage = 1 },
  }), "400 AS.3036", "both")
  check.equal(refused({ scaling_policy_type = "SCHEDULED" }), "400 AS.3003", "no schedule")
  check.equal(refused({
    scaling_policy_type = "SCHEDULED", scheduled_policy = { launch_time = "2020-01-01T00:00Z" },
  }), "400 AS.3010", "in the past")
  check.equal(refused({
    scaling_policy_type = "SCHEDULED", scheduled_policy = { launch_time = "soon" },
  }), "400 AS.3009", "no time")
  local later = "2024-12-31T00:00Z"
  check.equal(timed({ recurrence_type = "Daily", end_time = later }), "400 AS.3008", "launch_time")
  check.equal(timed({ launch_time = "12:00", end_time = later }), "400 AS.3023", "no recurrence")
  check.equal(timed({ launch_time = "12:00", recurrence_type = "Hourly", end_time = later }),
    "400 AS.3004", "recurrence")
  check.equal(timed({ launch_time = "12:00", recurrence_type = "Weekly", end_time = later }),
    "400 AS.3024", "no days")
  check.equal(timed({
    launch_time = "12:00", recurrence_type = "Weekly", recurrence_value = "8", end_time = later,
  }), "400 AS.3025", "days")
  check.equal(timed({ launch_time = "12:00", recurrence_type = "Daily" }), "400 AS.3005", "no end")
  check.equal(timed({ launch_time = "12:00", recurrence_type = "Daily", end_time = "x" }),
    "400 AS.3006", "end")
  check.equal(timed({
    launch_time = "12:00", recurrence_type = "Daily", end_time = "2020-01-01T00:00Z",
  }), "400 AS.3007", "past end")
  check.equal(timed({
    launch_time = "12:00", recurrence_type = "Daily", start_time = later, end_time = later,
  }), "400 AS.3029", "start behind end")
  check.equal(timed({
    launch_time = "12:00", recurrence_type = "Daily", start_time = "x", end_time = later,
  }), "400 AS.3028", "start")
  check.equal(timed({
    launch_time = "12:00", recurrence_type = "Daily", end_time = "2023-11-14T23:00Z",
  }), "400 AS.3033", "never fires")
  create(client, id)
  local other = client:group({ name = "other" })
  check.equal(refused({ scaling_group_id = other }), "400 AS.3034", "another group's alarm")
  client:admin("POST", "/quotas", { scaling_policies = 1 })
  check.equal(refused({}), "400 AS.3032", "quota")
end)

test.case("version 2 shows the same policies with other names, and bandwidth policies",
  function(check)
    local client = scaling.client()
    local id = client:group({ instances = 1 })
    local policy = create(client, id)
    local _, shown = client:call2("GET", "/scaling_policy/" .. policy)
    check.equal(shown.scaling_policy.scaling_resource_id, id, "resource")
    check.equal(shown.scaling_policy.scaling_policy_action.size, 1, "size")
    local body = {
      scaling_policy_name = "wider", scaling_resource_id = nowhere,
      scaling_resource_type = "BANDWIDTH", scaling_policy_type = "ALARM", alarm_id = "al1",
      scaling_policy_action = { operation = "ADD", size = 10, limits = 12 },
    }
    local _, made = client:call2("POST", "/scaling_policy", body)
    check.equal(action(client, made.scaling_policy_id, "execute"), "204", "execute")
    check.equal(logs(client, made.scaling_policy_id)[1].desire_value, "12", "limited")
    local _, all = client:call2("GET", "/scaling_policy?sort_by=POLICY_NAME&order=DESC")
    check.equal(all.total_number, 2, "all")
    check.equal(all.scaling_policies[1].scaling_policy_name, "wider", "sorted")
    check.equal(client:result2("GET", "/scaling_policy?sort_by=AGE"), "400 AS.3057", "sort_by")
    check.equal(client:result2("GET", "/scaling_policy?order=UP"), "400 AS.3058", "order")
    check.equal(client:result2("PUT", "/scaling_policy/" .. policy, { cool_down_time = 60 }),
      "200", "changed")
    local _, v1 = client:call("GET", "/scaling_policy/" .. id .. "/list")
    check.equal(v1.scaling_policies[1].cool_down_time, 60, "seen in version 1")
  end)

test.case("a policy of alarms can become a timed one, and back", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  local policy = create(client, id)
  local path = "/scaling_policy/" .. policy
  check.equal(client:result("PUT", path, { scaling_policy_type = "SCHEDULED" }), "400 AS.3003",
    "without a time")
  check.equal(client:result("PUT", path, {
    scaling_policy_type = "SCHEDULED", scheduled_policy = { launch_time = "2023-11-14T22:30Z" },
  }), "200", "with one")
  local _, shown = client:call("GET", path)
  check.equal(shown.scaling_policy.alarm_id, nil, "no alarm any more")
  client:wait(1001)
  check.equal(client:show(id).desire_instance_number, 2, "and it fires")
  check.equal(client:result("PUT", path, { scaling_policy_type = "ALARM", alarm_id = "al2" }),
    "200", "back")
  _, shown = client:call("GET", path)
  check.equal(shown.scaling_policy.scheduled_policy, nil, "no time any more")
end)

test.case("batches of policies are all or nothing", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  local list = { create(client, id), create(client, id) }
  local function batch(verb, ids)
    return client:result("POST", "/scaling_policies/action", {
      action = verb, scaling_policy_id = ids,
    })
  end
  check.equal(batch("pause", { list[1], nowhere }), "400 AS.3047", "pause with an unknown one")
  check.equal(batch("pause", list), "204", "pause")
  local _, shown = client:call("GET", "/scaling_policy/" .. list[1])
  check.equal(shown.scaling_policy.policy_status, "PAUSED", "paused")
  check.equal(batch("resume", { nowhere }), "400 AS.3046", "resume")
  check.equal(batch("resume", list), "204", "resume")
  check.equal(batch("delete", {}), "400 AS.3049", "none")
  check.equal(batch("delete", { nowhere }), "400 AS.3045", "delete")
  check.equal(batch("delete", list), "204", "delete")
  check.equal(client:result("GET", "/scaling_policy/" .. list[1]), "400 AS.3020", "gone")
end)

test.case("notifications go to the topics of a group, scene by scene", function(check)
  local client = scaling.client()
  local topic = client:topic("http://127.0.0.1:9/smn")
  local id = client:group({ instances = 1 })
  local path = "/scaling_notification/" .. id
  local body = { topic_urn = topic, topic_scene = { "SCALING_UP", "SCALING_DOWN" } }
  check.equal(client:result("PUT", path, body), "200", "set")
  check.equal(client:result("PUT", path, body), "400 AS.7029", "twice")
  check.equal(client:result("PUT", path, { topic_urn = topic, topic_scene = { "RAIN" } }),
    "400 AS.7026", "scene")
  local other = topic .. "x"
  check.equal(client:result("PUT", path, { topic_urn = other, topic_scene = { "SCALING_UP" } }),
    "400 AS.7025", "topic")
  client:desire(id, 2)
  client:wait(70)
  client:desire(id, 1)
  client:wait(40)
  local scenes = {}
  for index, delivery in ipairs(client:admin("GET", "/deliveries").deliveries) do
    scenes[index] = scaling.json.decode(delivery.message).scene
  end
  check.equal(table.concat(scenes, " "), "SCALING_UP SCALING_DOWN", "scenes")
  local _, list = client:call("GET", path)
  check.equal(list.topics[1].topic_name, "events", "listed")
  check.equal(client:result("DELETE", path .. "/" .. topic), "204", "deleted")
  check.equal(client:result("DELETE", path .. "/" .. topic), "400 AS.7025", "gone")
end)

test.case("quotas say what is used", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 3 })
  local _, all = client:call("GET", "/quotas")
  check.equal(all.quotas.resources[1].type, "scaling_Group", "type")
  check.equal(all.quotas.resources[1].used, 1, "groups")
  check.equal(all.quotas.resources[4].used, -1, "instances of all groups")
  local _, own = client:call("GET", "/quotas/" .. id)
  check.equal(own.quotas.resources[2].used, 3, "instances")
  check.equal(client:result("GET", "/quotas/" .. nowhere), "400 AS.2007", "unknown")
end)

test.case("a scheduled task sets the numbers of its group at its time", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  local path = "/scaling-groups/" .. id .. "/scheduled-tasks"
  local body = {
    name = "morning", scheduled_policy = { launch_time = "2023-11-14T22:30Z" },
    instance_number = { min = 2, max = 4, desire = 3 },
  }
  local _, made = client:call("POST", path, body)
  local _, list = client:call("GET", path)
  check.equal(list.scheduled_tasks[1].name, "morning", "listed")
  client:wait(1001)
  local group = client:show(id)
  check.equal(group.min_instance_number, 2, "min")
  check.equal(group.max_instance_number, 4, "max")
  check.equal(group.desire_instance_number, 3, "desire")
  body.scheduled_policy.launch_time = "2023-11-15T22:30Z"
  check.truthy(client:result("PUT", path .. "/" .. made.task_id, body):find("^20"), "changed")
  check.truthy(client:result("DELETE", path .. "/" .. made.task_id):find("^20"), "deleted")
  check.equal(client:result("DELETE", path .. "/" .. made.task_id), "404 AS.0007", "gone")
end)

test.case("a warm pool keeps what it is told and holds no servers", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  -- The only paths of the service without its prefix.
  local path = "/v2/0123456789abcdef0123456789abcdef/scaling-groups/" .. id .. "/warm-pool"
  local function call(method, target, body)
    return client.inner:send(method, target, body)
  end
  local response, refusal = call("GET", path)
  check.equal(response.status, 404, "none yet")
  check.equal(scaling.code(refusal), "AS.0007", "code")
  check.truthy(call("PUT", path, { min_capacity = 1, max_capacity = 2 }).status < 300, "set")
  local _, shown = call("GET", path)
  check.equal(shown.warm_pool.max_capacity, 2, "shown")
  local _, list = call("GET", path .. "-instances")
  check.equal(#list.warm_pool_instances, 0, "empty")
  check.truthy(call("DELETE", path).status < 300, "closed")
end)
