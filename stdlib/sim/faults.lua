-- Faults: which requests are answered wrongly, late or not at all, and which jobs go wrong.
local seeded = require("sim.seeded")
local wire = require("sim.wire")

local faults = {}

--- The kinds, each with one sentence; GET /_sim/ shows them.
faults.kinds = {
  status = "answer with `status` (else the code's own, or 500), `code` and `message`, or with "
    .. "`body`; nothing takes effect",
  throttle = "answer 429 APIGW.0308 with Retry-After `retry_after`; nothing takes effect",
  drop_before = "close the connection without an answer; nothing takes effect",
  drop_after = "close the connection without an answer after the request took effect",
  delay = "hold the answer for `seconds` of simulated time after the request took effect",
  truncate = "cut the body of the answer in half after the request took effect",
  bad_json = "answer with a body that is not JSON after the request took effect",
  job_fail = "accept, and let the job end in FAIL with `code` and `message`; of several servers "
    .. "only the one that `thing` names",
  stuck_job = "accept, and let the job stay RUNNING for ever",
}

local numbers = {
  "nth", "count", "probability", "status", "seconds", "retry_after", "matched", "fired",
}
local texts = { "operation", "method", "path", "kind", "code", "message", "body", "thing" }

--- Makes a fault out of a table sent by an administrator; returns nil and the reason when it is
--- not one. `path` is a pattern in which * stands for anything.
function faults.make(world, wish)
  if type(wish) ~= "table" then return nil, "a fault is an object" end
  if not faults.kinds[wish.kind] then return nil, "unknown kind: " .. tostring(wish.kind) end
  if not wish.operation and not wish.path then return nil, "operation or path is missing" end
  local fault = {}
  for _, name in ipairs(numbers) do
    if wish[name] ~= nil and type(wish[name]) ~= "number" then return nil, name .. ": a number" end
    fault[name] = wish[name]
  end
  for _, name in ipairs(texts) do
    if wish[name] ~= nil and type(wish[name]) ~= "string" then return nil, name .. ": a text" end
    fault[name] = wish[name]
  end
  fault.matched, fault.fired = fault.matched or 0, fault.fired or 0
  if wish.id then
    fault.id = wish.id
  else
    world.counters.fault_id = (world.counters.fault_id or 0) + 1
    fault.id = "fault-" .. world.counters.fault_id
  end
  return fault
end

local function matches_path(pattern, path)
  local escaped = pattern:gsub("[%^%$%(%)%%%.%[%]%+%-%?]", "%%%0"):gsub("%*", ".*")
  return path:find("^" .. escaped .. "$") ~= nil
end

local function concerns(fault, request, operation)
  if fault.operation and (not operation or operation.name ~= fault.operation) then return false end
  if fault.method and request.method ~= fault.method then return false end
  return not fault.path or matches_path(fault.path, request.path)
end

-- A fault without a probability fires once, with one as often as chance will; `count` limits both
-- (0: no limit), `nth` lets that many matching requests less one pass first.
local function fires(world, fault)
  local most = fault.count or (fault.probability and 0 or 1)
  if most > 0 and fault.fired >= most then return false end
  if fault.matched < (fault.nth or 1) then return false end
  return not fault.probability or seeded.fraction(world, "fault") < fault.probability
end

--- The fault that hits a request, or nil. Every fault that the request concerns counts it; the
--- first that fires wins.
function faults.draw(world, request, operation)
  local hit = nil
  for _, fault in ipairs(world.faults) do
    if concerns(fault, request, operation) then
      fault.matched = fault.matched + 1
      if not hit and fires(world, fault) then
        hit = fault
        fault.fired = fault.fired + 1
      end
    end
  end
  return hit
end

local instead = {
  drop_before = function()
    return { status = 0, headers = {}, body = "", drop = "before" }
  end,
  throttle = function(world, fault)
    local response = wire.gateway_error(world, 429, "APIGW.0308", fault.message
      or "The throttling threshold has been reached: policy user over ratelimit,limit:200,"
      .. "time:1 minute")
    response.headers["Retry-After"] = tostring(fault.retry_after or 1)
    return response
  end,
  status = function(world, fault, service)
    local known = world.errors[fault.code or ""]
    local status = fault.status or known and known.http_status or 500
    if fault.body then
      local response = wire.answer(world, status)
      response.body = fault.body
      return response
    end
    local code = fault.code or service and service.fail_code or "APIGW.0106"
    if code:find("^APIG") then
      return wire.gateway_error(world, status, code, fault.message or "The request failed")
    end
    return wire.refusal(world, service, code, fault.message, status)
  end,
}

--- The answer of a fault that keeps a request to a service from taking effect, or nil.
function faults.instead(world, fault, service)
  local answer = fault and instead[fault.kind]
  return answer and answer(world, fault, service)
end

--- Spoils the answer of a request that has taken effect.
function faults.spoil(fault, response)
  if not fault then return response end
  if fault.kind == "drop_after" then
    response.drop = "after"
  elseif fault.kind == "delay" then
    response.delay = fault.seconds or 30
  elseif fault.kind == "truncate" then
    response.body = response.body:sub(1, math.floor(#response.body / 2))
  elseif fault.kind == "bad_json" then
    response.body = "<html><body>Bad Gateway</body></html>"
  end
  return response
end

return faults
