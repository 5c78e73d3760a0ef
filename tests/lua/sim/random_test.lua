-- Random calls, legal and not: the simulator always answers, never with a bug, keeps its books, and
-- a world that went out and came in again goes on alike.
local test = require("test")
local support = require("support")

local rounds, calls = 12, 250

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
  for record in client.world[store]:each() do
    list[#list + 1] = record.id
  end
  return list
end

local verbs = {
  { ["start-server-group"] = {} }, { ["stop-server-group"] = {} },
  { ["failover-server-group"] = {} }, { ["nonsense"] = {} },
  { ["reverse-server-group"] = { priority_station = "source" } },
  { ["reverse-server-group"] = { priority_station = "target" } },
}
local flavors = { "s3.large.2", "s3.xlarge.2", "c1.large", "unknown.1" }

local moves = {
  function(client, draw)
    local path = "/server-groups/" .. any(draw, ids(client, "groups"))
    return "POST", path .. "/action", any(draw, verbs)
  end,
  function(client, draw)
    return "POST", "/protected-instances", { protected_instance = {
      server_group_id = any(draw, ids(client, "groups")), name = "random",
      server_id = any(draw, ids(client, "servers")), flavorRef = any(draw, flavors),
    } }
  end,
  function(client, draw)
    return "POST", "/protected-instances/batch", { protected_instances = {
      server_group_id = any(draw, ids(client, "groups")), name_prefix = "random", servers = {
        { server_id = any(draw, ids(client, "servers")) },
        { server_id = any(draw, ids(client, "servers")) },
      },
    } }
  end,
  function(client, draw)
    return "DELETE", "/protected-instances/" .. any(draw, ids(client, "instances")),
      { delete_target_server = draw(2) == 1 }
  end,
  function(client, draw)
    return "POST", "/protected-instances/delete", { protected_instances = {
      { id = any(draw, ids(client, "instances")) }, { id = any(draw, ids(client, "instances")) },
    } }
  end,
  function(client, draw)
    return "POST", "/protected-instances/" .. any(draw, ids(client, "instances"))
      .. "/attachreplication", { replicationAttachment = {
        replication_id = any(draw, ids(client, "replications")),
        device = "/dev/vd" .. string.char(96 + draw(8)),
      } }
  end,
  function(client, draw)
    return "DELETE", "/protected-instances/" .. any(draw, ids(client, "instances"))
      .. "/detachreplication/" .. any(draw, ids(client, "replications"))
  end,
  function(client, draw)
    return "POST", "/protected-instances/" .. any(draw, ids(client, "instances")) .. "/resize",
      { resize = { [any(draw, { "flavorRef", "dr_flavorRef" })] = any(draw, flavors) } }
  end,
  function(client, draw)
    return "POST", "/protected-instances/" .. any(draw, ids(client, "instances")) .. "/nic",
      { subnet_id = any(draw, ids(client, "vpcs")) }
  end,
  function(client, draw)
    return "POST", "/replications", { replication = { name = "random",
      server_group_id = any(draw, ids(client, "groups")),
      volume_id = any(draw, ids(client, "volumes")),
    } }
  end,
  function(client, draw)
    return "DELETE", "/replications/" .. any(draw, ids(client, "replications")),
      { replication = { delete_target_volume = draw(2) == 1 } }
  end,
  function(client, draw)
    return "POST", "/replications/" .. any(draw, ids(client, "replications")) .. "/action",
      { ["extend-replication"] = { new_size = draw(300) } }
  end,
  function(client, draw)
    return "POST", "/disaster-recovery-drills", { disaster_recovery_drill = {
      server_group_id = any(draw, ids(client, "groups")), name = "random",
    } }
  end,
  function(client, draw)
    return "DELETE", "/disaster-recovery-drills/" .. any(draw, ids(client, "drills"))
  end,
  function(client, draw)
    local verb = any(draw, { "os-start", "os-stop", "reboot" })
    return "POST", "/cloudservers/action", { [verb] = { type = "SOFT", servers = {
      { id = any(draw, ids(client, "servers")) }, { id = any(draw, ids(client, "servers")) },
    } } }
  end,
  function(client, draw)
    return "DELETE", "/server-groups/" .. any(draw, ids(client, "groups"))
  end,
}

-- What an administrator, and mishaps, add to it.
local function disturb(client, draw)
  if draw(12) == 1 then
    client:send("POST", "/_sim/faults", {
      path = "*", kind = any(draw, { "job_fail", "job_fail", "stuck_job", "drop_after" }),
    })
  elseif draw(40) == 1 then
    client:send("DELETE", "/_sim/servers/" .. any(draw, ids(client, "servers")))
  elseif draw(40) == 1 then
    client:send("DELETE", "/_sim/volumes/" .. any(draw, ids(client, "volumes")))
  elseif draw(30) == 1 then
    client:admin("servers", { name = "late-" .. draw(1000000), volumes = draw(3) })
  end
  client:wait(any(draw, { 0, 1, 10, 60, 200 }))
end

-- What must hold at any time: things name things that exist, and both sides agree.
local function check_books(check, client, told)
  local world = client.world
  for instance in world.instances:each() do
    check.truthy(world.groups:get(instance.server_group_id), told .. "group of an instance")
    for _, attachment in ipairs(instance.attachment) do
      check.truthy(world.replications:get(attachment.replication), told .. "attached pair")
    end
  end
  for pair in world.replications:each() do
    for _, attachment in ipairs(pair.attachment) do
      check.truthy(world.instances:get(attachment.protected_instance), told .. "its instance")
    end
    for _, id in ipairs({ pair.production_volume, pair.dr_volume }) do
      local volume = world.volumes:get(id)
      check.truthy(not volume or volume.replication_id == pair.id, told .. "its volumes")
    end
  end
  for volume in world.volumes:each() do
    for _, attachment in ipairs(volume.attachments) do
      check.truthy(world.servers:get(attachment.server_id), told .. "server of a volume")
    end
  end
end

local function lists(client)
  local bodies = {}
  for index, path in ipairs({
    "/server-groups", "/protected-instances", "/replications", "/disaster-recovery-drills",
    "/cloudservers/detail?limit=1000",
  }) do
    bodies[index] = client:call("GET", path).body
  end
  return table.concat(bodies, "\n")
end

local function play(check, seed)
  local client, draw, told = support.client({ seed = seed }), chance(seed * 7919), "seed " .. seed
    .. ": "
  local codes = {}
  for _ = 1, calls do
    disturb(client, draw)
    local method, path, body = any(draw, moves)(client, draw)
    local response, value = client:call(method, path, body)
    check.truthy(response.status < 500 and response.status ~= 404 or value.error,
      told .. method .. " " .. path)
    if response.status >= 400 and response.drop == nil then codes[support.code(value)] = true end
  end
  check_books(check, client, told)
  client:send("DELETE", "/_sim/faults")
  local other = support.client({ seed = seed + 1000 })
  other:send("PUT", "/_sim/state", client:send("GET", "/_sim/state").body)
  client:wait(1000)
  other:wait(1000)
  check.equal(lists(other) == lists(client), true, told .. "goes on alike")
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
    check.truthy(count >= 25, "different codes: " .. count)
  end)
