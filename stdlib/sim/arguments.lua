-- Reads the arguments of a request and checks them against the operation's entry in the catalogue.
local wire = require("sim.wire")

local function is_list(value)
  return type(value) == "table" and (value[1] ~= nil or next(value) == nil)
end

local types = {
  string = function(value) return type(value) == "string" end,
  integer = function(value) return type(value) == "number" and value % 1 == 0 end,
  number = function(value) return type(value) == "number" end,
  boolean = function(value) return type(value) == "boolean" end,
  object = function(value) return type(value) == "table" and value[1] == nil end,
  string_list = is_list,
  object_list = is_list,
}

-- What the checks below need to know: the world's rules and the codes of the service.
local Reading = {}
Reading.__index = Reading

-- The code for a parameter that is "missing" or "wrong"; `value` is what is wrong. A code of the
-- operation may be named with the parameter that it is a member of: "matches.key".
function Reading:refuse(parameter, how, value)
  local own = self.own_codes
  local code = own and (own[(self.inside or "") .. "." .. parameter.name] or own[parameter.name])
    or self.service.codes and self.service.codes[parameter.name]
    or self.service.fail_code
  if type(code) == "function" then wire.refuse(code(how, value)) end
  wire.refuse(type(code) == "table" and code[how] or code)
end

local function one_of(words, value)
  for _, word in ipairs(words) do
    if word == value then return true end
  end
  return false
end

function Reading:check_text(parameter, text)
  local keeps = self.world.rules[parameter.rule]
  local how = text == "" and "missing" or "wrong"
  if keeps and not keeps(text) then self:refuse(parameter, how, text) end
  local is_id = parameter.rule == "id" and self.service.is_id
  if is_id and not is_id(text, parameter.name) then self:refuse(parameter, how, text) end
  local words = parameter.one_of
  if words and not one_of(words, text) then self:refuse(parameter, how, text) end
  local constant = parameter.constant
  if constant and text ~= constant then self:refuse(parameter, "wrong", text) end
end

-- The value with its members checked and read; unknown members are ignored.
function Reading:members(parameter, value)
  if not parameter.members then return value end
  local outside = self.inside
  self.inside = parameter.name
  local read
  if parameter.type == "object" then
    read = self:object(parameter.members, value)
  else
    read = {}
    for index, row in ipairs(value) do
      if type(row) ~= "table" then self:refuse(parameter, "wrong") end
      read[index] = self:object(parameter.members, row)
    end
  end
  self.inside = outside
  return read
end

function Reading:checked(parameter, value)
  local kind = parameter.type
  if not types[kind](value) then self:refuse(parameter, "wrong", value) end
  if kind == "string" then
    self:check_text(parameter, value)
    return value
  end
  if kind == "string_list" then
    for _, text in ipairs(value) do
      if type(text) ~= "string" then self:refuse(parameter, "wrong", value) end
      self:check_text(parameter, text)
    end
  end
  local size = type(value) == "table" and #value or value
  if type(size) == "number" and kind ~= "object" then
    if parameter.min and size < parameter.min then
      self:refuse(parameter, size == 0 and type(value) == "table" and "missing" or "wrong")
    end
    if parameter.max and size > parameter.max then self:refuse(parameter, "wrong", value) end
  end
  if type(value) ~= "table" then return value end
  return self:members(parameter, value)
end

--- The checked members of a JSON object.
function Reading:object(parameters, object)
  local null, out = self.world.json.null, {}
  for _, parameter in ipairs(parameters) do
    local value = object[parameter.name]
    if value == nil or value == null then
      if parameter.required then self:refuse(parameter, "missing") end
    else
      out[parameter.name] = self:checked(parameter, value)
    end
  end
  return out
end

