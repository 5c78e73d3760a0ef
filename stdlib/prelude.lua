-- Makes waits for the host look like plain calls, from any depth of coroutine.
--
-- Run once per state, before anything else, with the host's yield value and its helpers.
-- Replaces error and the coroutine library's resume and wrap; returns the wrapper for functions
-- that wait.
local HOST_YIELD, locate, refuse, adopt = ...

local create, raw_resume, raw_yield = coroutine.create, coroutine.resume, coroutine.yield
local raw_error, pcall, type = error, pcall, type

-- error { kind = …, message = … } raises an Error like the host's own: tostring() shows the whole
-- line, and `where` says who raised it.
function error(err, level)
  if type(err) == "table" then adopt(err) end
  raw_error(err, level == 0 and 0 or (level or 1) + 1)
end

-- Coroutines whose wait is under way: the host alone may resume them.
local waiting = setmetatable({}, { __mode = "k" })

-- A wait inside a script's coroutine is passed down to the task that owns it; every other yield
-- goes to whoever resumed. What the host answers is passed back up the same way.
local function relay(co, ok, first, ...)
  if ok and first == HOST_YIELD then
    waiting[co] = true
    return relay(co, raw_resume(co, raw_yield(HOST_YIELD, ...)))
  end
  waiting[co] = nil
  return ok, first, ...
end

function coroutine.resume(co, ...)
  if waiting[co] then
    return false, "cannot resume a coroutine that waits for the host"
  end
  return relay(co, raw_resume(co, ...))
end

local function unwrap(ok, ...)
  if ok then return ... end
  raw_error((...), 0)
end

function coroutine.wrap(fn)
  local co = create(fn)
  return function(...) return unwrap(coroutine.resume(co, ...)) end
end

-- A wait is a yield to the host of the function to call and its arguments: the host calls it on a
-- stack of its own and answers `true, ...` or `false, err`. No C function ever stands on the stack
-- of a task that waits, which would double its size (LuaJIT wants 20 free slots below each).
return function(host_function)
  local function settle(yielded, ok, ...)
    if not yielded then refuse(host_function, ok) end
    if ok then return ... end
    local err = ...
    if type(err) == "table" then locate(err) end
    raw_error(err, 0)
  end

  return function(...) return settle(pcall(raw_yield, HOST_YIELD, host_function, ...)) end
end
