-- The administrator's side under /_sim/: what no call of the platform can do. Its calls are not
-- signed, hit by no fault and not receipted. Those that concern one service are that service's.
local seeded = require("sim.seeded")
local moment = require("sim.moment")
local wire = require("sim.wire")
local faults = require("sim.faults")
local receipts = require("sim.receipts")
local router = require("sim.router")
local state = require("sim.state")
local input = require("sim.admin_input")

local admin = {}

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
    if not fault then input.bad(reason) end
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

local function health(world)
  local unfinished = 0
  for job in world.jobs:each() do
    if not job.finished and not job.stuck then unfinished = unfinished + 1 end
  end
  return {
    status = "ok", now = moment.zulu(world:now()), seed = world.seed,
    groups = world.groups.count, jobs = world.jobs.count, jobs_unfinished = unfinished,
    events = world.agenda.size,
  }
end

local function reset(world, _, body)
  world:reset(input.number(body, "seed", 0) or world.seed)
  return health(world)
end

local function put_state(world, _, body)
  local reason = state.import(world, body)
  if reason then input.bad(reason) end
  return health(world)
end

local function set_clock(world, _, body)
  local skew = input.number(body, "skew_seconds")
  local advance = input.number(body, "advance_seconds", 0)
  world.skew = skew or world.skew
  if advance then world:set_now(world:now() + moment.from_seconds(advance)) end
  return clock(world)
end

local function list_receipts(world, _, _, query)
  local after = tonumber(query.after or "0")
  if not after then input.bad("after: a number") end
  return {
    receipts = receipts.after(world, after, query.operation), dropped = world.receipts.first - 1,
  }
end

local function set_quotas(world, _, body)
  for name in pairs(world.quotas) do
    world.quotas[name] = input.number(body, name, -1) or world.quotas[name]
  end
  return { quotas = world.quotas }
end

local own_calls = {
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
  { "POST", "/_sim/quotas", "{server_groups?, replications?, …}, -1 is unlimited", set_quotas },
}

--- The calls of the administrator, those of the joined services among them.
function admin.router(services)
  local calls = {}
  local function list(world)
    local rows = world.json.array({})
    for index, call in ipairs(calls) do
      rows[index] = { call = call[1] .. " " .. call[2], does = call[3] }
    end
    return { calls = rows }
  end
  calls[1] = { "GET", "/_sim", "this list", list }
  for _, rows in ipairs({ own_calls, services.admin }) do
    for _, call in ipairs(rows) do
      calls[#calls + 1] = call
    end
  end
  local routes = {}
  for index, call in ipairs(calls) do
    routes[index] = { method = call[1], path = call[2], run = call[4] }
  end
  return router.new(routes)
end

--- Whether a path belongs to the administrator.
function admin.owns(path)
  return path == "/_sim" or path:sub(1, 6) == "/_sim/"
end

--- Answers an administrator's call; `body` is decoded, nil for none, false for bad JSON.
function admin.answer(world, request, body)
  world.request_id = seeded.hex(world.admin_side, "admin")
  local routes = world.admin_router:find(request.method, request.path, body)
  if not routes then
    return wire.answer(world, 404, { message = "no such call; GET /_sim/ lists them" })
  end
  if body == false or (body ~= nil and type(body) ~= "table") then
    return wire.answer(world, 400, { message = "the body is not a JSON object" })
  end
  local query = wire.query(request.query)
  local route = routes[1]
  local ok, result = pcall(route.operation.run, world, route.path, body or {}, query)
  if ok then return wire.answer(world, 200, result) end
  if type(result) == "table" and result.kind == "bad_admin_call" then
    return wire.answer(world, result.status, { message = result.message })
  end
  error(result, 0)
end

return admin
