-- Failed jobs and the centre that lists them, RPO statistics, versions, and jobs that hang.
local test = require("test")
local support = require("support")

local nothing = "00000000-0000-4000-a000-000000000000"

local function fail(client, operation)
  client:send("POST", "/_sim/faults", { operation = operation, kind = "job_fail" })
end

local function failures(client, query)
  return client:get("/task-center/failure-jobs" .. (query or "")).failure_jobs
end

-- A world in which a failover, a pair and an instance have failed.
local function mishaps()
  local client = support.client()
  fail(client, "create_replication")
  local _, accepted = client:call("POST", "/replications", { replication = {
    server_group_id = client:demo().id, volume_id = nothing, name = "ill-fated",
  } })
  client:finish(accepted)
  fail(client, "delete_protected_instance")
  _, accepted = client:call("DELETE", "/protected-instances/" .. client:instances()[3].id)
  client:finish(accepted)
  client:admin("groups", { name = "second", pairs = 1 })
  local second = client:get("/server-groups?name=second").server_groups[1]
  fail(client, "start_failover_protection_group")
  _, accepted = client:verb(second, "failover")
  client:finish(accepted)
  return client, second
end

test.case("without a group the centre shows failures of groups, with one those inside it",
  function(check)
    local client, second = mishaps()
    local of_groups = failures(client)
    check.equal(#of_groups, 1, "of groups")
    check.equal({ of_groups[1].failure_status, of_groups[1].resource_id,
      of_groups[1].resource_type, of_groups[1].error_code },
      { "failoverFail", second.id, "server_groups", "SDRS.1030" }, "failover")
    local inside = failures(client, "?server_group_id=" .. client:demo().id)
    check.equal(#inside, 2, "inside")
    check.equal({ inside[1].failure_status, inside[2].failure_status },
      { "createFail", "deleteFail" }, "what failed")
    local query = "?server_group_id=" .. client:demo().id .. "&resource_type=replications"
    check.equal(failures(client, query)[1].resource_name, "ill-fated", "by type")
    check.equal(#failures(client, "?failure_status=stopFail"), 0, "by failure")
  end)

test.case("failures are deleted by job, by resource, by group, or all of groups", function(check)
  local client = mishaps()
  local demo = client:demo().id
  local inside = "?server_group_id=" .. demo
  local base = "/task-center/failure-jobs/"
  local rows = failures(client, inside)
  check.equal(client:call("DELETE", base .. rows[1].job_id).status, 204, "by job")
  check.equal(client:call("DELETE", base .. rows[2].resource_id).status, 204, "by resource")
  check.equal(#failures(client, inside), 0, "none left inside")
  check.equal(client:refusal("DELETE", base .. nothing), "SDRS.0201", "unknown")
  check.equal(client:call("DELETE", base .. "batch").status, 204, "all of groups")
  check.equal(#failures(client), 0, "none left of groups")
  client = mishaps()
  demo = client:demo().id
  check.equal(client:call("DELETE", "/task-center/" .. demo .. "/failure-jobs/batch").status, 204,
    "inside a group")
  check.equal(#failures(client, "?server_group_id=" .. demo), 0, "none left inside")
  check.equal(#failures(client), 1, "those of groups stay")
  check.equal(client:refusal("DELETE", "/task-center/" .. nothing .. "/failure-jobs/batch"),
    "SDRS.1013", "unknown group")
end)

test.case("every asynchronous call can fail and leaves the documented status", function(check)
  local client = mishaps()
  check.equal(client:get("/replications?name=ill-fated").replications[1].status, "error", "pair")
  check.equal(client:instances()[3].status, "error-deleting", "instance")
  check.equal(client:get("/server-groups?name=second").server_groups[1].status,
    "error-failing-over", "group")
  local instance = client:instances()[3].id
  local _, accepted = client:call("DELETE", "/protected-instances/" .. instance)
  check.equal(client:finish(accepted).status, "SUCCESS", "deleting again")
end)

test.case("a stuck job of an instance keeps the instance where it is", function(check)
  local client = support.client()
  client:send("POST", "/_sim/faults", {
    operation = "delete_protected_instance", kind = "stuck_job",
  })
  local path = "/protected-instances/" .. client:instances()[1].id
  local _, accepted = client:call("DELETE", path)
  check.equal(client:finish(accepted, 86400).status, "RUNNING", "job")
  check.equal(client:get(path).protected_instance.status, "deleting", "instance")
end)

test.case("RPO statistics count, every five minutes, the pairs that lost a disk", function(check)
  local client = support.client()
  local path = "/resource/rpo-statistics"
  check.equal(client:get(path).count, 0, "all is well")
  client:admin("groups/demo/set", { fault_level = "2" })
  client:wait(690)
  local pair = client:get("/replications").replications[1]
  client:admin("pairs/" .. pair.id .. "/set", { fault_level = "0" })
  client:wait(300)
  client:admin("groups/demo/set", { fault_level = "0" })
  client:wait(600)
  local page = client:get(path)
  check.equal(page.count, 3, "samples")
  local rows = page.resource_rpo_statistics
  check.equal({ rows[1].resource_num, rows[3].resource_num }, { 4, 5 }, "newest first")
  check.equal(rows[3].point_time, "2023-11-14 22:15", "on the minute")
  check.equal(client:get(path .. "?start_time=" .. rows[2].created_at:gsub(" ", "%%20")).count, 2,
    "since")
  check.equal(#client:get(path .. "?limit=1&offset=2").resource_rpo_statistics, 1, "paged")
end)

test.case("the versions are shown without a project", function(check)
  local client = support.client()
  local _, list = client:send("GET", "/")
  check.equal({ list.versions[1].id, list.versions[1].status }, { "v1", "CURRENT" }, "list")
  local _, one = client:send("GET", "/v1")
  check.equal(one.version.id, "v1", "one")
  check.equal(client:send("GET", "/v9").status, 400, "unknown")
end)

test.case("a natively deleted server or volume makes its instance or pair invalid", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  client:send("DELETE", "/_sim/servers/" .. instance.source_server)
  check.equal(client:instances()[1].status, "invalid", "instance")
  local pair = client:get("/replications").replications[5]
  client:send("DELETE", "/_sim/volumes/" .. pair.volume_ids:match("^[^,]+"))
  check.equal(client:get("/replications/" .. pair.id).replication.status, "invalid", "pair")
  local _, refusal = client:verb(client:demo(), "failover")
  check.equal(support.code(refusal), "SDRS.1314", "a verb of the group")
  check.equal(client:refusal("DELETE", "/protected-instances/" .. instance.id), nil, "deletable")
end)
