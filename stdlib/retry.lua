-- Doing a thing again until it works: pauses that grow, with jitter, up to a limit.
local classes = require "manual.classes"
local timer = require "host.timer"

local retry = {}

--- How often, and after what, a thing is done again.
---@field attempts? integer 5 unless given
---@field first? neap.Duration the ceiling of the first pause, 1s unless given
---@field most? neap.Duration the highest ceiling, 30s unless given
---@field factor? number what the ceiling grows by, 2 unless given
---@field kinds? neap.ErrorKind[] network and throttled unless given
local DEFAULTS = classes.record("neap.RetryOptions", {
  attempts = 5,
  first = "1s",
  most = "30s",
  factor = 2,
  kinds = { "network", "throttled" },
})

local function setting(options, name)
  local value = options and options[name]
  if value == nil then return DEFAULTS[name] end
  return value
end

--- Iterates over pauses in seconds: full jitter between 0 and a ceiling that grows.
---@param options? neap.RetryOptions
---@return fun(): number?
function retry.backoff(options)
  local ceiling = timer.parse(setting(options, "first"))
  local most = timer.parse(setting(options, "most"))
  local factor, left = setting(options, "factor"), setting(options, "attempts") - 1
  return function()
    if left <= 0 then return nil end
    left = left - 1
    local pause = timer.random() * ceiling
    ceiling = math.min(ceiling * factor, most)
    return pause
  end
end

local function worth_another(err, kinds)
  if type(err) ~= "table" then return false end
  for _, kind in ipairs(kinds) do
    if err.kind == kind then return true end
  end
  return false
end

--- Calls `fn` until it does not raise one of `kinds` (network and throttled unless told
--- otherwise) and returns its results; raises the last error when the attempts are used up.
--- A call that changes the cloud is never worth repeating blindly: kind in_doubt is refused.
---@param options? neap.RetryOptions
---@param fn fun(): any ...
---@return any ...
function retry.call(options, fn)
  local kinds = setting(options, "kinds")
  for _, kind in ipairs(kinds) do
    if kind == "in_doubt" then
      error({ kind = "argument", message = "retry.call: a call in doubt must not be sent again" })
    end
  end
  local pauses = retry.backoff(options)
  while true do
    local results = { pcall(fn) }
    if results[1] then return unpack(results, 2, table.maxn(results)) end
    local pause = worth_another(results[2], kinds) and pauses()
    if not pause then error(results[2], 0) end
    timer.sleep(pause)
  end
end

return retry
