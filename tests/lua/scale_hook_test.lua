-- The bundled handlers, against hosts that answer as a case wants, in virtual time.
local test = require("test")
local settings = require("scale_hook")  -- a link to scripts/scale_hook.lua

local LAUNCH, TERMINATE = 1, 2
local defaults = {}
for name, value in pairs(settings) do defaults[name] = value end

-- Requests are answered by `answer(request, count of those to that URL)`: a status and a body, or
-- nothing when nobody listens. Returns what was asked.
local function with_hosts(answer)
  local asked, counts = {}, {}
  http = {
    request = function(request)
      asked[#asked + 1] = request
      counts[request.url] = (counts[request.url] or 0) + 1
      task.sleep(0.01)
      local status, body = answer(request, counts[request.url])
      if not status then error({ kind = "network", message = "connection refused" }) end
      return { status = status, body = body or "", headers = {} }
    end,
  }
  return asked
end

-- The answer of a handler for an instance whose hold lasts so many seconds, and how long it took.
local function handle(index, fields, hold)
  local ends = os.clock() + (hold or 3600)
  local event = {
    id = "k3v9x2m7qa", type = "INSTANCE_LAUNCHING", hook_name = "up", group_id = "g-1",
    group_name = "web", instance_id = "i-1", instance_name = "web 1", instance_ip = "10.0.0.7",
    remaining = function() return ends - os.clock() end,
  }
  for name, value in pairs(fields or {}) do event[name] = value or nil end
  local began = os.clock()
  return hooks.run(nil, index, event), os.clock() - began
end

local function case(sentence, changes, fn)
  test.case(sentence, function(check)
    for name, value in pairs(defaults) do settings[name] = value end
    for name, value in pairs(changes) do settings[name] = value end
    fn(check)
  end)
end

local REGISTRY = "https://registry.example.com/v1/{group}"
local LEAVING = {
  drain = "http://lb.example.com/drain/{id}", drained = "http://{ip}:{port}/open",
  collect = "http://logs.example.com/collect",
}

case("the file registers a handler of each kind", {}, function(check)
  local rows = hooks.describe().handlers
  check.equal(#rows, 2)
  check.equal({ rows[LAUNCH].type, rows[LAUNCH].on_error }, { "INSTANCE_LAUNCHING", "HOLD" })
  check.equal({ rows[TERMINATE].type, rows[TERMINATE].on_error },
    { "INSTANCE_TERMINATING", "CONTINUE" })
end)

case("an instance goes into service once it has answered twice in a row", {}, function(check)
  local answers = { false, 503, 200, false, 200, 204 }
  local asked = with_hosts(function(_, n) return answers[n] or nil end)
  local answer, took = handle(LAUNCH)
  check.equal(answer, "CONTINUE")
  check.equal(#asked, 6)
  check.equal(asked[1].url, "http://10.0.0.7:80/")
  check.truthy(took > 25 and took < 26, "five pauses: " .. took)
end)

case("an instance that never answers is given back after so long", {}, function(check)
  with_hosts(function() return nil end)
  local answer, took = handle(LAUNCH)
  check.equal(answer, "ABANDON")
  check.truthy(took > 599 and took < 606, took)
end)

case("an instance that answers nothing but errors is given back", { within = 30 }, function(check)
  with_hosts(function() return 500 end)
  check.equal((handle(LAUNCH)), "ABANDON")
end)

case("a look that takes too long counts as none", { within = 30 }, function(check)
  with_hosts(function() task.sleep(60) return 200 end)
  local answer, took = handle(LAUNCH)
  check.equal(answer, "ABANDON")
  check.truthy(took < 40, took)
end)

case("no wait goes past the hold", {}, function(check)
  with_hosts(function() return nil end)
  local answer, took = handle(LAUNCH, {}, 120)
  check.equal(answer, "ABANDON")
  check.truthy(took > 95 and took < 105, "the last seconds are the service's: " .. took)
  answer, took = handle(LAUNCH, {}, 10)
  check.equal(answer, "ABANDON")
  check.truthy(took < 1, "a short hold is looked at once: " .. took)
end)

case("a hook says port, path and patience in its metadata", {}, function(check)
  local asked = with_hosts(function() return 200 end)
  local metadata = "port=8080;path=/health?deep=1;healthy=1"
  check.equal((handle(LAUNCH, { metadata = metadata })), "CONTINUE")
  check.equal(#asked, 1)
  check.equal(asked[1].url, "http://10.0.0.7:8080/health?deep=1")
  with_hosts(function() return nil end)
  local _, took = handle(LAUNCH, { metadata = "within=60" })
  check.truthy(took > 59 and took < 66, took)
end)

case("metadata that are no settings change nothing", {}, function(check)
  local asked = with_hosts(function() return 200 end)
  local metadata = "port=http;register=http://evil.example.com/;probe=;note;=;x=1"
  check.equal((handle(LAUNCH, { metadata = metadata })), "CONTINUE")
  check.equal(#asked, 2)
  check.equal(asked[2].url, "http://10.0.0.7:80/")
end)

case("an IPv6 address stands in brackets", { healthy = 1 }, function(check)
  local asked = with_hosts(function() return 200 end)
  check.equal((handle(LAUNCH, { instance_ip = "fd00::7" })), "CONTINUE")
  check.equal(asked[1].url, "http://[fd00::7]:80/")
end)

case("an instance without an address is nobody's fault but the setup's", {}, function(check)
  local asked = with_hosts(function() return 200 end)
  check.raises(function() handle(LAUNCH, { instance_ip = false }) end, "precondition")
  check.equal(#asked, 0)
end)

case("an instance that is healthy is registered, until the registry takes it",
  { register = REGISTRY }, function(check)
    local asked = with_hosts(function(request, n)
      if request.method ~= "POST" or n > 2 then return 200 end
      if n == 2 then return 500 end
    end)
    check.equal((handle(LAUNCH)), "CONTINUE")
    check.equal(#asked, 5)
    local told = asked[5]
    check.equal(told.url, "https://registry.example.com/v1/web")
    check.equal(told.repeatable, true)
    check.equal(told.headers["Idempotency-Key"], "k3v9x2m7qa")
    local body = json.decode(told.body)
    check.equal({ body.instance, body.ip, body.port, body.group }, { "i-1", "10.0.0.7", 80, "web" })
  end)

case("an instance that cannot be registered is given back",
  { register = REGISTRY, within = 60 }, function(check)
    with_hosts(function(request) return request.method == "POST" and 422 or 200 end)
    check.equal((handle(LAUNCH)), "ABANDON")
  end)

case("what the operator does not allow is an error, not a reason to give an instance back",
  { healthy = 1 }, function(check)
    http = { request = function() error({ kind = "permission", message = "not allowed" }) end }
    check.raises(function() handle(LAUNCH) end, "permission")
    http = { request = function() error({ kind = "cancelled", message = "the hold is gone" }) end }
    check.raises(function() handle(LAUNCH) end, "cancelled")
  end)

case("an instance goes at once where nothing is set up for its leaving", {}, function(check)
  local asked = with_hosts(function() return 200 end)
  local answer, took = handle(TERMINATE, { type = "INSTANCE_TERMINATING", instance_ip = false })
  check.equal(answer, "CONTINUE")
  check.equal({ #asked, took }, { 0, 0 })
end)

case("an instance that goes is drained, waited for, collected from", LEAVING, function(check)
  local open = { "3", "1\n", "0" }
  local asked = with_hosts(function(request, n)
    return 200, request.method ~= "POST" and open[n] or "taken"
  end)
  check.equal((handle(TERMINATE)), "CONTINUE")
  local urls = {}
  for i, request in ipairs(asked) do urls[i] = request.url end
  check.equal(urls, {
    "http://lb.example.com/drain/i-1", "http://10.0.0.7:80/open", "http://10.0.0.7:80/open",
    "http://10.0.0.7:80/open", "http://logs.example.com/collect",
  })
end)

case("an instance that answers no more is drained", LEAVING, function(check)
  local asked = with_hosts(function(request) return request.method == "POST" and 200 or nil end)
  check.equal((handle(TERMINATE)), "CONTINUE")
  check.equal(#asked, 3)
end)

case("whatever fails while it goes, it goes", LEAVING, function(check)
  with_hosts(function(request) return 500, request.method end)
  local answer, took = handle(TERMINATE)
  check.equal(answer, "CONTINUE")
  check.truthy(took > 890 and took < 920, "three steps of 300 s: " .. took)
  answer, took = handle(TERMINATE, {}, 100)
  check.equal(answer, "CONTINUE")
  check.truthy(took < 90, "within a shorter hold: " .. took)
end)
