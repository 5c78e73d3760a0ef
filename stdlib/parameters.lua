-- Parameters of a runbook: described by its header, read from the words of a command line.
local classes = require "manual.classes"
local sorted = require "sorted"
local timer = require "host.timer"
local text = require "host.text"

local parameters = {}

local function wrong(name, value, rule)
  error({
    kind = "usage",
    message = ("--%s: \"%s\" %s"):format(name, tostring(value), rule),
  })
end

local READERS = {}

function READERS.string(_, value)
  return value
end

function READERS.number(name, value)
  local number = tonumber(value)
  if not number or number - number ~= 0 then wrong(name, value, "is not a number") end
  return number
end

function READERS.integer(name, value)
  local number = tonumber(value)
  if not number or number % 1 ~= 0 then wrong(name, value, "is not a whole number") end
  return number
end

function READERS.boolean(name, value)
  if value == true or value == "true" or value == "yes" then return true end
  if value == false or value == "false" or value == "no" then return false end
  wrong(name, value, "is neither true nor false")
end

function READERS.duration(name, value)
  local ok, seconds = pcall(timer.parse, value)
  if not ok then wrong(name, value, "is not a duration; write it like 90s, 30m or 1h30m") end
  return seconds
end

-- Texts between commas, each once: "a, b".
function READERS.list(name, value)
  if type(value) == "table" then value = table.concat(value, ",") end
  local items, seen = {}, {}
  for item in (value .. ","):gmatch("([^,]*),") do
    item = item:match("^%s*(.-)%s*$")
    if item == "" then wrong(name, value, "has an empty item; write it like one,two,three") end
    if seen[item] then wrong(name, value, "names " .. item .. " twice") end
    seen[item] = true
    items[#items + 1] = item
  end
  return items
end

local function check_choice(name, row, value)
  if not row.choices then return end
  for _, choice in ipairs(row.choices) do
    if choice == value then return end
  end
  wrong(name, value, "must be one of " .. table.concat(row.choices, ", "))
end

local function read_value(name, row, given)
  local value = READERS[row.type or "string"](name, given)
  for _, one in ipairs(type(value) == "table" and value or { value }) do
    check_choice(name, row, one)
  end
  return value
end

local function text_of(default)
  if type(default) == "table" then return table.concat(default, ",") end
  return default ~= nil and tostring(default) or nil
end

--- One parameter of a runbook.
---@field type? "string"|"number"|"integer"|"boolean"|"duration"|"list" string unless given
---@field required? boolean
---@field default? any
---@field help? string one line for people
---@field choices? string[] the values that it may have
local FIELDS = classes.record("neap.Parameter", {
  type = true, required = true, default = true, help = true, choices = true,
})

local function check_row(name, row)
  local function refuse(rule)
    local message = ("the header's parameter `%s` %s"):format(tostring(name), rule)
    error({ kind = "usage", message = message })
  end
  if type(name) ~= "string" or not name:find("^[a-z][a-z0-9_]*$") then
    refuse("must be named with lower-case letters, digits and _")
  end
  if type(row) ~= "table" then refuse("must be a table") end
  for field in sorted(row) do
    if not FIELDS[field] then refuse(("has an unknown field `%s`"):format(tostring(field))) end
  end
  if row.type ~= nil and not READERS[row.type] then
    refuse("must have type string, number, integer, boolean, duration or list")
  end
  if row.choices ~= nil and (type(row.choices) ~= "table" or #row.choices == 0) then
    refuse("must have a list of values as its `choices`")
  end
  if row.default == nil then return end
  if row.required then refuse("is required, so its default would never count") end
  local ok, err = pcall(read_value, name, row, row.default)
  if not ok then refuse("has a default that does not fit: " .. err.message) end
end

--- The parameters as a list of plain rows, required ones first, then by name.
function parameters.describe(rows)
  local list = {}
  for name, row in sorted(rows) do
    check_row(name, row)
    list[#list + 1] = {
      name = name,
      type = row.type or "string",
      required = row.required == true,
      default = text_of(row.default),
      help = row.help or "",
      choices = row.choices,
    }
  end
  table.sort(list, function(a, b)
    if a.required ~= b.required then return a.required end
    return a.name < b.name
  end)
  return list
end

-- Splits "--name=value" and "--name value"; a boolean may stand alone, "--no-name" denies it.
local function take_word(rows, words, at)
  local word = words[at]
  local flag, value = word:match("^%-%-([^=]+)=(.*)$")
  flag = flag or word:match("^%-%-(.+)$")
  if not flag then
    error({
      kind = "usage",
      message = ("unexpected \"%s\""):format(word),
      hint = "parameters are written --name value",
    })
  end
  local name = flag:gsub("%-", "_")
  local denied = name:match("^no_(.+)$")
  if value == nil and denied and rows[denied] and rows[denied].type == "boolean" then
    return denied, false, at + 1
  end
  if not rows[name] then
    local known = {}
    for other in sorted(rows) do known[#known + 1] = "--" .. other:gsub("_", "-") end
    error({
      kind = "usage",
      message = ("unknown parameter --%s%s"):format(flag, text.did_you_mean("--" .. flag, known)),
      hint = "see --help for the runbook's parameters",
    })
  end
  if value then return name, value, at + 1 end
  if rows[name].type == "boolean" then return name, true, at + 1 end
  local next_word = words[at + 1]
  if next_word == nil or next_word:find("^%-%-") then
    error({
      kind = "usage",
      message = ("--%s needs a value"):format(flag),
      hint = ("a value that begins with dashes is written --%s=VALUE"):format(flag),
    })
  end
  return name, words[at + 1], at + 2
end

--- Reads the words against the header's rows; raises kind usage for what does not fit.
function parameters.read(rows, words)
  local values, at = {}, 1
  while at <= #words do
    local name, value
    name, value, at = take_word(rows, words, at)
    if values[name] ~= nil then
      error({ kind = "usage", message = ("--%s is given twice"):format(name) })
    end
    values[name] = read_value(name, rows[name], value)
  end
  for _, row in ipairs(parameters.describe(rows)) do
    if values[row.name] == nil and row.required then
      error({
        kind = "usage",
        message = ("parameter --%s is missing: %s"):format(row.name, row.help),
        hint = "see --help for the runbook's parameters",
      })
    end
    if values[row.name] == nil and rows[row.name].default ~= nil then
      values[row.name] = read_value(row.name, rows[row.name], rows[row.name].default)
    end
  end
  return values
end

return parameters
