-- Handlers of lifecycle hooks for `neap serve`: a file registers them with hooks.on, and each runs
-- in a machine of its own for every instance that is held (as.md sections 4 and 13).
local classes = require "manual.classes"
local hold = require "host.hold"
local sorted = require "sorted"
local text = require "host.text"
local timer = require "host.timer"

---@alias neap.HookType "INSTANCE_LAUNCHING"|"INSTANCE_TERMINATING"
---@alias neap.Handler fun(event: neap.Event): "CONTINUE"|"ABANDON"
local hooks = {}

local TYPES = { INSTANCE_LAUNCHING = "launching", INSTANCE_TERMINATING = "terminating" }
local RESULTS = { CONTINUE = true, ABANDON = true }
local ON_ERROR = { CONTINUE = true, ABANDON = true, HOLD = true }
-- A launch that failed is tried anew by the platform; an instance that leaves cannot be kept.
local DEFAULT_ON_ERROR = { INSTANCE_LAUNCHING = "ABANDON", INSTANCE_TERMINATING = "CONTINUE" }
local MOST = 10000

local registered = {}
local loaded = false

local function refuse(format, ...)
  error({ kind = "usage", message = "hooks.on: " .. format:format(...) })
end

local function list_of(name, value)
  if value == nil then return {} end
  if type(value) == "string" then return { value } end
  if type(value) ~= "table" then refuse("`%s` is a text or a list of texts", name) end
  local list = {}
  for i, item in ipairs(value) do
    if type(item) ~= "string" then refuse("item %d of `%s` is no text", i, name) end
    list[i] = item
  end
  return list
end

local function count_of(name, value, default)
  if value == nil then return default end
  if type(value) ~= "number" or value < 1 or value > MOST or value % 1 ~= 0 then
    refuse("`%s` is a whole number from 1 to %d", name, MOST)
  end
  return value
end

local function duration_of(name, value, default)
  if value == nil then return default end
  local ok, seconds = pcall(timer.parse, value)
  if not ok or seconds <= 0 then refuse("`%s` is a duration such as \"5m\"", name) end
  return seconds
end

local function path_of(value)
  if value == nil then return nil end
  if type(value) ~= "string" or not value:find("^/[%w/_-]+$") or value == "/smn" then
    refuse("`path` is a path such as \"/smn/web\"")
  end
  return value
end

--- What hooks.on takes beside the type and the function.
---@field name? string of the handler, as logs and metrics show it
---@field group? string|string[] names or ids of the groups that it is for; all unless given
---@field hook? string|string[] names of the hooks that it is for; all unless given
---@field path? string messages that arrive there only, such as "/smn/web"
---@field needs? neap.Need[] as of a runbook
---@field concurrency? integer how many run at once, 10 unless given
---@field per_group? integer how many of them for one group
---@field attempts? integer 3 unless given
---@field timeout? neap.Duration of each attempt
---@field extend_up_to? neap.Duration how long a hold may last in all, 6h unless given
---@field on_error? "CONTINUE"|"ABANDON"|"HOLD" once every attempt has failed
local OPTIONS = classes.record("neap.HookOptions", {
  name = true, group = true, hook = true, path = true, needs = true, concurrency = true,
  per_group = true, attempts = true, timeout = true, extend_up_to = true, on_error = true,
})

