-- What the prompt asks about the session's values: which names stand behind a path, what is called
-- how. Nothing here runs code of the session's own.
local globals = require "globals"
local timer = require "host.timer"

local scope = globals.scope

local repl = {}

local KEYWORDS = {
  "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local",
  "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
}

-- Classes of the library may answer for a field with a function, which only builds tables; those
-- of a session are not asked.
local function class_of(value)
  local class = getmetatable(value)
  return type(class) == "table" and class or nil
end

local function may_be_asked(class)
  return type(rawget(class, "__index")) == "table" or rawget(class, "__shape") ~= nil
end

local function member(value, name)
  if type(value) == "string" then return string[name] end
  if type(value) ~= "table" then return nil end
  local own = rawget(value, name)
  if own ~= nil then return own end
  local class = class_of(value)
  if not class or not may_be_asked(class) then return nil end
  local ok, found = pcall(function() return value[name] end)
  if ok then return found end
  return nil
end

-- The value behind the names; a call in between leads nowhere, as it is not made.
local function resolve(path)
  local value = rawget(scope, path[1])
  if value == nil then value = globals.find(scope, path[1]) end
  for i = 2, #path do value = member(value, path[i]) end
  return value
end

local function add(found, seen, name, value, depth)
  if type(name) ~= "string" or seen[name] or not name:find("^[%a_][%w_]*$") then return end
  if name:find("^__") then return end
  seen[name] = true
  local kind = type(value)
  found[#found + 1] = { name = name, kind = kind, own = depth == 0 }
end

-- Own fields first, then what the classes give, each name once. What a collection holds is its own
-- affair.
local function collect(value, found, seen)
  local depth = 0
  if require("manual.walk").is_collection(value) then
    value, depth = getmetatable(value).__index, 1
  end
  while type(value) == "table" and depth < 8 do
    for name, each in next, value do add(found, seen, name, each, depth) end
    local class = class_of(value)
    if not class then return end
    local index = rawget(class, "__index")
    if type(index) == "function" or index == class then
      for name, each in next, class do add(found, seen, name, each, depth + 1) end
      for name in next, rawget(class, "__parts") or {} do add(found, seen, name, {}, 1) end
      return
    end
    value, depth = index, depth + 1
  end
end

local function global_names()
  local found, seen = {}, {}
  for name in next, globals.modules do add(found, seen, name, {}, 0) end
  for name, value in next, scope do add(found, seen, name, value, 0) end
  for _, word in ipairs(KEYWORDS) do
    if not seen[word] then found[#found + 1] = { name = word, kind = "keyword", own = true } end
  end
  return found
end

--- What may stand behind the path: a list of { name, kind = type, own }; of globals for an empty
--- one.
function repl.members(path)
  if #path == 0 then return global_names() end
  local value = resolve(path)
  if type(value) == "string" then value = string end
  local found = {}
  collect(value, found, {})
  return found
end

--- Where the manual tells of what is behind the path, "sdrs.groups" of a group; nil when nowhere.
function repl.place(path)
  local value = resolve(path)
  return value ~= nil and require("manual.live").path(value) or nil
end

local FRESH = 60 -- seconds for which fetched names are used without asking again
local MOST = 10000
local fetched = {} -- by what they are names of

local function fetch(value, key)
  local kept = fetched[key]
  if kept and kept.whole and timer.now() - kept.at < FRESH then return end
  kept = { at = timer.now(), names = kept and kept.names or {}, seen = kept and kept.seen or {} }
  fetched[key] = kept
  local shape = value.kind.shape
  for row in value:each() do
    for _, field in ipairs { shape.label, shape.id } do
      local name = row[field]
      if type(name) == "string" and not kept.seen[name] then
        kept.seen[name] = true
        local other = field == shape.label and row[shape.id] or row[shape.label]
        kept.names[#kept.names + 1] = { name = name, help = other }
      end
    end
    if #kept.names >= MOST then break end
  end
  kept.whole = true
end

--- Asks the platform for the names and ids of what the collection at the path holds; what came in
--- time is kept although the caller gives up on the rest.
function repl.fetch(path)
  local value = resolve(path)
  local kind = type(value) == "table" and rawget(value, "kind")
  if type(kind) ~= "table" or not kind.shape then return {} end
  fetch(value, kind.what)
  return {}
end

--- What the collection at the path holds things of, "protection group"; nil when it is none.
function repl.things(path)
  local value = resolve(path)
  local kind = type(value) == "table" and rawget(value, "kind")
  return type(kind) == "table" and kind.what or nil
end

--- The names fetched so far of what is there, { name, help }.
function repl.fetched(what)
  local kept = fetched[what]
  return kept and kept.names or {}
end

-- What a session starts with, when this is loaded, is none of its own.
local first = {}
for name in next, scope do first[name] = true end

--- The names of the globals that the session gave values to, sorted.
function repl.globals()
  local names = {}
  for name in next, scope do
    if type(name) == "string" and not first[name] and not globals.modules[name] then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

return repl
