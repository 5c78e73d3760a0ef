-- What goes over the wire: percent-decoding, queries, answers and the documented error bodies.
local moment = require("sim.moment")

local wire = {}

local function decoded_byte(digits)
  return string.char(tonumber(digits, 16))
end

--- Percent-decodes a path segment or a query part; "+" stands for itself.
function wire.decode(text)
  return (text:gsub("%%(%x%x)", decoded_byte))
end

--- Splits "/v1/a%20b" into { "v1", "a b" }; a trailing slash makes no segment.
function wire.segments(path)
  local segments = {}
  for segment in path:gmatch("[^/]+") do
    segments[#segments + 1] = wire.decode(segment)
  end
  return segments
end

--- Reads "a=1&b=x%20y" into a table; the last of repeated names wins. The second result maps the
--- names that are repeated to all their values.
function wire.query(text)
  local values, repeated = {}, {}
  for part in (text or ""):gmatch("[^&]+") do
    local name, value = part:match("^([^=]*)=(.*)$")
    name, value = wire.decode(name or part), wire.decode(value or "")
    if values[name] then
      repeated[name] = repeated[name] or { values[name] }
      table.insert(repeated[name], value)
    end
    values[name] = value
  end
  return values, repeated
end

local function escaped_byte(byte)
  return string.format("\\x%02x", byte:byte())
end

--- A text that came from outside, fit for an answer: bytes that are no UTF-8 are written as \xNN.
function wire.printable(json, text)
  if not text:find("[\128-\255]") or pcall(json.encode, text) then return text end
  return (text:gsub("[\128-\255]", escaped_byte))
end

--- Raises the refusal that becomes the answer: an error code of the platform, or of ours.
function wire.refuse(code, message)
  error({ kind = "refused", code = code, message = message }, 0)
end

--- An answer with the headers that every answer carries, its body JSON text; "" is none.
function wire.answer_text(world, status, body)
  local headers = {
    ["X-Request-Id"] = world.request_id,
    ["Date"] = moment.http_date(moment.from_seconds(world:gateway_now())),
  }
  if body ~= "" then headers["Content-Type"] = "application/json;charset=UTF-8" end
  return { status = status, headers = headers, body = body }
end

--- The same with a value for its body; nil is none.
function wire.answer(world, status, value)
  return wire.answer_text(world, status, value ~= nil and world.json.encode(value) or "")
end

--- An error of the service: {"error":{"code","message"}}. The status and the text belong to the
--- code in the table of documented codes; `status`, `message` and `key` replace what it says.
function wire.service_error(world, code, status, message, key)
  local known = world.errors[code] or {}
  return wire.answer(world, status or known.http_status or 400, {
    [key or "error"] = { code = code, message = message or known.meaning or "Request refused" },
  })
end

--- The error of a service in the shape that it has there; nil is the service of an unknown route.
function wire.refusal(world, service, code, message, status)
  if not service or not service.refusal then
    return wire.service_error(world, code, status, message)
  end
  local response = service.refusal(world, code, message)
  response.status = status or response.status
  return response
end

--- An error of the gateway in front of the service (auth.md section 8).
function wire.gateway_error(world, status, code, message)
  return wire.answer(world, status, {
    error_code = code, error_msg = message, request_id = world.request_id,
  })
end

return wire
