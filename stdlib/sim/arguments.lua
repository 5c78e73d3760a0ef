-- Reads the arguments of a request and checks them against the operation's entry in the catalogue.
local wire = require("sim.wire")

-- The code that answers a bad value, by parameter (sdrs.json, error codes 02xx). Any other: 0201.
local codes = {
  name = "SDRS.0202", name_prefix = "SDRS.0202", description = "SDRS.0212",
  source_availability_zone = "SDRS.0203", target_availability_zone = "SDRS.0203",
  availability_zone = "SDRS.0203", source_vpc_id = "SDRS.0204", domain_id = "SDRS.0205",
  server_group_id = "SDRS.0207", protected_instance_id = "SDRS.0208", status = "SDRS.0209",
  server_id = "SDRS.0210", volume_id = "SDRS.0211", replication_id = "SDRS.0213",
  priority_station = "SDRS.0216", dr_type = "SDRS.0217", cluster_id = "SDRS.0218",
  primary_ip_address = "SDRS.0219", limit = "SDRS.0221", offset = "SDRS.0222",
  nic_id = "SDRS.0223", dedicated_host_id = "SDRS.0227", tenancy = "SDRS.0228",
  server_group_ids = "SDRS.0226", protected_instance_ids = "SDRS.0226",
}

-- The documented rules for text: names hold Chinese and English letters, digits and . _ -; here
-- every character outside ASCII counts as a letter. Lengths are bytes (sdrs.md section 7).
local rules = {
  name = function(text)
    return #text > 0 and #text <= 64 and text:find("^[%w._\128-\255-]+$") ~= nil
  end,
  description = function(text)
    return #text <= 64 and not text:find("[<>]")
  end,
  id = function(text)
    return #text >= 32 and #text <= 36 and text:find("^[%w-]+$") ~= nil
  end,
}

local function is_list(value)
  return type(value) == "table" and (value[1] ~= nil or next(value) == nil)
end

local types = {
  string = function(value) return type(value) == "string" end,
  integer = function(value) return type(value) == "number" and value % 1 == 0 end,
  boolean = function(value) return type(value) == "boolean" end,
  object = function(value) return type(value) == "table" and value[1] == nil end,
  string_list = is_list,
  object_list = is_list,
}

local function refuse(parameter)
  wire.refuse(codes[parameter.name] or "SDRS.0201")
end

local function one_of(words, value)
  for _, word in ipairs(words) do
    if word == value then return true end
  end
  return false
end

local function check(parameter, value)
  if not types[parameter.type](value) then refuse(parameter) end
  local rule = rules[parameter.rule]
  if rule and type(value) == "string" and not rule(value) then refuse(parameter) end
  local size = value
  if type(value) == "table" then size = #value end
  if type(size) == "number" then
    if parameter.min and size < parameter.min then refuse(parameter) end
    if parameter.max and size > parameter.max then refuse(parameter) end
  end
  local words = parameter.one_of
  if words and #words > 0 and not one_of(words, value) then refuse(parameter) end
end

-- A value of the query has arrived as text; lists are JSON arrays (sdrs.md section 7).
local function from_text(json, parameter, text)
  if parameter.type == "integer" then return tonumber(text:match("^-?%d+$")) end
  if parameter.type == "boolean" then
    if text == "true" then return true end
    return text ~= "false" and text or false
  end
  if parameter.type == "string_list" then
    local read, list = pcall(json.decode, text)
    return read and list or text
  end
  return text
end

local function raw_value(json, parameter, sources)
  local value = sources[parameter.place][parameter.name]
  if value == nil or value == json.null then return nil end
  if parameter.place ~= "query" then return value end
  if value == "" then return nil end
  value = from_text(json, parameter, value)
  if value == nil then refuse(parameter) end
  return value
end

local function inner_body(operation, body)
  if operation.method == "GET" then return {} end
  if body == nil then body = {} end
  if type(body) ~= "table" then wire.refuse("SDRS.0201") end
  if not operation.envelope then return body end
  local inner = body[operation.envelope]
  if type(inner) == "table" then return inner end
  for _, parameter in ipairs(operation.params) do
    if parameter.place == "body" and parameter.required then wire.refuse("SDRS.0201") end
  end
  return {}
end

local arguments = {}

--- Decodes a body: nil for none, `false` for text that is not JSON.
function arguments.body(json, text)
  if text == nil or text:find("^%s*$") then return nil end
  local read, value = pcall(json.decode, text)
  if not read then return false end
  return value
end

--- The checked arguments of a request by place: { path = {}, query = {}, body = {} }. Raises the
--- platform's refusal at the first that is missing or wrong; unknown ones are ignored.
function arguments.read(json, operation, path, query, body)
  if body == false then wire.refuse("SDRS.0201") end
  local sources = { path = path, query = wire.query(query), body = inner_body(operation, body) }
  local checked = { path = {}, query = {}, body = {} }
  for _, parameter in ipairs(operation.params) do
    local value = raw_value(json, parameter, sources)
    if value == nil then
      if parameter.required and parameter.place ~= "path" then refuse(parameter) end
    else
      check(parameter, value)
    end
    checked[parameter.place][parameter.name] = value
  end
  for name, value in pairs(path) do
    checked.path[name] = value
  end
  return checked
end

return arguments
