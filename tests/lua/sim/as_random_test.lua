-- Random calls of Auto Scaling, legal and not: always an answer, one activity at a time, holds only
-- where something is held, and every hold comes to an end.
local test = require("test")
local scaling = require("scaling")

local rounds, calls = 30, 200

-- A sequence of numbers that depends on the seed alone (Park and Miller).
local function chance(seed)
  local state = seed
  return function(most)
    state = state * 16807 % 2147483647
    return state % most + 1
  end
end

local function any(draw, list)
  return list[draw(#list)]
end

-- Ids of a kind in the world, and one that is unknown.
local function ids(client, store)
  local list = { "00000000-0000-4000-a000-000000000000" }
  for record in client:world()[store]:each() do
    list[#list + 1] = record.id
  end
  return list
end

local function group(client, draw)
  return any(draw, ids(client, "scaling_groups"))
end

local function instance(client, draw)
  return any(draw, ids(client, "scaling_instances"))
end

local actions = {
  "ADD", "REMOVE", "PROTECT", "UNPROTECT", "ENTER_STANDBY", "EXIT_STANDBY", "NONSENSE",
}
local results = { "CONTINUE", "CONTINUE", "ABANDON", "EXTEND", "MAYBE" }

local moves = {
  function(client, draw)
    return "PUT", "/scaling_group/" .. group(client, draw), {
      desire_instance_number = draw(9) - 1, max_instance_number = 8 + draw(4),
    }
  end,
  function(client, draw)
    return "POST", "/scaling_group/" .. group(client, draw) .. "/action",
      { action = any(draw, { "resume", "pause", "stop" }) }
  end,
  function(client, draw)
    local flag = draw(6) == 1 and "?force_delete=yes" or ""
    return "DELETE", "/scaling_group/" .. group(client, draw) .. flag
  end,
  function(client, draw)
    return "POST", "/scaling_group_instance/" .. group(client, draw) .. "/action", {
      action = any(draw, actions), instance_delete = any(draw, { "yes", "no" }),
      instance_append = any(draw, { "yes", "no" }),
      instances_id = { instance(client, draw), any(draw, ids(client, "servers")) },
    }
  end,
  function(client, draw)
    return "DELETE", "/scaling_group_instance/" .. instance(client, draw)
  end,
  function(client, draw)
    return "POST", "/scaling_lifecycle_hook/" .. group(client, draw), {
      lifecycle_hook_name = "hook-" .. draw(6), default_timeout = 300,
      lifecycle_hook_type = any(draw, { "INSTANCE_LAUNCHING", "INSTANCE_TERMINATING" }),
      default_result = any(draw, { "ABANDON", "CONTINUE" }),
      notification_topic_urn = client:topic(),
    }
  end,
  function(client, draw)
    return "DELETE", "/scaling_lifecycle_hook/" .. group(client, draw) .. "/hook-" .. draw(6)
  end,
  function(client, draw)
    local hold = any(draw, ids(client, "lifecycle_holds"))
    local record = client:world().lifecycle_holds:get(hold)
    return "PUT", "/scaling_instance_hook/" .. (record and record.group_id or group(client, draw))
      .. "/callback", {
        lifecycle_action_key = hold, lifecycle_action_result = any(draw, results),
      }
  end,
  function(client, draw)
    return "POST", "/scaling_policy", {
      scaling_policy_name = "random", scaling_group_id = group(client, draw),
      scaling_policy_type = "RECURRENCE", scaling_policy_action = {
        operation = any(draw, { "ADD", "REMOVE", "SET" }), instance_number = draw(4),
      }, scheduled_policy = {
        launch_time = ("%02d:%02d"):format(draw(24) - 1, draw(60) - 1), recurrence_type = "Daily",
        end_time = "2030-01-01T00:00Z",
      },
    }
  end,
  function(client, draw)
    return "POST", "/scaling_policy/" .. any(draw, ids(client, "scaling_policies")) .. "/action",
      { action = any(draw, { "execute", "execute", "pause", "resume" }) }
  end,
  function(client, draw)
    return "GET", "/scaling_group_instance/" .. group(client, draw) .. "/list"
  end,
}

-- What an administrator, and mishaps, add to it.
local function disturb(client, draw)
  if draw(25) == 1 then
    client.inner:send("DELETE", "/_sim/servers/" .. any(draw, ids(client, "servers")))
  elseif draw(25) == 1 then
    client.inner:send("POST", "/_sim/as/instances/" .. instance(client, draw) .. "/set",
      { health = "ERROR" })
  elseif draw(40) == 1 then
    client:group({ name = "late-" .. draw(1000), instances = draw(4) })
  end
  client:wait(any(draw, { 0, 1, 5, 20, 60, 400 }))
end

local waiting = { PENDING_WAIT = true, REMOVING_WAIT = true }

-- What must hold at any time.
local function check_books(check, client, told)
  local world, busy = client:world(), {}
  for member in world.scaling_instances:each() do
    local owner = world.scaling_groups:get(member.group_id)
    check.truthy(owner, told .. "group of an instance")
    check.equal(#member.holds > 0, waiting[member.state] == true, told .. "holds while waiting")
    if member.step or #member.holds > 0 then busy[owner.id] = (busy[owner.id] or 0) + 1 end
  end
  for hold in world.lifecycle_holds:each() do
    check.truthy(world.scaling_instances:get(hold.instance_id), told .. "instance of a hold")
    -- A finished record is listed as long as another hook holds the instance.
    local is_over = hold.status ~= "HANGING"
    check.truthy(is_over or hold.deadline >= world:now(), told .. "deadline of a hold")
  end
  for each in world.scaling_groups:each() do
    local activity = world.scaling_activities:get(each.activity_id or "")
    check.equal(activity and activity.open or 0, busy[each.id] or 0, told .. "open in activity")
    check.truthy(each.min <= each.max, told .. "numbers")
  end
  for activity in world.scaling_activities:each() do
    local owner = world.scaling_groups:get(activity.group_id)
    local is_current = owner.activity_id == activity.id
    check.equal(activity.status == "DOING", is_current, told .. "one at a time")
  end
end

local function play(check, seed)
  local client, draw, told = scaling.client(seed), chance(seed * 7919), "seed " .. seed .. ": "
  client:group({ instances = 3 })
  local codes = {}
  for _ = 1, calls do
    disturb(client, draw)
    local method, path, body = any(draw, moves)(client, draw)
    local response, value = client:call(method, path, body)
    check.truthy(response.status < 500, told .. method .. " " .. path)
    if response.status >= 400 then codes[scaling.code(value)] = true end
    check_books(check, client, told)
  end
  local other = scaling.client(seed + 1000)
  other.inner:send("PUT", "/_sim/state", client:admin("GET", "/state"))
  client:wait(20000)
  other:wait(20000)
  local function states(of)
    return of.inner:send("GET", "/_sim/as/groups").body
  end
  check.equal(states(other) == states(client), true, told .. "goes on alike")
  return codes
end

test.case("random calls are answered, the books agree, and the state is all there is",
  function(check)
    local all, count = {}, 0
    for seed = 1, rounds do
      for code in pairs(play(check, seed)) do
        if not all[code] then count = count + 1 end
        all[code] = true
      end
    end
    check.truthy(count >= 20, "different codes: " .. count)
  end)
