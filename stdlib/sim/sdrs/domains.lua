-- Active-active domains: the pairs of zones between which groups can be protected.
local wire = require("sim.wire")

local function render(domain)
  return {
    id = domain.id, name = domain.name, description = domain.description,
    sold_out = domain.sold_out,
    local_replication_cluster = { availability_zone = domain.local_zone },
    remote_replication_cluster = { availability_zone = domain.remote_zone },
  }
end

return {
  answers = {
    list_active_active_domains = function(world, call)
      local rows = world.json.array({})
      for domain in world.domains:each() do
        rows[#rows + 1] = render(domain)
      end
      return wire.answer(world, call.operation.success, { domains = rows })
    end,
  },
}
