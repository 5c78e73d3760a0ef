-- The `ctx` of a runbook: steps, checks, questions, locks, and what is to be done at the end.
local classes = require "manual.classes"
local host = require "host.run"
local resource = require "resource"
local scope = require "scope"
local sorted = require "sorted"
local task = require "task"
local timer = require "host.timer"

local context = {}
local Context = {}
Context.__index = Context

local function new(params)
  return setmetatable({ params = params, steps = 0, open = {}, endings = {} }, Context)
end

--- The course of a run as its script writes it: steps, checks, questions, and what is to be done at
--- the end.
---@field params table the runbook's parameters, read and checked
classes.named("neap.Context", Context, { at = "ctx", make = new })

local function text_of(format, ...)
  if select("#", ...) == 0 then return tostring(format) end
  return tostring(format):format(...)
end

local function wrong(format, ...)
  error({ kind = "argument", message = format:format(...) })
end

local function tell_end(step, ok)
  host.tell(ok and "step_done" or "step_failed", {
    index = step.index,
    name = step.name,
    depth = step.depth,
    elapsed = timer.now() - step.started,
  })
end

-- Only the steps of a run's other tasks can have been opened since.
local function close(self, step)
  for i = #self.open, 1, -1 do
    if self.open[i] == step then return table.remove(self.open, i) end
  end
end

local function finish(self, step, ok, ...)
  scope.enter(step.outer)
  host.end_step(step.index, ok)
  close(self, step)
  tell_end(step, ok)
  if not ok then error((...), 0) end
  return ...
end

-- Tasks that were ended from outside left their steps open.
local function close_all(self)
  while #self.open > 0 do tell_end(table.remove(self.open), false) end
end

-- What an operator wants in the place of a step.
local function replaced(step, override)
  host.tell("step_skipped", {
    index = step.index, name = step.name, depth = step.depth, by = override.by, why = override.why,
  })
  if override.action == "set" then return override.value end
end

