-- HTTP to hosts that the header asks for and the operator grants ("net:HOST").
local host = require "host.http"

---@alias neap.Method "GET"|"HEAD"|"POST"|"PUT"|"PATCH"|"DELETE"

--- A request to a host that the header asks for.
---@class neap.HttpRequest
---@field url? string
---@field method? neap.Method GET unless given
---@field headers? table<string, string>
---@field body? string
---@field timeout? neap.Duration
---@field repeatable? boolean a repetition does no more than the first: it may be retried

--- What a host answered.
---@class neap.HttpResponse
---@field status integer
---@field headers table<string, string>
---@field body string
local http = {}

--- Sends one request and returns { status, headers, body }. A GET and a HEAD are retried, another
--- method is sent once unless it says that it is repeatable.
---@param request neap.HttpRequest
---@return neap.HttpResponse
http.request = host.request

local function with(method, url, options)
  local request = { method = method, url = url }
  for name, value in pairs(options or {}) do request[name] = value end
  return host.request(request)
end

--- Reads a page and returns { status, headers, body }; retried on network errors, 429 and 5xx.
---@param url string
---@param options? neap.HttpRequest
---@return neap.HttpResponse
function http.get(url, options)
  return with("GET", url, options)
end

--- Sends a body once, never retried; kind `in_doubt` when no answer came. With { repeatable = true
--- }, which says that a repetition does no more than the first, it is retried as a GET is.
---@param url string
---@param body? string
---@param options? neap.HttpRequest
---@return neap.HttpResponse
function http.post(url, body, options)
  local copy = { body = body }
  for name, value in pairs(options or {}) do copy[name] = value end
  return with("POST", url, copy)
end

return http
