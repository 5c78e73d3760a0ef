-- Tries functions of the standard library to learn what they do: in the place of every row that
-- waits stands a recorder, which notes what it is given and answers with something that is
-- everything at once. A machine in which this was begun is good for nothing else.
local host = require "host.manual"
local kinds = require "host.kinds"

local probe = {}

-- Where a value that stands for anything came from: { param } or { operation }, and the names on
-- the way from there to it.
local origins = setmetatable({}, { __mode = "k" })

-- The key by which an argument is told that was passed on as a whole, or copied into another.
local MARK = "*"

local Anything = {}

local function anything(origin)
  local value = setmetatable({}, Anything)
  origins[value] = origin
  return value
end

function Anything:__index(key)
  if type(key) ~= "string" or key == MARK then return nil end
  local from = origins[self]
  local way = from.way and from.way .. "." .. key or key
  return anything({ param = from.param, operation = from.operation, way = way })
end

-- Whoever takes a function to call it later, a step, calls it.
function Anything.__call(_, ...)
  local result
  for i = 1, select("#", ...) do
    local given = select(i, ...)
    if type(given) == "function" then result = given() end
  end
  return result
end

function Anything.__tostring() return "anything" end
function Anything.__concat() return "anything" end
local function one() return 1 end
Anything.__add, Anything.__sub, Anything.__mul, Anything.__div = one, one, one, one
Anything.__lt, Anything.__le = function() return false end, function() return false end

--- Where the value came from; nil for any other.
function probe.origin(value)
  return type(value) == "table" and origins[value] or nil
end

local ID = "00000000-0000-0000-0000-%012d"

-- Calls that a function may make before it is taken to go in a circle.
local MOST_CALLS = 50

local rows = {} -- by the function that scripts see
local under_way -- { calls, refusing } of the trial that is going on

local shapes = {} -- what the catalogue says, by operation

--- What host.kinds says of an operation.
function probe.shape(operation)
  shapes[operation] = shapes[operation] or kinds.describe(operation)
  return shapes[operation]
end

-- An answer of the operation: a list has one row.
local function answer_of(row)
  local answer = anything({ operation = row.operation })
  if row.operation and row.operation:find("list_", 1, true) then
    local shape = probe.shape(row.operation)
    local result, first = shape.result, anything({ operation = row.operation, way = "[]" })
    rawset(first, shape.id or "id", ID:format(1)) -- the same on each page, and what is looked for
    if result == "" then
      rawset(answer, 1, first)
    else
      rawset(answer, result, { first })
    end
  end
  return answer
end

local function note(row, ...)
  local calls = under_way.calls
  calls[#calls + 1] = { row = row, arguments = { ... } }
  if #calls > MOST_CALLS then error({ kind = "internal", message = "it goes in a circle" }) end
end

local function run_each(functions)
  for _, fn in ipairs(functions) do pcall(fn) end
end

local RUNS = { run_all = true, run_until_one_ends = true }

local function recorder(row, real)
  return function(...)
    if not under_way then return real(...) end
    note(row, ...)
    if not row.waits then
      if probe.origin((...)) then return 1 end -- a duration in words, say
      return real(...)
    end
    if RUNS[row.name] then return run_each(...) end
    if under_way.refusing and row.operation then
      error({ kind = "not_found", message = "there is none" })
    end
    return answer_of(row), 1
  end
end

--- The row that a function is; nil for any other.
function probe.row_of(fn)
  return rows[fn]
end

--- Learns which functions are rows, in a machine that goes on to be used.
function probe.learn()
  for _, row in ipairs(host.rows()) do rows[require(row.module)[row.name]] = row end
end

--- Puts the recorders in the place of the rows; before anything else is loaded.
function probe.begin()
  for _, row in ipairs(host.rows()) do
    local module = require(row.module)
    local stand_in = recorder(row, module[row.name])
    if row.module ~= "host.manual" and row.module ~= "host.kinds" then
      module[row.name] = stand_in
    end
    rows[module[row.name]] = row
  end
end

local sample_of -- an object of a class, by its name in annotations

--- Says where objects for arguments come from.
function probe.samples(fn)
  sample_of = fn
end

-- What is given for an argument of this name and type, which may be nil.
local function argument(param, index)
  local type_name = param.type or ""
  if type_name:find("^fun%(") then return function() end end
  if type_name:find("^number") or type_name:find("^integer") then return 1000 + index end
  local is_text = type_name:find("^string") and not type_name:find("^string%[%]")
  if is_text then return ID:format(index) end
  if type_name:find("^neap%.Duration") then return 1000 + index end
  local sample = sample_of(type_name)
  if sample then return sample end
  local value = anything({ param = param.name })
  rawset(value, MARK, param.name)
  return value
end

local function attempt(fn, make, arguments, count, refusing, outcome)
  under_way = { calls = {}, refusing = refusing }
  local ok, result
  if make then
    ok, result = pcall(fn, make(), unpack(arguments, 1, count))
  else
    ok, result = pcall(fn, unpack(arguments, 1, count))
  end
  if ok and type(result) == "function" then
    local again, row = pcall(result)
    if again and row ~= nil then outcome.row = row end
  elseif ok and result ~= nil and not refusing then
    outcome.result = result
  end
  for _, call in ipairs(under_way.calls) do
    outcome.calls[#outcome.calls + 1] = call
  end
  under_way = nil
end

--- Calls the function, as a method of what make() gives where that is given, with what could be its
--- arguments and without, answered and refused. Returns { calls = { { row, arguments } }, given =
--- the arguments, by name, result, row = what it iterates over }.
function probe.try(fn, make, params)
  local outcome = { calls = {}, given = {} }
  local arguments = {}
  for i, param in ipairs(params) do
    if param.name ~= "..." then
      arguments[i] = argument(param, i)
      outcome.given[param.name] = arguments[i]
    end
  end
  for _, refusing in ipairs { false, true } do
    attempt(fn, make, {}, 0, refusing, outcome)
    attempt(fn, make, arguments, #params, refusing, outcome)
    if make and make(true) then
      attempt(function(...) return fn(make(true), ...) end, nil, {}, 0, refusing, outcome)
    end
  end
  return outcome
end

return probe
