-- Runbooks: what their headers may say, and running one with the words of a command line.
local classes = require "manual.classes"
local context = require "context"
local parameters = require "parameters"
local sorted = require "sorted"
local text = require "host.text"

local runbook = {}

--- The header of a runbook: what its file returns.
---@field name string as the command line calls it
---@field summary string one line for people
---@field params? table<string, neap.Parameter> by name
---@field needs neap.Need[] every operation that it calls, and hosts; what is missing is refused
---@field rto? neap.Duration how long it may take in all, for the report
---@field run fun(ctx: neap.Context, params: table): any
local HEADER = classes.record("neap.Runbook", {
  name = "string",
  summary = "string",
  params = "table",
  needs = "table",
  rto = "string",
  run = "function",
})
local REQUIRED = { "name", "summary", "needs", "run" }

local function refuse(message, hint)
  error({ kind = "usage", message = message, hint = hint })
end

--- Checks what a runbook file returned and describes it as plain data: name, summary, needs, rto,
--- params (a list sorted by name, required ones first).
---@param header neap.Runbook
---@return table
function runbook.describe(header)
  if type(header) ~= "table" then
    local got = header == nil and "nothing" or "a " .. type(header)
    refuse("the file returned " .. got .. ", not a runbook",
      "end it with `return { name = …, summary = …, needs = { … }, run = function(ctx, p) … end }`"
        .. "; handlers of lifecycle hooks are for neap serve")
  end
  for _, field in ipairs(REQUIRED) do
    if header[field] == nil then refuse("the runbook's header has no `" .. field .. "`") end
  end
  for field, value in sorted(header) do
    local wanted = HEADER[field]
    if not wanted then
      local known = {}
      for name in sorted(HEADER) do known[#known + 1] = name end
      refuse(("the runbook's header has an unknown field `%s`%s"):format(tostring(field),
        text.did_you_mean(tostring(field), known)), "it knows " .. table.concat(known, ", "))
    end
    if type(value) ~= wanted then
      refuse(("the runbook's `%s` must be a %s, not a %s"):format(field, wanted, type(value)))
    end
  end
  for i, need in sorted(header.needs) do
    if type(i) ~= "number" then refuse("the runbook's `needs` must be a list") end
    if type(need) ~= "string" then refuse(("item %d of `needs` must be a string"):format(i)) end
  end
  return {
    name = header.name,
    summary = header.summary,
    rto = header.rto,
    needs = header.needs,
    params = parameters.describe(header.params or {}),
  }
end

--- Runs a runbook with its parameters given as words of the command line ("--group", "demo").
--- Returns what its `run` returns.
---@param header neap.Runbook
---@param words string[]
---@return any
function runbook.execute(header, words)
  local values = parameters.read(header.params or {}, words)
  return context.run(values, header.run)
end

return runbook
