-- Scaling groups and configurations: created, changed, resumed, paused, deleted; how they scale.
local test = require("test")
local scaling = require("scaling")

local nowhere = "00000000-0000-4000-a000-000000000000"

local function config_body(more)
  local body = {
    scaling_configuration_name = "template",
    instance_config = {
      flavorRef = "s3.xlarge.4", imageRef = "627a1223-2ca3-46a7-8d5f-7aef22c74ee6",
      disk = { { size = 40, volume_type = "SAS", disk_type = "SYS" } }, key_name = "key",
      security_groups = { { id = "6c22a6c0-b5d2-4a84-ac56-51090dcc33be" } },
    },
  }
  for name, value in pairs(more or {}) do
    body.instance_config[name] = value
  end
  return body
end

local function group_body(more)
  local body = {
    scaling_group_name = "web", vpc_id = "a8327883-6b07-4497-9c61-68d03ee193aa",
    networks = { { id = "3cd35bca-5a10-416f-8994-f79169559870" } }, max_instance_number = 10,
  }
  for name, value in pairs(more or {}) do
    body[name] = value
  end
  return body
end

local function create(client, more)
  local _, made = client:call("POST", "/scaling_configuration", config_body())
  local body = group_body(more)
  body.scaling_configuration_id = made.scaling_configuration_id
  local _, group = client:call("POST", "/scaling_group", body)
  return group.scaling_group_id, made.scaling_configuration_id
end

local function action(client, id, verb)
  return client:result("POST", "/scaling_group/" .. id .. "/action", { action = verb })
end

test.case("a new group is PAUSED and scales when it is resumed", function(check)
  local client = scaling.client()
  local id = create(client, { desire_instance_number = 2 })
  local group = client:show(id)
  check.equal(group.scaling_group_status, "PAUSED", "status")
  check.equal(group.is_scaling, false, "still")
  check.equal(group.health_periodic_audit_method, "NOVA_AUDIT", "audit method")
  check.equal(group.instance_terminate_policy, "OLD_CONFIG_OLD_INSTANCE", "policy")
  check.equal(group.lb_listener_id, scaling.null, "no listener")
  check.equal(action(client, id, "resume"), "204", "resume")
  check.equal(client:show(id).scaling_group_status, "INSERVICE", "in service")
  check.equal(client:show(id).is_scaling, true, "scaling")
  check.equal(client:states(id), "PENDING 2", "being made")
  client:wait(65)
  check.equal(client:states(id), "INSERVICE 2", "in service")
  group = client:show(id)
  check.equal(group.current_instance_number, 2, "current")
  check.equal(group.is_scaling, false, "done")
  local zones = {}
  for server in client:world().servers:each() do
    if server.scaling_group_id == id then zones[server.availability_zone] = true end
  end
  check.truthy(zones["cn-north-4a"] and zones["cn-north-4b"], "spread over the zones")
end)

test.case("resume and pause are refused from the wrong status, or without a configuration",
  function(check)
    local client = scaling.client()
    local id = create(client)
    check.equal(action(client, id, "pause"), "400 AS.2033", "pause a paused one")
    action(client, id, "resume")
    check.equal(action(client, id, "resume"), "400 AS.2033", "resume one in service")
    check.equal(action(client, id, "stop"), "400 AS.2008", "no such action")
    check.equal(action(client, nowhere, "resume"), "400 AS.2007", "unknown")
    local _, bare = client:call("POST", "/scaling_group", group_body())
    check.equal(action(client, bare.scaling_group_id, "resume"), "400 AS.2018", "no configuration")
  end)

test.case("a paused group keeps its numbers until it is resumed", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  action(client, id, "pause")
  check.equal(client:desire(id, 3), "200", "desire")
  client:wait(100)
  check.equal(client:states(id), "INSERVICE 1", "nothing happens")
  action(client, id, "resume")
  client:wait(100)
  check.equal(client:states(id), "INSERVICE 3", "now it does")
end)

