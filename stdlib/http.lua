-- HTTP to hosts that the header asks for and the operator grants ("net:HOST").
local host = require "host.http"

local http = { request = host.request }

local function with(method, url, options)
  local request = { method = method, url = url }
  for name, value in pairs(options or {}) do request[name] = value end
  return host.request(request)
end

--- Returns { status, headers, body }; retried on network errors, 429 and 5xx.
function http.get(url, options)
  return with("GET", url, options)
end

--- Sent once, never retried; kind `in_doubt` when no answer came.
function http.post(url, body, options)
  local copy = { body = body }
  for name, value in pairs(options or {}) do copy[name] = value end
  return with("POST", url, copy)
end

return http
