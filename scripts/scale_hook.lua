-- Handlers of lifecycle hooks for `neap serve`: an instance that comes goes into service once it
-- answers its health probe; one that goes is drained first.
--
--   neap serve scale_hook --topic URN --allow net:10.0.0.0/16
--
-- To set it up differently, copy it and change the copy, or put it beside a file of yours:
--   local settings = require "scale_hook"
--   settings.port, settings.register = 8080, "https://registry.example.com/v1/instances"
-- A hook may set those marked * for its own instances, in its notification metadata:
--   port=8080;path=/health;within=120
-- In URLs {ip}, {port}, {path}, {id}, {name}, {group} and {hook} stand for what is known of the
-- instance. An empty URL is a step that is left out. Times are in seconds.
local settings = {
  port = 80,                           -- *
  path = "/",                          -- *
  every = 5,                           -- between two looks
  patience = 3,                        -- that a look may take

  -- An instance that comes. One that does not answer in time is given back (ABANDON).
  probe = "http://{ip}:{port}{path}",  -- healthy: any answer from 200 to 299
  healthy = 2,                         -- * so many in a row
  within = 600,                        -- *
  register = "",                       -- told by POST that the instance is there, as JSON

  -- An instance that goes. Whatever fails, it is let go in the end (CONTINUE).
  drain = "",                          -- told by POST to send nothing more to the instance
  drained = "",                        -- asked how much it still works on: a number; 0: all done
  drain_within = 300,                  -- *
  collect = "",                        -- told by POST to fetch what is to be kept
  collect_within = 300,                -- * the answer comes once that is fetched
}

local OF_HOOK = {
  port = tonumber, path = tostring, healthy = tonumber, within = tonumber, drain_within = tonumber,
  collect_within = tonumber,
}
-- What is over by itself; anything else is a mistake, or the service's word to end.
local PASSING = { network = true, timeout = true, throttled = true }
-- The service decides by itself when so little of the hold is left.
local MARGIN = 20

-- The settings as the instance's hook wants them.
local function settings_for(event)
  local wanted = {}
  for name, value in (event.metadata or ""):gmatch("([^=;]+)=([^;]*)") do
    local read = OF_HOOK[name]
    local good = read and read(value)
    if good == nil then
      log.warn("hook %s says %s=%s, which is no setting", event.hook_name, name, value)
    end
    wanted[name] = good
  end
  return setmetatable(wanted, { __index = settings })
end

local function escaped(text)
  return (text:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local function url_for(event, wanted, template)
  local ip = event.instance_ip
  if not ip and template:find("{ip}", 1, true) then
    error({ kind = "precondition", message = "the address of the instance is not known" })
  end
  local known = {
    ip = ip and (ip:find(":", 1, true) and "[" .. ip .. "]" or ip),
    port = ("%d"):format(wanted.port), path = wanted.path, id = escaped(event.instance_id),
    name = escaped(event.instance_name or ""), group = escaped(event.group_name or ""),
    hook = escaped(event.hook_name),
  }
  return (template:gsub("{(%w+)}", known))
end

local function seconds_left(event, began, limit)
  return math.min(limit - (os.clock() - began), event:remaining() - MARGIN)
end

-- The answer, or nothing and why there is none yet.
local function ask(limit, request)
  local ok, answer = pcall(task.timeout, limit, function() return http.request(request) end)
  if not ok then
    if type(answer) ~= "table" or not PASSING[answer.kind] then error(answer, 0) end
    return nil, answer.message
  end
  return answer, ("it answers %d"):format(answer.status)
end

local function is_good(answer)
  return answer ~= nil and answer.status >= 200 and answer.status <= 299
end

-- Looks until `look` is content, for so long at most and never past the hold; returns whether it
-- was, and why not.
local function wait_until(event, limit, look)
  local began = os.clock()
  while true do
    local good, why = look()
    if good then return true end
    local left = seconds_left(event, began, limit)
    if left <= 0 then return false, why end
    task.sleep(math.min(settings.every, left))
  end
end

-- Posts what is known of the instance until it is taken. Whoever is told may be told twice.
local function tell(event, wanted, template, limit)
  local began = os.clock()
  local request = {
    method = "POST", url = url_for(event, wanted, template), repeatable = true,
    headers = { ["Content-Type"] = "application/json", ["Idempotency-Key"] = event.id },
    body = json.encode({
      event = event.id, type = event.type, hook = event.hook_name, group_id = event.group_id,
      group = event.group_name, instance = event.instance_id, name = event.instance_name,
      ip = event.instance_ip, port = wanted.port,
    }),
  }
  return wait_until(event, limit, function()
    local answer, why = ask(math.max(seconds_left(event, began, limit), 1), request)
    return is_good(answer), why
  end)
end

local function wait_for_health(event, wanted)
  local probe, good = { url = url_for(event, wanted, wanted.probe) }, 0
  return wait_until(event, wanted.within, function()
    local answer, why = ask(wanted.patience, probe)
    good = is_good(answer) and good + 1 or 0
    return good >= wanted.healthy, why
  end)
end

local function given_back(event, format, ...)
  log.error("%s is given back: %s", event.instance_name or event.instance_id, format:format(...))
  return "ABANDON"
end

local function launching(event)
  local wanted = settings_for(event)
  if wanted.probe ~= "" then
    local well, why = wait_for_health(event, wanted)
    if not well then return given_back(event, "it is not healthy in time: %s", tostring(why)) end
  end
  if wanted.register ~= "" then
    local taken, why = tell(event, wanted, wanted.register, wanted.within)
    if not taken then return given_back(event, "it is not registered: %s", tostring(why)) end
  end
  return "CONTINUE"
end

-- A count of nothing, or nobody left who could count.
local function is_drained(event, wanted)
  local answer, why = ask(wanted.patience, { url = url_for(event, wanted, wanted.drained) })
  if not answer then return true end
  local count = is_good(answer) and tonumber(answer.body:match("%d+"))
  return count == 0, count and ("%d are still worked on"):format(count) or why
end

local STEPS = {
  { "drain", function(event, wanted)
    return tell(event, wanted, wanted.drain, wanted.drain_within)
  end },
  { "drained", function(event, wanted)
    return wait_until(event, wanted.drain_within, function() return is_drained(event, wanted) end)
  end },
  { "collect", function(event, wanted)
    return tell(event, wanted, wanted.collect, wanted.collect_within)
  end },
}

local function terminating(event)
  local wanted = settings_for(event)
  for _, step in ipairs(STEPS) do
    local name, fn = step[1], step[2]
    if wanted[name] ~= "" then
      local done, why = fn(event, wanted)
      if not done then
        log.warn("%s of %s is not done in time: %s", name, event.instance_name or event.instance_id,
          tostring(why))
      end
    end
  end
  return "CONTINUE"
end

-- An error is a mistake of whoever set this up, and no reason to give instances back.
hooks.on("INSTANCE_LAUNCHING", {
  name = "launch", needs = { "net:*" }, concurrency = 100, on_error = "HOLD",
}, launching)
hooks.on("INSTANCE_TERMINATING", {
  name = "terminate", needs = { "net:*" }, concurrency = 100, on_error = "CONTINUE",
}, terminating)

return settings
