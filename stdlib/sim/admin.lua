-- The administrator's side under /_sim/: what no call of the platform can do. Its calls are not
-- signed, hit by no fault and not receipted.
local seeded = require("sim.seeded")
local moment = require("sim.moment")
local wire = require("sim.wire")
local faults = require("sim.faults")
local receipts = require("sim.receipts")
local router = require("sim.router")
local scenery = require("sim.scenery")
local state = require("sim.state")
local groups = require("sim.groups")
local instances = require("sim.instances")

local admin = {}

local function bad(message)
  error({ kind = "bad_admin_call", status = 400, message = message }, 0)
end

local function unknown(world, what, id)
  local message = what .. " " .. wire.printable(world.json, id) .. ": unknown"
  error({ kind = "bad_admin_call", status = 404, message = message }, 0)
end

-- A record of a store by id or by name.
local function found(world, store, what, id)
  local record = world[store]:get(id)
  if record then return record end
  for candidate in world[store]:each() do
    if candidate.name == id then return candidate end
  end
  unknown(world, what, id)
end

local function text(body, name)
  local value = body[name]
  if value ~= nil and type(value) ~= "string" then bad(name .. ": a text") end
  return value
end

local function number(body, name, least, most)
  local value = body[name]
  if value == nil then return nil end
  least, most = least or -1e12, most or 1e12
  if type(value) ~= "number" or not (value >= least and value <= most) then
    bad(("%s: a number from %.0f to %.0f"):format(name, least, most))
  end
  return value
end

local function word(body, name, words)
  local value = body[name]
  if value == nil then return nil end
  for _, known in ipairs(words) do
    if value == known then return value end
  end
  bad(name .. ": one of " .. table.concat(words, ", "))
end

local function clock(world)
  return {
    now = moment.zulu(world:now()), gateway = moment.zulu(moment.from_seconds(world:gateway_now())),
    skew_seconds = world.skew,
  }
end

local function fault_list(world)
  local rows = world.json.array({})
  for index, fault in ipairs(world.faults) do
    rows[index] = fault
  end
  return { faults = rows, kinds = faults.kinds }
end

local function add_faults(world, _, body)
  local wishes = body[1] ~= nil and body or { body }
  local made = {}
  for index, wish in ipairs(wishes) do
    local fault, reason = faults.make(world, wish)
    if not fault then bad(reason) end
    made[index] = fault
  end
  for _, fault in ipairs(made) do
    table.insert(world.faults, fault)
  end
  return fault_list(world)
end

