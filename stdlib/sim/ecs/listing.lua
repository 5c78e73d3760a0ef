-- The list of servers: pages by number, filters, and ids that need not exist (ecs.md section 3).
local wire = require("sim.wire")
local servers = require("sim.ecs.servers")

-- A filter by status finds more than that status.
local widened = {
  ACTIVE = { ACTIVE = true, REBOOT = true, HARD_REBOOT = true, REBUILD = true, MIGRATING = true,
    RESIZE = true },
  SHUTOFF = { SHUTOFF = true, RESIZE = true, REBUILD = true },
  ERROR = { ERROR = true, REBUILD = true },
  VERIFY_RESIZE = { VERIFY_RESIZE = true, REVERT_RESIZE = true },
}

-- A name is found as a part, and a dot in it stands for any character.
local function name_pattern(text)
  return (text:gsub("[%^%$%(%)%%%[%]%*%+%-%?]", "%%%0"))
end

local function has_address(server, query)
  local text, exact = query.ip_eq or query.ip, query.ip_eq ~= nil
  local addresses = { server.address }
  for _, nic in ipairs(server.nics or {}) do
    addresses[#addresses + 1] = nic.address
  end
  for _, address in ipairs(addresses) do
    if address == text or (not exact and address:find(text, 1, true)) then return true end
  end
  return false
end

local function matcher(query)
  local pattern = query.name and name_pattern(query.name)
  local statuses = query.status and (widened[query.status] or { [query.status] = true })
  return function(server)
    if pattern and not server.name:find(pattern) then return false end
    if statuses and not statuses[servers.status(server)] then return false end
    if query.flavor and server.flavor ~= query.flavor then return false end
    if query.tags then return false end
    if (query.ip or query.ip_eq) and not has_address(server, query) then return false end
    return true
  end
end

-- Servers by id; an unknown one is an entry of only its id and a fault.
local function named(world, ids)
  local rows, null = world.json.array({}), world.json.null
  for index, id in ipairs(ids) do
    local server = world.servers:get(id)
    rows[index] = server and servers.render(world, server) or {
      id = id, name = null, status = null, flavor = null, metadata = null, addresses = null,
      fault = { code = 404, message = "Instance " .. id .. " could not be found." },
    }
  end
  return rows
end

return {
  list_servers_details = function(world, call)
    local query = call.query
    if query.server_id then
      local ids = type(query.server_id) == "table" and query.server_id or { query.server_id }
      local rows = named(world, ids)
      return wire.answer(world, call.operation.success, { count = #rows, servers = rows })
    end
    local limit, page = query.limit or 25, math.max(query.offset or 1, 1)
    local first, rows, count = (page - 1) * limit, world.json.array({}), 0
    local matches, passed = matcher(query), query.marker == nil
    local skipped = 0
    for server in world.servers:each() do
      if matches(server) then
        count = count + 1
        if not passed then skipped = count end
        if passed and count - skipped > first and #rows < limit then
          rows[#rows + 1] = servers.render(world, server)
        end
      end
      passed = passed or server.id == query.marker
    end
    return wire.answer(world, call.operation.success, { count = count, servers = rows })
  end,
}
