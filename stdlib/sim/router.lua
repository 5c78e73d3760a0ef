-- From a request to the operation of the catalogue: a tree of path segments built from its paths.
local wire = require("sim.wire")

local Router = {}
Router.__index = Router

local function new_node()
  return { static = {}, placeholder = nil, methods = {} }
end

-- Follows (and makes) the nodes of a path template; returns the last and the placeholders' names.
local function grow(root, path)
  local node, names = root, {}
  for segment in path:gmatch("[^/]+") do
    local name = segment:match("^{(.+)}$")
    local following
    if name then
      names[#names + 1] = name
      following = node.placeholder or new_node()
      node.placeholder = following
    else
      following = node.static[segment] or new_node()
      node.static[segment] = following
    end
    node = following
  end
  return node, names
end

-- The body parameters that always have the same value: {"action":"ADD"} is another operation than
-- {"action":"REMOVE"}.
local function constants_of(operation)
  local constants = {}
  for _, parameter in ipairs(operation.params or {}) do
    if parameter.constant and parameter.place == "body" then
      constants[#constants + 1] = parameter
    end
  end
  return constants
end

--- A router for a list of operations. Several may share method and path: those of one service are
--- told apart by the only key of the body, their envelope, and by their constants.
local function new(operations)
  local self = setmetatable({ root = new_node() }, Router)
  for _, operation in ipairs(operations) do
    local node, names = grow(self.root, operation.path)
    local rows = node.methods[operation.method] or {}
    node.methods[operation.method] = rows
    rows[#rows + 1] = {
      operation = operation, names = names, constants = constants_of(operation),
    }
  end
  return self
end

-- The rows for the segments from `index` on. A static segment wins over a placeholder, and only
-- when nothing is found behind it is the placeholder tried.
local function walk(node, method, segments, index, captured)
  local segment = segments[index]
  if segment == nil then return node.methods[method] end
  local static = node.static[segment]
  local rows = static and walk(static, method, segments, index + 1, captured)
  if rows or not node.placeholder then return rows end
  local depth = #captured + 1
  captured[depth] = segment
  rows = walk(node.placeholder, method, segments, index + 1, captured)
  if not rows then captured[depth] = nil end
  return rows
end

local function fits(row, body)
  local envelope = row.operation.envelope
  if envelope or #row.constants > 0 then
    if type(body) ~= "table" then return false end
    if envelope then body = body[envelope] end
    if body == nil then return false end
    for _, constant in ipairs(row.constants) do
      if type(body) ~= "table" or tostring(body[constant.name]) ~= constant.constant then
        return false
      end
    end
  end
  return true
end

local function route(row, captured)
  local values = {}
  for index, name in ipairs(row.names) do
    values[name] = captured[index]
  end
  return { operation = row.operation, path = values }
end

--- Finds the routes that fit, each { operation, path } where path maps the placeholders' names to
--- their decoded values. There are several when services share a path, and none when neither
--- envelope nor constants of the body fit: then the second result is an operation of that path.
--- Returns nil for an unknown path.
function Router:find(method, path, body)
  local captured = {}
  local rows = walk(self.root, method, wire.segments(path), 1, captured)
  if not rows then return nil end
  local routes = {}
  -- Where nothing else could be meant, a wrong body is a matter of its arguments.
  local is_clear = #rows == 1 and not path:find("/action$")
  for _, row in ipairs(rows) do
    if is_clear or fits(row, body) then routes[#routes + 1] = route(row, captured) end
  end
  return routes, rows[1].operation
end

return { new = new }
