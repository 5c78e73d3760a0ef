-- Resizing protected instances and their NICs.
local test = require("test")
local support = require("support")

local nothing = "00000000-0000-4000-a000-000000000000"

local function off(client)
  client:power(client:demo(), "SHUTOFF")
  return client:instances()[1]
end

local function resize(client, instance, wish)
  return client:call("POST", "/protected-instances/" .. instance.id .. "/resize", { resize = wish })
end

local function refused(client, instance, wish)
  local response, value = resize(client, instance, wish)
  return response.status >= 400 and support.code(value) or nil
end

local function flavors(client, instance)
  return {
    client:admin("servers/" .. instance.source_server).server.flavor,
    client:admin("servers/" .. instance.target_server).server.flavor,
  }
end

test.case("flavorRef resizes both servers and beats the flavors of one side", function(check)
  local client = support.client()
  local instance = off(client)
  local _, accepted = resize(client, instance, {
    flavorRef = "s3.xlarge.2", production_flavorRef = "s3.2xlarge.2", dr_flavorRef = "m3.large.8",
  })
  local path = "/protected-instances/" .. instance.id
  check.equal(client:get(path).protected_instance.status, "resizing", "during")
  check.equal(client:finish(accepted).job_type, "resizeProtectedInstanceNew", "job type")
  check.equal(client:get(path).protected_instance.status, "protected", "after")
  check.equal(flavors(client, instance), { "s3.xlarge.2", "s3.xlarge.2" }, "flavors")
end)

test.case("each side can be resized alone, as it serves now", function(check)
  local client = support.client()
  local instance = off(client)
  local _, accepted = resize(client, instance, { production_flavorRef = "s3.xlarge.2" })
  client:finish(accepted)
  check.equal(flavors(client, instance), { "s3.xlarge.2", "s3.large.2" }, "production")
  _, accepted = resize(client, instance, { dr_flavorRef = "s3.2xlarge.2" })
  client:finish(accepted)
  check.equal(flavors(client, instance), { "s3.xlarge.2", "s3.2xlarge.2" }, "DR")
  client:admin("groups/demo/set", { priority_station = "target" })
  _, accepted = resize(client, instance, { production_flavorRef = "s3.4xlarge.2" })
  client:finish(accepted)
  check.equal(flavors(client, instance), { "s3.xlarge.2", "s3.4xlarge.2" }, "after a switchover")
end)

test.case("servers to be resized must be off, the others need not", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  check.equal(refused(client, instance, { flavorRef = "s3.xlarge.2" }), "SDRS.1352", "production")
  check.equal(refused(client, instance, { dr_flavorRef = "s3.xlarge.2" }), nil, "DR is off")
  client:wait(300)
  client:admin("groups/demo/power", { state = "ACTIVE" })
  client:admin("groups/demo/power", { state = "SHUTOFF", site = "production" })
  check.equal(refused(client, instance, { flavorRef = "s3.2xlarge.2" }), "SDRS.1342", "DR")
end)

test.case("a resize that cannot be is refused with its code", function(check)
  local client = support.client()
  local instance = off(client)
  check.equal(refused(client, instance, {}), "SDRS.0201", "no flavor")
  check.equal(refused(client, instance, { flavorRef = "s3.large.2" }), "SDRS.1341", "same flavor")
  check.equal(refused(client, instance, { production_flavorRef = "c1.large" }), "SDRS.1378",
    "production flavor")
  check.equal(refused(client, instance, { dr_flavorRef = "s2.large.2" }), "SDRS.1379", "DR flavor")
  client:admin("servers/" .. instance.source_server .. "/set", { charging_mode = "1" })
  check.equal(refused(client, instance, { flavorRef = "s3.xlarge.2" }), "SDRS.1376", "billing")
  check.equal(refused(client, { id = nothing }, { flavorRef = "s3.xlarge.2" }), "SDRS.0208", "id")
  client:admin("groups", { name = "bare", instances = 1, pairs = 0 })
  local bare = client:get("/protected-instances?name=bare").protected_instances[1]
  client:admin("groups/bare/power", { state = "SHUTOFF" })
  check.equal(refused(client, bare, { flavorRef = "s3.xlarge.2" }), "SDRS.1377", "no system disk")
  client:admin("groups/demo/set", { status = "error-stopping" })
  check.equal(refused(client, instance, { flavorRef = "s3.xlarge.2" }), "SDRS.1024", "group")
end)

