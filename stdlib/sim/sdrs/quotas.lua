-- The tenant's quotas. A fresh world has those of the platform's documented example.
local wire = require("sim.wire")

local quotas = {
  -- Only the first two are shown; the numbers of the others are undocumented (choice
  -- sdrs.hidden-quotas).
  defaults = { server_groups = 50, replications = 100, instances_per_group = 100, vpcs = 10,
    subnets = 100 },
}

local resources = {
  { type = "server_groups", store = "groups", refused = "SDRS.0305" },
  { type = "replications", store = "replications", refused = "SDRS.0306" },
}

--- Refuses `count` more of a resource type when the quota does not hold them; -1 is unlimited.
function quotas.check(world, type_name, count)
  local quota = world.quotas[type_name]
  for _, resource in ipairs(resources) do
    if resource.type == type_name and quota >= 0
      and world[resource.store].count + count > quota then
      wire.refuse(resource.refused)
    end
  end
end

quotas.answers = {
  show_quota = function(world, call)
    local rows = world.json.array({})
    for index, resource in ipairs(resources) do
      rows[index] = {
        type = resource.type, used = world[resource.store].count,
        quota = world.quotas[resource.type], min = 0, max = -1,
      }
    end
    return wire.answer(world, call.operation.success, { quotas = { resources = rows } })
  end,
}

return quotas
