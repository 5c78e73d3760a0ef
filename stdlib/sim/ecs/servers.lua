-- Servers: one store for all services that make, stop or protect them.
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local flavors = require("sim.ecs.flavors")
local volumes = require("sim.ecs.volumes")

local servers = { kind = "server", store = "servers", arrays = { "nics", "spare_nics" } }

--- The next free private address of the simulated networks.
local function next_address(world)
  local count = (world.counters.address or 0) + 1
  world.counters.address = count
  return string.format("192.168.%d.%d", math.floor(count / 250) % 256, count % 250 + 2)
end

--- A NIC record: {id, address, subnet_id, mac}; the first of a server is its primary one.
function servers.new_nic(world, subnet_id, address)
  local id = seeded.uuid(world)
  return {
    id = id, address = address or next_address(world), subnet_id = subnet_id,
    mac = "fa:16:3e" .. id:gsub("-", ""):sub(1, 6):gsub("%x%x", ":%0"),
  }
end

--- Adds a server. `fields`: name, availability_zone, vpc_id, power ("ACTIVE", "SHUTOFF", "ERROR"),
--- id (where it was promised before), flavor, image, subnet_id, charging_mode ("0" as used, "1" by
--- month or year), locked ("system" or "service"), dedicated_host_id, server_group (its ECS group).
function servers.add(world, fields)
  local now = fields.created_at or world:now()
  local server = {
    id = fields.id or seeded.uuid(world), name = fields.name,
    availability_zone = fields.availability_zone, vpc_id = fields.vpc_id, image = fields.image,
    power = fields.power or "ACTIVE",
    flavor = fields.flavor or "s3.large.2", charging_mode = fields.charging_mode or "0",
    locked = fields.locked, dedicated_host_id = fields.dedicated_host_id,
    server_group = fields.server_group, created_at = now, updated_at = now,
    spare_nics = world.json.array({}),
  }
  server.nics = world.json.array({ servers.new_nic(world, fields.subnet_id or fields.vpc_id) })
  world.servers:add(server)
  return server
end

--- Takes a server out of the world; its volumes stay, unless `with_volumes`.
function servers.remove(world, server, with_volumes)
  for _, volume in ipairs({ unpack(volumes.of(world, server.id)) }) do
    if with_volumes then
      volumes.remove(world, volume)
    else
      volumes.detach(world, volume, server.id)
    end
  end
  world.attached[server.id] = nil
  world.servers:remove(server.id)
end

local during = {
  reboot_started = "REBOOT", reboot_started_hard = "HARD_REBOOT",
}

--- The status as the platform shows it: while a server is powered on or off it keeps the old one.
function servers.status(server)
  return during[server.task_state] or server.power
end

local vm_states = { ACTIVE = "active", SHUTOFF = "stopped", ERROR = "error" }
local power_states = { ACTIVE = 1, SHUTOFF = 4 }

local function iso(at)
  return moment.zulu(at):sub(1, 19) .. "Z"
end

local function rendered_addresses(world, server)
  local rows = world.json.array({})
  for index, nic in ipairs(server.nics or {}) do
    rows[index] = {
      version = "4", addr = nic.address, ["OS-EXT-IPS:type"] = "fixed",
      ["OS-EXT-IPS-MAC:mac_addr"] = nic.mac, ["OS-EXT-IPS:port_id"] = nic.id,
    }
  end
  if #rows == 0 and server.address then
    rows[1] = { version = "4", addr = server.address, ["OS-EXT-IPS:type"] = "fixed" }
  end
  return { [server.vpc_id or "none"] = rows }
end

local function rendered_volumes(world, server)
  local rows = world.json.array({})
  for index, volume in ipairs(volumes.of(world, server.id)) do
    rows[index] = {
      id = volume.id, device = volumes.device(volume, server.id),
      bootIndex = volume.bootable and "0" or "", delete_on_termination = "false",
    }
  end
  return rows
end

local function rendered_flavor(id)
  local flavor = flavors.get(id or "s3.large.2")
  return {
    id = flavor.id, name = flavor.id, vcpus = tostring(flavor.vcpus), ram = tostring(flavor.ram),
    disk = "0",
  }
end

--- A server as show_server and list_servers_details show it (ecs.md section 2).
function servers.render(world, server)
  local null, array = world.json.null, world.json.array
  return {
    id = server.id, name = server.name, status = servers.status(server),
    ["OS-EXT-STS:vm_state"] = vm_states[server.power] or "error",
    ["OS-EXT-STS:task_state"] = server.task_state or null,
    ["OS-EXT-STS:power_state"] = power_states[server.power] or 0,
    ["OS-EXT-AZ:availability_zone"] = server.availability_zone, host_status = "UP",
    locked = server.locked ~= nil, progress = 0, flavor = rendered_flavor(server.flavor),
    image = { id = server.image or "1ce5800a-e487-4c1b-b264-3353a39e2b4b" },
    addresses = rendered_addresses(world, server),
    ["os-extended-volumes:volumes_attached"] = rendered_volumes(world, server),
    metadata = {
      charging_mode = server.charging_mode or "0", vpc_id = server.vpc_id, os_type = "Linux",
    },
    security_groups = { { id = "6505b5d1-7837-41eb-8a1c-869d4355baa3", name = "default" } },
    tags = array({}), sys_tags = { { key = "_sys_enterprise_project_id", value = "0" } },
    enterprise_project_id = "0", fault = null,
    created = iso(server.created_at), updated = iso(server.updated_at or server.created_at),
    ["OS-SRV-USG:launched_at"] = moment.micros(server.created_at),
  }
end

function servers.find(world, call)
  local server = world.servers:get(call.path.server_id)
  if not server then wire.refuse("Ecs.0114") end
  return server
end

return servers
