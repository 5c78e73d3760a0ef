-- Requests: routes, arguments, errors, paging, renaming, creating and deleting.
local test = require("test")
local support = require("support")

local code = support.code

local function wish_for_group(client, changes)
  local domain = client:get("/active-domains").domains[1]
  local wish = {
    name = "pg-1", domain_id = domain.id, dr_type = "migration",
    source_availability_zone = domain.remote_replication_cluster.availability_zone,
    target_availability_zone = domain.local_replication_cluster.availability_zone,
    source_vpc_id = "046852ef-c49d-409b-8389-546aaaa5701f",
  }
  for name, value in pairs(changes or {}) do
    wish[name] = value
  end
  return { server_group = wish }
end

test.case("every answer carries a request id and a date", function(check)
  local client = support.client()
  local response = client:call("GET", "/server-groups")
  check.truthy(response.headers["X-Request-Id"]:find("^%x+$"), "request id")
  check.equal(#response.headers["X-Request-Id"], 32, "its length")
  check.equal(response.headers["Date"], "Tue, 14 Nov 2023 22:13:20 GMT", "date")
  check.equal(response.headers["Content-Type"], "application/json;charset=UTF-8", "type")
end)

test.case("an unknown route is answered by the gateway", function(check)
  local client = support.client()
  for _, request in ipairs({ { "GET", "/nothing" }, { "PATCH", "/server-groups" } }) do
    local response, body = client:call(request[1], request[2])
    check.equal(response.status, 404, "status")
    check.equal(body.error_code, "APIGW.0101", "code")
    check.equal(body.request_id, response.headers["X-Request-Id"], "request id")
  end
end)

test.case("a refusal of the signature check is answered before anything else", function(check)
  local seen
  local client = support.client({ verify = function(request, gateway_now)
    seen = { request.method, gateway_now }
    return { http_status = 401, code = "APIGW.0301", message = "verify aksk signature fail" }
  end })
  client.world.skew = -3600
  local response, body = client:call("DELETE", "/server-groups/nonsense")
  check.equal(response.status, 401, "status")
  check.equal(body.error_code, "APIGW.0301", "code")
  check.equal(body.error_msg, "verify aksk signature fail", "message")
  check.equal(seen, { "DELETE", 1700000000 - 3600 }, "what the check was given")
end)

test.case("creating a group takes about 15 s and needs both ends of one domain", function(check)
  local client = support.client()
  local response, accepted = client:call("POST", "/server-groups", wish_for_group(client))
  check.equal(response.status, 200, "accepted")
  client:wait(20)
  local job = client:get("/jobs/" .. accepted.job_id)
  check.equal(job.status, "SUCCESS", "job")
  check.equal(job.job_type, "createProtectionGroupNoCG", "type")
  local group = client:get("/server-groups/" .. job.entities.server_group_id).server_group
  check.equal(group.status, "available", "status")
  check.equal(group.description, support.json.null, "no description")
  check.truthy(group.created_at:find("^2023%-11%-14 22:13:20%.%d%d%d$"), "created_at")
end)

test.case("bad arguments are refused with the code of their parameter", function(check)
  local client = support.client()
  local zone = wish_for_group(client).server_group.source_availability_zone
  local cases = {
    { "SDRS.0202", { name = "a b" } },
    { "SDRS.0202", { name = ("n"):rep(65) } },
    { "SDRS.0202", { name = 7 } },
    { "SDRS.0212", { description = "a<b" } },
    { "SDRS.0217", { dr_type = "copy" } },
    { "SDRS.0205", { domain_id = "046852ef-c49d-409b-8389-546aaaa5701f" } },
    { "SDRS.0203", { target_availability_zone = zone } },
  }
  for _, case in ipairs(cases) do
    local response, body = client:call("POST", "/server-groups", wish_for_group(client, case[2]))
    check.equal(response.status, 400, case[1])
    check.equal(code(body), case[1], case[1])
  end
end)

test.case("the length of a name counts bytes of UTF-8, not characters", function(check)
  local client = support.client()
  local id = client:demo().id
  local function status(name)
    return client:call("PUT", "/server-groups/" .. id, { server_group = { name = name } }).status
  end
  check.equal(status(("保"):rep(21) .. "a"), 200, "64 bytes")
  check.equal(status(("保"):rep(21) .. "aa"), 400, "65 bytes, 23 characters")
end)

test.case("a body that is not JSON, without its envelope or with an unknown verb is refused",
  function(check)
    local client = support.client()
    local demo = client:demo()
    local function refused(body)
      local _, value = client:call("POST", "/server-groups/" .. demo.id .. "/action", body)
      return code(value)
    end
    check.equal(refused("{"), "SDRS.0201", "not JSON")
    check.equal(refused({ ["explode-server-group"] = {} }), "SDRS.0206", "unknown verb")
    check.equal(refused(""), "SDRS.0206", "no body")
    local _, value = client:call("POST", "/server-groups", { name = "x" })
    check.equal(code(value), "SDRS.0201", "no envelope")
  end)

test.case("unknown things are refused with the codes seen in the field", function(check)
  local client = support.client()
  local id = "00000000-0000-4000-a000-000000000000"
  check.equal(code(client:get("/server-groups/" .. id)), "SDRS.1013", "group")
  check.equal(code(client:get("/server-groups/nonsense")), "SDRS.0207", "malformed group id")
  check.equal(code(client:get("/protected-instances/" .. id)), "SDRS.0208", "instance")
  check.equal(code(client:get("/replications/" .. id)), "SDRS.1608", "pair")
  local response, body = client:call("GET", "/jobs/" .. ("0"):rep(32))
  check.equal(response.status, 404, "job")
  check.truthy(body.itemNotFound, "job's body")
end)

test.case("a list is paged, and count is what matches in all", function(check)
  local client = support.client()
  client:send("POST", "/_sim/groups", { name = "many", pairs = 1, count = 25 })
  local page = client:get("/server-groups?limit=10&offset=20")
  check.equal(page.count, 26, "count")
  check.equal(#page.server_groups, 6, "rows")
  check.equal(page.server_groups[1].name, "many-0020", "the first row")
  check.equal(#client:get("/server-groups?offset=26").server_groups, 0, "beyond the end")
  check.equal(#client:get("/server-groups?limit=0").server_groups, 0, "limit 0")
  check.equal(client:get("/server-groups?name=any-002").count, 6, "part of the name")
  check.equal(code(client:get("/server-groups?limit=1001")), "SDRS.0221", "limit")
  check.equal(code(client:get("/server-groups?offset=-1")), "SDRS.0222", "offset")
  check.equal(code(client:get("/server-groups?status=great")), "SDRS.0209", "status")
end)

test.case("lists filter by status, query_type and zone", function(check)
  local client = support.client()
  client:send("POST", "/_sim/groups", { name = "idle", pairs = 1, status = "available" })
  client:send("POST", "/_sim/groups", { name = "bad", pairs = 1, status = "error-stopping" })
  local function names(query)
    local rows = {}
    for _, group in ipairs(client:get("/server-groups?" .. query).server_groups) do
      rows[#rows + 1] = group.name
    end
    return table.concat(rows, " ")
  end
  check.equal(names("status=protected"), "demo", "status")
  check.equal(names("query_type=status_abnormal"), "bad", "abnormal")
  check.equal(names("query_type=stop_protected"), "idle", "stopped")
  check.equal(names("availability_zone=cn-north-4b"), "", "zone")
  client:send("POST", "/_sim/groups/idle/set", { priority_station = "target" })
  check.equal(names("availability_zone=cn-north-4b"), "idle", "zone that serves now")
end)

test.case("a list of ids is JSON in the query, at most 30, unknown ids ignored", function(check)
  local client = support.client()
  local demo = client:demo()
  local id = "00000000-0000-4000-a000-000000000000"
  local query = ("%%5b%%22%s%%22%%2c%%22%s%%22%%5d"):format(demo.id, id)
  check.equal(client:get("/replications?server_group_ids=" .. query).count, 5, "count")
  local ids = {}
  for index = 1, 31 do
    ids[index] = '"' .. id .. '"'
  end
  local many = "[" .. table.concat(ids, ",") .. "]"
  check.equal(code(client:get("/replications?server_group_ids=" .. many)), "SDRS.0226", "31")
end)

test.case("a rename answers with tenths of seconds", function(check)
  local client = support.client()
  local demo = client:demo()
  local _, body = client:call("PUT", "/server-groups/" .. demo.id, {
    server_group = { name = "renamed" },
  })
  check.equal(body.server_group.name, "renamed", "name")
  check.equal(body.server_group.updated_at, "2023-11-14 22:13:20.0", "updated_at")
  check.equal(client:get("/server-groups/" .. demo.id).server_group.updated_at,
    "2023-11-14 22:13:20.000", "updated_at elsewhere")
end)

test.case("a pair is created into a protected group, synchronises, and can be deleted",
  function(check)
    local client = support.client()
    local demo = client:demo()
    local wish = { replication = {
      server_group_id = demo.id, volume_id = "b6f71149-7b9c-4f36-8ff0-1c4809a6f2c2", name = "new",
    } }
    local _, accepted = client:call("POST", "/replications", wish)
    local _, refusal = client:call("POST", "/replications", wish)
    check.equal(code(refusal), "SDRS.1811", "the same volume again")
    client:wait(80)
    local id = client:get("/jobs/" .. accepted.job_id).entities.replication_pair_id
    local pair = client:get("/replications/" .. id).replication
    check.equal(pair.status, "protected", "status")
    check.equal(pair.replication_status, "copying", "replication_status")
    check.truthy(pair.created_at:find("^%d+%-%d+%-%d+T%d+:%d+:%d+%.%d%d%d%d%d%d$"), "created_at")
    client:wait(120)
    check.equal(client:get("/replications/" .. id).replication.progress, 100, "progress")
    client:call("DELETE", "/replications/" .. id, { replication = { server_group_id = demo.id } })
    check.equal(client:get("/replications/" .. id).replication.status, "deleting", "deleting")
    client:wait(60)
    check.equal(code(client:get("/replications/" .. id)), "SDRS.1608", "gone")
    check.equal(client:demo().replication_num, 5, "pairs of the group")
  end)

test.case("a group is deleted only when it is empty, and a quota ends creation", function(check)
  local client = support.client()
  client:send("POST", "/_sim/groups", { name = "full", pairs = 1, status = "available" })
  client:send("POST", "/_sim/groups", { name = "empty", status = "available" })
  local function delete(name)
    local id = client:get("/server-groups?name=" .. name).server_groups[1].id
    local _, value = client:call("DELETE", "/server-groups/" .. id)
    return value
  end
  check.equal(code(delete("full")), "SDRS.1010", "with a pair")
  check.equal(code(delete("demo")), "SDRS.1002", "protected")
  check.truthy(delete("empty").job_id, "empty")
  client:wait(20)
  check.equal(client:get("/server-groups").count, 2, "left")
  client:send("POST", "/_sim/quotas", { server_groups = 2 })
  local _, refusal = client:call("POST", "/server-groups", wish_for_group(client))
  check.equal(code(refusal), "SDRS.0305", "quota")
  check.equal(client:get("/sdrs/quotas").quotas.resources[1].used, 2, "used")
end)