local function remove_faults(world, _, _, query)
  local kept = {}
  for _, fault in ipairs(world.faults) do
    if query.id and fault.id ~= query.id then kept[#kept + 1] = fault end
  end
  world.faults = kept
  return fault_list(world)
end

local function make_groups(world, _, body)
  local name = text(body, "name") or bad("name: a text")
  local count = number(body, "count", 1, 100000) or 1
  local wish = {
    description = text(body, "description"), status = text(body, "status"),
    instances = number(body, "instances", 0, 1000), pairs = number(body, "pairs", 0, 1000),
  }
  local ids = world.json.array({})
  for index = 1, count do
    wish.name = count == 1 and name or string.format("%s-%04d", name, index)
    ids[index] = scenery.group(world, wish).id
  end
  return { server_group_ids = ids }
end

local function set_group(world, path, body)
  local group = found(world, "groups", "group", path.id)
  local status = text(body, "status")
  local fault_level = word(body, "fault_level", { "0", "2", "5" })
  local station = word(body, "priority_station", { "source", "target" })
  if status then groups.set_status(world, group, status, world:now()) end
  group.priority_station = station or group.priority_station
  for _, pair in ipairs(world.members[group.id].replications) do
    pair.fault_level = fault_level or pair.fault_level
  end
  return { server_group = groups.render(world, group) }
end

local function set_power(server, body)
  local power = word(body, "state", { "ACTIVE", "SHUTOFF" })
  if not power then bad("state: ACTIVE or SHUTOFF") end
  server.power = power
end

local function set_group_power(world, path, body)
  local group = found(world, "groups", "group", path.id)
  local site = word(body, "site", { "production", "dr", "all" }) or "all"
  local changed = world.json.array({})
  local sides = { production = { "current" }, dr = { "other" }, all = { "current", "other" } }
  for _, instance in ipairs(world.members[group.id].instances) do
    for _, side in ipairs(sides[site]) do
      local server = instances.server(world, group, instance, side)
      if server then
        set_power(server, body)
        changed[#changed + 1] = server
      end
    end
  end
  return { servers = changed }
end

local function delete_server(world, path)
  local server = found(world, "servers", "server", path.id)
  local instance = world.instances:get(server.protected_instance_id)
  world.servers:remove(server.id)
  if instance then instances.set_status(world, instance, "invalid", world:now()) end
  return {}
end

local function delete_volume(world, path)
  local pair = world.volumes[path.id]
  if not pair then unknown(world, "volume", path.id) end
  pair.status, pair.updated_at = "invalid", world:now()
  return {}
end

local function health(world)
  return {
    status = "ok", now = moment.zulu(world:now()), seed = world.seed,
    groups = world.groups.count, jobs = world.jobs.count, jobs_unfinished = world.due.size,
  }
end

local function reset(world, _, body)
  world:reset(number(body, "seed", 0) or world.seed)
  return health(world)
end

local function put_state(world, _, body)
  local reason = state.import(world, body)
  if reason then bad(reason) end
  return health(world)
end

local function set_clock(world, _, body)
  local skew = number(body, "skew_seconds")
  local advance = number(body, "advance_seconds", 0)
  world.skew = skew or world.skew
  if advance then world:set_now(world:now() + moment.from_seconds(advance)) end
  return clock(world)
end

local function list_receipts(world, _, _, query)
  local after = tonumber(query.after or "0")
  if not after then bad("after: a number") end
  return {
    receipts = receipts.after(world, after, query.operation), dropped = world.receipts.first - 1,
  }
end

local function set_quotas(world, _, body)
  for name in pairs(world.quotas) do
    world.quotas[name] = number(body, name, -1) or world.quotas[name]
  end
  return { quotas = world.quotas }
end

local calls = {
  { "GET", "/_sim", "this list" },
  { "GET", "/_sim/health", "is it up, what time is it there, how much it holds", health },
  { "POST", "/_sim/reset", "a fresh world: {seed?}", reset },
  { "GET", "/_sim/state", "the whole world as JSON", state.export },
  { "PUT", "/_sim/state", "replaces the world by what GET gave", put_state },
  { "GET", "/_sim/faults", "the faults, how often each matched and fired, and the kinds",
    fault_list },
  { "POST", "/_sim/faults", "adds one or a list: {operation|path, method?, kind, nth?, count?, "
    .. "probability?, …}", add_faults },
  { "DELETE", "/_sim/faults", "takes all away, or one: ?id=", remove_faults },
  { "GET", "/_sim/clock", "simulated time, the gateway's time, its skew", clock },
  { "POST", "/_sim/clock", "{skew_seconds?, advance_seconds?}", set_clock },
  { "GET", "/_sim/receipts", "every request that arrived: ?after=SEQ&operation=NAME",
    list_receipts },
  { "POST", "/_sim/quotas", "{server_groups?, replications?}, -1 is unlimited", set_quotas },
  { "POST", "/_sim/groups", "makes a protected group: {name, instances?, pairs?, status?, count?}",
    make_groups },
  { "POST", "/_sim/groups/{id}/set", "{status?, fault_level?, priority_station?}; id or name",
    set_group },
  { "POST", "/_sim/groups/{id}/power", "its servers: {state, site? production|dr|all}",
    set_group_power },
  { "GET", "/_sim/servers/{id}", "a server: power, zone, instance", function(world, path)
    return { server = found(world, "servers", "server", path.id) }
  end },
  { "POST", "/_sim/servers/{id}/power", "{state: ACTIVE|SHUTOFF}", function(world, path, body)
    local server = found(world, "servers", "server", path.id)
    set_power(server, body)
    return { server = server }
  end },
  { "DELETE", "/_sim/servers/{id}", "deletes it natively: its instance becomes invalid",
    delete_server },
  { "DELETE", "/_sim/volumes/{id}", "deletes it natively: its pair becomes invalid",
    delete_volume },
}

calls[1][4] = function(world)
  local rows = world.json.array({})
  for index, call in ipairs(calls) do
    rows[index] = { call = call[1] .. " " .. call[2], does = call[3] }
  end
  return { calls = rows }
end

local routes = {}
for index, call in ipairs(calls) do
  routes[index] = { method = call[1], path = call[2], run = call[4] }
end
local table_of_calls = router.new(routes)

--- Whether a path belongs to the administrator.
function admin.owns(path)
  return path == "/_sim" or path:sub(1, 6) == "/_sim/"
end

--- Answers an administrator's call; `body` is decoded, nil for none, false for bad JSON.
function admin.answer(world, request, body)
  world.request_id = seeded.hex(world.admin_side, "admin")
  local route = table_of_calls:find(request.method, request.path, body)
  if not route then
    return wire.answer(world, 404, { message = "no such call; GET /_sim/ lists them" })
  end
  if body == false or (body ~= nil and type(body) ~= "table") then
    return wire.answer(world, 400, { message = "the body is not a JSON object" })
  end
  local query = wire.query(request.query)
  local ok, result = pcall(route.operation.run, world, route.path, body or {}, query)
  if ok then return wire.answer(world, 200, result) end
  if type(result) == "table" and result.kind == "bad_admin_call" then
    return wire.answer(world, result.status, { message = result.message })
  end
  error(result, 0)
end

return admin
