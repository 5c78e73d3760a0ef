-- What an administrator does to servers and volumes natively, and makes of them.
local input = require("sim.admin_input")
local servers = require("sim.ecs.servers")
local volumes = require("sim.ecs.volumes")

local function set_power(server, body)
  local power = input.word(body, "state", { "ACTIVE", "SHUTOFF", "ERROR" })
  if not power then input.bad("state: ACTIVE, SHUTOFF or ERROR") end
  server.power, server.task_state = power, nil
end

-- The zone where a fresh world's production is.
local function zone_of(world, body)
  local domain = world.domains:each()()
  return input.text(body, "availability_zone") or domain.local_zone
end

local function make_volume(world, body)
  return volumes.add(world, {
    name = input.text(body, "name") or "volume", availability_zone = zone_of(world, body),
    size = input.number(body, "size", 1, 32768), bootable = input.flag(body, "bootable"),
    multiattach = input.flag(body, "multiattach"), encrypted = input.flag(body, "encrypted"),
    locked = input.flag(body, "locked"), frozen = input.flag(body, "frozen"),
    charging_mode = input.word(body, "charging_mode", { "0", "1" }),
    status = input.text(body, "status"),
  })
end

local function make_server(world, _, body)
  local name = input.text(body, "name") or input.bad("name: a text")
  local server = servers.add(world, {
    name = name, availability_zone = zone_of(world, body),
    vpc_id = input.text(body, "vpc_id") or world.settings.vpc_id,
    power = input.word(body, "state", { "ACTIVE", "SHUTOFF", "ERROR" }),
    flavor = input.text(body, "flavor"),
    locked = input.word(body, "locked", { "system", "service" }),
    charging_mode = input.word(body, "charging_mode", { "0", "1" }),
    dedicated_host_id = input.text(body, "dedicated_host_id"),
    server_group = input.text(body, "server_group"),
  })
  for index = 1, input.number(body, "volumes", 0, 20) or 1 do
    local volume = volumes.add(world, {
      name = name .. "-volume-" .. index, availability_zone = server.availability_zone,
      bootable = index == 1, size = index == 1 and 40 or 100, charging_mode = server.charging_mode,
    })
    volumes.attach(world, volume, server.id, volumes.free_device(world, server.id))
  end
  return { server = servers.render(world, server) }
end

local function add_volume(world, _, body)
  local volume = make_volume(world, body)
  for _, id in ipairs(body.servers or {}) do
    local server = input.found(world, "servers", "server", tostring(id))
    volumes.attach(world, volume, server.id, volumes.free_device(world, server.id))
  end
  return { volume = volume }
end

-- Texts, flags and numbers of a record that may be set at will.
local function change(record, body, names)
  for _, name in ipairs(names) do
    if body[name] ~= nil then record[name] = body[name] or nil end
  end
end

local function set_server(world, path, body)
  local server = input.found(world, "servers", "server", path.id)
  change(server, body, {
    "vpc_id", "availability_zone", "flavor", "locked", "charging_mode", "dedicated_host_id",
    "server_group",
  })
  return { server = server }
end

local function set_volume(world, path, body)
  local volume = input.found(world, "volumes", "volume", path.id)
  change(volume, body, {
    "status", "size", "encrypted", "locked", "frozen", "charging_mode", "multiattach", "bootable",
    "availability_zone",
  })
  return { volume = volume }
end

local function delete_server(world, path)
  local server = input.found(world, "servers", "server", path.id)
  servers.remove(world, server)
  world.services:deleted_natively(world, "server", server)
  return {}
end

local function delete_volume(world, path)
  local volume = input.found(world, "volumes", "volume", path.id)
  volumes.remove(world, volume)
  world.services:deleted_natively(world, "volume", volume)
  return {}
end

return {
  { "GET", "/_sim/servers/{id}", "a server: power, zone, instance", function(world, path)
    return { server = input.found(world, "servers", "server", path.id) }
  end },
  { "POST", "/_sim/servers", "makes one with volumes: {name, availability_zone?, vpc_id?, state?, "
    .. "flavor?, volumes?, charging_mode?, locked?, dedicated_host_id?}", make_server },
  { "POST", "/_sim/servers/{id}/set", "{vpc_id?, availability_zone?, flavor?, locked?, …}",
    set_server },
  { "POST", "/_sim/servers/{id}/power", "{state: ACTIVE|SHUTOFF|ERROR}", function(world, path, body)
    local server = input.found(world, "servers", "server", path.id)
    set_power(server, body)
    return { server = server }
  end },
  { "DELETE", "/_sim/servers/{id}", "deletes it natively: its instance becomes invalid",
    delete_server },
  { "GET", "/_sim/volumes/{id}", "a volume: size, servers, pair", function(world, path)
    return { volume = input.found(world, "volumes", "volume", path.id) }
  end },
  { "POST", "/_sim/volumes", "makes one: {name, availability_zone?, size?, servers?, multiattach?, "
    .. "encrypted?, locked?, frozen?, …}", add_volume },
  { "POST", "/_sim/volumes/{id}/set", "{status?, locked?, charging_mode?, …}", set_volume },
  { "DELETE", "/_sim/volumes/{id}", "deletes it natively: its pair becomes invalid",
    delete_volume },
}
