-- Structured concurrency: tasks end with the call or the task that started them.
local host = require "host.task"
local scope = require "scope"
local timer = require "host.timer"

--- A task that was started beside its starter.
---@class neap.Task
---@field wait fun(self: neap.Task): any Waits for its end; gives its results or raises its error
---@field cancel fun(self: neap.Task) Ends the task
---@field status fun(self: neap.Task): "running"|"done"|"failed" Tells how the task stands
local task = {}

---@alias neap.Duration number|string seconds, or text such as "90s" and "1h30m"

--- Waits for so long, and lets other tasks run meanwhile.
---@param duration neap.Duration
task.sleep = timer.sleep

local function expect_functions(name, functions)
  for i, fn in ipairs(functions) do
    if type(fn) ~= "function" then
      local message = ("task.%s: item %d is not a function"):format(name, i)
      error({ kind = "argument", message = message })
    end
  end
end

--- Starts `fn(...)` beside the caller and returns its handle: `:wait()` gives the results or raises
--- the error, `:cancel()` ends it. The caller does not end before it; should it fail, its
--- siblings are cancelled and the error is raised in the caller.
---@param fn fun(...): ...
---@param ... any its arguments
---@return neap.Task
function task.spawn(fn, ...)
  return host.spawn(scope.inherit(fn), ...)
end

--- Runs the functions side by side and returns the first result of each, in order. The first
--- failure cancels the others and is raised here.
---@param functions (fun(): any)[]
---@return any ...
function task.all(functions)
  expect_functions("all", functions)
  local results, jobs = {}, {}
  for i, fn in ipairs(functions) do
    jobs[i] = scope.inherit(function() results[i] = fn() end)
  end
  host.run_all(jobs)
  return unpack(results, 1, #jobs)
end

--- Runs the functions side by side; the first to end decides, and the others are cancelled.
--- Returns its results, or raises its error.
---@param functions (fun(): ...)[]
---@return any ...
function task.race(functions)
  expect_functions("race", functions)
  local jobs, winner, count = {}, nil, 0
  for i, fn in ipairs(functions) do
    jobs[i] = scope.inherit(function()
      local results = { fn() }
      if not winner then winner, count = results, table.maxn(results) end
    end)
  end
  host.run_until_one_ends(jobs)
  if winner then return unpack(winner, 1, count) end
end

--- Calls `fn(item, index)` for every item, at most `limit` at a time, and returns the list of the
--- results in the order of the items.
---@generic T, R
---@param items T[]
---@param limit integer
---@param fn fun(item: T, index: integer): R
---@return R[]
function task.map(items, limit, fn)
  if type(limit) ~= "number" or limit < 1 or limit ~= limit then
    error({ kind = "argument", message = "task.map: limit must be a number of at least 1" })
  end
  local results, workers, next_index = {}, {}, 0
  local function work()
    while next_index < #items do
      next_index = next_index + 1
      local index = next_index
      local result = fn(items[index], index)
      results[index] = result
    end
  end
  for i = 1, math.min(limit, #items) do workers[i] = scope.inherit(work) end
  host.run_all(workers)
  return results
end

--- Runs `fn` for at most `limit` ("1m" or seconds); then cancels it and raises kind `timeout`.
---@param limit neap.Duration
---@param fn fun(): ...
---@return any ...
function task.timeout(limit, fn)
  return task.race {
    fn,
    function()
      timer.sleep(limit)
      error({ kind = "timeout", message = "task.timeout: not done within " .. tostring(limit) })
    end,
  }
end

return task
