-- The servers behind the instances of a protection group, and their power.
local ecs = require "ecs"

local power = {}

-- Which field of an instance names its server on one side: `source_server` and `target_server` keep
-- their places when production moves (sdrs.md section 11).
local function server_field(group, side)
  local is_source = (group.priority_station == "source") == (side == "production")
  return is_source and "source_server" or "target_server"
end

--- The ids of the servers of these instances on one side of their group: "production" or "dr".
---@param group sdrs.ProtectionGroup
---@param instances sdrs.ProtectedInstance[]
---@param side "production"|"dr"
---@return string[]
function power.of(group, instances, side)
  local field, ids = server_field(group, side), {}
  for _, instance in ipairs(instances) do
    if instance[field] then ids[#ids + 1] = instance[field] end
  end
  return ids
end

--- The servers of these instances on both sides.
---@param group sdrs.ProtectionGroup
---@param instances sdrs.ProtectedInstance[]
---@return string[]
function power.of_both_sites(group, instances)
  local ids = power.of(group, instances, "production")
  for _, id in ipairs(power.of(group, instances, "dr")) do ids[#ids + 1] = id end
  return ids
end

--- Of these servers, those that are not settled in a status, "ACTIVE" or "SHUTOFF".
---@param ids string[]
---@param status "ACTIVE"|"SHUTOFF"
---@return ecs.Server[]
function power.not_in(ids, status)
  local others = {}
  for _, id in ipairs(ids) do
    local server = ecs.servers:get(id)
    if server.status ~= status or server["OS-EXT-STS:task_state"] then
      others[#others + 1] = server
    end
  end
  return others
end

--- The names of servers, for people.
---@param servers ecs.Server[]
---@return string
function power.names_of(servers)
  local names = {}
  for i, server in ipairs(servers) do names[i] = ("%s (%s)"):format(server.name, server.status) end
  return table.concat(names, ", ")
end

local VERBS = { ACTIVE = "start", SHUTOFF = "stop" }

--- Powers servers on ("ACTIVE") or off ("SHUTOFF") through ECS, those that are not so already, and
--- reads each again: a job of several servers may end with some of them done. `options.type` is
--- that of a stop, "SOFT" unless given. Returns how many were changed.
---@param ids string[]
---@param status "ACTIVE"|"SHUTOFF"
---@param options { type?: string, timeout?: neap.Duration }
---@return integer
function power.set(ids, status, options)
  local to_change = power.not_in(ids, status)
  if #to_change == 0 then return 0 end
  local verb = VERBS[status]
  local wanted = verb == "stop" and { type = options.type or "SOFT" } or nil
  local ok, err = pcall(function()
    ecs.servers[verb](ecs.servers, to_change, wanted):wait { timeout = options.timeout }
  end)
  local left = power.not_in(ids, status)
  if #left == 0 then return #to_change end
  if ok then
    err = { kind = "conflict", message = "the job succeeded, but not every server followed" }
  end
  err.hint = ("still not %s: %s; %s it by hand or run this again")
    :format(status, power.names_of(left), verb)
  error(err, 0)
end

return power
