-- Collections: what sdrs.groups, as.groups and group.pairs have in common, and what the things in
-- them have in common.
local answers = require "answers"
local classes = require "manual.classes"
local kinds = require "host.kinds"
local pages = require "pages"
local resource = require "resource"

local collection = {}

local Collection = {}
Collection.__index = Collection
-- For whoever shows one: its methods, not what it is made of.
Collection.__name, Collection.__methods = "collection", true

-- Parameters of a call with those that the collection is bound to; these win.
local function merged(parameters, bound)
  local all = {}
  for name, value in pairs(parameters or {}) do all[name] = value end
  for name, value in pairs(bound) do all[name] = value end
  return all
end

-- A thing shows where it was found, also where its answers do not say: a hook its group.
local function place(row, within, from)
  if within and row[within] == nil then row[within] = from[within] end
  return row
end

local function wrap(self, row)
  return resource.wrap(self.kind.class, place(row, self.kind.within, self.bound))
end

--- The thing with this id; raises kind not_found.
---@param id string
function Collection:get(id)
  return wrap(self, self.kind.read(id, self.bound))
end

--- Iterates over all that match the filters, page by page. What is there the whole time comes once,
--- also where others change the list meanwhile.
function Collection:each(filters)
  return pages.each(self.kind.host.list, self.kind.shape, merged(filters, self.bound),
    function(row) return wrap(self, row) end)
end

--- The list of all that match the filters.
function Collection:all(filters)
  local rows = {}
  for row in self:each(filters) do rows[#rows + 1] = row end
  return rows
end

--- The one thing with this id or exactly this name; raises kind not_found or conflict.
---@param text string
function Collection:find(text)
  if resource.looks_like_id(text) then
    local ok, found = pcall(self.get, self, text)
    if ok then return found end
    if found.kind ~= "not_found" then error(found, 0) end
  end
  local kind = self.kind
  local filters = kind.filter and { [kind.filter] = text } -- it may match parts of names
  local same = {}
  for row in self:each(filters) do
    if row[kind.shape.label] == text then same[#same + 1] = row end
  end
  return resource.only(same, kind, text, function() return self:each() end)
end

--- Makes a new one from the API's own parameters. Where that takes a job the job is returned, and
--- its `resource()` is the new thing; otherwise the thing itself, as far as the answer tells: its
--- id, and the name that it was given. refresh() reads the rest.
function Collection:create(parameters)
  local all = merged(parameters, self.bound)
  local answer = self.kind.host.create(all)
  if self.kind.job then return self.kind.job(answer.job_id) end
  local label = self.kind.shape.label
  if answer[label] == nil then answer[label] = all[label] end
  return wrap(self, answer)
end

-- How a thing is read by its id: by the operation for it, or by looking through the list.
local function reader(kind)
  if kind.host.show then
    local result = kinds.describe(kind.show).result
    return function(id, from)
      local path = { [kind.id] = id }
      if kind.within then path[kind.within] = from[kind.within] end
      return answers.thing(kind.host.show(path), result)
    end
  end
  return function(id, from)
    local within = kind.within and { [kind.within] = from[kind.within] } or {}
    for row in pages.each(kind.host.list, kind.shape, within, function(row) return row end) do
      if row[kind.shape.id] == id then return row end
    end
    error({ kind = "not_found", message = ("there is no %s %s"):format(kind.what, id) })
  end
end

-- The methods that every thing has.
local function add_common_methods(kind, class)
  local shape = kind.shape

  --- Reads the thing again and returns it.
  ---@return self
  function class:refresh()
    local row = kind.read(self[shape.id], self)
    return resource.renew(self, place(row, kind.within, self))
  end

  --- Reads the thing again and again until it is in the status, or in one of the list of statuses,
  --- and returns it; "gone" waits until it is not there any more and returns nil. Raises job_failed
  --- when it has come to a failed status instead, precondition when nothing under way leads to any
  --- target, timeout after `options.timeout` (30m). `options.every` fixes the time between two
  --- looks, which otherwise grows from 2 to 15 seconds.
  ---@param target string|string[]
  ---@param options? neap.WaitOptions
  function class:wait_for(target, options)
    return resource.wait_for(self, kind, target, options)
  end

  --- A field that holds a time, as seconds since 1970; nil where there is none.
  ---@param field string
  ---@return number?
  function class:time(field) -- luacheck: ignore self
    return resource.time(self[field])
  end

  --- What a run holds so that no other run changes the thing: see ctx:lock.
  ---@return string
  function class:lock_name()
    return shape.resource .. " " .. self[shape.id]
  end

  if kind.host.rename then
    --- Gives the thing another name.
    function class:rename(name)
      local answer = kind.host.rename({ [kind.id] = self[shape.id], name = name })
      return resource.renew(self, answers.thing(answer, kinds.describe(kind.show).result))
    end
  end
end

-- Fields first, then what belongs to the thing, then its methods.
local function add_index(class, parts)
  class.__parts = parts
  if not parts then
    class.__index = class
    return
  end
  function class.__index(self, field)
    local part = parts[field]
    if part then return part(self) end
    return class[field]
  end
end

-- "as.ScalingGroup"
local function type_of(kind)
  local words = kind.what:gsub("(%a)(%a*)%s*", function(first, rest)
    return first:upper() .. rest
  end)
  return kind.list:match("^[^:]+") .. "." .. words
end

--- Completes a kind of things with what the catalogue says of it, and its class with the methods
--- that all have. A kind is { class, host = the module that calls, list = "service:operation",
--- show = likewise, id = the parameter that names one, what = for people } and, where they apply,
--- filter = the parameter that narrows a list by name, within = the parameter that names the thing
--- it belongs to, job = function(id) for creations that take one, parts = { field =
--- function(thing) }, settled = function(thing): whether its status is final. For the manual: type
--- = its name in annotations, the service and `what` unless given; where no module and no thing
--- has a collection of them, collection_at = what returns one, or at = what returns one of them.
function collection.kind(kind)
  kind.shape = kinds.describe(kind.list)
  kind.read = reader(kind)
  kind.class.__name, kind.class.__shape = kind.what, kind.shape -- for whoever shows a thing
  kind.type = kind.type or type_of(kind)
  classes.named(kind.type, kind.class, { kind = kind, at = kind.at })
  add_common_methods(kind, kind.class)
  add_index(kind.class, kind.parts)
  return kind
end

--- A collection of that kind. `bound` are parameters that every call of it carries, `verbs` the
--- methods that it has beside the common ones.
function collection.new(kind, bound, verbs)
  local class = Collection
  if verbs then
    class = { __index = setmetatable(verbs, Collection), __name = "collection", __methods = true }
  end
  return setmetatable({ kind = kind, bound = bound or {}, what = kind.what }, class)
end

--- The ids of a list of things, or of ids; one alone counts as a list of one.
function collection.ids(kind, things)
  local field = kind.shape.id
  if type(things) ~= "table" or things[field] then things = { things } end
  local ids = {}
  for i, thing in ipairs(things) do
    ids[i] = type(thing) == "table" and thing[field] or thing
  end
  return ids
end

collection.merged = merged
collection.common = Collection -- what all collections can do, for the manual

return collection
