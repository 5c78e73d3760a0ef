-- The disaster recovery service as scripts use it, against the simulator.
local support = require("support")

local function ignore() end

local VOLUME = "77777777-aaaa-4bbb-8ccc-%012d"

local function make_group(name, options)
  local domain = sdrs.domains()[1]
  local wish = {
    name = name,
    source_availability_zone = domain.local_replication_cluster.availability_zone,
    target_availability_zone = domain.remote_replication_cluster.availability_zone,
    domain_id = domain.id,
    source_vpc_id = VOLUME:format(1),
    dr_type = "migration",
  }
  for field, value in pairs(options or {}) do wish[field] = value end
  return sdrs.groups:create(wish)
end

local function make_pair(group, number)
  return group.pairs:create({
    name = "pair-" .. number, volume_id = VOLUME:format(number),
  }):wait():resource()
end

support.case("a group is found by its id and by its exact name", function(check)
  support.admin("POST", "/groups", { name = "demo-2" })
  local by_name = sdrs.groups:find("demo")
  check.equal(by_name.name, "demo")
  check.equal(sdrs.groups:find(by_name.id).id, by_name.id)
  check.equal(sdrs.groups:get(by_name.id).name, "demo")
  check.raises(function() sdrs.groups:find("dem") end, "not_found")
end)

support.case("a name that several carry is refused with all their ids", function(check)
  local ids = support.admin("POST", "/groups", { name = "twin" }).server_group_ids
  ids[2] = support.admin("POST", "/groups", { name = "twin" }).server_group_ids[1]
  local err = check.raises(function() sdrs.groups:find("twin") end, "conflict")
  for _, id in ipairs(ids) do check.truthy(err.message:find(id, 1, true), err.message) end
end)

support.case("what does not exist is kind not_found, with the platform's code for an id",
  function(check)
    local id = VOLUME:format(9)
    check.equal(check.raises(function() sdrs.groups:get(id) end, "not_found").code, "SDRS.1013")
    check.raises(function() sdrs.groups:find(id) end, "not_found")
    check.raises(function() sdrs.pairs:get(id) end, "not_found")
    check.raises(function() sdrs.job(id):refresh() end, "not_found")
    local err = check.raises(function() sdrs.groups:find("nobody") end, "not_found")
    check.truthy(err.hint, "a next step")
  end)

