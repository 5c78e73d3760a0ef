-- A world for tests of Auto Scaling: requests in one line, groups made quickly, states counted.
local support = require("support")

local scaling = { code = support.code, json = support.json, null = support.json.null }

local project = "0123456789abcdef0123456789abcdef"

local Client = {}
Client.__index = Client

--- A client of a fresh world, of a seed if one is given.
function scaling.client(seed)
  return setmetatable({ inner = support.client({ seed = seed }) }, Client)
end

function Client:world()
  return self.inner.world
end

--- Lets simulated seconds pass.
function Client:wait(seconds)
  self.inner:wait(seconds)
end

--- A call of the administrator; returns what it answers.
function Client:admin(method, target, body)
  local response, value = self.inner:send(method, "/_sim" .. target, body)
  if response.status ~= 200 then error(target .. ": " .. response.body) end
  return value
end

--- A call of version 1; returns the response and its decoded body.
function Client:call(method, target, body)
  return self.inner:send(method, "/autoscaling-api/v1/" .. project .. target, body)
end

--- The same in version 2.
function Client:call2(method, target, body)
  return self.inner:send(method, "/autoscaling-api/v2/" .. project .. target, body)
end

--- A call of SMN.
function Client:smn(method, target, body)
  return self.inner:send(method, "/v2/" .. project .. "/notifications" .. target, body)
end

--- The status of a call and the code of its refusal: "204", "400 AS.2007".
function Client:result(method, target, body)
  local response, value = self:call(method, target, body)
  if response.status < 300 then return tostring(response.status) end
  return response.status .. " " .. scaling.code(value)
end

--- The same in version 2.
function Client:result2(method, target, body)
  local response, value = self:call2(method, target, body)
  if response.status < 300 then return tostring(response.status) end
  return response.status .. " " .. scaling.code(value)
end

--- The URN of a topic "events", which is made.
function Client:topic(endpoint)
  return self:admin("POST", "/smn/topics", {
    name = "events", project_id = project, endpoint = endpoint,
  }).topic_urn
end

--- Makes a group in service and returns its id. `wish` is that of POST /_sim/as/groups; hooks get
--- the topic "events".
function Client:group(wish)
  wish = wish or {}
  wish.name, wish.project_id = wish.name or "web", project
  for _, hook in ipairs(wish.hooks or {}) do
    hook.topic_urn = hook.topic_urn or self:topic()
  end
  return self:admin("POST", "/as/groups", wish).scaling_group_id
end

--- The group as show_scaling_group answers it.
function Client:show(id)
  local _, value = self:call("GET", "/scaling_group/" .. id)
  return value.scaling_group
end

--- Sets the desired number.
function Client:desire(id, number)
  return self:result("PUT", "/scaling_group/" .. id, {
    desire_instance_number = number, max_instance_number = math.max(number, 100),
  })
end

--- The instances of a group.
function Client:instances(id, filter)
  local _, value =
    self:call("GET", "/scaling_group_instance/" .. id .. "/list?limit=100" .. (filter or ""))
  return value.scaling_group_instances
end

--- Their states as text: "INSERVICE 2, PENDING 1".
function Client:states(id)
  local counts, names = {}, {}
  for _, instance in ipairs(self:instances(id)) do
    local state = instance.life_cycle_state
    if not counts[state] then names[#names + 1] = state end
    counts[state] = (counts[state] or 0) + 1
  end
  table.sort(names)
  for index, name in ipairs(names) do
    names[index] = name .. " " .. counts[name]
  end
  return table.concat(names, ", ")
end

--- A batch action on instances.
function Client:batch(id, action, instances, more)
  local body = { action = action, instances_id = instances }
  for name, value in pairs(more or {}) do
    body[name] = value
  end
  return self:result("POST", "/scaling_group_instance/" .. id .. "/action", body)
end

--- The held instances of a group.
function Client:held(id)
  local _, value = self:call("GET", "/scaling_instance_hook/" .. id .. "/list")
  return value.instance_hanging_info
end

--- A callback.
function Client:callback(id, body)
  return self:result("PUT", "/scaling_instance_hook/" .. id .. "/callback", body)
end

--- The latest activities, in version 2.
function Client:activities(id, filter)
  local _, value = self:call2("GET", "/scaling_activity_log/" .. id .. "?limit=100"
    .. (filter or ""))
  return value.scaling_activity_log
end

return scaling