--- Runs `fn` as a named step and returns its results. `options.expect` ("5m") is how long it
--- usually takes; it is shown, not enforced. An operator who resumes the run may have it skipped.
---@param name string
---@param options { expect?: neap.Duration }
---@param fn fun(): ...
---@return any ...
---@overload fun(self: neap.Context, name: string, fn: fun(): ...): ...
function Context:step(name, options, fn)
  if type(options) == "function" then options, fn = {}, options end
  if type(name) ~= "string" then wrong("ctx:step needs a name, as text") end
  if type(fn) ~= "function" then wrong("ctx:step \"%s\" needs a function", name) end
  local outer = scope.current()
  self.steps = self.steps + 1
  local step = {
    index = self.steps, name = name, outer = outer, depth = outer and outer.depth + 1 or 0,
  }
  local override = host.begin_step(step.index, name)
  if override then return replaced(step, override) end
  step.started = timer.now()
  host.tell("step_started", {
    index = step.index,
    name = name,
    depth = step.depth,
    expect = options.expect and timer.parse(options.expect) or nil,
  })
  self.open[#self.open + 1] = step
  scope.enter(step)
  return finish(self, step, pcall(fn))
end

--- Raises kind precondition with the message unless `condition` holds, and returns it.
---@param condition any
---@param format any
---@param ... any
---@return any
function Context:check(condition, format, ...) -- luacheck: ignore self
  if condition then return condition end
  error({ kind = "precondition", message = text_of(format, ...) })
end

local DEADLINE = "24h"

local function denial(question, answer, deadline)
  local reason = "denied by " .. tostring(answer.by)
  if answer.by == "deadline" then
    reason = "nobody answered within " .. timer.format(timer.parse(deadline))
  elseif answer.comment and answer.comment ~= "" then
    reason = reason .. ": " .. answer.comment
  end
  return ("not confirmed: %s (%s)"):format(question, reason)
end

--- Asks the operator; after a yes returns who said it ({ by, comment }), after a no raises kind
--- precondition. ctx:confirm({ deadline = "4h" }, format, ...) is how long the question stays open:
--- 24 hours unless told otherwise, then nobody's answer is a no.
---@param options { deadline?: neap.Duration }
---@param ... any the format and what it shows
---@return { by: string, comment: string }
---@overload fun(self: neap.Context, format: string, ...): { by: string, comment: string }
function Context:confirm(options, ...) -- luacheck: ignore self
  local question
  if type(options) == "table" then
    for name in sorted(options) do
      if name ~= "deadline" then wrong("ctx:confirm: unknown option `%s`", tostring(name)) end
    end
    question = text_of(...)
  else
    question, options = text_of(options, ...), {}
  end
  local deadline = options.deadline or DEADLINE
  local answer = host.ask(question, deadline)
  if answer.yes then return { by = answer.by, comment = answer.comment } end
  error({ kind = "precondition", message = denial(question, answer, deadline) })
end

--- Takes the lease of a group, pair or instance, or of the group with this id, for as long as the
--- run lasts; changing calls take theirs by themselves. Raises kind conflict when another run has
--- it. A run that is not durable holds nothing.
---@param thing table|string
function Context:lock(thing) -- luacheck: ignore self
  if type(thing) == "string" and resource.looks_like_id(thing) then
    return host.lock("server_group " .. thing)
  end
  local name = type(thing) == "table" and thing.lock_name
  if not name then wrong("ctx:lock needs a group, pair or instance, or the id of a group") end
  host.lock(name(thing))
end

--- Writes a line for the operator into the run's own log.
---@param format any
---@param ... any
function Context:log(format, ...) -- luacheck: ignore self
  host.tell("note", { text = text_of(format, ...) })
end

local function at_the_end(self, what, name, fn, only_failed)
  if type(name) == "function" then name, fn = nil, name end
  if type(fn) ~= "function" then wrong("ctx:%s needs a function", what) end
  name = name or what:gsub("_", " ")
  self.endings[#self.endings + 1] = { name = name, fn = fn, only_failed = only_failed }
end

--- Runs `fn { ok = …, error = … }` as a step when the run ends, however it ends; the block that was
--- registered last runs first. ctx:on_exit(name, fn) names the step.
---@param name string
---@param fn fun(outcome: { ok: boolean, error: any })
---@overload fun(self: neap.Context, fn: fun(outcome: { ok: boolean, error: any }))
function Context:on_exit(name, fn)
  at_the_end(self, "on_exit", name, fn, false)
end

--- Runs `fn` as a step at the end of a run that has failed or was cancelled: to undo what was
--- begun.
---@param name string
---@param fn fun(outcome: { ok: boolean, error: any })
---@overload fun(self: neap.Context, fn: fun(outcome: { ok: boolean, error: any }))
function Context:on_failure(name, fn)
  at_the_end(self, "on_failure", name, fn, true)
end

-- An error that is told, not raised.
local function describe(err)
  if type(err) ~= "table" then return { kind = "script", message = tostring(err) } end
  return {
    kind = tostring(err.kind or "script"),
    message = tostring(err.message or err),
    hint = err.hint and tostring(err.hint),
    where = err.where and tostring(err.where),
  }
end

-- In a task of its own: whatever `fn` starts ends with it, and so does a wait that is interrupted.
local function apart(self, fn)
  local ok, result = pcall(task.all, { fn })
  close_all(self)
  return ok, result
end

local function run_endings(self, outcome)
  while #self.endings > 0 do
    local ending = table.remove(self.endings)
    if not (ending.only_failed and outcome.ok) then
      local ok, err = apart(self, function()
        self:step(ending.name, function() ending.fn(outcome) end)
      end)
      if not ok then host.tell("cleanup_failed", { name = ending.name, error = describe(err) }) end
    end
  end
end

--- Calls `fn(ctx, params)`, then what it registered for its end; returns or raises as `fn` did.
function context.run(params, fn)
  local ctx = new(params)
  local ok, result = apart(ctx, function() return fn(ctx, params) end)
  run_endings(ctx, { ok = ok, error = not ok and result or nil })
  if not ok then error(result, 0) end
  return result
end

return context