-- A value of the query has arrived as text. Lists are JSON arrays (sdrs.md section 7), repeated
-- parameters or separated by commas (ecs.md section 3).
function Reading:from_text(parameter, text, repeated)
  if parameter.type == "integer" then return tonumber(text:match("^-?%d+$")) end
  if parameter.type == "number" then return tonumber(text) end
  if parameter.type == "boolean" then
    if text == "true" then return true end
    return text ~= "false" and text or false
  end
  if parameter.type == "string_list" then
    if repeated then return repeated end
    if text:find("^%[") then
      local read, list = pcall(self.world.json.decode, text)
      return read and list or text
    end
    local list = {}
    for part in text:gmatch("[^,]+") do
      list[#list + 1] = part
    end
    return list
  end
  return text
end

function Reading:query(parameter, values, repeated)
  local text = values[parameter.name]
  if text == nil or text == "" then
    if parameter.required then self:refuse(parameter, "missing") end
    return nil
  end
  local value = self:from_text(parameter, text, repeated[parameter.name])
  if value == nil then self:refuse(parameter, "wrong") end
  return self:checked(parameter, value)
end

local function inner_body(operation, body, fail_code)
  if operation.method == "GET" then return {} end
  if body == nil then body = {} end
  if type(body) ~= "table" then wire.refuse(fail_code) end
  if not operation.envelope then return body end
  local inner = body[operation.envelope]
  if type(inner) == "table" then return inner end
  for _, parameter in ipairs(operation.params) do
    if parameter.place == "body" and parameter.required then wire.refuse(fail_code) end
  end
  return {}
end

-- Whether each kind of constraint is kept by the given arguments; the other kinds refuse nothing.
local function given(arguments, names)
  local count = 0
  for _, name in ipairs(names) do
    if arguments[name] ~= nil then count = count + 1 end
  end
  return count
end

local bonds = {
  at_least_one = function(arguments, bond) return given(arguments, bond.these) > 0 end,
  at_most_one = function(arguments, bond) return given(arguments, bond.these) <= 1 end,
  needs = function(arguments, bond)
    return given(arguments, bond.these) == 0 or given(arguments, bond.those) == #bond.those
  end,
  needs_value = function(arguments, bond)
    return given(arguments, bond.these) == 0
      or tostring(arguments[bond.those[1]]) == bond.value
  end,
  value_needs = function(arguments, bond)
    return tostring(arguments[bond.these[1]]) ~= bond.value
      or given(arguments, bond.those) == #bond.those
  end,
  rises = function(arguments, bond)
    local last = nil
    for _, name in ipairs(bond.these) do
      local number = arguments[name]
      if last and number and number < last then return false end
      last = number or last
    end
    return true
  end,
}

local function check_bonds(service, operation, call)
  if #operation.constraints == 0 then return end
  local all = {}
  for _, place in ipairs({ "path", "query", "body" }) do
    for name, value in pairs(call[place]) do
      all[name] = value
    end
  end
  for _, bond in ipairs(operation.constraints) do
    local kept, code = bonds[bond.bond], service.bond_codes and service.bond_codes[bond.these[1]]
    if code ~= false and kept and not kept(all, bond) then
      wire.refuse(code or service.fail_code)
    end
  end
end

local function needs_body(operation)
  for _, parameter in ipairs(operation.in_body) do
    if parameter.required then return true end
  end
  return false
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
function arguments.read(world, service, operation, path, query, body)
  if body == false then wire.refuse(service.fail_code) end
  if body == nil and service.no_body_code and needs_body(operation) then
    wire.refuse(service.no_body_code)
  end
  local own_codes = service.operation_codes and service.operation_codes[operation.name]
  local reading = setmetatable({ world = world, service = service, own_codes = own_codes }, Reading)
  local values, repeated = wire.query(query)
  local inner = inner_body(operation, body, service.fail_code)
  local call = { path = {}, query = {}, body = reading:object(operation.in_body, inner) }
  for name, value in pairs(path) do
    call.path[name] = value
  end
  for _, parameter in ipairs(operation.params) do
    if parameter.place == "query" then
      call.query[parameter.name] = reading:query(parameter, values, repeated)
    elseif parameter.place == "path" and path[parameter.name] then
      reading:checked(parameter, path[parameter.name])
    end
  end
  check_bonds(service, operation, call)
  return call
end

return arguments
