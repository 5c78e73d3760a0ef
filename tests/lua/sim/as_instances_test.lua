-- Instances by hand: added, removed, protected, on standby.
local test = require("test")
local scaling = require("scaling")

local nowhere = "00000000-0000-4000-a000-000000000000"

-- A server that no group has, in the network of a group.
local function server(client, group_id, fields)
  local world = client:world()
  local row = {
    id = "11111111-2222-4333-a444-" .. ("%012d"):format(world.servers.count), name = "own",
    power = "ACTIVE", availability_zone = "cn-north-4a", created_at = world:now(),
    vpc_id = world.scaling_groups:get(group_id).vpc_id,
  }
  for name, value in pairs(fields or {}) do
    row[name] = value
  end
  world.servers:add(row)
  return row.id
end

local function ids(client, id)
  local list = {}
  for index, instance in ipairs(client:instances(id)) do
    list[index] = instance.instance_id
  end
  return list
end

test.case("an added server joins, and stays when it leaves", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  local own = server(client, id)
  check.equal(client:batch(id, "ADD", { own }), "204", "add")
  check.equal(client:states(id), "INSERVICE 1, PENDING 1", "joining")
  client:wait(15)
  check.equal(client:states(id), "INSERVICE 2", "in service")
  check.equal(client:activities(id)[1].type, "MANNUAL_ADD", "type")
  local row = client:instances(id)[2]
  check.equal(row.scaling_configuration_id, scaling.null, "no configuration")
  check.equal(client:show(id).desire_instance_number, 2, "desired")
  check.equal(client:result("DELETE", "/scaling_group_instance/" .. own .. "?instance_delete=yes"),
    "204", "remove")
  client:wait(30)
  check.equal(client:activities(id)[1].instance_removed_list[1].instance_id, own, "removed")
  check.truthy(client:world().servers:get(own), "its server stays")
  check.equal(client:show(id).desire_instance_number, 1, "desired again")
end)

test.case("every precondition of ADD has its code", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1, max = 2 })
  local other = client:group({ name = "other", instances = 1 })
  local function added(list)
    return client:batch(id, "ADD", list)
  end
  check.equal(added({}), "400 AS.4019", "none")
  check.equal(added({ nowhere }), "400 AS.4029", "unknown")
  check.equal(added(ids(client, id)), "400 AS.4023", "there already")
  check.equal(added(ids(client, other)), "400 AS.4027", "in another group")
  check.equal(added({ server(client, id, { power = "SHUTOFF" }) }), "400 AS.4024", "switched off")
  check.equal(added({ server(client, id, { vpc_id = nowhere }) }), "400 AS.4021", "network")
  check.equal(added({ server(client, id, { availability_zone = "moon-1a" }) }), "400 AS.4020",
    "zone")
  check.equal(added({ server(client, id), server(client, id) }), "400 AS.2035", "too many for max")
  local many = {}
  for index = 1, 11 do
    many[index] = server(client, id)
  end
  check.equal(added(many), "400 AS.4043", "more than 10")
  client:result("POST", "/scaling_group/" .. id .. "/action", { action = "pause" })
  check.equal(added({ many[1] }), "400 AS.2033", "paused")
end)

test.case("launching hooks hold an added server too; ABANDON gives it back", function(check)
  local client = scaling.client()
  local id = client:group({ hooks = { { name = "up", type = "INSTANCE_LAUNCHING" } } })
  local own = server(client, id)
  client:batch(id, "ADD", { own })
  client:wait(10)
  check.equal(client:states(id), "PENDING_WAIT 1", "held")
  client:callback(id, {
    instance_id = own, lifecycle_hook_name = "up", lifecycle_action_result = "ABANDON",
  })
  client:wait(60)
  check.equal(client:states(id), "", "left")
  check.truthy(client:world().servers:get(own), "not deleted")
  check.equal(#client:activities(id), 1, "nothing replaces it")
end)

test.case("instances are removed one by one and in batches, not below the least", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 4, min = 1 })
  local list = ids(client, id)
  check.equal(client:result("DELETE", "/scaling_group_instance/" .. nowhere), "400 AS.4006",
    "unknown")
  check.equal(client:result("DELETE", "/scaling_group_instance/" .. list[1]
    .. "?instance_delete=x"), "400 AS.4007", "flag")
  check.equal(client:result("DELETE", "/scaling_group_instance/" .. list[1]), "204", "one")
  check.equal(client:result("DELETE", "/scaling_group_instance/" .. list[2]), "400 AS.2047",
    "while that goes on")
  client:wait(30)
  check.equal(client:activities(id)[1].type, "MANNUAL_REMOVE", "type")
  check.truthy(client:world().servers:get(list[1]), "removed, not deleted")
  check.equal(client:batch(id, "REMOVE", { list[2], list[3], list[4] }), "400 AS.2036", "the least")
  check.equal(client:batch(id, "REMOVE", { list[2], list[3] }, { instance_delete = "yes" }), "204",
    "two")
  client:wait(30)
  check.equal(client:activities(id)[1].type, "MANNUAL_DELETE", "type")
  check.equal(client:world().servers:get(list[2]), nil, "deleted")
  check.equal(client:show(id).desire_instance_number, 1, "desired")
  check.equal(client:batch(id, "REMOVE", {}), "400 AS.4013", "none")
  check.equal(client:batch(id, "REMOVE", { nowhere }), "400 AS.4030", "unknown")
  check.equal(client:batch(id, "EXPLODE", { list[4] }), "400 AS.4018", "no such action")