test.case("dedicated hosts are named for servers on them, and only for those", function(check)
  local client = support.client()
  local instance = off(client)
  local hosts = client:admin("dedicated-hosts").dedicated_hosts
  local flavor = "s3.xlarge.2"
  local function with(field, host)
    return refused(client, instance, { flavorRef = flavor, [field or "nothing"] = host })
  end
  check.equal(with("production_dedicated_host_id", hosts[1].id), "SDRS.1368", "production: not on")
  check.equal(with("dr_dedicated_host_id", hosts[2].id), "SDRS.1367", "DR: not on")
  client:admin("servers/" .. instance.source_server .. "/set", { dedicated_host_id = hosts[1].id })
  check.equal(with(), "SDRS.1370", "production: missing")
  check.equal(with("production_dedicated_host_id", nothing), "SDRS.1372", "unknown")
  check.equal(with("production_dedicated_host_id", hosts[2].id), "SDRS.1373", "other zone")
  client:admin("servers/" .. instance.target_server .. "/set", { dedicated_host_id = hosts[2].id })
  check.equal(with("production_dedicated_host_id", hosts[1].id), "SDRS.1369", "DR: missing")
  local _, accepted = resize(client, instance, {
    flavorRef = flavor, production_dedicated_host_id = hosts[1].id,
    dr_dedicated_host_id = hosts[2].id,
  })
  check.equal(client:finish(accepted).status, "SUCCESS", "both named")
end)

test.case("a failed resize leaves error-resizing and the old flavor, and can be repeated",
  function(check)
    local client = support.client()
    local instance = off(client)
    client:send("POST", "/_sim/faults", {
      operation = "resize_protected_instance", kind = "job_fail",
    })
    local _, accepted = resize(client, instance, { flavorRef = "s3.xlarge.2" })
    check.equal(client:finish(accepted).error_code, "SDRS.1329", "code")
    local view = client:get("/protected-instances/" .. instance.id).protected_instance
    check.equal(view.status, "error-resizing", "status")
    check.equal(flavors(client, instance), { "s3.large.2", "s3.large.2" }, "flavors")
    check.equal(refused(client, instance, { flavorRef = "s3.xlarge.2" }), nil, "again")
  end)

test.case("NICs are added, twelve at most, and deleted, but for the primary one", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  local base = "/protected-instances/" .. instance.id .. "/nic"
  local function nics()
    return client:admin("servers/" .. instance.source_server).server.nics
  end
  local _, accepted = client:call("POST", base, { subnet_id = nothing })
  local job = client:finish(accepted)
  check.equal({ job.status, job.job_type }, { "SUCCESS", "addNicNew" }, "job")
  check.equal(nics()[2].id, job.entities.nic_id, "NIC of the job")
  local address = nics()[2].address
  check.equal(client:refusal("POST", base, { subnet_id = nothing, ip_address = address }),
    "SDRS.1334", "address in use")
  check.equal(client:refusal("POST", base, { subnet_id = nothing, ip_address = "1.2.3" }),
    "SDRS.0219", "no address")
  for _ = 3, 12 do
    _, accepted = client:call("POST", base, { subnet_id = nothing })
    client:finish(accepted)
  end
  check.equal(client:refusal("POST", base, { subnet_id = nothing }), "SDRS.1340", "the thirteenth")
  check.equal(client:refusal("POST", base .. "/delete", { nic_id = nics()[1].id }), "SDRS.1311",
    "primary")
  check.equal(client:refusal("POST", base .. "/delete", { nic_id = nothing }), "SDRS.1310", "none")
  _, accepted = client:call("POST", base .. "/delete", { nic_id = nics()[2].id })
  check.equal(client:refusal("POST", base, { subnet_id = nothing }), "SDRS.1327", "busy")
  check.equal(client:finish(accepted).job_type, "deleteNicNew", "job type")
  check.equal(#nics(), 11, "left")
end)

test.case("a failed NIC call leaves the instance as it was", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  client:send("POST", "/_sim/faults", { operation = "add_protected_instance_nic",
    kind = "job_fail" })
  local base = "/protected-instances/" .. instance.id
  local _, accepted = client:call("POST", base .. "/nic", { subnet_id = nothing })
  check.equal(client:get(base).protected_instance.status, "nic-creating", "during")
  check.equal(client:finish(accepted).error_code, "SDRS.1312", "code")
  check.equal(client:get(base).protected_instance.status, "protected", "status")
  check.equal(#client:admin("servers/" .. instance.source_server).server.nics, 1, "NICs")
end)

test.case("a switchover exchanges the NICs of both servers, a failover moves them", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  local function addresses()
    local list = {}
    for index, id in ipairs({ instance.source_server, instance.target_server }) do
      local nic = client:admin("servers/" .. id).server.nics[1]
      list[index] = nic and nic.address or "none"
    end
    return list
  end
  local before = addresses()
  client:power(client:demo(), "SHUTOFF")
  local _, accepted = client:verb(client:demo(), "reverse", { priority_station = "target" })
  client:finish(accepted)
  check.equal(addresses(), { before[2], before[1] }, "exchanged")
  _, accepted = client:verb(client:demo(), "failover")
  client:finish(accepted)
  check.equal(addresses(), { before[1], "none" }, "moved")
  _, accepted = client:verb(client:demo(), "start")
  client:finish(accepted)
  check.equal(addresses(), before, "given back")
end)
