-- Servers: showing, listing, powering on and off, jobs, and the flavors to resize to.
local test = require("test")
local support = require("support")

local nothing = "00000000-0000-4000-a000-000000000000"

local function action(client, verb, names, more)
  local body = { servers = support.json.array({}) }
  for index, name in ipairs(names) do
    local is_id = name:find("^%x+%-") ~= nil
    body.servers[index] = { id = is_id and name or client:admin("servers/" .. name).server.id }
  end
  for name, value in pairs(more or {}) do
    body[name] = value
  end
  return client:call("POST", "/cloudservers/action", { [verb] = body })
end

local function refused(...)
  local response, value = action(...)
  return response.status >= 400 and value.error.code or nil
end

local function show(client, name)
  local id = client:admin("servers/" .. name).server.id
  return client:get("/cloudservers/" .. id).server
end

test.case("a fresh world has servers with disks that are not protected", function(check)
  local client = support.client()
  local server = show(client, "spare-1")
  check.equal({ server.status, server["OS-EXT-STS:vm_state"], server["OS-EXT-STS:power_state"] },
    { "ACTIVE", "active", 1 }, "power")
  check.equal(server["OS-EXT-STS:task_state"], support.json.null, "task_state")
  check.equal({ server.flavor.id, server.flavor.vcpus, server.flavor.ram },
    { "s3.large.2", "2", "4096" }, "flavor in texts")
  local disks = server["os-extended-volumes:volumes_attached"]
  check.equal({ #disks, disks[1].device, disks[1].bootIndex }, { 2, "/dev/vda", "0" }, "disks")
  check.equal(server.metadata.vpc_id, client:demo().source_vpc_id, "the group's VPC")
  check.equal(server["OS-EXT-AZ:availability_zone"], client:demo().source_availability_zone, "zone")
  local page = client:get("/cloudservers/detail?name=spare")
  check.equal(page.count, 4, "found by name")
  check.equal(client:refusal("GET", "/cloudservers/" .. nothing), "Ecs.0114", "unknown")
  check.equal(client:call("GET", "/cloudservers/" .. nothing).status, 404, "404")
end)

test.case("servers are listed by page number, and count is the total", function(check)
  local client = support.client()
  for index = 1, 40 do
    client:admin("servers", { name = "many-" .. index, volumes = 0 })
  end
  local function page(query)
    return client:get("/cloudservers/detail?name=many" .. query)
  end
  check.equal({ page("").count, #page("").servers }, { 40, 25 }, "25 by default")
  check.equal(#page("&offset=2").servers, 15, "the second page")
  check.equal(page("&offset=0").servers[1].name, page("&offset=1").servers[1].name, "0 means 1")
  check.equal(#page("&offset=3").servers, 0, "beyond the end")
  check.equal(#page("&limit=1000").servers, 40, "all at once")
  local last = page("&limit=30").servers[30].id
  check.equal(#page("&limit=30&marker=" .. last).servers, 10, "behind a marker")
  check.equal(client:refusal("GET", "/cloudservers/detail?limit=1001"), "Ecs.0005", "limit")
end)

test.case("servers are filtered by status, address, name and id", function(check)
  local client = support.client()
  local function count(query)
    return client:get("/cloudservers/detail?" .. query).count
  end
  check.equal(count("status=SHUTOFF"), 3, "the DR servers")
  check.equal(count("name=spare.1"), 1, "a dot is any character")
  check.equal(count("flavor=s3.large.2"), 10, "flavor")
  local address = client:admin("servers/spare-1").server.nics[1].address
  check.equal(count("ip_eq=" .. address), 1, "exact address")
  check.truthy(count("ip=" .. address:match("^%d+%.%d+")) > 5, "part of the address")
  local spare = client:admin("servers/spare-1").server.id
  for _, query in ipairs({
    "server_id=" .. spare .. "&server_id=" .. nothing,
    "server_id=" .. spare .. "," .. nothing .. "&status=SHUTOFF",
  }) do
    local page = client:get("/cloudservers/detail?" .. query)
    check.equal({ page.count, page.servers[1].name }, { 2, "spare-1" }, query)
    check.equal({ page.servers[2].id, page.servers[2].status, page.servers[2].fault.code },
      { nothing, support.json.null, 404 }, "an unknown one")
  end
end)

test.case("a stop leads through powering-off to SHUTOFF, with a sub-job for each server",
  function(check)
    local client = support.client()
    local response, accepted = action(client, "os-stop", { "spare-1", "spare-2" })
    check.equal(response.status, 200, "accepted")
    local server = show(client, "spare-1")
    check.equal({ server.status, server["OS-EXT-STS:task_state"] }, { "ACTIVE", "powering-off" },
      "during")
    local job = client:get("/jobs/" .. accepted.job_id)
    check.equal({ job.status, job.entities.sub_jobs_total }, { "INIT", 2 }, "job at once")
    job = client:finish(accepted, 60)
    check.equal(job.status, "SUCCESS", "job")
    local part = job.entities.sub_jobs[1]
    check.equal({ part.status, part.entities.server_id }, { "SUCCESS", server.id }, "sub-job")
    server = show(client, "spare-1")
    check.equal({ server.status, server["OS-EXT-STS:vm_state"], server["OS-EXT-STS:power_state"] },
      { "SHUTOFF", "stopped", 4 }, "after")
    check.equal(server["OS-EXT-STS:task_state"], support.json.null, "settled")
    local _, started = action(client, "os-start", { "spare-1" })
    check.equal(show(client, "spare-1")["OS-EXT-STS:task_state"], "powering-on", "starting")
    client:finish(started, 60)
    check.equal(show(client, "spare-1").status, "ACTIVE", "started")
  end)

test.case("SOFT takes longer than HARD, and a reboot has a status of its own", function(check)
  local client = support.client()
  local function ends_within(seconds, verb, name, kind)
    local _, accepted = action(client, verb, { name }, { type = kind })
    return client:finish(accepted, seconds).status
  end
  check.equal(ends_within(15, "os-stop", "spare-1", "SOFT"), "RUNNING", "soft stop")
  check.equal(ends_within(15, "os-stop", "spare-2", "HARD"), "SUCCESS", "hard stop")
  action(client, "reboot", { "spare-3" }, { type = "SOFT" })
  check.equal(show(client, "spare-3").status, "REBOOT", "reboot")
  check.equal(refused(client, "reboot", { "spare-3" }, { type = "SOFT" }), "Ecs.0100", "again")
  check.equal(refused(client, "reboot", { "spare-3" }, { type = "HARD" }), nil, "hard frees it")
  check.equal(show(client, "spare-3").status, "HARD_REBOOT", "hard reboot")
  client:wait(60)
  check.equal(show(client, "spare-3").status, "ACTIVE", "after")
  check.equal(refused(client, "reboot", { "spare-3" }), "Ecs.0005", "type is required")
end)

test.case("power calls are refused in the shape and with the codes of ECS", function(check)
  local client = support.client()
  check.equal(refused(client, "os-start", { "spare-1" }), "Ecs.0100", "running already")
  check.equal(refused(client, "os-start", { nothing }), "Ecs.0114", "unknown")
  check.equal(refused(client, "os-stop", {}), "Ecs.0005", "none")
  local many = {}
  for index = 1, 1001 do
    many[index] = nothing
  end
  check.equal(refused(client, "os-stop", many), "Ecs.0118", "too many")
  client:admin("servers/spare-1/set", { locked = "system" })
  check.equal(refused(client, "os-stop", { "spare-1" }), "Ecs.0605", "locked")
  check.equal(refused(client, "os-hibernate", { "spare-1" }), "Ecs.0000", "unknown action")
end)

test.case("one server of several may fail, and its sub-job says so", function(check)
  local client = support.client()
  client:send("POST", "/_sim/faults", {
    operation = "batch_stop_servers", kind = "job_fail", thing = "spare-2", code = "Ecs.1001",
  })
  local _, accepted = action(client, "os-stop", { "spare-1", "spare-2" })
  local job = client:finish(accepted, 60)
  check.equal({ job.status, job.error_code }, { "FAIL", "Common.0021" }, "job")
  local parts = job.entities.sub_jobs
  check.equal({ parts[1].status, parts[2].status, parts[2].error_code },
    { "SUCCESS", "FAIL", "Ecs.1001" }, "sub-jobs")
  check.truthy(parts[2].entities.errorcode_message, "detail")
  check.equal({ show(client, "spare-1").status, show(client, "spare-2").status },
    { "SHUTOFF", "ACTIVE" }, "servers")
  _, accepted = action(client, "os-stop", { "spare-1", "spare-3" })
  job = client:finish(accepted, 60)
  check.equal({ job.status, job.entities.sub_jobs[1].error_code }, { "FAIL", "Ecs.0100" },
    "off already")
  check.equal(show(client, "spare-3").status, "SHUTOFF", "the other")
end)

test.case("the end of a part that never worked on a server leaves other jobs' work alone",
  function(check)
    -- Paces are drawn: some of the refused parts end while the later reboot is under way.
    for seed = 1, 12 do
      local client = support.client({ seed = seed })
      client:finish(select(2, action(client, "os-stop", { "spare-1" })), 60)
      action(client, "reboot", { "spare-2", "spare-1" }, { type = "SOFT" })
      action(client, "os-start", { "spare-1" })
      while show(client, "spare-1").status ~= "ACTIVE" do
        client:wait(1)
      end
      local _, accepted = action(client, "reboot", { "spare-1" }, { type = "SOFT" })
      local job = client:get("/jobs/" .. accepted.job_id)
      while job.status ~= "SUCCESS" do
        local over = job.entities.sub_jobs[1].status == "SUCCESS"
        check.equal(show(client, "spare-1").status, over and "ACTIVE" or "REBOOT", "seed " .. seed)
        client:wait(1)
        job = client:get("/jobs/" .. accepted.job_id)
      end
    end
  end)

test.case("a stuck power job leaves its server on the way", function(check)
  local client = support.client()
  client:send("POST", "/_sim/faults", { operation = "batch_stop_servers", kind = "stuck_job" })
  local _, accepted = action(client, "os-stop", { "spare-1" })
  check.equal(client:finish(accepted, 86400).status, "RUNNING", "job")
  check.equal(show(client, "spare-1")["OS-EXT-STS:task_state"], "powering-off", "server")
end)

test.case("jobs belong to their service, and ECS forgets them after a day", function(check)
  local client = support.client()
  local _, of_sdrs = client:verb(client:demo(), "failover")
  local _, of_ecs = action(client, "os-stop", { "spare-1" })
  check.equal(client:get("/jobs/" .. of_sdrs.job_id).job_type, "failoverProtectionGroupNoCG",
    "SDRS")
  check.equal(client:get("/jobs/" .. of_ecs.job_id).job_type, "batchStopServers", "ECS")
  client:wait(2 * 86400)
  check.equal(client:refusal("GET", "/jobs/" .. of_ecs.job_id), "Common.0011", "forgotten")
  check.equal(client:get("/jobs/" .. of_sdrs.job_id).status, "SUCCESS", "SDRS keeps its own")
end)

test.case("what ECS powers off is off for SDRS", function(check)
  local client = support.client()
  local demo = client:demo()
  local names = {}
  for index, instance in ipairs(client:instances()) do
    names[index] = instance.source_server
  end
  local _, refusal = client:verb(demo, "reverse", { priority_station = "target" })
  check.equal(support.code(refusal), "SDRS.1319", "running")
  local _, accepted = action(client, "os-stop", names)
  client:finish(accepted, 60)
  _, accepted = client:verb(demo, "reverse", { priority_station = "target" })
  check.equal(client:finish(accepted).status, "SUCCESS", "off")
end)

test.case("flavors to resize to are listed for a server or a flavor", function(check)
  local client = support.client()
  local function flavors(query)
    return client:get("/cloudservers/resize_flavors?" .. query).flavors
  end
  local rows = flavors("source_flavor_id=s3.large.2")
  check.truthy(#rows > 5, "rows")
  check.equal({ type(rows[1].vcpus), type(rows[1].ram) }, { "string", "number" }, "mixed types")
  for index, row in ipairs(rows) do
    check.truthy(row.id ~= "s3.large.2", "another one")
    check.truthy(index == 1 or rows[index - 1].id < row.id, "sorted by id")
  end
  local spare = client:admin("servers/spare-1").server.id
  check.equal(#flavors("instance_uuid=" .. spare), #rows, "by server")
  local by_memory = flavors("source_flavor_id=s3.large.2&sort_key=memory_mb&sort_dir=desc&limit=2")
  check.equal({ #by_memory, by_memory[1].ram }, { 2, 32768 }, "by memory")
  check.equal(#flavors("source_flavor_id=s3.large.2&marker=" .. rows[3].id), #rows - 3, "marker")
  check.equal(client:refusal("GET", "/cloudservers/resize_flavors"), "Ecs.0005", "of what?")
  check.equal(client:refusal("GET", "/cloudservers/resize_flavors?instance_uuid=" .. nothing),
    "Ecs.0114", "unknown server")
end)

test.case("servers, volumes and running jobs go out and come in again unchanged", function(check)
  local client = support.client()
  action(client, "os-stop", { "spare-1" })
  client:call("POST", "/protected-instances", { protected_instance = {
    server_group_id = client:demo().id, name = "half-done",
    server_id = client:admin("servers/spare-2").server.id,
  } })
  client:call("POST", "/disaster-recovery-drills", { disaster_recovery_drill = {
    server_group_id = client:demo().id, name = "under-way",
  } })
  client:wait(10)
  local before = client:send("GET", "/_sim/state").body
  local other = support.client({ seed = 99 })
  check.equal(other:send("PUT", "/_sim/state", before).status, 200, "accepted")
  check.equal(other:send("GET", "/_sim/state").body, before, "to the last byte")
  client:wait(400)
  other:wait(400)
  check.equal(other:send("GET", "/_sim/state").body, client:send("GET", "/_sim/state").body,
    "and the rest of the story is the same")
end)

test.case("5,000 instances are listed page by page, and by each of 1,000 groups", function(check)
  local client = support.client()
  client:admin("groups", { name = "g", instances = 5, pairs = 5, count = 1000 })
  local rows = 0
  for page = 0, 5 do
    local list = client:get("/protected-instances?limit=1000&offset=" .. page * 1000)
    rows = rows + #list.protected_instances
  end
  check.equal(rows, 5003, "instances")
  for _, group in ipairs(client:get("/server-groups?name=g-&limit=1000").server_groups) do
    local page = client:get("/protected-instances?server_group_id=" .. group.id)
    check.equal(page.count, 5, group.name)
  end
end)