test.case("a change of the desired number during an activity follows after it", function(check)
  local client = scaling.client()
  local id = client:group()
  client:desire(id, 1)
  client:wait(10)
  check.equal(client:desire(id, 2), "200", "accepted")
  check.equal(client:states(id), "PENDING 1", "one at a time")
  client:wait(60)
  check.equal(client:states(id), "INSERVICE 1, PENDING 1", "then the next")
  check.equal(#client:activities(id), 2, "activities")
end)

test.case("activities are logged in both versions", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  client:desire(id, 3)
  client:wait(1)
  local doing = client:activities(id, "&status=DOING")[1]
  check.equal(doing.type, "NORMAL", "type")
  check.equal(doing.end_time, scaling.null, "no end")
  check.equal(doing.instance_value, 1, "before")
  check.equal(doing.desire_value, 3, "target")
  check.equal(doing.scaling_value, 2, "difference")
  local reason = scaling.json.decode(doing.description).reason[1]
  check.equal(reason.change_reason, "MANNUAL", "reason")
  check.equal(reason.old_value, 1, "old")
  check.equal(reason.new_value, 3, "new")
  client:wait(100)
  local done = client:activities(id, "&type=NORMAL,DIFF")[1]
  check.equal(done.status, "SUCCESS", "status")
  check.equal(#done.instance_added_list, 2, "added")
  check.equal(#done.instance_failed_list, 0, "failed")
  local _, first = client:call("GET", "/scaling_activity_log/" .. id)
  local row = first.scaling_activity_log[1]
  check.truthy(row.instance_added_list:find(",", 1, true), "names in version 1")
  check.equal(row.instance_removed_list, scaling.null, "none removed")
  local base = "/scaling_activity_log/" .. id
  check.equal(client:result("GET", base .. "?start_time=now"), "400 AS.9001", "start_time")
  check.equal(client:result("GET", base .. "?end_time=now"), "400 AS.9002", "end_time")
  check.equal(client:result2("GET", base .. "?type=ODD"), "400 AS.9012", "type")
  check.equal(client:result2("GET", base .. "?status=ODD"), "400 AS.9013", "status")
end)

test.case("every rule of a group's numbers and settings has its code", function(check)
  local client = scaling.client()
  local function refused(more)
    return client:result("POST", "/scaling_group", group_body(more))
  end
  local function without(name)
    local body = group_body()
    body[name] = nil
    return client:result("POST", "/scaling_group", body)
  end
  check.equal(without("scaling_group_name"), "400 AS.2002", "no name")
  check.equal(refused({ scaling_group_name = ("a"):rep(65) }), "400 AS.2003", "long name")
  check.equal(refused({ scaling_group_name = "a.b" }), "400 AS.2022", "wrong name")
  check.equal(refused({ min_instance_number = 11 }), "400 AS.2004", "min above max")
  check.equal(refused({ desire_instance_number = 11 }), "400 AS.2005", "desire above max")
  check.equal(refused({ max_instance_number = 201 }), "400 AS.2045", "above the quota")
  check.equal(refused({ cool_down_time = 86401 }), "400 AS.2006", "cooling")
  check.equal(without("vpc_id"), "400 AS.2017", "no network")
  check.equal(without("networks"), "400 AS.2013", "no subnets")
  check.equal(refused({ available_zones = { "moon-1a" } }), "400 AS.2011", "zone")
  check.equal(refused({ scaling_configuration_id = nowhere }), "400 AS.1004", "configuration")
  check.equal(refused({ lb_listener_id = "a,b,c,d,e,f,g" }), "400 AS.2037", "listeners")
  check.equal(refused({ instance_terminate_policy = "RANDOM" }), "400 AS.2032", "policy")
  client:admin("POST", "/quotas", { scaling_groups = 0 })
  check.equal(refused({}), "400 AS.2023", "quota")
end)

test.case("an update is checked against what the group is doing", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 2 })
  local path = "/scaling_group/" .. id
  check.equal(client:result("PUT", path, { desire_instance_number = 2 }), "400 AS.2028", "same")
  check.equal(client:result("PUT", path, { desire_instance_number = 2, cool_down_time = 10 }),
    "200", "same, among others")
  check.equal(client:result("PUT", path, { networks = { { id = nowhere } } }), "400 AS.2030",
    "subnets in service")
  local ids = {}
  for index, instance in ipairs(client:instances(id)) do
    ids[index] = instance.instance_id
  end
  client:batch(id, "PROTECT", { ids[1] })
  check.equal(client:result("PUT", path, { desire_instance_number = 0 }), "400 AS.2010",
    "below the protected")
  client:batch(id, "ENTER_STANDBY", { ids[2] })
  client:wait(10)
  check.equal(client:result("PUT", path, { desire_instance_number = 1 }), "400 AS.2052",
    "below protected and standby")
  client:batch(id, "UNPROTECT", { ids[1] })
  check.equal(client:result("PUT", path, { desire_instance_number = 0 }), "400 AS.2051",
    "below standby")
end)

test.case("a group is deleted empty and idle, or by force with all its instances", function(check)
  local client = scaling.client()
  local id = client:group({
    instances = 2, hooks = { { name = "down", type = "INSTANCE_TERMINATING", timeout = 600 } },
  })
  local path = "/scaling_group/" .. id
  check.equal(client:result("DELETE", path), "400 AS.2021", "not empty")
  check.equal(client:result("DELETE", path .. "?force_delete=perhaps"), "400 AS.2019", "flag")
  check.equal(client:result("DELETE", path .. "?force_delete=yes"), "204", "by force")
  check.equal(client:show(id).scaling_group_status, "DELETING", "status")
  check.equal(client:result("PUT", path, { cool_down_time = 1 }), "400 AS.2033", "no change")
  check.equal(client:result("DELETE", path .. "?force_delete=yes"), "400 AS.2033", "nor again")
  client:wait(10)
  check.equal(client:states(id), "REMOVING_WAIT 2", "hooks hold the removal")
  client:wait(620)
  check.equal(client:result("GET", path), "400 AS.2007", "gone")
  check.equal(client:world().lifecycle_holds.count, 0, "no hold is left")
  check.equal(client:world().scaling_instances.count, 0, "no instance is left")
end)

test.case("a forced deletion waits for the activity that runs", function(check)
  local client = scaling.client()
  local id = client:group()
  client:desire(id, 1)
  client:wait(1)
  check.equal(client:result("DELETE", "/scaling_group/" .. id), "400 AS.2033", "plain")
  check.equal(client:result("DELETE", "/scaling_group/" .. id .. "?force_delete=yes"), "204",
    "forced")
  check.equal(client:states(id), "PENDING 1", "the launch goes on")
  client:wait(65)
  check.equal(client:states(id), "REMOVING 1", "then it is undone")
  client:wait(30)
  check.equal(client:result("GET", "/scaling_group/" .. id), "400 AS.2007", "gone")
end)

test.case("a launch that cannot succeed leaves the group in ERROR, with the reason", function(check)
  local client = scaling.client()
  local id = client:group()
  client:admin("POST", "/as/groups/web/set", { failing_launches = 1, reason = "sold out" })
  client:desire(id, 1)
  client:wait(60)
  local group = client:show(id)
  check.equal(group.scaling_group_status, "ERROR", "status")
  check.equal(group.detail, "sold out", "detail")
  check.equal(client:activities(id)[1].status, "FAIL", "activity")
  check.equal(action(client, id, "resume"), "204", "forced enable")
  client:wait(65)
  check.equal(client:states(id), "INSERVICE 1", "works again")
end)

test.case("unhealthy instances are replaced, in a paused group only marked", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 2 })
  action(client, id, "pause")
  local sick = client:instances(id)[1].instance_id
  client:admin("POST", "/as/instances/" .. sick .. "/set", { health = "ERROR" })
  client:wait(400)
  check.equal(#client:instances(id, "&health_status=ERROR"), 1, "marked")
  check.equal(client:states(id), "INSERVICE 2", "kept")
  action(client, id, "resume")
  client:wait(1)
  check.equal(client:states(id), "INSERVICE 1, REMOVING 1", "removed")
  check.equal(client:activities(id)[1].type, "AUDIT_CHECK_DELETE", "type")
  client:wait(100)
  check.equal(client:states(id), "INSERVICE 2", "replaced")
  check.equal(client:activities(id)[1].type, "DIFF", "by another activity")
end)

