-- Tags of protected instances: adding, deleting, listing (sdrs.md sections 3 and 7).
local wire = require("sim.wire")
local instances = require("sim.sdrs.instances")

local tags = {}

-- So many for each instance.
local most = 10

-- In which statuses tags cannot be changed is undocumented (choice sdrs.tag-states).
local function instance_of(world, call, refused)
  local instance = instances.find(world, call)
  if refused and (instance.status == "creating" or instance.status == "deleting") then
    wire.refuse(refused)
  end
  return instance
end

local function place_of(instance, key)
  for index, tag in ipairs(instance.tags) do
    if tag.key == key then return index end
  end
  return nil
end

-- A tag of the same key is overwritten. All or nothing.
local function add(world, instance, wishes)
  local new = 0
  local seen = {}
  for _, wish in ipairs(wishes) do
    if seen[wish.key] then wire.refuse("SDRS.2209") end
    seen[wish.key] = true
    if not place_of(instance, wish.key) then new = new + 1 end
  end
  if #instance.tags + new > most then wire.refuse("SDRS.2203") end
  for _, wish in ipairs(wishes) do
    local place = place_of(instance, wish.key) or #instance.tags + 1
    instance.tags[place] = { key = wish.key, value = wish.value }
  end
  instance.updated_at = world:now()
end

local answers = {}
tags.answers = answers

function answers.add_protected_instance_tags(world, call)
  add(world, instance_of(world, call, "SDRS.2221"), { call.body })
  return wire.answer(world, call.operation.success)
end

function answers.batch_add_tags(world, call)
  add(world, instance_of(world, call, "SDRS.2221"), call.body.tags)
  return wire.answer(world, call.operation.success)
end

function answers.delete_protected_instance_tag(world, call)
  local instance = instance_of(world, call, "SDRS.2222")
  local place = place_of(instance, call.path.key)
  if not place then wire.refuse("SDRS.2206") end
  table.remove(instance.tags, place)
  instance.updated_at = world:now()
  return wire.answer(world, call.operation.success)
end

--- Missing tags are no error here; with a value, only a tag of that value goes.
function answers.batch_delete_tags(world, call)
  local instance = instance_of(world, call, "SDRS.2222")
  for _, wish in ipairs(call.body.tags) do
    if wish.key == "" then wire.refuse("SDRS.2205") end
  end
  for _, wish in ipairs(call.body.tags) do
    local place = place_of(instance, wish.key)
    if place and (wish.value == nil or instance.tags[place].value == wish.value) then
      table.remove(instance.tags, place)
    end
  end
  instance.updated_at = world:now()
  return wire.answer(world, call.operation.success)
end

function answers.list_protected_instance_tags(world, call)
  local rows = world.json.array({})
  for index, tag in ipairs(instances.find(world, call).tags) do
    rows[index] = { key = tag.key, value = tag.value }
  end
  return wire.answer(world, call.operation.success, { tags = rows })
end

--- Every key in use with its values, in the order of their first use.
function answers.list_protected_instances_project_tags(world, call)
  local rows, by_key, seen = world.json.array({}), {}, {}
  for instance in world.instances:each() do
    for _, tag in ipairs(instance.tags) do
      local row = by_key[tag.key]
      if not row then
        row = { key = tag.key, values = world.json.array({}) }
        by_key[tag.key], seen[tag.key], rows[#rows + 1] = row, {}, row
      end
      if not seen[tag.key][tag.value] then row.values[#row.values + 1] = tag.value end
      seen[tag.key][tag.value] = true
    end
  end
  return wire.answer(world, call.operation.success, { tags = rows })
end

return tags
