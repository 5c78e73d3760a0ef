-- A browser, driven over chromedriver's W3C WebDriver protocol.
local browser = {}
browser.__index = browser

-- A repetition does no harm to a test; a browser that is busy answers late.
local function call(self, method, path, body)
  local answer = http.request {
    method = method, url = self.base .. path, body = body and json.encode(body),
    headers = { ["Content-Type"] = "application/json" },
    timeout = "60s", repeatable = path ~= "/session",
  }
  local value = json.decode(answer.body).value
  if answer.status ~= 200 then
    error(("%s %s: %s"):format(method, path, value.message or answer.body), 0)
  end
  return value
end

--- Starts a session with the chromedriver of this address; its console is listened to.
function browser.open(driver, profile)
  local self = setmetatable({ base = driver }, browser)
  local session = call(self, "POST", "/session", { capabilities = { alwaysMatch = {
    ["goog:loggingPrefs"] = { browser = "ALL" },
    ["goog:chromeOptions"] = { args = {
      "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
      "--disable-dev-shm-usage", -- containers have little of it
      "--force-device-scale-factor=1", "--force-color-profile=srgb", "--user-data-dir=" .. profile,
    } },
  } } })
  self.base = driver .. "/session/" .. session.sessionId
  return self
end

function browser:close() call(self, "DELETE", "") end

function browser:go(url) call(self, "POST", "/url", { url = url }) end

--- Runs JavaScript in the page and returns what it returns.
function browser:run(script, ...)
  return call(self, "POST", "/execute/sync", { script = script, args = json.array { ... } })
end

--- Likewise, of a script that calls its last argument with its answer.
function browser:run_async(script, ...)
  return call(self, "POST", "/execute/async", { script = script, args = json.array { ... } })
end

--- What the console has said since it was asked last: warnings, errors, blocked requests.
function browser:complaints()
  local lines = {}
  for _, entry in ipairs(call(self, "POST", "/se/log", { type = "browser" })) do
    lines[#lines + 1] = entry.level .. " " .. entry.message
  end
  return lines
end

local function devtools(self, command, parameters)
  call(self, "POST", "/goog/cdp/execute", { cmd = command, params = parameters })
end

function browser:resize(width, height)
  devtools(self, "Emulation.setDeviceMetricsOverride",
    { width = width, height = height, deviceScaleFactor = 1, mobile = false })
end

--- "light" or "dark", as the viewer prefers it.
function browser:prefer(scheme)
  devtools(self, "Emulation.setEmulatedMedia",
    { features = { { name = "prefers-color-scheme", value = scheme } } })
end

--- As if printed; nil for the screen again.
function browser:media(name)
  devtools(self, "Emulation.setEmulatedMedia", { media = name or "" })
end

--- The time zone of the viewer, "Asia/Shanghai".
function browser:zone(name)
  devtools(self, "Emulation.setTimezoneOverride", { timezoneId = name })
end

local function find(self, selector)
  local found = call(self, "POST", "/element", { using = "css selector", value = selector })
  return select(2, next(found))
end

function browser:type(selector, text)
  call(self, "POST", "/element/" .. find(self, selector) .. "/value", { text = text })
end

function browser:click(selector)
  call(self, "POST", "/element/" .. find(self, selector) .. "/click", {})
end

--- A picture of an element as base64 of a PNG.
function browser:picture(selector)
  return call(self, "GET", "/element/" .. find(self, selector) .. "/screenshot")
end

return browser