test.case("a scale-in takes the fullest zone first, then the oldest", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 4 })
  client:wait(10)
  local instances = client:instances(id)
  client:batch(id, "PROTECT", { instances[1].instance_id })
  client:desire(id, 2)
  client:wait(30)
  local left = client:instances(id)
  check.equal(#left, 2, "left")
  check.equal(left[1].instance_id, instances[1].instance_id, "the protected one stays")
  local zones = {}
  for _, instance in ipairs(left) do
    zones[client:world().servers:get(instance.instance_id).availability_zone] = true
  end
  check.truthy(zones["cn-north-4a"] and zones["cn-north-4b"], "one in each zone")
end)

test.case("lists of groups are paged and filtered", function(check)
  local client = scaling.client()
  for index = 1, 3 do
    client:group({ name = "web-" .. index })
  end
  local _, page = client:call("GET", "/scaling_group?start_number=1&limit=1")
  check.equal(page.total_number, 3, "total")
  check.equal(page.start_number, 1, "start")
  check.equal(#page.scaling_groups, 1, "rows")
  check.equal(page.scaling_groups[1].scaling_group_name, "web-2", "the second")
  _, page = client:call("GET", "/scaling_group?scaling_group_name=3")
  check.equal(page.total_number, 1, "by part of the name")
  check.equal(client:result("GET", "/scaling_group?limit=101"), "400 AS.1002", "limit")
  check.equal(client:result("GET", "/scaling_group?start_number=-1"), "400 AS.1001", "start")
end)

test.case("an empty list stays a list", function(check)
  local client = scaling.client()
  local body = scaling.json.encode(group_body({ tags = scaling.json.array({}) }))
  local _, made = client:call("POST", "/scaling_group", body)
  local response = client:call("GET", "/scaling_group/" .. made.scaling_group_id)
  check.truthy(response.body:find('"tags":[]', 1, true), "tags")
end)

test.case("a bad admin call says what is wrong", function(check)
  local client = scaling.client()
  for _, body in ipairs({
    {}, { name = "web", hooks = "up" }, { name = "web", hooks = { "up" } },
    { name = "web", hooks = { { name = "up", type = "INSTANCE_LAUNCHING" } } },
    { name = "web", instances = "two" }, { name = "web", status = "TIRED" },
  }) do
    check.equal(client.inner:send("POST", "/_sim/as/groups", body).status, 400, "status")
  end
  check.equal(client.inner:send("POST", "/_sim/as/alarms/al1/fire").status, 404, "alarm")
  check.equal(client.inner:send("POST", "/_sim/as/groups/none/set", {}).status, 404, "group")
end)

test.case("a configuration lives until nobody uses it", function(check)
  local client = scaling.client()
  local id, configuration = create(client)
  local path = "/scaling_configuration/" .. configuration
  local _, shown = client:call("GET", path)
  check.equal(shown.scaling_configuration.scaling_group_id, id, "user")
  check.equal(shown.scaling_configuration.instance_config.public_ip, scaling.null, "no address")
  check.equal(client:result("PUT", path, { instance_config = { imageRef = nowhere } }), "200",
    "image")
  check.equal(client:result("DELETE", path), "400 AS.1006", "in use")
  check.equal(client:result("POST", "/scaling_configurations", {
    scaling_configuration_id = { configuration },
  }), "400 AS.1038", "nor in a batch")
  check.equal(client:result("DELETE", "/scaling_group/" .. id), "204", "group")
  check.equal(client:result("DELETE", path), "204", "free")
  check.equal(client:result("GET", path), "400 AS.1004", "gone")
end)

test.case("every rule of a configuration has its code", function(check)
  local client = scaling.client()
  local function refused(more)
    return client:result("POST", "/scaling_configuration", config_body(more))
  end
  local system = { size = 40, volume_type = "SAS", disk_type = "SYS" }
  check.equal(refused({ flavorRef = scaling.null }), "400 AS.1016", "flavor")
  check.equal(refused({ imageRef = scaling.null }), "400 AS.1014", "image")
  check.equal(refused({ disk = scaling.null }), "400 AS.1028", "no disk")
  check.equal(refused({ disk = { system, system } }), "400 AS.1029", "two system disks")
  check.equal(refused({ disk = { { size = 2000, volume_type = "SAS", disk_type = "SYS" } } }),
    "400 AS.1031", "size")
  check.equal(refused({ key_name = scaling.null }), "400 AS.1026", "no login")
  check.equal(refused({ metadata = { admin_pass = "Passw0rd!" } }), "400 AS.1025", "two logins")
end)

test.case("the state of a world with scaling goes out and in again", function(check)
  local client = scaling.client()
  local id = client:group({
    instances = 1, hooks = { { name = "up", type = "INSTANCE_LAUNCHING", timeout = 600 } },
  })
  client:desire(id, 2)
  client:wait(60)
  local state = client:admin("GET", "/state")
  local other = scaling.client()
  other:admin("PUT", "/state", state)
  check.equal(scaling.json.encode(other:admin("GET", "/state")), scaling.json.encode(state), "same")
  check.equal(#other:held(id), 1, "held")
  other:wait(700)
  check.equal(#other:instances(id), 2, "and it goes on")
end)
