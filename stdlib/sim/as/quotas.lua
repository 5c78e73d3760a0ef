-- The tenant's quotas of Auto Scaling. A fresh world has those of the platform's examples.
local wire = require("sim.wire")
local rows = require("sim.as.rows")

local quotas = {
  defaults = {
    scaling_groups = 25, scaling_configurations = 100, scaling_policies = 50,
    scaling_instances = 200, bandwidth_scaling_policies = 10,
  },
}

--- Whether a quota leaves room for `count` in all; -1 is unlimited.
function quotas.allows(world, name, count)
  local quota = world.quotas[name]
  return quota < 0 or count <= quota
end

local function bandwidth_policies(world)
  local count = 0
  for policy in world.scaling_policies:each() do
    if policy.resource_type == "BANDWIDTH" then count = count + 1 end
  end
  return count
end

local function answer(world, call, resources)
  return wire.answer(world, call.operation.success, {
    quotas = { resources = world.json.array(resources) },
  })
end

local function row(world, type_name, name, used, max)
  return { type = type_name, used = used, quota = world.quotas[name], max = max, min = 0 }
end

quotas.answers = {
  show_resource_quota = function(world, call)
    return answer(world, call, {
      row(world, "scaling_Group", "scaling_groups", world.scaling_groups.count, 50),
      row(world, "scaling_Config", "scaling_configurations", world.scaling_configurations.count,
        200),
      row(world, "scaling_Policy", "scaling_policies", -1, 50),
      row(world, "scaling_Instance", "scaling_instances", -1, 1000),
      row(world, "bandwidth_scaling_policy", "bandwidth_scaling_policies",
        bandwidth_policies(world), 100),
    })
  end,

  show_policy_and_instance_quota = function(world, call)
    local id = call.path.scaling_group_id
    if not world.scaling_groups:get(id) then wire.refuse("AS.2007") end
    return answer(world, call, {
      row(world, "scaling_Policy", "scaling_policies", #rows.of(world, "scaling_policies", id), 50),
      row(world, "scaling_Instance", "scaling_instances",
        #rows.of(world, "scaling_instances", id), 1000),
    })
  end,
}

return quotas
