-- The simulator: a world that answers the platform's requests like the platform.
--
-- Routes, argument checks and state transitions come from the catalogue of operations. There are no
-- timers: a world is a function of its state and of the time at which it is asked.
local seeded = require("sim.seeded")
local moment = require("sim.moment")
local wire = require("sim.wire")
local router = require("sim.router")
local texts = require("sim.texts")
local arguments = require("sim.arguments")
local receipts = require("sim.receipts")
local faults = require("sim.faults")
local agenda = require("sim.agenda")
local jobs = require("sim.jobs")
local verbs = require("sim.verbs")
local state = require("sim.state")
local admin = require("sim.admin")

-- Jobs belong to the frame: several services have them.
local services = require("sim.services").join({
  { name = "jobs", events = jobs.events },
  require("sim.iam"),
  require("sim.ecs"),
  require("sim.sdrs"),
  require("sim.as"),
  require("sim.smn"),
})

local World = {}
World.__index = World

local function perform(world, service, call)
  local resource = world.services.resources[call.operation.resource]
  local handler = service and verbs.of(call.operation, service, resource)
  if not handler then
    return wire.service_error(world, "SIM.0501", 501,
      "The simulator does not simulate " .. call.operation.name)
  end
  return handler(world, call, resource)
end

-- The code for a path that is known and a body that names no action of it.
local function refuse_action(world, operation)
  local service = world.services.by_name[operation.service]
  local own = service.operation_codes and service.operation_codes[operation.name]
  wire.refuse(own and own.action or service.action_code)
end

local function carry_out(world, request, route, body, fault)
  local operation = route.operation
  local service = world.services.by_name[operation.service]
  if not route.path then
    if body == false then wire.refuse(service.fail_code) end
    refuse_action(world, operation)
  end
  local known = service or { fail_code = "SIM.0400" }
  local call = arguments.read(world, known, operation, route.path, request.query, body)
  call.operation, call.fault, call.request = operation, fault, request
  return perform(world, service, call)
end

-- The gateway's refusal of a request that is neither signed nor carries a token; nil lets it pass.
local function unwelcome(world, request, operation)
  if not world.verify then return nil end
  local verdict = world.services:admits(world, request, operation)
  if verdict then return verdict ~= true and verdict or nil end
  return world.verify(request, world:gateway_now())
end

-- What the platform would answer, refusals included. Anything else that is raised is a bug here.
local function answer(world, request, route, body, fault)
  local refusal = unwelcome(world, request, route and route.operation)
  if refusal then
    return wire.gateway_error(world, refusal.http_status, refusal.code, refusal.message)
  end
  if not route then
    return wire.gateway_error(world, 404, "APIGW.0101",
      "The API does not exist or has not been published in the environment")
  end
  local done, response = pcall(carry_out, world, request, route, body, fault)
  if done then return response end
  if type(response) ~= "table" or response.kind ~= "refused" then error(response, 0) end
  local service = world.services.by_name[route.operation.service]
  return wire.refusal(world, service, response.code, response.message)
end

-- The route of a request: of several that share a path the one whose service knows the thing. A
-- route without `path` is known, but its body names no operation. nil when there is none.
local function route_of(world, request, body)
  local routes, nearest = world.router:find(request.method, request.path, body)
  if not routes then return nil end
  if #routes == 0 then return { operation = nearest } end
  for index = 1, #routes > 1 and #routes or 0 do
    local operation = routes[index].operation
    local service = world.services.by_name[operation.service]
    local owns = service and service.owns and service.owns[operation.name]
    if owns and owns(world, routes[index].path) then return routes[index] end
  end
  return routes[1]
end

