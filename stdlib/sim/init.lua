-- The simulator: a world that answers the platform's requests like the platform.
--
-- Routes, argument checks and state transitions come from the catalogue of operations. There are no
-- timers: a world is a function of its state and of the time at which it is asked.
local seeded = require("sim.seeded")
local moment = require("sim.moment")
local wire = require("sim.wire")
local router = require("sim.router")
local arguments = require("sim.arguments")
local receipts = require("sim.receipts")
local faults = require("sim.faults")
local jobs = require("sim.jobs")
local transitions = require("sim.transitions")
local quotas = require("sim.quotas")
local groups = require("sim.groups")
local scenery = require("sim.scenery")
local state = require("sim.state")
local admin = require("sim.admin")

-- Every resource, by the name that the catalogue and the jobs give it.
local resources = {
  server_group = groups,
  protected_instance = require("sim.instances"),
  replication_pair = require("sim.replications"),
}
-- Operations that are answered by functions of their own.
local answers = {}
for _, module in ipairs({ jobs, quotas, require("sim.failures"), require("sim.domains") }) do
  for name, answer in pairs(module.answers) do
    answers[name] = answer
  end
end

local World = {}
World.__index = World

local function show(world, call, resource)
  local thing = resource.find(world, call)
  return wire.answer(world, call.operation.success, {
    [call.operation.result or resource.kind] = resource.render(world, thing),
  })
end

local function rename(world, call, resource)
  local thing = resource.find(world, call)
  thing.name, thing.updated_at = call.body.name, world:now()
  local render = resource.render_renamed or resource.render
  return wire.answer(world, call.operation.success, {
    [call.operation.result or resource.kind] = render(world, thing),
  })
end

local function list(world, call, resource)
  return resource.list(world, call)
end

-- How an operation is carried out: by its own function, or by the shape of its catalogue entry.
local function handler_of(operation)
  if answers[operation.name] then return answers[operation.name] end
  local resource = resources[operation.resource]
  if not resource then return nil end
  if #operation.transitions > 0 then
    return resource.rules[operation.name] and transitions.change
  end
  if operation.method == "PUT" then return rename end
  if operation.effect ~= "read" or operation.method ~= "GET" then return nil end
  return operation.paged and list or show
end

local function perform(world, call)
  local handler = handler_of(call.operation)
  if not handler then
    return wire.service_error(world, "SIM.0501", 501,
      "The simulator does not simulate " .. call.operation.name)
  end
  return handler(world, call, resources[call.operation.resource])
end

-- What the platform would answer, refusals included. Anything else that is raised is a bug here.
local function answer(world, request, route, body, fault)
  local refusal = world.verify and world.verify(request, world:gateway_now())
  if refusal then
    return wire.gateway_error(world, refusal.http_status, refusal.code, refusal.message)
  end
  if not route then
    return wire.gateway_error(world, 404, "APIGW.0101",
      "The API does not exist or has not been published in the environment")
  end
  local done, response = pcall(function()
    local operation = route.operation
    if body == false then wire.refuse("SDRS.0201") end
    if not operation then wire.refuse("SDRS.0206") end
    local call = arguments.read(world.json, operation, route.path, request.query, body)
    call.operation, call.fault = operation, fault
    return perform(world, call)
  end)
  if done then return response end
  if type(response) ~= "table" or response.kind ~= "refused" then error(response, 0) end
  return wire.service_error(world, response.code, nil, response.message)
end

--- Answers a request. request = { method, path (percent-encoded), query (raw text), headers (lower
--- case names), body }; the response is { status, headers, body } and perhaps drop = "before" or
--- "after" (close without an answer) or delay (seconds of simulated time to hold the answer).
function World:handle(request)
  jobs.advance(self, transitions.conclude)
  local body = arguments.body(self.json, request.body)
  if admin.owns(request.path) then
    local response = admin.answer(self, request, body)
    jobs.advance(self, transitions.conclude)
    return response
  end
  self.request_id = seeded.hex(self, "request")
  local route = self.router:find(request.method, request.path, body or nil)
  local operation = route and route.operation
  local receipt = receipts.add(self, request, operation)
  local fault = faults.draw(self, request, operation)
  local response = faults.instead(self, fault)
    or faults.spoil(fault, answer(self, request, route, body, fault))
  receipt.status, receipt.fault = response.status, fault and fault.kind
  return response
end

--- Simulated time as a moment (microseconds since 1970).
function World:now()
  return moment.from_seconds(self.utc0 + self.host_now()) + self.offset
end

--- Moves simulated time; the gateway's clock stays.
function World:set_now(at)
  self.offset = self.offset + at - self:now()
end

--- The gateway's clock in seconds since 1970: it dates answers and judges signatures.
function World:gateway_now()
  return self.host_gateway_clock() + self.skew
end

--- The zone that serves a group now.
function World:zone_of(group_id)
  return groups.current_zone(self.groups:get(group_id))
end

--- Makes everything fresh from a seed: one domain and the protected group "demo".
function World:reset(seed)
  self.seed, self.offset, self.skew = seed, 0, 0
  self.counters = { sequence = 0 }
  self.admin_side = { seed = seed, counters = {} }
  self.faults, self.receipts = {}, receipts.new()
  self.quotas = {}
  for name, quota in pairs(quotas.defaults) do
    self.quotas[name] = quota
  end
  state.clear(self)
  scenery.fresh(self)
end

-- The catalogue's rows with their empty texts left out.
local function normalised(catalog)
  local operations = {}
  for index, row in ipairs(catalog) do
    local operation = {}
    for name, value in pairs(row) do
      if value ~= "" then operation[name] = value end
    end
    for _, name in ipairs({ "params", "transitions", "group_from" }) do
      operation[name] = operation[name] or {}
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

local sim = {}

--- A world. options: catalog (list of operations); errors (list of {code, http_status, meaning},
--- texts of refusals); now() (seconds of simulated time) and utc0 (seconds since 1970 at zero);
--- gateway_clock() (seconds since 1970 by which signatures are judged and answers dated; without
--- it, utc0 + now()); verify(request, gateway_now) -> nil or {http_status, code, message};
--- json = {encode, decode, null, array}; seed, or random() from which one is drawn.
function sim.new(options)
  local utc0, now = options.utc0, options.now
  local world = setmetatable({
    router = router.new(normalised(options.catalog)), errors = by_code(options.errors),
    host_now = now, utc0 = utc0, verify = options.verify, json = options.json,
    resources = resources,
    host_gateway_clock = options.gateway_clock or function() return utc0 + now() end,
  }, World)
  world:reset(options.seed or math.floor(options.random() * 2 ^ 32))
  return world
end

return sim
