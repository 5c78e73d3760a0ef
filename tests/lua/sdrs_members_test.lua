-- What a protection group holds, as scripts use it: instances with their tags, pairs, drills and
-- the records of failed jobs.
local support = require("support")

local VOLUME = "77777777-aaaa-4bbb-8ccc-%012d"

local function instance(number)
  return support.demo().instances:find("demo-server-" .. number)
end

support.case("an instance is renamed, read by id and listed with its group", function(check)
  local one = instance(1)
  check.equal(one:rename("web-1").name, "web-1")
  check.equal(sdrs.instances:get(one.id).name, "web-1")
  check.equal(one:refresh().server_group_id, support.demo().id)
  check.equal(one:lock_name(), "protected_instance " .. one.id)
end)

support.case("a server is protected and let go again, each by one job", function(check)
  local demo = support.demo()
  local old = instance(1)
  local server = old.source_server
  old:delete():wait()
  check.raises(function() old:refresh() end, "not_found")
  local new = demo.instances:create({ server_id = server, name = "again" }):wait():resource()
  check.equal({ new.name, new.source_server, new.server_group_id }, { "again", server, demo.id })
end)

support.case("several servers are protected, and let go, by one job for all", function(check)
  local demo = support.demo()
  local old, servers = demo.instances:all(), {}
  for i, one in ipairs(old) do servers[i] = { server_id = one.source_server } end
  demo.instances:batch_delete(old):wait()
  check.equal(#demo.instances:all(), 0)
  demo.instances:batch_create({ name_prefix = "web", servers = servers }):wait()
  check.equal(#demo.instances:all({ name = "web" }), #old)
end)

support.case("a pair is detached, grown and attached again", function(check)
  support.power("SHUTOFF")
  local one = instance(1)
  local attachment = one.attachment[2]
  local pair = sdrs.pairs:get(attachment.replication)
  one:detach(pair):wait()
  check.equal(#one:refresh().attachment, 1)
  local size = tonumber(pair:refresh().record_metadata.volume_size)
  pair:expand(size + 10):wait()
  check.equal(tonumber(pair:refresh().record_metadata.volume_size), size + 10)
  one:attach(pair.id, attachment.device):wait()
  check.equal(#one:refresh().attachment, 2)
end)

support.case("a network card is added to both servers, and removed again", function(check)
  local one = instance(1)
  local job = one:add_nic({ subnet_id = "33333333-aaaa-4bbb-8ccc-000000000001" }):wait()
  local card = job.entities.nic_id
  check.truthy(card)
  check.equal(one:delete_nic(card):wait().status, "SUCCESS")
  check.raises(function() one:delete_nic(card) end, "not_found")
end)

support.case("servers that are off are resized, both or each its own way", function(check)
  support.power("SHUTOFF")
  local one = instance(1)
  check.equal(one:resize({ flavorRef = "s3.xlarge.4" }):wait().status, "SUCCESS")
  check.equal(ecs.servers:get(one.source_server).flavor.id, "s3.xlarge.4")
  one:resize({ production_flavorRef = "s3.large.4", dr_flavorRef = "s3.2xlarge.4" }):wait()
  check.equal(ecs.servers:get(one.source_server).flavor.id, "s3.large.4")
  check.equal(ecs.servers:get(one.target_server).flavor.id, "s3.2xlarge.4")
end)

support.case("tags are set, listed, found by and deleted, one or several", function(check)
  local one, two = instance(1), instance(2)
  one:add_tags({ { key = "tier", value = "web" }, { key = "owner", value = "shop" } })
  two:add_tag("tier", "data")
  check.equal(#one:list_tags(), 2)
  local wanted = { tags = { { key = "tier", values = { "web" } } } }
  check.equal(sdrs.instances:count_tagged(wanted), 1)
  for row in sdrs.instances:each_tagged(wanted) do check.equal(row.resource_id, one.id) end
  for _, tag in ipairs(sdrs.tags()) do
    if tag.key == "tier" then check.equal(#tag.values, 2) end
  end
  one:delete_tag("owner")
  check.raises(function() one:delete_tag("owner") end, "not_found")
  one:delete_tags({ { key = "tier" }, { key = "owner" } })
  check.equal(one:list_tags(), {})
end)

support.case("a drill is made in its group, renamed and removed with its servers", function(check)
  local demo = support.demo()
  local drill = demo.drills:create({ name = "autumn" }):wait():resource()
  check.equal({ drill.name, drill.status, drill.server_group_id },
    { "autumn", "available", demo.id })
  check.equal(drill:rename("winter").name, "winter")
  check.equal(demo.drills:find("winter").id, drill.id)
  check.equal(#sdrs.drills:all(), 1)
  drill:delete()
  check.equal(drill:wait_for("gone"), nil)
  check.equal(#demo.drills:all(), 0)
end)

support.case("records of failed jobs are listed by group, and deleted one by one or all at once",
  function(check)
    local demo = support.demo()
    support.plant({
      operation = "create_replication", kind = "job_fail", code = "SDRS.1816", message = "no room",
      count = 2,
    })
    for i = 1, 2 do
      local job = demo.pairs:create({ name = "p" .. i, volume_id = VOLUME:format(i) })
      check.raises(function() job:wait() end, "job_failed")
    end
    local failed = demo.failures:all()
    check.equal({ #failed, failed[1].failure_status }, { 2, "createFail" })
    failed[1]:delete()
    check.equal(#demo.failures:all(), 1)
    demo.failures:delete_all()
    check.equal(#demo.failures:all(), 0)
    sdrs.failures:delete_all()
    check.equal(#sdrs.failures:all(), 0)
  end)

support.case("waiting for a status returns when it is there", function(check)
  local demo = support.demo()
  demo:stop()
  local before = os.clock()
  check.equal(demo:wait_for({ "available", "protected-again" }).status, "available")
  check.truthy(os.clock() - before < 60)
  check.truthy(demo:time("updated_at") >= demo:time("created_at"))
  check.truthy(math.abs(demo:time("updated_at") - os.time()) < 120, "the platform's times are UTC")
  check.equal(demo:time("no such field"), nil)
end)

support.case("a wait ends early, as job_failed, when the work has failed", function(check)
  support.plant({
    operation = "start_failover_protection_group", kind = "job_fail", code = "SDRS.1816",
    message = "the storage did not answer",
  })
  local demo = support.demo()
  demo:failover()
  local before = os.clock()
  local err = check.raises(function() demo:wait_for("failed-over") end, "job_failed")
  check.equal(err.status, "error-failing-over")
  check.truthy(os.clock() - before < 5 * 60, "not after half an hour")
end)

support.case("a wait ends early, as precondition, when what is under way leads elsewhere",
  function(check)
    local demo = support.demo()
    demo:failover()
    local err = check.raises(function() demo:wait_for("available") end, "precondition")
    check.truthy(err.hint and err.message:find("failing-over", 1, true), err.message)
  end)

support.case("a wait that takes too long is kind timeout, and looks as often as it is told",
  function(check)
    support.plant({ operation = "stop_protection_group", kind = "stuck_job" })
    local demo = support.demo()
    demo:stop()
    local before, seen = os.clock(), #support.arrived("show_protection_group")
    check.raises(function() demo:wait_for("available", { timeout = "10m", every = "1m" }) end,
      "timeout")
    check.truthy(math.abs(os.clock() - before - 600) < 5)
    check.equal(#support.arrived("show_protection_group") - seen, 11)
  end)

support.case("statistics and versions can be read", function(check)
  for row in sdrs.rpo_statistics({ resource_type = "replication" }) do
    check.truthy(row.point_time)
  end
  check.equal(sdrs.version("v1").id, "v1")
  check.truthy(#sdrs.versions() >= 1)
end)
