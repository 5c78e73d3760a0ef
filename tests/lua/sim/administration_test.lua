-- The administrator's side: faults, state, clock, receipts, determinism and speed.
local test = require("test")
local support = require("support")

test.case("GET /_sim/ lists every admin call with a line each", function(check)
  local _, body = support.client():send("GET", "/_sim/")
  check.truthy(#body.calls >= 15, "calls")
  for _, call in ipairs(body.calls) do
    check.truthy(call.call:find("^%u+ /_sim") and #call.does > 5, call.call)
  end
  check.equal(support.client():send("GET", "/_sim/nothing").status, 404, "unknown")
end)

test.case("the state goes out and comes in again unchanged, in the middle of a failover",
  function(check)
    local client = support.client()
    client:send("POST", "/_sim/faults", { path = "/never", kind = "delay", seconds = 2, nth = 3 })
    client:verb(client:demo(), "failover")
    client:wait(30)
    local before = client:send("GET", "/_sim/state").body
    local other = support.client({ seed = 99 })
    check.equal(other:send("PUT", "/_sim/state", before).status, 200, "accepted")
    local _, after = other:send("GET", "/_sim/state")
    check.equal(after, support.json.decode(before), "state")
    client:wait(200)
    other:wait(200)
    check.equal(other:demo(), client:demo(), "the group goes on alike")
    check.equal(other:demo().status, "failed-over", "and comes to the end")
  end)

test.case("a state that is none is refused and changes nothing", function(check)
  local client = support.client()
  for _, document in ipairs({ {}, { version = 3 }, "[", { version = 1, seed = 1 } }) do
    check.equal(client:send("PUT", "/_sim/state", document).status, 400, "status")
  end
  check.equal(client:demo().status, "protected", "demo")
end)

test.case("the same seed and the same requests give the same bytes", function(check)
  local function story(seed)
    local client = support.client({ seed = seed })
    local bytes = {}
    local function note(response)
      bytes[#bytes + 1] = response.body .. response.headers["X-Request-Id"]
    end
    local demo = client:demo()
    note(client:verb(demo, "failover"))
    for _ = 1, 20 do
      client:wait(10)
      note(client:call("GET", "/server-groups/" .. demo.id))
      note(client:call("GET", "/replications"))
    end
    return table.concat(bytes, "\n")
  end
  check.equal(story(1), story(1), "equal seeds")
  check.truthy(story(1) ~= story(2), "other seeds")
end)

test.case("polling more often changes neither ids nor durations", function(check)
  local function job_of(polls)
    local client = support.client()
    local demo = client:demo()
    for _ = 1, polls do
      client:get("/server-groups/" .. demo.id)
    end
    local _, accepted = client:verb(demo, "failover")
    client:wait(300)
    return client:get("/jobs/" .. accepted.job_id)
  end
  check.equal(job_of(0), job_of(50), "job")
end)

test.case("a lost answer has taken effect, a lost request has not", function(check)
  local client = support.client()
  local demo = client:demo()
  local operation = "start_failover_protection_group"
  client:send("POST", "/_sim/faults", { operation = operation, kind = "drop_before" })
  check.equal(client:verb(demo, "failover").drop, "before", "drop_before")
  check.equal(client:demo().status, "protected", "nothing happened")
  client:send("POST", "/_sim/faults", { operation = operation, kind = "drop_after" })
  check.equal(client:verb(demo, "failover").drop, "after", "drop_after")
  check.equal(client:demo().status, "failing-over", "it happened")
  local _, receipts = client:send("GET", "/_sim/receipts?operation=" .. operation)
  check.equal(#receipts.receipts, 2, "both arrived")
  check.equal(receipts.receipts[1].fault, "drop_before", "the fault of the first")
end)

test.case("faults spoil answers: status, throttle, delay, truncate, bad_json", function(check)
  local client = support.client()
  local function answer(fault)
    client:send("DELETE", "/_sim/faults")
    fault.path = "/v1/*/server-groups"
    check.equal(client:send("POST", "/_sim/faults", fault).status, 200, fault.kind)
    return client:call("GET", "/server-groups")
  end
  local response, body = answer({ kind = "status", status = 503, code = "SDRS.0008" })
  check.equal(response.status, 503, "status")
  check.equal(body.error.code, "SDRS.0008", "code")
  response, body = answer({ kind = "throttle", retry_after = 7 })
  check.equal(response.status, 429, "throttle")
  check.equal(response.headers["Retry-After"], "7", "Retry-After")
  check.equal(body.error_code, "APIGW.0308", "code")
  check.equal(answer({ kind = "delay", seconds = 12 }).delay, 12, "delay")
  response, body = answer({ kind = "truncate" })
  check.equal({ response.status, body }, { 200 }, "truncate")
  response, body = answer({ kind = "bad_json" })
  check.equal({ response.status, body }, { 200 }, "bad_json")
  check.equal(client:call("GET", "/server-groups").status, 200, "once is enough")
end)

test.case("a fault counts: the nth request, so many times, or by chance", function(check)
  local client = support.client()
  local function statuses(fault, times)
    client:send("DELETE", "/_sim/faults")
    fault.kind, fault.operation = "status", "show_quota"
    client:send("POST", "/_sim/faults", fault)
    local failed = {}
    for index = 1, times do
      if client:call("GET", "/sdrs/quotas").status == 500 then failed[#failed + 1] = index end
    end
    local _, listed = client:send("GET", "/_sim/faults")
    check.equal(listed.faults[1].fired, #failed, "fired")
    check.equal(listed.faults[1].matched, times, "matched")
    return failed
  end
  check.equal(statuses({}, 3), { 1 }, "once")
  check.equal(statuses({ nth = 3, count = 2 }, 6), { 3, 4 }, "nth and count")
  local hits = #statuses({ probability = 0.3 }, 1000)
  check.truthy(hits > 240 and hits < 360, "by chance: " .. hits)
  local response = client:send("POST", "/_sim/faults", { kind = "boom", path = "/" })
  check.equal(response.status, 400, "unknown kind")
end)

test.case("a stuck job stays RUNNING", function(check)
  local client = support.client()
  client:send("POST", "/_sim/faults", { path = "*/action", kind = "stuck_job" })
  local _, accepted = client:verb(client:demo(), "failover")
  client:wait(86400)
  check.equal(client:get("/jobs/" .. accepted.job_id).status, "RUNNING", "job")
  check.equal(client:demo().status, "failing-over", "group")
end)

test.case("receipts hold what arrived and never a signature", function(check)
  local client = support.client()
  client.world:handle({
    method = "GET", path = support.project .. "/server-groups", query = "limit=1", body = "",
    headers = {
      authorization = "SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=host, Signature=beef",
      ["x-auth-token"] = "secret-token",
    },
  })
  client:send("POST", "/v9/auth/tokens", { password = "hunter2" })
  local response, body = client:send("GET", "/_sim/receipts")
  check.equal(body.receipts[1].access_key, "AKEXAMPLE", "access key")
  check.equal(body.receipts[1].operation, "list_protection_groups", "operation")
  check.equal(body.receipts[1].query, "limit=1", "query")
  check.equal(body.receipts[2].status, 404, "an unknown route arrives too")
  for _, secret in ipairs({ "beef", "secret-token", "hunter2" }) do
    check.truthy(not response.body:find(secret, 1, true), secret)
  end
  local _, later = client:send("GET", "/_sim/receipts?after=1")
  check.equal(#later.receipts, 1, "after")
end)

test.case("the clock can be advanced, and the gateway's made wrong", function(check)
  local client = support.client()
  client:verb(client:demo(), "failover")
  client:send("POST", "/_sim/clock", { advance_seconds = 200 })
  check.equal(client:demo().status, "failed-over", "after the advance")
  local response = client:call("GET", "/server-groups")
  check.equal(response.headers["Date"], "Tue, 14 Nov 2023 22:13:20 GMT", "the gateway stays")
  client:send("POST", "/_sim/clock", { skew_seconds = 3600 })
  response = client:call("GET", "/server-groups")
  check.equal(response.headers["Date"], "Tue, 14 Nov 2023 23:13:20 GMT", "and is skewed")
end)

test.case("a bad admin call says what is wrong and changes nothing", function(check)
  local client = support.client()
  local before = client:send("GET", "/_sim/state").body
  for _, call in ipairs({
    { "/_sim/groups", {}, "name" },
    { "/_sim/groups", { name = "x", count = 1e9 }, "count" },
    { "/_sim/groups", { name = "x", status = 5 }, "status" },
    { "/_sim/groups/demo/set", { fault_level = "9" }, "fault_level" },
    { "/_sim/groups/demo/power", { state = "ON" }, "state" },
    { "/_sim/clock", { advance_seconds = -1 }, "advance_seconds" },
    { "/_sim/reset", { seed = "x" }, "seed" },
    { "/_sim/quotas", "[", "JSON" },
  }) do
    local response, body = client:send("POST", call[1], call[2])
    check.equal(response.status, 400, call[1])
    check.truthy(body.message:find(call[3], 1, true), call[1] .. ": " .. body.message)
  end
  check.equal(client:send("GET", "/_sim/state").body, before, "state")
end)

test.case("bytes that are no UTF-8 do not spoil the receipts", function(check)
  local client = support.client()
  client:send("POST", "/v1/\255", "\254")
  client:call("GET", "/server-groups?name=\200")
  check.equal(client:send("GET", "/_sim/servers/%ff").status, 404, "in an admin call")
  local response, body = client:send("GET", "/_sim/receipts")
  check.equal(response.status, 200, "status")
  check.equal(body.receipts[1].path, "/v1/\\xff", "path")
  check.equal(body.receipts[2].query, "name=\\xc8", "query")
end)

test.case("the bodies of calls that carry secrets are withheld from receipts", function(check)
  local catalog = { {
    service = "iam", name = "create_token", method = "POST", path = "/v3/auth/tokens",
    success = 201,
  } }
  local client = support.client({ catalog = catalog })
  client:send("POST", "/v3/auth/tokens", { password = "hunter2" })
  local response, body = client:send("GET", "/_sim/receipts")
  check.equal(body.receipts[1].operation, "create_token", "operation")
  check.equal(body.receipts[1].status, 501, "known to the catalogue, not simulated")
  check.truthy(not response.body:find("hunter2", 1, true), "password")
end)

test.case("a reset makes the world as new", function(check)
  local client = support.client()
  local fresh = client:demo()
  client:verb(fresh, "failover")
  client:send("POST", "/_sim/faults", { path = "*", kind = "drop_before" })
  client:send("POST", "/_sim/reset")
  check.equal(client:demo(), fresh, "demo")
  local _, body = client:send("GET", "/_sim/receipts")
  check.equal(#body.receipts, 2, "receipts begin anew")
  client:send("POST", "/_sim/reset", { seed = 8 })
  check.truthy(client:demo().id ~= fresh.id, "another seed")
end)

test.case("10,000 groups fail over with a failover and a poll each", function(check)
  local client = support.client()
  local _, made = client:send("POST", "/_sim/groups", { name = "g", pairs = 2, count = 10000 })
  local job_ids = {}
  for index, id in ipairs(made.server_group_ids) do
    local _, accepted = client:verb({ id = id }, "failover")
    job_ids[index] = accepted.job_id
  end
  client:wait(200)
  for _, job_id in ipairs(job_ids) do
    check.equal(client:get("/jobs/" .. job_id).status, "SUCCESS", "job")
  end
  check.equal(client:get("/server-groups?status=failed-over&limit=1").count, 10000, "groups")
end)
