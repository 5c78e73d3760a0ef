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

--- A router for a list of operations. Several operations may share method and path: they are told
--- apart by the only key of the body, their envelope.
local function new(operations)
  local self = setmetatable({ root = new_node() }, Router)
  for _, operation in ipairs(operations) do
    local node, names = grow(self.root, operation.path)
    local rows = node.methods[operation.method] or {}
    node.methods[operation.method] = rows
    rows[#rows + 1] = { operation = operation, names = names }
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

local function chosen(rows, body)
  if #rows == 1 then return rows[1] end
  if type(body) ~= "table" then return nil end
  for _, row in ipairs(rows) do
    if body[row.operation.envelope] ~= nil then return row end
  end
  return nil
end

--- Finds { operation, path }, where path maps the placeholders' names to their decoded values.
--- `operation` is missing when the path is known but no envelope of the body fits. Returns nil for
--- an unknown route.
function Router:find(method, path, body)
  local captured = {}
  local rows = walk(self.root, method, wire.segments(path), 1, captured)
  if not rows then return nil end
  local row = chosen(rows, body)
  if not row then return { path = {} } end
  local values = {}
  for index, name in ipairs(row.names) do
    values[name] = captured[index]
  end
  return { operation = row.operation, path = values }
end

return { new = new }
