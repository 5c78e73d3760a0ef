-- Auto Scaling as scripts use it, against the simulator.
local support = require("support")

local ID = "77777777-aaaa-4bbb-8ccc-%012d"

local function configuration(name)
  return as.configurations:create({
    scaling_configuration_name = name,
    instance_config = {
      flavorRef = "s3.large.2",
      imageRef = ID:format(1),
      disk = { { size = 40, volume_type = "SATA", disk_type = "SYS" } },
      key_name = "key",
      security_groups = { { id = ID:format(2) } },
    },
  })
end

local function make_group(name, desired)
  return as.groups:create({
    scaling_group_name = name,
    scaling_configuration_id = configuration(name).scaling_configuration_id,
    min_instance_number = 0, max_instance_number = 5, desire_instance_number = desired or 0,
    vpc_id = ID:format(3), networks = { { id = ID:format(4) } },
  })
end

local function add_hook(group, name)
  return group.hooks:create({
    lifecycle_hook_name = name, lifecycle_hook_type = "INSTANCE_LAUNCHING", default_timeout = 600,
    notification_topic_urn = smn.topics:create({ name = "hooks" }).topic_urn,
  })
end

-- Waits until hooks hold `count` instances, and returns what they hold.
local function held(group, count)
  for _ = 1, 60 do
    local rows = {}
    for row in group:suspended() do rows[#rows + 1] = row end
    if #rows == count then return rows end
    task.sleep("10s")
  end
  error("never held " .. count)
end

support.case("a group is made, found by name, changed, paused and deleted", function(check)
  local group = make_group("shop")
  check.equal(group.scaling_group_name, "shop", "known without a read")
  check.equal(as.groups:find("shop").scaling_group_id, group.scaling_group_id)
  check.raises(function() as.groups:find("shopping") end, "not_found")
  check.equal(group:refresh().scaling_group_status, "PAUSED")
  group:resume()
  check.equal(group:wait_for("INSERVICE").scaling_group_status, "INSERVICE")
  check.equal(group:update({ cool_down_time = 100 }):refresh().cool_down_time, 100)
  group:pause()
  check.equal(group:refresh().scaling_group_status, "PAUSED")
  check.equal(group:lock_name(), "scaling_group " .. group.scaling_group_id)
  group:delete()
  check.equal(group:wait_for("gone"), nil)
  check.raises(function() as.groups:get(group.scaling_group_id) end, "not_found")
end)

support.case("lists of groups are read by start_number, a page at a time", function(check)
  for i = 1, 7 do make_group("g" .. i) end
  local before = #support.arrived("list_scaling_groups")
  check.equal(#as.groups:all({ limit = 3 }), 7)
  check.equal(#support.arrived("list_scaling_groups") - before, 3)
  check.equal(#as.groups:all(), 7)
  check.equal(#support.arrived("list_scaling_groups") - before, 4)
end)

support.case("a configuration is read, changed and deleted, one or several", function(check)
  local one, two = configuration("one"), configuration("two")
  check.equal(as.configurations:find("one"):refresh().instance_config.key_name, "key")
  check.equal(#as.configurations:all(), 2)
  one:delete()
  as.configurations:delete({ two })
  check.equal(#as.configurations:all(), 0)
end)

support.case("a hook is made, changed and deleted within its group", function(check)
  local group = make_group("shop")
  local hook = add_hook(group, "warm")
  check.equal(hook:update({ default_timeout = 900 }).default_timeout, 900)
  check.equal(hook:refresh().default_timeout, 900)
  check.equal(group.hooks:find("warm").scaling_group_id, group.scaling_group_id)
  check.truthy(math.abs(hook:time("create_time") - os.time()) < 60)
  check.raises(function() group.hooks:get("cold") end, "not_found")
  check.raises(function() hook:wait_for("ready") end, "argument")
  check.raises(function() group:wait_for() end, "argument")
  hook:delete()
  check.equal(hook:wait_for("gone"), nil)
  check.equal(#group.hooks:all(), 0)
end)

support.case("a held instance waits for extend and continue, and then goes into service",
  function(check)
    local group = make_group("shop", 1)
    add_hook(group, "warm")
    group:resume()
    local hold = held(group, 1)[1]
    check.truthy(hold:remaining() > 0 and hold:remaining() <= 600)
    local deadline = hold:deadline()
    hold:extend()
    check.equal(hold:refresh():deadline(), deadline + 3600)
    hold:continue()
    check.equal(group:suspended()(), nil, "what was answered is not held")
    local instance = group.instances:all()[1]
    check.equal(instance:wait_for("INSERVICE").life_cycle_state, "INSERVICE")
    check.equal(instance.instance_id, hold.instance_id)
  end)

support.case("an abandoned launch is replaced by another", function(check)
  local group = make_group("shop", 1)
  add_hook(group, "warm")
  group:resume()
  local first = held(group, 1)[1]
  first:abandon()
  local second
  repeat
    task.sleep("10s")
    second = group:suspended()()
  until second and second.instance_id ~= first.instance_id
  check.truthy(second)
end)

support.case("instances are protected, put on standby and taken out", function(check)
  local group = make_group("shop", 2)
  group:resume()
  repeat task.sleep("10s") until #group.instances:all({ life_cycle_state = "INSERVICE" }) == 2
  local all = group.instances:all()
  group.instances:protect(all)
  check.equal(all[1]:refresh().protect_from_scaling_down, true)
  all[1]:unprotect()
  check.equal(all[1]:refresh().protect_from_scaling_down, false)
  all[1]:enter_standby()
  check.equal(all[1]:wait_for("STANDBY").life_cycle_state, "STANDBY")
  group.instances:exit_standby({ all[1].instance_id })
  all[1]:wait_for("INSERVICE")
  all[1]:delete({ instance_delete = "yes" })
  check.equal(all[1]:wait_for("gone"), nil)
  check.equal(#group.instances:all(), 1)
  check.truthy(#group.activities:all() >= 2)
  local brief = 0
  for activity in group:activity_log() do brief = brief + (activity.status and 1 or 0) end
  check.equal(brief, #group.activities:all())
end)

support.case("a policy is made, paused, executed and deleted, in both versions", function(check)
  local group = make_group("shop")
  group:resume()
  local wish = {
    scaling_policy_name = "night", scaling_policy_type = "SCHEDULED",
    scheduled_policy = { launch_time = "2030-01-01T00:00Z" },
    scaling_policy_action = { operation = "ADD", instance_number = 1 },
  }
  local policy = group.policies:create(wish)
  policy:pause()
  check.equal(policy:refresh().policy_status, "PAUSED")
  as.policies:resume({ policy })
  check.equal(policy:refresh().policy_status, "INSERVICE")
  policy:update({ cool_down_time = 60 })
  check.equal(as.policies:find("night").cool_down_time, 60)
  check.equal(#as.policies:of(group.scaling_group_id):all(), 1)
  policy:execute()
  check.equal(policy:executions()().scaling_policy_id, policy.scaling_policy_id)
  policy:delete()
  check.equal(#group.policies:all(), 0)
end)

support.case("topics, times and servers kept ready belong to a group", function(check)
  local group = make_group("shop")
  group.topics:create({
    topic_urn = smn.topics:create({ name = "news" }).topic_urn, topic_scene = { "SCALING_UP" },
  })
  check.equal(group.topics:all()[1].topic_name, "news")
  group.topics:all()[1]:delete()
  check.equal(#group.topics:all(), 0)
  local wish = {
    name = "night", scheduled_policy = { launch_time = "2030-01-01T00:00Z" },
    instance_number = { desire = 1 },
  }
  local night = group.tasks:create(wish)
  check.equal(group.tasks:find("night").task_id, night.task_id)
  wish.name = "day"
  check.equal(night:update(wish):refresh().name, "day")
  night:delete()
  check.equal(#group.tasks:all(), 0)
  group.warm_pool:put({ min_capacity = 0, max_capacity = 2 })
  check.equal(group.warm_pool:show().max_capacity, 2)
  check.equal(group.warm_pool:instances()(), nil)
  group.warm_pool:close()
end)

support.case("quotas and versions can be read", function(check)
  check.truthy(#as.quotas() >= 4)
  check.truthy(#make_group("shop"):quotas() >= 2)
  check.truthy(#as.versions() >= 1)
  check.equal(as.version("v1").id, "v1")
end)
