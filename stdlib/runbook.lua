-- Runbooks: what their headers may say, how parameters are read, and the `ctx` that `run` gets.
local host = require "host.run"
local timer = require "host.timer"
local parameters = require "parameters"
local text = require "host.text"

local runbook = {}

local HEADER = {
  name = "string",
  summary = "string",
  params = "table",
  needs = "table",
  rto = "string",
  run = "function",
}
local REQUIRED = { "name", "summary", "needs", "run" }

local function refuse(message, hint)
  error({ kind = "usage", message = message, hint = hint })
end

--- Checks what a runbook file returned and describes it as plain data: name, summary, needs, rto,
--- params (a list sorted by name, required ones first).
function runbook.describe(header)
  if type(header) ~= "table" then
    local got = header == nil and "nothing" or "a " .. type(header)
    refuse("the file returned " .. got .. ", not a runbook",
      "end it with `return { name = …, summary = …, needs = { … }, run = function(ctx, p) … end }`")
  end
  for _, field in ipairs(REQUIRED) do
    if header[field] == nil then refuse("the runbook's header has no `" .. field .. "`") end
  end
  for field, value in pairs(header) do
    local wanted = HEADER[field]
    if not wanted then
      local known = {}
      for name in pairs(HEADER) do known[#known + 1] = name end
      table.sort(known)
      refuse(("the runbook's header has an unknown field `%s`%s"):format(tostring(field),
        text.did_you_mean(tostring(field), known)), "it knows " .. table.concat(known, ", "))
    end
    if type(value) ~= wanted then
      refuse(("the runbook's `%s` must be a %s, not a %s"):format(field, wanted, type(value)))
    end
  end
  for i, need in pairs(header.needs) do
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

local Context = {}
Context.__index = Context

local function text_of(format, ...)
  if select("#", ...) == 0 then return tostring(format) end
  return tostring(format):format(...)
end

local function finish_step(self, step, ok, ...)
  self.depth = self.depth - 1
  host.tell(ok and "step_done" or "step_failed", {
    index = step.index,
    name = step.name,
    depth = self.depth,
    elapsed = timer.now() - step.started,
  })
  if not ok then error((...), 0) end
  return ...
end

--- Runs `fn` as a named step and returns its results. `options.expect` ("5m") is how long it
--- usually takes; it is shown, not enforced.
function Context:step(name, options, fn)
  if type(options) == "function" then options, fn = {}, options end
  if type(fn) ~= "function" then
    local message = ("ctx:step \"%s\" needs a function"):format(tostring(name))
    error({ kind = "argument", message = message })
  end
  self.steps = self.steps + 1
  local step = { index = self.steps, name = name, started = timer.now() }
  host.tell("step_started", {
    index = step.index,
    name = name,
    depth = self.depth,
    expect = options.expect and timer.parse(options.expect) or nil,
  })
  self.depth = self.depth + 1
  return finish_step(self, step, pcall(fn))
end

--- Raises kind precondition with the message unless `condition` holds.
function Context:check(condition, format, ...) -- luacheck: ignore self
  if condition then return condition end
  error({ kind = "precondition", message = text_of(format, ...) })
end

--- Asks the operator; goes on after a yes, raises after a no.
function Context:confirm(format, ...) -- luacheck: ignore self
  local question = text_of(format, ...)
  if host.ask(question) then return end
  error({ kind = "precondition", message = "not confirmed: " .. question })
end

--- A line for the operator, in the run's own log.
function Context:log(format, ...) -- luacheck: ignore self
  host.tell("note", { text = text_of(format, ...) })
end

--- Runs a runbook with its parameters given as words of the command line ("--group", "demo").
--- Returns what its `run` returns.
function runbook.execute(header, words)
  local values = parameters.read(header.params or {}, words)
  local ctx = setmetatable({ params = values, steps = 0, depth = 0 }, Context)
  return header.run(ctx, values)
end

return runbook