end)

test.case("servers that SDRS protects or that are paid by the month are not deleted",
  function(check)
    local client = scaling.client()
    local id = client:group({ instances = 2 })
    local list = ids(client, id)
    client:world().servers:get(list[1]).protected_instance_id = nowhere
    client:world().servers:get(list[2]).charging_mode = "1"
    local flag = { instance_delete = "yes" }
    check.equal(client:batch(id, "REMOVE", { list[1] }, flag), "400 AS.4030", "protected")
    check.equal(client:batch(id, "REMOVE", { list[2] }, flag), "400 AS.4016", "by the month")
    check.equal(client:batch(id, "REMOVE", { list[1] }), "204", "removed it can be")
  end)

test.case("a protected instance is not chosen, but can be removed by hand", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 2 })
  local list = ids(client, id)
  check.equal(client:batch(id, "PROTECT", list), "204", "protect")
  check.equal(#client:instances(id, "&protect_from_scaling_down=true"), 2, "listed")
  check.equal(client:batch(id, "PROTECT", { nowhere }), "400 AS.4033", "unknown")
  check.equal(client:result("DELETE", "/scaling_group_instance/" .. list[1]), "204", "by hand")
  check.equal(client:batch(id, "UNPROTECT", { list[2] }), "204", "unprotect")
end)

test.case("standby and back", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 2, max = 3 })
  local list = ids(client, id)
  check.equal(client:batch(id, "EXIT_STANDBY", { list[1] }), "400 AS.4038", "not there yet")
  check.equal(client:batch(id, "ENTER_STANDBY", { list[1] }), "204", "enter")
  check.equal(client:states(id), "ENTERING_STANDBY 1, INSERVICE 1", "entering")
  check.equal(client:activities(id)[1].type, "ENTER_STANDBY", "type")
  client:wait(10)
  check.equal(client:states(id), "INSERVICE 1, STANDBY 1", "there")
  check.equal(client:batch(id, "ENTER_STANDBY", { list[1] }), "400 AS.4036", "there already")
  check.equal(client:batch(id, "EXIT_STANDBY", { list[1] }), "204", "exit")
  client:wait(10)
  check.equal(client:states(id), "INSERVICE 2", "back")
  check.equal(client:batch(id, "ENTER_STANDBY", list, { instance_append = "yes" }), "400 AS.4039",
    "no room for two more")
  check.equal(client:batch(id, "ENTER_STANDBY", { list[1] }, { instance_append = "maybe" }),
    "400 AS.4025", "flag")
  check.equal(client:batch(id, "ENTER_STANDBY", { list[1] }, { instance_append = "yes" }), "204",
    "with a replacement")
  client:wait(80)
  check.equal(client:states(id), "INSERVICE 2, STANDBY 1", "replaced")
  check.equal(client:result("DELETE", "/scaling_group_instance/" .. list[1]), "204",
    "standby instances can be removed by hand")
end)

test.case("the list filters by what it shows, and takes the health as documented", function(check)
  local client = scaling.client()
  local id = client:group({ instances = 1 })
  client:desire(id, 2)
  client:wait(1)
  check.equal(#client:instances(id, "&health_status=INITIALIZING"), 1, "initialising")
  check.equal(client:instances(id, "&life_cycle_state=PENDING")[1].health_status, "INITAILIZING",
    "the answer spells it otherwise")
  local base = "/scaling_group_instance/" .. id .. "/list"
  check.equal(client:result("GET", base .. "?life_cycle_state=ODD"), "400 AS.4003", "state")
  check.equal(client:result("GET", base .. "?health_status=ODD"), "400 AS.4004", "health")
  check.equal(client:result("GET", base .. "?start_number=-1"), "400 AS.4000", "start")
  check.equal(client:result("GET", base .. "?limit=101"), "400 AS.4001", "limit")
  check.equal(client:result("GET", "/scaling_group_instance/" .. nowhere .. "/list"),
    "400 AS.4005", "group")
end)
