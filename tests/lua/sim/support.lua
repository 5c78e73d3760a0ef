-- A world for tests: a clock that stands until it is moved, and requests in one line.
local catalog = require("catalog")
local json = require("json")
local sim = require("sim")

local support = { json = json, project = "/v1/0123456789abcdef0123456789abcdef" }

local Client = {}
Client.__index = Client

--- A client of a fresh world; `options` replaces what sim.new is given.
function support.client(options)
  local self = setmetatable({ seconds = 0 }, Client)
  local all = {
    catalog = catalog, errors = catalog.errors, rules = catalog.rules, json = json, seed = 7,
    utc0 = 1700000000,
    now = function() return self.seconds end,
  }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  self.world = sim.new(all)
  return self
end

--- Lets simulated seconds pass.
function Client:wait(seconds)
  self.seconds = self.seconds + seconds
end

--- Sends a request; returns the raw response and its decoded body. `target` may hold a query.
function Client:send(method, target, body)
  local path, query = target:match("^([^?]*)%??(.*)$")
  local response = self.world:handle({
    method = method, path = path, query = query, headers = {},
    body = type(body) == "table" and json.encode(body) or body or "",
  })
  local read, value = pcall(json.decode, response.body)
  return response, read and value or nil
end

--- The same below the project's path.
function Client:call(method, target, body)
  return self:send(method, support.project .. target, body)
end

--- The decoded body of a GET below the project's path.
function Client:get(target)
  local _, value = self:call("GET", target)
  return value
end

--- The group "demo" as show_protection_group answers it.
function Client:demo()
  local id = self:get("/server-groups?name=demo").server_groups[1].id
  return self:get("/server-groups/" .. id).server_group
end

--- Sends a verb of a group: "failover", "stop", "start" or "reverse".
function Client:verb(group, verb, arguments)
  local body = { [verb .. "-server-group"] = arguments or {} }
  return self:call("POST", "/server-groups/" .. group.id .. "/action", body)
end

--- Waits until an accepted call has ended; returns its job. `accepted` is the answer's body.
function Client:finish(accepted, seconds)
  if not accepted.job_id then error("refused: " .. support.code(accepted), 2) end
  self:wait(seconds or 400)
  return self:get("/jobs/" .. accepted.job_id)
end

--- Makes a call below the project's path; returns the code of its refusal, or nil.
function Client:refusal(method, target, body)
  local response, value = self:call(method, target, body)
  return response.status >= 400 and support.code(value) or nil
end

--- What the administrator's GET of a record says: admin("servers/spare-1").server.
function Client:admin(path, body)
  local response, value = self:send(body and "POST" or "GET", "/_sim/" .. path, body)
  if response.status ~= 200 then error(response.body, 2) end
  return value
end

--- The instances of the group demo.
function Client:instances()
  return self:get("/protected-instances?server_group_id=" .. self:demo().id).protected_instances
end

--- Sets the power of a group's servers.
function Client:power(group, state)
  self:send("POST", "/_sim/groups/" .. group.id .. "/power", { state = state })
end

--- The code of an error body of the service or of the gateway.
function support.code(value)
  if value.error_code then return value.error_code end
  local _, inner = next(value)
  return inner.code
end

return support
