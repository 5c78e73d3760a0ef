-- What holds for every operation and every code of the catalogue.
local test = require("test")
local support = require("support")
local catalog = require("catalog")
local verbs = require("sim.verbs")

local nothing = "00000000-0000-4000-a000-000000000000"

test.case("every operation of the catalogue is simulated", function(check)
  local world = support.client().world
  local count = 0
  for _, operation in ipairs(world.operations) do
    local service = world.services.by_name[operation.service]
    local resource = world.services.resources[operation.resource]
    check.truthy(service and verbs.of(operation, service, resource), operation.name)
    count = count + 1
  end
  check.truthy(count >= 49, "operations: " .. count)
end)

-- What each asynchronous operation is asked to do to the group demo, its first instance and its
-- last pair: method, path, body.
local function requests(client)
  local group, instance = client:demo().id, client:instances()[1]
  local pair = client:get("/replications?name=demo-disk-5").replications[1].id
  local spare = client:admin("servers/spare-1").server.id
  local base = "/protected-instances/" .. instance.id
  local function verb(body)
    return { "POST", "/server-groups/" .. group .. "/action", body }
  end
  local domain = client:get("/active-domains").domains[1]
  return {
    create_protection_group = { "POST", "/server-groups", { server_group = {
      name = "new", domain_id = domain.id, source_vpc_id = nothing,
      source_availability_zone = "cn-north-4a", target_availability_zone = "cn-north-4b",
    } } },
    delete_protection_group = { "DELETE", "/server-groups/{empty}" },
    stop_protection_group = verb({ ["stop-server-group"] = {} }),
    start_protection_group = verb({ ["start-server-group"] = {} }),
    start_failover_protection_group = verb({ ["failover-server-group"] = {} }),
    start_reverse_protection_group = verb({
      ["reverse-server-group"] = { priority_station = "target" },
    }),
    create_protected_instance = { "POST", "/protected-instances", { protected_instance = {
      server_group_id = group, server_id = spare, name = "new",
    } } },
    batch_create_protected_instances = { "POST", "/protected-instances/batch", {
      protected_instances = { server_group_id = group, servers = { { server_id = spare } },
        name_prefix = "new" },
    } },
    delete_protected_instance = { "DELETE", base, {} },
    batch_delete_protected_instances = { "POST", "/protected-instances/delete", {
      protected_instances = { { id = instance.id } },
    } },
    attach_protected_instance_replication = { "POST", base .. "/attachreplication", {
      replicationAttachment = { replication_id = "{loose}", device = "/dev/vdk" },
    } },
    detach_protected_instance_replication = { "DELETE",
      base .. "/detachreplication/" .. instance.attachment[2].replication },
    add_protected_instance_nic = { "POST", base .. "/nic", { subnet_id = nothing } },
    delete_protected_instance_nic = { "POST", base .. "/nic/delete", { nic_id = "{nic}" } },
    resize_protected_instance = { "POST", base .. "/resize", {
      resize = { flavorRef = "s3.xlarge.2" },
    } },
    create_replication = { "POST", "/replications", { replication = {
      server_group_id = group, volume_id = nothing, name = "new",
    } } },
    delete_replication = { "DELETE", "/replications/{loose}", { replication = {} } },
    expand_replication = { "POST", "/replications/" .. pair .. "/action", {
      ["extend-replication"] = { new_size = 500 },
    } },
    create_disaster_recovery_drill = { "POST", "/disaster-recovery-drills", {
      disaster_recovery_drill = { server_group_id = group, name = "new" },
    } },
    delete_disaster_recovery_drill = { "DELETE", "/disaster-recovery-drills/{drill}" },
  }
end

-- A world in which every one of these requests is legal, and the ids that stand for {…}.
local function prepared(name)
  local client = support.client()
  client:power(client:demo(), "SHUTOFF")
  client:admin("groups", { name = "empty", status = "available" })
  local ids = { empty = client:get("/server-groups?name=empty").server_groups[1].id }
  local asked = requests(client)
  local function finished(request)
    local _, accepted = client:call(unpack(request))
    return client:finish(accepted).entities
  end
  ids.loose = finished(asked.create_replication).replication_pair_id
  asked.create_replication[3].replication.volume_id = nothing:gsub("0$", "1")
  ids.nic = finished(asked.add_protected_instance_nic).nic_id
  ids.drill = finished(asked.create_disaster_recovery_drill).disaster_recovery_drill_id
  if name == "start_protection_group" then finished(asked.stop_protection_group) end
  client:wait(600)
  return client, asked[name], ids
end

local function filled(value, ids)
  if type(value) == "string" then return (value:gsub("{(%a+)}", ids)) end
  local copy = {}
  for key, inner in pairs(value) do
    copy[key] = type(inner) == "number" and inner or filled(inner, ids)
  end
  return copy
end

local shows = {
  server_group = "/server-groups/", protected_instance = "/protected-instances/",
  replication_pair = "/replications/", dr_drill = "/disaster-recovery-drills/",
}

local function status_of(client, operation, job)
  local entities = job.entities
  local id = (entities.sub_jobs and entities.sub_jobs[1].entities or entities)[operation.entity]
  local _, view = next(client:get(shows[operation.resource] .. id))
  return view.status
end

local function each_asynchronous(visit)
  for _, operation in ipairs(catalog) do
    if operation.service == "sdrs" and operation.job ~= "" then visit(operation) end
  end
end

test.case("every asynchronous operation can fail, and leaves the documented status",
  function(check)
    local count = 0
    each_asynchronous(function(operation)
      local client, request, ids = prepared(operation.name)
      check.truthy(request, operation.name)
      client:send("POST", "/_sim/faults", {
        operation = operation.name, kind = "job_fail", code = "SDRS.0406", message = "on purpose",
      })
      local _, accepted = client:call(unpack(filled(request, ids)))
      local job = client:finish(accepted, 1000)
      check.equal({ job.status, job.error_code, job.fail_reason },
        { "FAIL", "SDRS.0406", "on purpose" }, operation.name)
      local failure = operation.transitions[1].failure
      if failure == "" then failure = "protected" end
      check.equal(status_of(client, operation, job), failure, operation.name)
      count = count + 1
    end)
    check.equal(count, 20, "operations")
  end)

test.case("every asynchronous operation can hang, and then shows the documented status",
  function(check)
    each_asynchronous(function(operation)
      local client, request, ids = prepared(operation.name)
      client:send("POST", "/_sim/faults", { operation = operation.name, kind = "stuck_job" })
      local _, accepted = client:call(unpack(filled(request, ids)))
      local job = client:finish(accepted, 86400)
      check.equal(job.status, "RUNNING", operation.name)
      check.equal(status_of(client, operation, job), operation.transitions[1].during,
        operation.name)
    end)
  end)

test.case("every documented code can be had by a fault, with its status and text", function(check)
  local client = support.client()
  for _, entry in ipairs(catalog.errors) do
    if entry.code:find("^SDRS") then
      client:send("POST", "/_sim/faults", {
        operation = "show_quota", kind = "status", code = entry.code,
      })
      local response, body = client:call("GET", "/sdrs/quotas")
      check.equal({ response.status, body.error.code, body.error.message },
        { entry.http_status, entry.code, entry.meaning }, entry.code)
    end
  end
end)
