-- The step that each task is in. A task begins in the step of the task that starts it.
local scope = {}

local steps = setmetatable({}, { __mode = "k" }) -- by coroutine

--- The innermost step of the calling task; nil outside of any.
function scope.current()
  return steps[coroutine.running()]
end

--- Makes `step` the innermost one, or none.
function scope.enter(step)
  steps[coroutine.running()] = step
end

--- `fn`, to be run by another task in the step of the caller.
function scope.inherit(fn)
  local step = scope.current()
  if step == nil or type(fn) ~= "function" then return fn end
  return function(...)
    scope.enter(step)
    return fn(...)
  end
end

return scope
