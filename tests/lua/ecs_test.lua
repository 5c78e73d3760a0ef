-- Servers and their power as scripts use them, against the simulator.
local support = require("support")

local function servers()
  local found = {}
  for i, instance in ipairs(support.demo().instances:all()) do
    found[i] = ecs.servers:get(instance.source_server)
  end
  return found
end

support.case("servers are read by id, by name and page by page", function(check)
  local one = servers()[1]
  check.equal(ecs.servers:get(one.id).name, one.name)
  check.equal(ecs.servers:find(one.id).id, one.id)
  check.raises(function() ecs.servers:find("nobody's server") end, "not_found")
  local all = ecs.servers:all()
  support.admin("POST", "/groups", { name = "many", instances = 40, pairs = 40 })
  local seen, count = {}, 0
  for server in ecs.servers:each({ limit = 20 }) do
    check.truthy(not seen[server.id], "once")
    seen[server.id], count = true, count + 1
  end
  check.equal(count, #ecs.servers:all())
  check.truthy(count >= #all + 40, "servers: " .. count)
end)

support.case("several servers are stopped and started by one job each", function(check)
  local list = servers()
  local job = ecs.servers:stop(list, { type = "HARD" }):wait()
  check.equal({ job.status, #job.sub_jobs }, { "SUCCESS", #list })
  for _, server in ipairs(list) do check.equal(server:wait_for("SHUTOFF").status, "SHUTOFF") end
  ecs.servers:start(list):wait()
  for _, server in ipairs(list) do check.equal(server:refresh().status, "ACTIVE") end
  check.equal(#support.arrived("batch_stop_servers"), 1)
end)

support.case("one server is stopped, started and restarted, and its job names it", function(check)
  local server = servers()[1]
  server:stop():wait()
  local job = server:start()
  check.equal(ecs.job(job.id):wait():resource().id, server.id)
  check.equal(server:reboot({ type = "SOFT" }):wait().status, "SUCCESS")
  check.raises(function() server:reboot() end, "argument")
end)

support.case("a server is settled only when nothing is done to it any more", function(check)
  local server = servers()[1]
  server:stop({ type = "HARD" })
  local before = os.clock()
  server:wait_for("SHUTOFF")
  check.truthy(os.clock() > before)
  check.equal(server["OS-EXT-STS:task_state"], nil)
end)

support.case("the flavors that a server can be resized to are a list", function(check)
  local names = {}
  for flavor in ecs.flavors({ instance_uuid = servers()[1].id }) do names[flavor.id] = true end
  check.truthy(next(names) ~= nil)
  check.raises(function() ecs.flavors({})() end, "argument")
end)