--- Answers a request. request = { method, path (percent-encoded), query (raw text), headers (lower
--- case names), body }; the response is { status, headers, body } and perhaps drop = "before" or
--- "after" (close without an answer) or delay (seconds of simulated time to hold the answer).
function World:handle(request)
  agenda.advance(self)
  local body = arguments.body(self.json, request.body)
  if admin.owns(request.path) then
    local response = admin.answer(self, request, body)
    agenda.advance(self)
    return response
  end
  self.request_id = seeded.hex(self, "request")
  local page = request.method == "GET" and self.services.pages[request.path]
  if page then return page(self, (wire.query(request.query))) end
  local route = route_of(self, request, body or nil)
  local operation = route and route.path and route.operation
  local receipt = receipts.add(self, request, operation)
  local fault = faults.draw(self, request, operation)
  local service = route and self.services.by_name[route.operation.service]
  local response = faults.instead(self, fault, service)
    or faults.spoil(fault, answer(self, request, route, body, fault))
  receipt.status, receipt.fault = response.status, fault and fault.kind
  return response
end

--- Simulated time as a moment (microseconds since 1970); while an event happens, the event's.
function World:now()
  return self.event_at or moment.from_seconds(self.utc0 + self.host_now()) + self.offset
end

--- Moves simulated time; the gateway's clock stays.
function World:set_now(at)
  self.offset = self.offset + at - self:now()
end

--- The gateway's clock in seconds since 1970: it dates answers and judges signatures.
function World:gateway_now()
  return self.host_gateway_clock() + self.skew
end

--- Makes everything fresh from a seed.
function World:reset(seed)
  self.seed, self.offset, self.skew = seed, 0, 0
  self.counters, self.settings = {}, {}
  self.admin_side = { seed = seed, counters = {} }
  self.faults, self.receipts = {}, receipts.new()
  self.quotas = {}
  for name, quota in pairs(self.services.quotas) do
    self.quotas[name] = quota
  end
  state.fresh(self)
end

local function normalised_params(params)
  local rows = {}
  for index, row in ipairs(params or {}) do
    local parameter = {}
    for name, value in pairs(row) do
      parameter[name] = value
    end
    if row.one_of and #row.one_of == 0 then parameter.one_of = nil end
    parameter.members = row.members and normalised_params(row.members)
    rows[index] = parameter
  end
  return rows
end

-- The catalogue's rows with their empty texts left out, and the body's parameters on their own.
local function normalised(catalog)
  local operations = {}
  for index, row in ipairs(catalog) do
    local operation = {}
    for name, value in pairs(row) do
      if value ~= "" then operation[name] = value end
    end
    for _, name in ipairs({ "constraints", "transitions", "group_from" }) do
      operation[name] = operation[name] or {}
    end
    operation.params, operation.in_body = normalised_params(row.params), {}
    for _, parameter in ipairs(operation.params) do
      if parameter.place == "body" then table.insert(operation.in_body, parameter) end
    end
    operations[index] = operation
  end
  return operations
end

-- The documented error codes by code.
local function by_code(errors)
  local map = {}
  for _, entry in ipairs(errors or {}) do
    map[entry.code] = entry
  end
  return map
end

local function checkers(rules)
  local map = {}
  for _, rule in ipairs(rules or {}) do
    map[rule.name] = texts.checker(rule)
  end
  return map
end

local sim = {}

--- A world. options: catalog (list of operations); errors (list of {code, http_status, meaning},
--- texts of refusals); rules (the documented rules for text); now() (seconds of simulated time) and
--- utc0 (seconds since 1970 at zero); gateway_clock() (seconds since 1970 by which signatures are
--- judged and answers dated; without it, utc0 + now()); verify(request, gateway_now) -> nil or
--- {http_status, code, message}; json = {encode, decode, null, array}; seed, or random() from which
--- one is drawn.
function sim.new(options)
  local utc0, now = options.utc0, options.now
  local operations = normalised(options.catalog)
  local world = setmetatable({
    router = router.new(operations), admin_router = admin.router(services), services = services,
    errors = by_code(options.errors), rules = checkers(options.rules),
    operations = operations, host_now = now, utc0 = utc0, verify = options.verify,
    json = options.json,
    host_gateway_clock = options.gateway_clock or function() return utc0 + now() end,
  }, World)
  world:reset(options.seed or math.floor(options.random() * 2 ^ 32))
  return world
end

return sim
