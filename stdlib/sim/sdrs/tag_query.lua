-- Protected instances by their tags: the query, its limits and its logic (sdrs.md section 7).
local wire = require("sim.wire")
local instances = require("sim.sdrs.instances")

local longest_key, longest_value = 127, 255

local function characters(text)
  return select(2, text:gsub("[^\128-\191]", ""))
end

local function check_values(values)
  local seen = {}
  for _, value in ipairs(values) do
    if seen[value] then wire.refuse("SDRS.2219") end
    seen[value] = true
    if characters(value) > longest_value then wire.refuse("SDRS.2207") end
  end
end

local function check_tags(list)
  local seen = {}
  for _, tag in ipairs(list or {}) do
    if tag.key == "" then wire.refuse("SDRS.2205") end
    if characters(tag.key) > longest_key then wire.refuse("SDRS.2204") end
    if seen[tag.key] then wire.refuse("SDRS.2209") end
    seen[tag.key] = true
    check_values(tag.values)
  end
end

local function check_matches(matches)
  if not matches then return end
  if #matches == 0 then wire.refuse("SDRS.2212") end
  for _, match in ipairs(matches) do
    if characters(match.value) > longest_value then wire.refuse("SDRS.2217") end
  end
end

-- A number of the body that is written as a text.
local function number(text, least, most, code)
  if text == nil then return nil end
  local value = tonumber(text:match("^%d+$"))
  if not value or value < least or value > most then wire.refuse(code) end
  return value
end

-- Values of one key are alternatives, none at all stands for any; * in front finds a part.
local function fits(value, values)
  if #values == 0 then return true end
  for _, wanted in ipairs(values) do
    if value == wanted then return true end
    if wanted:sub(1, 1) == "*" and value:find(wanted:sub(2), 1, true) then return true end
  end
  return false
end

local function has(instance, wish)
  for _, tag in ipairs(instance.tags) do
    if tag.key == wish.key then return fits(tag.value, wish.values) end
  end
  return false
end

local function has_all(instance, wishes)
  for _, wish in ipairs(wishes) do
    if not has(instance, wish) then return false end
  end
  return true
end

local function has_any(instance, wishes)
  for _, wish in ipairs(wishes) do
    if has(instance, wish) then return true end
  end
  return false
end

local function is_named(instance, matches)
  for _, match in ipairs(matches) do
    local name = instance.name:lower()
    if match.value == "" and name ~= "" then return false end
    if not name:find(match.value:lower(), 1, true) then return false end
  end
  return true
end

local function given(list)
  return list ~= nil and #list > 0 and list or nil
end

local function matches(instance, wish)
  local tags, any = given(wish.tags), given(wish.tags_any)
  local no, none = given(wish.not_tags), given(wish.not_tags_any)
  if tags and not has_all(instance, tags) then return false end
  if any and not has_any(instance, any) then return false end
  if no and has_all(instance, no) then return false end
  if none and has_any(instance, none) then return false end
  return is_named(instance, wish.matches or {})
end

local function render(world, instance)
  local view = instances.render(world, instance)
  return {
    resource_id = instance.id, resource_name = instance.name, resource_detail = view,
    tags = instance.tags,
  }
end

return {
  answers = {
    list_protected_instances_by_tags = function(world, call)
      local wish = call.body
      for _, name in ipairs({ "tags", "tags_any", "not_tags", "not_tags_any" }) do
        check_tags(wish[name])
      end
      check_matches(wish.matches)
      local limit = number(wish.limit, 1, 1000, "SDRS.2220") or 1000
      local offset = number(wish.offset, 0, 1e9, "SDRS.0222") or 0
      local rows, count = world.json.array({}), 0
      for instance in world.instances:each() do
        if matches(instance, wish) then
          count = count + 1
          if count > offset and #rows < limit then rows[#rows + 1] = render(world, instance) end
        end
      end
      local answer = { total_count = count }
      if wish.action == "filter" then answer.resources = rows end
      return wire.answer(world, call.operation.success, answer)
    end,
  },
}
