-- The versions of the services. GET / and GET /{api_version} say nothing about the service, so the
-- one address of the simulator answers with those of all.
local wire = require("sim.wire")

local function described(version)
  return {
    id = version.id, status = version.status, updated = version.updated,
    version = "", min_version = "",
    links = { { rel = "self", href = "https://" .. version.host .. "/" .. version.id } },
  }
end

-- Of two services with the same version the first one shows it.
local function all(world)
  local rows, seen = {}, {}
  for _, service in ipairs(world.services.list) do
    for _, version in ipairs(service.versions or {}) do
      if not seen[version.id] then rows[#rows + 1] = described(version) end
      seen[version.id] = true
    end
  end
  return rows
end

local versions = {}

function versions.list(world, call)
  return wire.answer(world, call.operation.success, { versions = all(world) })
end

--- Shows one; a service refuses an unknown one with its own `code`.
function versions.show(code)
  return function(world, call)
    for _, version in ipairs(all(world)) do
      if version.id == call.path.api_version then
        return wire.answer(world, call.operation.success, { version = version })
      end
    end
    wire.refuse(code)
  end
end

return versions