local function check_names(options)
  for name in sorted(options) do
    if not OPTIONS[name] then
      local known = {}
      for option in sorted(OPTIONS) do known[#known + 1] = option end
      refuse("unknown option `%s`%s; there are %s", tostring(name),
        text.did_you_mean(tostring(name), known), table.concat(known, ", "))
    end
  end
end

local function name_of(options, hook_type)
  local name = options.name
  if name == nil then name = ("%s-%d"):format(TYPES[hook_type], #registered + 1) end
  if type(name) ~= "string" or not name:find("^[%w_.-]+$") or #name > 64 then
    refuse("`name` has 1 to 64 letters, digits, _, . and -")
  end
  for _, other in ipairs(registered) do
    if other.spec.name == name then refuse("there is a handler \"%s\" already", name) end
  end
  return name
end

local function specification(hook_type, options)
  check_names(options)
  local on_error = options.on_error or DEFAULT_ON_ERROR[hook_type]
  if not ON_ERROR[on_error] then refuse("`on_error` is CONTINUE, ABANDON or HOLD") end
  return {
    index = #registered + 1,
    name = name_of(options, hook_type),
    type = hook_type,
    groups = list_of("group", options.group),
    hooks = list_of("hook", options.hook),
    path = path_of(options.path),
    needs = list_of("needs", options.needs),
    concurrency = count_of("concurrency", options.concurrency, 10),
    per_group = count_of("per_group", options.per_group),
    attempts = count_of("attempts", options.attempts, 3),
    timeout = duration_of("timeout", options.timeout),
    extend_up_to = duration_of("extend_up_to", options.extend_up_to, 6 * 3600),
    on_error = on_error,
  }
end

--- Registers `fn(event)` for instances that hooks of a type hold, INSTANCE_LAUNCHING or
--- INSTANCE_TERMINATING. The first handler that fits is the one; it returns
--- "CONTINUE" or "ABANDON".
--- options: name, group and hook (what it is for: names or ids), path (messages that arrive there
--- only), needs (as of a runbook), concurrency, per_group (at once), attempts, timeout (of each),
--- extend_up_to (how long a hold may last in all), on_error (CONTINUE, ABANDON or HOLD, once every
--- attempt has failed).
---@param hook_type neap.HookType
---@param options neap.HookOptions
---@param fn neap.Handler
---@overload fun(hook_type: neap.HookType, fn: neap.Handler)
function hooks.on(hook_type, options, fn)
  if loaded then refuse("handlers are registered while their file is loaded") end
  if type(options) == "function" then options, fn = {}, options end
  if not TYPES[hook_type] then
    refuse("the type is INSTANCE_LAUNCHING or INSTANCE_TERMINATING, not %s", tostring(hook_type))
  end
  if type(options) ~= "table" then refuse("options are a table") end
  if type(fn) ~= "function" then refuse("the handler is a function") end
  registered[#registered + 1] = { spec = specification(hook_type, options), fn = fn }
end

--- What a file has registered, as plain data; for the service.
---@private
function hooks.describe()
  loaded = true
  if #registered == 0 then
    error({
      kind = "usage", message = "the file registers no handler",
      hint = "hooks.on(\"INSTANCE_LAUNCHING\", {}, function(event) … return \"CONTINUE\" end)",
    })
  end
  local handlers = {}
  for i, row in ipairs(registered) do handlers[i] = row.spec end
  return { handlers = handlers }
end

--- What a hook holds an instance for, as a handler sees it.
---@field id string of the event
---@field type string INSTANCE_LAUNCHING or INSTANCE_TERMINATING
---@field hook_name string
---@field action_key string names this hold to the platform
---@field group_id string
---@field group_name string
---@field instance_id string
---@field instance_name string
---@field instance_ip string
---@field metadata string what the hook was made with, for whoever is notified
---@field attempt integer 1 for the first
---@field deadline number when the platform decides by itself, in seconds since 1970; it moves
local Event = classes.named("neap.Event", {}, { at = "event" })

--- Seconds until the platform decides by itself, as it stands now: the service extends the hold
--- while the handler works, up to `extend_up_to`.
---@return number
function Event:remaining()
  return self.deadline - timer.utc()
end

local function member_of(_, name)
  if name == "deadline" then return hold.deadline() end
  return Event[name]
end

--- Runs a registered handler for an event and returns its answer; for the service.
---@private
function hooks.run(_, index, event)
  loaded = true
  local answer = registered[index].fn(setmetatable(event, { __index = member_of }))
  if RESULTS[answer] then return answer end
  local got = answer == nil and "nothing" or type(answer) == "string" and ("%q"):format(answer)
    or "a " .. type(answer)
  error({
    kind = "script", message = ("the handler returned %s"):format(got),
    hint = "it returns \"CONTINUE\" or \"ABANDON\"",
  })
end

return hooks
