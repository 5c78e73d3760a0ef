-- The way through everything that a script can reach: modules, collections, the things in them,
-- and the other objects that it meets.
local collection = require "collection"
local classes = require "manual.classes"
local globals = require "globals"
local sorted = require "sorted"

local walk = {}

-- Names that are not of a script's business.
local function is_inner(name)
  return type(name) ~= "string" or name:find("^__") ~= nil
end

--- The names of all modules, each with how a script gets it.
function walk.modules()
  local list = {}
  for name in sorted(globals.modules) do list[#list + 1] = { name = name, global = true } end
  for _, name in ipairs(globals.required) do list[#list + 1] = { name = name } end
  return list
end

--- Whether the value is a collection of things.
function walk.is_collection(value)
  return type(value) == "table" and rawget(value, "kind") ~= nil and rawget(value, "bound") ~= nil
end

local function class_of(value)
  local meta = type(value) == "table" and getmetatable(value)
  for _, row in ipairs(classes.objects) do
    if meta and row.class == meta then return row end
  end
  return nil
end

walk.class_of = class_of

local function has_functions(value)
  for _, each in pairs(value) do
    if type(each) == "function" then return true end
  end
  return false
end

-- The methods of a collection: its verbs, then what all collections have and its kind can.
local function methods_of(value)
  local methods, kind = {}, value.kind
  local index = getmetatable(value).__index
  while index do
    for name, fn in pairs(index) do
      if type(fn) == "function" and not is_inner(name) and not methods[name] then
        methods[name] = fn
      end
    end
    local meta = getmetatable(index)
    index = meta and meta.__index ~= index and meta.__index or nil
  end
  if not kind.host.create and methods.create == collection.common.create then
    methods.create = nil
  end
  return methods
end

local ID = "00000000-0000-0000-0000-000000000000"

-- Something like what a collection gives: its id is there, and whatever else names a thing.
local function sample_of(row)
  if row.make then return row.make() end
  local object, kind = {}, row.kind
  if kind then
    object[kind.shape.id or "id"] = ID
    if kind.within then object[kind.within] = ID end
  end
  object.id = ID
  return setmetatable(object, row.class)
end

--- An object of the class with this name; nil where there is none.
function walk.sample(type)
  for _, row in ipairs(classes.objects) do
    if row.type == type then return sample_of(row) end
  end
  return nil
end

local function what_of(row)
  if row.kind then return row.kind.what end
  if row.at and not row.at:find(".", 1, true) then return row.at end
  local words = row.type:match("%.(.*)$"):gsub("(%l)(%u)", "%1 %2")
  return words:lower()
end

walk.what = what_of

local Walk = {}
Walk.__index = Walk

-- What gives an object of which there is one.
local function always(value)
  return function(other)
    if not other then return value end
  end
end

-- `make` gives what the functions are methods of; anew for each, for they may change it. make(true)
-- gives another sort of it, where there is one.
function Walk:functions(place, functions, make)
  for name, fn in sorted(functions) do
    if type(fn) == "function" and not is_inner(name) then
      self.visit.call(place, name, fn, make)
    end
  end
end

-- The methods of a class, once: where its things are met first.
function Walk:class(row, path)
  if self.placed[row] then return end
  self.placed[row] = path
  local place = { path = path, owner = what_of(row), type = row.type, module = nil }
  local function make(other)
    if other then return row.also and row.also() end
    return sample_of(row)
  end
  self.visit.class(place, row)
  if row.make then self:functions(place, make(), make) end
  self:functions(place, row.class, make)
  if not row.kind then return end
  for name, part in sorted(row.kind.parts or {}) do
    self:value({ path = path, owner = place.owner }, name, part(make()))
  end
end

function Walk:collection(place, value)
  local index = getmetatable(value).__index
  self.visit.collection(place, value, index)
  self:functions(place, methods_of(value), always(value))
  for _, row in ipairs(classes.objects) do
    if row.kind == value.kind then self:class(row, place.path) end
  end
end

-- A part of a module or of a thing.
function Walk:value(parent, name, value)
  local place = {
    path = parent.path .. "." .. name, owner = "", module = parent.module, of = parent.owner,
    name = name,
  }
  if walk.is_collection(value) then
    self.queue[#self.queue + 1] = function() self:collection(place, value) end
  elseif class_of(value) then
    local row = class_of(value)
    self.visit.object(place, row)
    self:class(row, row.at or place.path)
  elseif type(value) == "table" and has_functions(value) then
    self.visit.namespace(place, value)
    self:functions(place, value, always(value))
  else
    self.visit.field(place, value)
  end
end

function Walk:module(row)
  local module = require(row.name)
  local place = { path = row.name, owner = "", module = row.name, global = row.global }
  self.visit.module(place, module)
  for name, value in sorted(module) do
    if type(value) == "function" then
      self.visit.call(place, name, value, always(module))
    elseif not is_inner(name) then
      self:value(place, name, value)
    end
  end
end

--- Calls visit.module, .collection, .namespace, .object, .class and .field for what there is, and
--- visit.call(place, name, fn, make) for every function, make() being what it is a method of. What
--- lies deeper comes later, so that a thing is met first where it is nearest.
function walk.all(visit)
  local self = setmetatable({ visit = visit, placed = {}, queue = {} }, Walk)
  for _, row in ipairs(walk.modules()) do self:module(row) end
  local next_one = 1
  while self.queue[next_one] do
    self.queue[next_one]()
    next_one = next_one + 1
  end
  for _, row in ipairs(classes.objects) do
    local at = row.kind and row.kind.collection_at
    if at then
      self:collection({ path = at, owner = "", name = at:match("[^.]*$") },
        collection.new(row.kind))
    elseif row.at then
      self:class(row, row.at)
    end
  end
  return self.placed
end

return walk
