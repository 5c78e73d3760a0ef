-- Replication pairs: creating, deleting, expanding, attaching and detaching them.
local test = require("test")
local support = require("support")

local nothing = "00000000-0000-4000-a000-000000000000"

local function create(client, volume_id, more)
  local wish = { server_group_id = client:demo().id, volume_id = volume_id, name = "new-pair" }
  for name, value in pairs(more or {}) do
    wish[name] = value
  end
  return client:call("POST", "/replications", { replication = wish })
end

local function refused(client, volume_id, more)
  local response, value = create(client, volume_id, more)
  return response.status >= 400 and support.code(value) or nil
end

local function made(client, volume_name)
  local _, accepted = create(client, client:admin("volumes/" .. volume_name).volume.id)
  return client:finish(accepted).entities.replication_pair_id
end

test.case("a volume that is not fit for a pair is refused with its code", function(check)
  local client = support.client()
  for code, body in pairs({
    ["SDRS.1802"] = { encrypted = true }, ["SDRS.0225"] = { frozen = true },
    ["SDRS.1831"] = { locked = true }, ["SDRS.1810"] = { availability_zone = "cn-north-4b" },
    ["SDRS.1801"] = { servers = { "spare-1" } },
  }) do
    body.name = code
    check.equal(refused(client, client:admin("volumes", body).volume.id), code, code)
  end
  check.equal(refused(client, nothing, { cluster_id = nothing }), "SDRS.1381", "storage pool")
  check.equal(refused(client, nothing, { server_group_id = nothing }), "SDRS.1013", "group")
  client:admin("account", { strict = true })
  check.equal(refused(client, nothing), "SDRS.0211", "unknown volume in a strict world")
end)

test.case("five pairs may be attached to nothing, and the quota ends creation", function(check)
  local client = support.client()
  client:admin("quotas", { replications = 9 })
  for index = 1, 4 do
    check.equal(refused(client, (nothing:gsub("%x$", tostring(index)))), nil, "pair " .. index)
  end
  check.equal(refused(client, (nothing:gsub("%x$", "9"))), "SDRS.0306", "quota")
  client:admin("quotas", { replications = -1 })
  check.equal(refused(client, (nothing:gsub("%x$", "5"))), nil, "the fifth")
  check.equal(refused(client, (nothing:gsub("%x$", "6"))), "SDRS.1826", "the sixth")
end)

