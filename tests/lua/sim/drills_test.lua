-- DR drills: their servers, their VPC, and what forbids them.
local test = require("test")
local support = require("support")

local nothing = "00000000-0000-4000-a000-000000000000"

local function create(client, more)
  local wish = { name = "practice", server_group_id = client:demo().id }
  for name, value in pairs(more or {}) do
    wish[name] = value
  end
  return client:call("POST", "/disaster-recovery-drills", { disaster_recovery_drill = wish })
end

local function refused(client, more)
  local response, value = create(client, more)
  return response.status >= 400 and support.code(value) or nil
end

local function made(client, more)
  local _, accepted = create(client, more)
  local id = client:finish(accepted).entities.disaster_recovery_drill_id
  return client:get("/disaster-recovery-drills/" .. id).disaster_recovery_drill
end

test.case("a drill gets a running server for each instance, in a VPC of its own", function(check)
  local client = support.client()
  local drill = made(client)
  local demo = client:demo()
  check.equal({ drill.status, drill.name }, { "available", "practice" }, "drill")
  check.equal(#drill.drill_servers, 3, "servers")
  check.truthy(drill.drill_vpc_id ~= demo.source_vpc_id, "VPC")
  check.equal(demo.disaster_recovery_drill_num, 1, "counted")
  check.equal(demo.status, "protected", "the group goes on")
  local server = client:admin("servers/" .. drill.drill_servers[1].drill_server_id).server
  check.equal({ server.power, server.vpc_id, server.availability_zone },
    { "ACTIVE", drill.drill_vpc_id, demo.target_availability_zone }, "server")
  local page = client:get("/disaster-recovery-drills?drill_vpc_id=" .. drill.drill_vpc_id)
  check.equal({ page.count, page.disaster_recovery_drills[1].id }, { 1, drill.id }, "listed")
  local _, renamed = client:call("PUT", "/disaster-recovery-drills/" .. drill.id, {
    disaster_recovery_drill = { name = "again" },
  })
  check.equal(renamed.disaster_recovery_drill.name, "again", "renamed")
end)

test.case("deleting a drill removes its servers and disks and keeps the VPC", function(check)
  local client = support.client()
  local drill = made(client)
  local path = "/disaster-recovery-drills/" .. drill.id
  local _, accepted = client:call("DELETE", path)
  check.equal(client:get(path).disaster_recovery_drill.status, "deleting", "during")
  check.equal(client:refusal("DELETE", path), "SDRS.1913", "twice")
  check.equal(client:finish(accepted).job_type, "deleteDisasterRecoveryDrill", "job type")
  check.equal(client:refusal("GET", path), "SDRS.1902", "gone")
  check.equal(client:refusal("DELETE", path), "SDRS.1913", "deleting what is gone")
  local id = drill.drill_servers[1].drill_server_id
  check.equal(client:send("GET", "/_sim/servers/" .. id).status, 404, "server")
  check.equal(#client:admin("vpcs").vpcs, 3, "VPCs")
  check.equal(client:demo().disaster_recovery_drill_num, 0, "counted")
end)

test.case("a drill VPC must be another, free, and have the same subnets", function(check)
  local client = support.client()
  local vpcs = client:admin("vpcs").vpcs
  local bare = client:admin("vpcs", { name = "bare" }).vpc
  local foreign = client:admin("vpcs", { name = "foreign", cidrs = { "10.0.0.0/8" } }).vpc
  check.equal(refused(client, { drill_vpc_id = vpcs[1].id }), "SDRS.1907", "the group's")
  check.equal(refused(client, { drill_vpc_id = bare.id }), "SDRS.1908", "no subnet")
  check.equal(refused(client, { drill_vpc_id = foreign.id }), "SDRS.1909", "other subnets")
  check.equal(made(client, { drill_vpc_id = vpcs[2].id }).drill_vpc_id, vpcs[2].id, "prepared")
  check.equal(refused(client, { drill_vpc_id = vpcs[2].id }), "SDRS.1921", "used")
  client:admin("quotas", { vpcs = 4 })
  check.equal(refused(client), "SDRS.1929", "VPC quota")
  client:admin("quotas", { vpcs = -1, subnets = 0 })
  check.equal(refused(client), "SDRS.1930", "subnet quota")
  client:admin("account", { strict = true })
  check.equal(refused(client, { drill_vpc_id = nothing }), "SDRS.1928", "unknown, strict world")
end)

test.case("a drill waits for the first synchronisation and for the group", function(check)
  local client = support.client()
  check.equal(refused(client, { server_group_id = nothing }), "SDRS.1013", "unknown group")
  local _, accepted = client:verb(client:demo(), "stop")
  check.equal(refused(client), "SDRS.1002", "stopping")
  client:finish(accepted)
  _, accepted = client:verb(client:demo(), "start")
  client:finish(accepted, 65)
  check.equal(refused(client), "SDRS.1830", "synchronising")
  client:wait(300)
  check.equal(refused(client), nil, "synchronised")
end)

test.case("a group with a drill is not deleted, and drills are missed after three months",
  function(check)
    local client = support.client()
    client:admin("groups", { name = "empty", status = "available" })
    local id = client:get("/server-groups?name=empty").server_groups[1].id
    local overdue = "/server-groups?query_type=period_no_dr_drill"
    check.equal(client:get(overdue).count, 2, "none yet")
    made(client, { server_group_id = id })
    check.equal(client:get(overdue).count, 1, "one drilled")
    check.equal(client:refusal("DELETE", "/server-groups/" .. id), "SDRS.1003", "deletion")
    client:wait(91 * 86400)
    check.equal(client:get(overdue).count, 2, "three months later")
  end)

test.case("a drill that fails is in error and can only be deleted", function(check)
  local client = support.client()
  client:send("POST", "/_sim/faults", {
    operation = "create_disaster_recovery_drill", kind = "job_fail",
  })
  local _, accepted = create(client)
  local job = client:finish(accepted)
  check.equal({ job.status, job.error_code }, { "FAIL", "SDRS.1922" }, "job")
  local path = "/disaster-recovery-drills/" .. job.entities.disaster_recovery_drill_id
  check.equal(client:get(path).disaster_recovery_drill.status, "error", "drill")
  check.equal(client:refusal("DELETE", path), nil, "deleted")
end)
