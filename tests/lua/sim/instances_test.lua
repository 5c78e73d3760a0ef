-- Protected instances: creating and deleting them, one or several, with servers, pairs and disks.
local test = require("test")
local support = require("support")

local nothing = "00000000-0000-4000-a000-000000000000"

local function wish_for(client, server, more)
  local wish = {
    server_group_id = client:demo().id, server_id = client:admin("servers/" .. server).server.id,
    name = "new-one",
  }
  for name, value in pairs(more or {}) do
    wish[name] = value
  end
  return { protected_instance = wish }
end

local function create(client, server, more)
  return client:refusal("POST", "/protected-instances", wish_for(client, server, more))
end

test.case("a protected server gets a DR server and pairs for its disks", function(check)
  local client = support.client()
  local before = client:demo()
  local wish = wish_for(client, "spare-1", {
    description = "a spare", tags = { { key = "tier", value = "web" } },
  })
  local response, accepted = client:call("POST", "/protected-instances", wish)
  check.equal(response.status, 200, "accepted")
  local job = client:get("/jobs/" .. accepted.job_id)
  check.equal(job.job_type, "createProtectedInstanceNoCG", "job type")
  local id = job.entities.protected_instance_id
  local instance = client:get("/protected-instances/" .. id).protected_instance
  check.equal(instance.status, "creating", "during")
  check.equal(job.entities.native_server_id, instance.target_server, "DR server of the job")
  check.equal(client:finish(accepted).status, "SUCCESS", "job")
  instance = client:get("/protected-instances/" .. id).protected_instance
  check.equal(instance.status, "protected", "after")
  check.equal(instance.description, "a spare", "description")
  check.equal(instance.tags, { { key = "tier", value = "web" } }, "tags")
  check.equal(#instance.attachment, 2, "a pair for each disk")
  check.equal(instance.attachment[1].device, "/dev/vda", "system disk")
  local dr = client:admin("servers/" .. instance.target_server).server
  check.equal({ dr.power, dr.name, dr.availability_zone },
    { "SHUTOFF", "spare-1", before.target_availability_zone }, "DR server")
  local pair = client:get("/replications/" .. instance.attachment[1].replication).replication
  check.equal({ pair.status, pair.record_metadata.bootable }, { "protected", true }, "pair")
  check.equal(pair.progress, 100, "synchronised")
  check.equal(client:demo().protected_instance_num, before.protected_instance_num + 1, "counted")
  check.equal(client:demo().replication_num, before.replication_num + 2, "pairs counted")
end)

test.case("a server that is not fit to be protected is refused with its code", function(check)
  local client = support.client()
  local protected = client:instances()[1].source_server
  check.equal(create(client, protected), "SDRS.1305", "protected already")
  for _, row in ipairs({
    { { availability_zone = "cn-north-4b" }, "SDRS.1303" },
    { { vpc_id = nothing }, "SDRS.1304" },
    { { state = "ERROR" }, "SDRS.1333" },
    { { locked = "system" }, "SDRS.1357" },
    { { locked = "service" }, "SDRS.1359" },
    { { volumes = 0 }, "SDRS.1321" },
    { { flavor = "c1.large" }, "SDRS.1356" },
  }) do
    local body = row[1]
    body.name = "odd-" .. row[2]
    client:admin("servers", body)
    check.equal(create(client, body.name), row[2], row[2])
  end
  check.equal(client:refusal("POST", "/protected-instances", { protected_instance = {
    server_group_id = client:demo().id, server_id = nothing, name = "x",
  } }), "SDRS.1326", "unknown server")
  client:admin("servers", { name = "data-only", volumes = 0 })
  client:admin("volumes", { name = "data", servers = { "data-only" } })
  check.equal(create(client, "data-only"), "SDRS.1339", "no system disk")
end)

test.case("disks that cannot be replicated keep their server from being protected", function(check)
  local client = support.client()
  for name, code in pairs({
    encrypted = "SDRS.1802", locked = "SDRS.1831", frozen = "SDRS.0225",
  }) do
    client:admin("servers", { name = name })
    client:admin("volumes/" .. name .. "-volume-1/set", { [name] = true })
    check.equal(create(client, name), code, name)
  end
  client:admin("servers", { name = "broken" })
  client:admin("volumes/broken-volume-1/set", { status = "error" })
  check.equal(create(client, "broken"), "SDRS.1322", "system disk in error")
end)

test.case("dedicated hosts, addresses, tags and quotas are checked", function(check)
  local client = support.client()
  local hosts = client:admin("dedicated-hosts").dedicated_hosts
  local function host(id, tenancy)
    return create(client, "spare-1", { dedicated_host_id = id, tenancy = tenancy or "dedicated" })
  end
  check.equal(host(hosts[2].id, "shared"), "SDRS.1371", "shared tenancy")
  check.equal(host(hosts[2].id, "owned"), "SDRS.0228", "unknown tenancy")
  check.equal(host(nothing), "SDRS.1372", "unknown host")
  check.equal(host(hosts[1].id), "SDRS.1373", "host of the production zone")
  client:admin("servers/spare-2/set", { server_group = "anti-affinity" })
  check.equal(create(client, "spare-2", { tenancy = "dedicated" }), "SDRS.1375", "ECS group")
  check.equal(create(client, "spare-1", { primary_ip_address = "192.168.0.9" }), "SDRS.1380",
    "address without a subnet")
  local address = client:admin("servers/spare-2").server.nics[1].address
  local function with_address(text)
    return create(client, "spare-1", { primary_ip_address = text, primary_subnet_id = nothing })
  end
  check.equal(with_address(address), "SDRS.1334", "address in use")
  check.equal(with_address("192.168.0.256"), "SDRS.0219", "no address")
  check.equal(create(client, "spare-1", { cluster_id = nothing }), "SDRS.1381", "storage pool")
  check.equal(create(client, "spare-1", { flavorRef = "c1.large" }), "SDRS.1353", "flavor")
  local twice = { { key = "a", value = "1" }, { key = "a", value = "2" } }
  check.equal(create(client, "spare-1", { tags = twice }), "SDRS.2209", "a key twice")
  client:admin("quotas", { instances_per_group = 3 })
  check.equal(create(client, "spare-1"), "SDRS.1358", "instances of a group")
  client:admin("quotas", { instances_per_group = -1, replications = 6 })
  check.equal(create(client, "spare-1"), "SDRS.0306", "pairs")
end)

test.case("a strict world refuses what it does not know", function(check)
  local client = support.client()
  client:admin("account", { strict = true })
  check.equal(create(client, "spare-1", { primary_subnet_id = nothing }), "SDRS.1335", "subnet")
  check.equal(create(client, "spare-1", { flavorRef = "x9.large.1" }), "SDRS.1353", "flavor")
  local subnet = client:admin("vpcs").vpcs[1].subnets[1]
  check.equal(create(client, "spare-1", { primary_subnet_id = subnet }), nil, "known subnet")
end)

local function batch(client, names, more)
  local servers = {}
  for index, name in ipairs(names) do
    servers[index] = { server_id = client:admin("servers/" .. name).server.id }
  end
  local wish = { name_prefix = "lot", server_group_id = client:demo().id, servers = servers }
  for name, value in pairs(more or {}) do
    wish[name] = value
  end
  return client:call("POST", "/protected-instances/batch", { protected_instances = wish })
end

test.case("several servers are protected by one call, with a sub-job for each", function(check)
  local client = support.client()
  local response, accepted = batch(client, { "spare-1", "spare-2", "spare-3" })
  check.equal(response.status, 202, "accepted")
  local job = client:finish(accepted)
  check.equal({ job.status, #job.entities.sub_jobs }, { "SUCCESS", 3 }, "job")
  check.equal(client:get("/protected-instances?name=lot-0002").count, 1, "named with a number")
  for _, sub_job in ipairs(job.entities.sub_jobs) do
    local id = sub_job.entities.protected_instance_id
    check.equal(client:get("/protected-instances/" .. id).protected_instance.status, "protected",
      "instance")
  end
end)

test.case("when one of several fails the others are protected", function(check)
  local client = support.client()
  client:send("POST", "/_sim/faults", {
    operation = "batch_create_protected_instances", kind = "job_fail", code = "SDRS.1306",
  })
  local _, accepted = batch(client, { "spare-1", "spare-2", "spare-3" })
  check.equal(client:finish(accepted).status, "FAIL", "job")
  check.equal(client:get("/protected-instances?status=error").count, 1, "one in error")
  check.equal(client:get("/protected-instances?name=lot-&status=protected").count, 2, "two made")
  local group = client:demo().id
  local failure = client:get("/task-center/failure-jobs?server_group_id=" .. group).failure_jobs[1]
  check.equal({ failure.failure_status, failure.error_code }, { "createFail", "SDRS.1306" },
    "failed-job centre")
end)

test.case("a batch is refused as a whole", function(check)
  local client = support.client()
  local function refused(names, more)
    local _, value = batch(client, names, more)
    return support.code(value)
  end
  check.equal(refused({ "spare-1", "spare-1" }), "SDRS.1361", "a server twice")
  check.equal(refused({}), "SDRS.0201", "none")
  local six = { "spare-1", "spare-2", "spare-3", "spare-4", "demo-server-1", "demo-server-2" }
  check.equal(refused(six), "SDRS.1362", "six")
  check.equal(refused({ "spare-1" }, { servers = { { server_id = nothing } } }), "SDRS.1360",
    "unknown server")
  client:admin("volumes", {
    name = "shared", multiattach = true, servers = { "spare-1", "spare-2" },
  })
  check.equal(refused({ "spare-1", "spare-3" }), "SDRS.1408", "one of two that share a disk")
  check.equal(client:demo().protected_instance_num, 3, "nothing was made")
  local _, accepted = batch(client, { "spare-1", "spare-2" })
  check.equal(client:finish(accepted).status, "SUCCESS", "both of them")
  check.equal(client:demo().replication_num, 5 + 2 + 2 + 1, "the shared disk has one pair")
end)

local function delete(client, id, body)
  return client:call("DELETE", "/protected-instances/" .. id, body or {})
end

test.case("a deleted instance takes its pairs along and leaves both servers", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  local pairs_before = client:demo().replication_num
  local _, accepted = delete(client, instance.id)
  local path = "/protected-instances/" .. instance.id
  check.equal(client:get(path).protected_instance.status, "deleting", "during")
  check.equal(client:finish(accepted).job_type, "deleteProtectedInstanceNoCG", "job type")
  check.equal(client:refusal("GET", path), "SDRS.0208", "gone")
  check.equal(client:demo().replication_num, pairs_before - #instance.attachment, "pairs")
  for _, id in ipairs({ instance.source_server, instance.target_server }) do
    check.equal(client:admin("servers/" .. id).server.protected_instance_id, nil, "server stays")
  end
  check.equal(client:refusal("DELETE", path), "SDRS.0208", "again")
end)

test.case("delete_target_server deletes the DR server and its disks", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  local pair = client:get("/replications/" .. instance.attachment[1].replication).replication
  local dr_volume = pair.volume_ids:match(",(.*)$")
  local _, accepted = delete(client, instance.id, { delete_target_server = true })
  client:finish(accepted)
  local response = client:send("GET", "/_sim/servers/" .. instance.target_server)
  check.equal(response.status, 404, "DR server")
  check.equal(client:send("GET", "/_sim/volumes/" .. dr_volume).status, 404, "DR disk")
  check.equal(client:admin("servers/" .. instance.source_server).server.power, "ACTIVE",
    "production server")
end)

test.case("what keeps an instance, its DR server or its address from being deleted", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  local path = "/protected-instances/" .. instance.id
  local target = { delete_target_server = true }
  client:admin("servers/" .. instance.target_server .. "/set", { charging_mode = "1" })
  check.equal(client:refusal("DELETE", path, target), "SDRS.1354", "paid by the month")
  client:admin("servers/" .. instance.target_server .. "/set", { charging_mode = "0" })
  client:admin("account", { frozen = true })
  check.equal(client:refusal("DELETE", path, target), "SDRS.1355", "frozen account")
  client:admin("account", { frozen = false })
  client:admin("groups/demo/set", { priority_station = "target" })
  check.equal(client:refusal("DELETE", path, target), "SDRS.1330", "not at home")
  check.equal(client:refusal("DELETE", path, { delete_target_eip = true }), "SDRS.1338", "address")
  client:admin("instances/" .. instance.id .. "/set", { status = "nic-creating" })
  check.equal(client:refusal("DELETE", path), "SDRS.1301", "busy")
  client:admin("instances/" .. instance.id .. "/set", { status = "invalid" })
  client:verb(client:demo(), "failover")
  check.equal(client:refusal("DELETE", path), nil, "an invalid one can be deleted")
end)

test.case("several instances of one group are deleted by one call", function(check)
  local client = support.client()
  client:admin("groups", { name = "other", instances = 1, pairs = 1 })
  local all = client:get("/protected-instances").protected_instances
  local function refused(...)
    local rows = {}
    for index, id in ipairs({ ... }) do
      rows[index] = { id = id }
    end
    return client:refusal("POST", "/protected-instances/delete", { protected_instances = rows })
  end
  check.equal(refused(all[1].id, all[1].id), "SDRS.1363", "twice")
  check.equal(refused(all[1].id, all[4].id), "SDRS.1364", "two groups")
  check.equal(refused(all[1].id, nothing), "SDRS.0208", "unknown")
  local response, accepted = client:call("POST", "/protected-instances/delete", {
    protected_instances = { { id = all[1].id }, { id = all[2].id } },
  })
  check.equal(response.status, 202, "accepted")
  check.equal(#client:finish(accepted).entities.sub_jobs, 2, "sub-jobs")
  check.equal(client:demo().protected_instance_num, 1, "left")
end)

test.case("a pair that two instances share must be deleted with both, or detached", function(check)
  local client = support.client()
  client:admin("volumes", {
    name = "shared", multiattach = true, servers = { "spare-1", "spare-2" },
  })
  local _, accepted = batch(client, { "spare-1", "spare-2" })
  client:finish(accepted)
  local lot = client:get("/protected-instances?name=lot-").protected_instances
  check.equal(client:refusal("DELETE", "/protected-instances/" .. lot[1].id), "SDRS.1365", "one")
  local function rows(...)
    return { protected_instances = { ... } }
  end
  check.equal(client:refusal("POST", "/protected-instances/delete", rows({ id = lot[1].id })),
    "SDRS.1409", "a batch of one")
  check.equal(client:refusal("POST", "/protected-instances/delete",
    rows({ id = lot[1].id }, { id = lot[2].id })), nil, "both")
end)

test.case("a group in the middle of something takes no new instance", function(check)
  local client = support.client()
  client:verb(client:demo(), "failover")
  check.equal(create(client, "spare-1"), "SDRS.1024", "failing-over")
  local id = client:instances()[1].id
  check.equal(client:refusal("DELETE", "/protected-instances/" .. id), "SDRS.1002", "deleting one")
  client:wait(300)
  check.equal(create(client, "spare-1"), "SDRS.1024", "failed-over")
  client:admin("groups/demo/set", { status = "protected" })
  check.equal(create(client, "spare-1"), "SDRS.1809", "served from the DR site")
end)