test.case("a pair is attached to an instance and detached from it", function(check)
  local client = support.client()
  local pair_id, instance = made(client, "spare-volume-1"), client:instances()[1]
  local base = "/protected-instances/" .. instance.id
  local function attach(device, id)
    return client:call("POST", base .. "/attachreplication", {
      replicationAttachment = { replication_id = id or pair_id, device = device },
    })
  end
  local _, refusal = attach("/dev/sda")
  check.equal(support.code(refusal), "SDRS.1603", "device in use, as sd or vd")
  _, refusal = attach("C:")
  check.equal(support.code(refusal), "SDRS.0201", "no device")
  _, refusal = attach("/dev/vdf", nothing)
  check.equal(support.code(refusal), "SDRS.1608", "unknown pair")
  local _, accepted = attach("/dev/sdf")
  check.equal(client:get("/replications/" .. pair_id).replication.status, "attaching", "during")
  check.equal(client:finish(accepted).job_type, "attachReplicationPairNew", "job type")
  local pair = client:get("/replications/" .. pair_id).replication
  check.equal(pair.status, "protected", "after")
  check.equal(pair.attachment, { { protected_instance = instance.id, device = "/dev/vdf" } },
    "attachment of the pair")
  _, refusal = attach("/dev/vdg")
  check.equal(support.code(refusal), "SDRS.1605", "attached already")
  local volume = client:admin("volumes/spare-volume-1").volume
  check.equal(volume.attachments, { { server_id = instance.source_server, device = "/dev/vdf" } },
    "the volume itself")
  local path = base .. "/detachreplication/" .. pair_id
  _, accepted = client:call("DELETE", path)
  check.equal(client:finish(accepted).job_type, "detachReplicationPairNew", "job type")
  check.equal(#client:get("/replications/" .. pair_id).replication.attachment, 0, "detached")
  check.equal(client:refusal("DELETE", path), "SDRS.1604", "not attached")
  check.equal(client:refusal("DELETE", base .. "/detachreplication/" .. nothing), "SDRS.0213",
    "unknown pair")
end)

test.case("a pair of another group or a busy instance is not attached", function(check)
  local client = support.client()
  client:admin("groups", { name = "other", pairs = 1, instances = 0 })
  local other = client:get("/replications?name=other").replications[1]
  local instance = client:instances()[1]
  local function attach(id)
    return client:refusal("POST", "/protected-instances/" .. instance.id .. "/attachreplication", {
      replicationAttachment = { replication_id = id, device = "/dev/vdf" },
    })
  end
  check.equal(attach(other.id), "SDRS.1611", "other group")
  local pair_id = made(client, "spare-volume-1")
  client:admin("instances/" .. instance.id .. "/set", { status = "resizing" })
  check.equal(attach(pair_id), "SDRS.1314", "instance")
  client:admin("pairs/" .. pair_id .. "/set", { status = "extending" })
  check.equal(attach(pair_id), "SDRS.1601", "pair")
  client:admin("groups/demo/set", { status = "error-starting" })
  check.equal(attach(pair_id), "SDRS.1024", "group")
end)

test.case("a system disk is detached only from a server that is off", function(check)
  local client = support.client()
  local instance = client:instances()[1]
  local path = "/protected-instances/" .. instance.id .. "/detachreplication/"
    .. instance.attachment[1].replication
  check.equal(client:refusal("DELETE", path), "SDRS.1316", "running")
  client:power(client:demo(), "SHUTOFF")
  check.equal(client:refusal("DELETE", path), nil, "off")
end)

test.case("a failed attachment leaves error-attaching, from which the pair can be deleted",
  function(check)
    local client = support.client()
    local pair_id, instance = made(client, "spare-volume-1"), client:instances()[1]
    client:send("POST", "/_sim/faults", {
      operation = "attach_protected_instance_replication", kind = "job_fail",
    })
    local _, accepted = client:call("POST", "/protected-instances/" .. instance.id
      .. "/attachreplication", {
      replicationAttachment = { replication_id = pair_id, device = "/dev/vdf" },
    })
    check.equal(client:finish(accepted).error_code, "SDRS.1821", "code")
    local pair = client:get("/replications/" .. pair_id).replication
    check.equal({ pair.status, #pair.attachment }, { "error-attaching", 0 }, "pair")
    check.equal(client:refusal("DELETE", "/replications/" .. pair_id, {
      replication = { delete_target_volume = true },
    }), nil, "deletable")
  end)

test.case("a pair grows, and both volumes with it", function(check)
  local client = support.client()
  local pair = client:get("/replications?name=demo-disk-4").replications[1]
  local function expand(size)
    return client:call("POST", "/replications/" .. pair.id .. "/action", {
      ["extend-replication"] = { new_size = size },
    })
  end
  local _, refusal = expand(pair.record_metadata.volume_size)
  check.equal(support.code(refusal), "SDRS.0201", "no growth")
  local _, accepted = expand(250)
  check.equal(client:get("/replications/" .. pair.id).replication.status, "extending", "during")
  check.equal(client:finish(accepted).job_type, "expandReplicationPairNew", "job type")
  local after = client:get("/replications/" .. pair.id).replication
  check.equal({ after.status, after.record_metadata.volume_size }, { "protected", 250 }, "after")
  for id in pair.volume_ids:gmatch("[^,]+") do
    check.equal(client:admin("volumes/" .. id).volume.size, 250, "volume")
  end
  local volume = pair.volume_ids:match("^[^,]+")
  for name, row in pairs({
    charging_mode = { "1", "SDRS.1819" }, locked = { true, "SDRS.1832" },
    status = { "error", "SDRS.1817" },
  }) do
    client:admin("volumes/" .. volume .. "/set", { [name] = row[1] })
    _, refusal = expand(300)
    check.equal(support.code(refusal), row[2], name)
    client:admin("volumes/" .. volume .. "/set", { [name] = name == "charging_mode" and "0"
      or false })
  end
  check.equal(client:refusal("POST", "/replications/" .. pair.id .. "/action", { shrink = {} }),
    "SDRS.0206", "unknown action")
end)

test.case("a DR volume is deleted with its pair when asked, if it may be", function(check)
  local client = support.client()
  local pair_id = made(client, "spare-volume-1")
  local pair = client:get("/replications/" .. pair_id).replication
  local dr_volume = pair.volume_ids:match(",(.*)$")
  local path, wish = "/replications/" .. pair_id, { replication = { delete_target_volume = true } }
  client:admin("volumes/" .. dr_volume .. "/set", { charging_mode = "1" })
  check.equal(client:refusal("DELETE", path, wish), "SDRS.1827", "paid by the month")
  client:admin("volumes/" .. dr_volume .. "/set", { charging_mode = "0" })
  client:admin("account", { frozen = true })
  check.equal(client:refusal("DELETE", path, wish), "SDRS.1828", "frozen account")
  client:admin("account", { frozen = false })
  check.equal(client:refusal("DELETE", path, { replication = { server_group_id = nothing } }),
    "SDRS.1611", "other group")
  local attached = client:instances()[1].attachment[1].replication
  check.equal(client:refusal("DELETE", "/replications/" .. attached, { replication = {} }),
    "SDRS.1605", "attached")
  local _, accepted = client:call("DELETE", path, wish)
  client:finish(accepted)
  check.equal(client:send("GET", "/_sim/volumes/" .. dr_volume).status, 404, "DR volume")
  local kept = client:admin("volumes/spare-volume-1").volume
  check.equal(kept.replication_id, nil, "the production volume is free again")
end)

test.case("a pair is found by either of its volumes", function(check)
  local client = support.client()
  local pair = client:get("/replications?name=demo-disk-2").replications[1]
  for id in pair.volume_ids:gmatch("[^,]+") do
    local page = client:get("/replications?volume_id=" .. id)
    check.equal({ page.count, page.replications[1].id }, { 1, pair.id }, "by volume")
  end
  check.equal(client:get("/replications?volume_id=" .. nothing).count, 0, "unknown volume")
end)