support.case("an argument that breaks a rule is refused before anything is sent", function(check)
  local before = #support.arrived(nil)
  local err = check.raises(function() make_group("no slashes/") end, "argument")
  check.truthy(err.message:find("name", 1, true), err.message)
  check.raises(function() make_group("x", { colour = "blue" }) end, "argument")
  check.raises(function() make_group("x", { dr_type = 7 }) end, "argument")
  check.raises(function() sdrs.groups:create({ name = "x" }) end, "argument")
  check.raises(function() support.demo():rename(("x"):rep(65)) end, "argument")
  check.raises(function() support.demo():reverse("middle") end, "argument")
  check.equal(#support.arrived("create_protection_group"), 0)
  check.equal(#support.arrived("start_reverse_protection_group"), 0)
  check.truthy(before == 0)
end)

support.case("each asks for a page only when the one before is used up", function(check)
  support.admin("POST", "/groups", { name = "many", count = 6 })
  local function pages() return #support.arrived("list_protection_groups") end
  local seen = {}
  for group in sdrs.groups:each({ limit = 3 }) do
    seen[#seen + 1] = group.name
    check.equal(pages(), math.ceil(#seen / 3), "pages after " .. #seen)
    if #seen == 4 then break end
  end
  check.equal(pages(), 2, "a loop that is left asks no more")
  check.equal(#sdrs.groups:all({ limit = 3 }), 7)
  check.equal(pages(), 2 + 4, "and the empty page that ends the list")
end)

support.case("filters narrow a list, and a group's own lists are narrowed to it", function(check)
  support.admin("POST", "/groups", { name = "shop", pairs = 2, instances = 1 })
  check.equal(#sdrs.groups:all({ status = "available" }), 0)
  check.equal(#sdrs.groups:all({ name = "sho" }), 1)
  check.equal(#sdrs.pairs:all(), 7)
  local shop = sdrs.groups:find("shop")
  check.equal(#shop.pairs:all(), 2)
  check.equal(#shop.instances:all(), 1)
  check.equal(shop.pairs:find("shop-disk-1").server_group_id, shop.id)
  check.raises(function() shop.pairs:find("demo-disk-1") end, "not_found")
end)

support.case("null fields are nil, and fields are exactly the API's", function(check)
  local demo = support.demo()
  check.equal(demo.health_status, nil)
  check.equal(demo.protected_instance_num, 3)
  check.equal(demo:production(), demo.source_availability_zone)
  check.equal(demo:recovery(), demo.target_availability_zone)
end)

support.case("a group lives from create to delete", function(check)
  local job = make_group("fresh", { description = "made by a test" })
  check.equal(#job.id, 32)
  local group = job:wait():resource()
  check.equal(group.name, "fresh")
  check.equal(group.status, "available")
  check.equal(group:rename("renamed").name, "renamed")
  check.equal(group:refresh().name, "renamed")
  check.equal(group:production(), group.source_availability_zone, "it keeps its methods")
  local pair = make_pair(group, 21)
  check.equal(pair.server_group_id, group.id)
  check.equal(pair:refresh().status, "available")
  check.raises(function() group:delete() end, "conflict")
  pair:delete():wait()
  check.raises(function() pair:refresh() end, "not_found")
  group:delete():wait()
  check.raises(function() group:refresh() end, "not_found")
  check.equal(#support.arrived("create_protection_group"), 1)
end)

support.case("protection is stopped and started, and every verb is one request", function(check)
  local demo = support.demo()
  demo:stop():wait()
  check.equal(demo:refresh().status, "available")
  demo:start():wait()
  check.equal(demo:refresh().status, "protected")
  check.equal(#support.arrived("stop_protection_group"), 1)
  check.equal(#support.arrived("start_protection_group"), 1)
end)

support.case("production moves and comes back: failover, reprotect, reverse", function(check)
  local demo = support.demo()
  local home, other = demo:production(), demo:recovery()
  demo:failover():wait()
  demo:refresh()
  check.equal({ demo.status, demo:production(), demo:recovery() }, { "failed-over", other, home })
  support.power("SHUTOFF")
  demo:reprotect():wait()
  check.equal(demo:refresh().status, "protected")
  task.sleep("10m") -- the data is copied back
  demo:reverse("source"):wait()
  demo:refresh()
  check.equal({ demo.status, demo:production() }, { "protected", home })
end)

support.case("a verb in the wrong state is refused before it is sent, with the way there",
  function(check)
    support.admin("POST", "/groups/demo/set", { status = "available" })
    local err = check.raises(function() support.demo():failover() end, "precondition")
    check.equal(err.operation, "start_failover_protection_group")
    check.truthy(err.hint:find("start_protection_group", 1, true), err.hint)
    check.equal(#support.arrived("start_failover_protection_group"), 0)
  end)

support.case("a verb that the service refuses is kind conflict, with code, operation and request",
  function(check)
    support.plant({
      operation = "start_failover_protection_group", kind = "status", status = 400,
      code = "SDRS.1002",
    })
    local err = check.raises(function() support.demo():failover() end, "conflict")
    check.equal(err.code, "SDRS.1002")
    check.equal(err.operation, "start_failover_protection_group")
    check.equal(err.http_status, 400)
    check.truthy(err.request_id and err.hint and err.where, "request_id, hint, where")
  end)

support.case("on_progress sees every change in order, and the end", function(check)
  local seen = {}
  local job = support.demo():failover()
  check.equal(job.status, "INIT")
  job:wait({
    on_progress = function(state)
      local done = 0
      for _, sub_job in ipairs(state.sub_jobs) do
        if sub_job.status == "SUCCESS" then done = done + 1 end
      end
      seen[#seen + 1] = { status = state.status, done = done }
    end,
  })
  check.truthy(#seen >= 3, "changes seen: " .. #seen)
  for i = 2, #seen do
    check.truthy(seen[i].done >= seen[i - 1].done, "sub-jobs only get done")
  end
  check.equal(seen[#seen], { status = "SUCCESS", done = 5 })
  check.equal(job.type, "failoverProtectionGroupNoCG")
end)

support.case("a job that fails raises job_failed with the platform's code and reason",
  function(check)
    support.plant({
      operation = "start_failover_protection_group", kind = "job_fail", code = "SDRS.1816",
      message = "the storage did not answer",
    })
    local demo = support.demo()
    local job = demo:failover()
    for _, options in ipairs({ {}, { on_progress = ignore } }) do
      local err = check.raises(function() job:wait(options) end, "job_failed")
      check.equal(err.code, "SDRS.1816")
      check.equal(err.job_id, job.id)
      check.truthy(err.message:find("the storage did not answer", 1, true), err.message)
    end
    check.equal(demo:refresh().status, "error-failing-over")
  end)

support.case("giving up on a job is kind timeout with its id, and it can be waited for again",
  function(check)
    local job = support.demo():failover()
    for _, options in ipairs({ { timeout = 10 }, { timeout = "10s", on_progress = ignore } }) do
      local before = os.clock()
      local err = check.raises(function() job:wait(options) end, "timeout")
      check.equal(err.job_id, job.id)
      check.truthy(math.abs(os.clock() - before - 10) < 0.01, "after 10 seconds")
    end
    check.equal(sdrs.job(job.id):wait().status, "SUCCESS")
  end)

support.case("a stuck job is given up on after an hour unless told otherwise", function(check)
  support.plant({ operation = "stop_protection_group", kind = "stuck_job" })
  local job = support.demo():stop()
  local before = os.clock()
  check.raises(function() job:wait() end, "timeout")
  check.truthy(math.abs(os.clock() - before - 3600) < 0.01)
end)

support.case("a lost answer of a verb that took effect is found under way, and sent exactly once",
  function(check)
    for _, kind in ipairs({ "drop_after", "truncate", "bad_json" }) do
      support.admin("POST", "/reset", {})
      support.plant({ operation = "start_failover_protection_group", kind = kind })
      local job = support.demo():failover()
      check.truthy(job.id:find("^observed:start_failover_protection_group:"), job.id)
      check.equal(job:wait().status, "SUCCESS", kind)
      check.equal(support.demo().status, "failed-over", kind)
      check.equal(#support.arrived("start_failover_protection_group"), 1, kind)
    end
  end)

support.case("a verb that never arrived is sent again once its signature has expired",
  function(check)
    support.plant({ operation = "start_failover_protection_group", kind = "drop_before" })
    local before = os.clock()
    check.equal(support.demo():failover():wait().status, "SUCCESS")
    check.truthy(os.clock() - before > 15 * 60)
    check.equal(#support.arrived("start_failover_protection_group"), 2)
  end)

support.case("reads are tried again through 503, 429 and lost answers", function(check)
  for _, fault in ipairs({
    { kind = "status", status = 503 }, { kind = "throttle", retry_after = 2 },
    { kind = "drop_before" }, { kind = "drop_after" },
  }) do
    support.admin("POST", "/reset", {})
    fault.operation, fault.count = "list_protection_groups", 2
    support.plant(fault)
    check.equal(support.demo().name, "demo", fault.kind)
    check.truthy(#support.arrived("list_protection_groups") >= 3, fault.kind)
  end
end)

support.case("throttling without end is kind throttled, other refusals keep their kind",
  function(check)
    support.plant({ operation = "show_quota", kind = "throttle", count = 0 })
    check.raises(function() sdrs.quotas() end, "throttled")
    support.plant({
      operation = "list_active_active_domains", kind = "status", status = 403, code = "APIGW.0302",
    })
    check.raises(function() sdrs.domains() end, "permission")
  end)

support.case("a clock that is off by an hour is kind auth and says so", function(check)
  support.admin("POST", "/clock", { skew_seconds = 3600 })
  local err = check.raises(function() support.demo() end, "auth")
  check.truthy((err.message .. (err.hint or "")):find("clock", 1, true), err.message)
end)

support.case("quotas and domains are plain lists", function(check)
  check.equal(sdrs.quotas()[1], { type = "server_groups", used = 1, quota = 50, min = 0, max = -1 })
  check.equal(#sdrs.domains(), 1)
  support.admin("POST", "/quotas", { server_groups = 1 })
  check.truthy(check.raises(function() make_group("one-too-many") end, "SDRS.0305").code)
end)

support.case("a raw call is answered like the catalogue's own", function(check)
  local answer = cloud:request({
    service = "sdrs", method = "GET", path = "/v1/{project_id}/server-groups",
    query = { name = "demo" },
  })
  check.equal(answer.server_groups[1].id, support.demo().id)
  check.raises(function() cloud:request({ service = "sdrs", method = "GET" }) end, "argument")
  check.raises(function()
    cloud:request({ service = "sdrs", method = "BREW", path = "/" })
  end, "argument")
end)

support.case("several wait for one job at the price of one", function(check)
  local job = support.demo():failover()
  local waiters = {}
  for i = 1, 50 do waiters[i] = function() return sdrs.job(job.id):wait().status end end
  for _, status in ipairs({ task.all(waiters) }) do check.equal(status, "SUCCESS") end
  check.truthy(#support.arrived("show_job_status") < 40,
    "polls: " .. #support.arrived("show_job_status"))
end)
