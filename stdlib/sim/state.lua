-- The world as plain data and back. What goes out and comes in again is equal to the last byte;
-- receipts are a log of this process and no part of it.
local agenda = require("sim.agenda")
local store = require("sim.store")
local faults = require("sim.faults")

local state = { version = 3 }

-- Arrays are named because an empty one would otherwise come back as an empty object.
local own_stores = { { name = "jobs", arrays = { "sub_jobs" } } }

local function each_store(world)
  local stores = { unpack(own_stores) }
  for _, entry in ipairs(world.services.stores) do
    stores[#stores + 1] = entry
  end
  return ipairs(stores)
end

local function each_service(world, hook)
  for _, service in ipairs(world.services.list) do
    if service[hook] then service[hook](world) end
  end
end

--- Empties every store and index of a world.
function state.clear(world)
  for _, entry in each_store(world) do
    world[entry.name] = store.new()
  end
  world.agenda = agenda.new()
  each_service(world, "clear")
end

--- The world as one table that the JSON encoder takes.
function state.export(world)
  local array = world.json.array
  local out = {
    version = state.version, seed = world.seed, now = world:now(), counters = world.counters,
    quotas = world.quotas, settings = world.settings, skew_seconds = world.skew,
    faults = array({}), agenda = agenda.export(world),
  }
  for index, fault in ipairs(world.faults) do
    out.faults[index] = fault
  end
  for _, entry in each_store(world) do
    local rows = array({})
    for record in world[entry.name]:each() do
      rows[#rows + 1] = record
    end
    out[entry.name] = rows
  end
  return out
end

local function check_records(world, document)
  for _, entry in each_store(world) do
    if type(document[entry.name]) ~= "table" then return entry.name .. " is missing" end
    for _, record in ipairs(document[entry.name]) do
      if type(record) ~= "table" or type(record.id) ~= "string" then
        return entry.name .. " holds a record without an id"
      end
    end
  end
  return nil
end

local function check(world, document)
  if type(document) ~= "table" or document.version ~= state.version then
    return "this is not a state of version " .. state.version
  end
  for _, name in ipairs({ "seed", "now", "skew_seconds" }) do
    if type(document[name]) ~= "number" then return name .. " is missing" end
  end
  for _, name in ipairs({ "counters", "quotas", "settings", "faults", "agenda" }) do
    if type(document[name]) ~= "table" then return name .. " is missing" end
  end
  local reason = check_records(world, document) or agenda.check(world, document.agenda)
  for _, service in ipairs(world.services.list) do
    reason = reason or service.check and service.check(document)
  end
  return reason
end

local function load(world, document)
  for _, entry in each_store(world) do
    for _, record in ipairs(document[entry.name]) do
      for _, name in ipairs(entry.arrays or {}) do
        if record[name] then record[name] = world.json.array(record[name]) end
      end
      world[entry.name]:add(record)
    end
  end
  for _, event in ipairs(document.agenda) do
    world.agenda:push(event)
  end
end

--- Replaces the world by an exported one; its clock goes on from the moment of the export. Returns
--- nil, or the reason why the document was refused (the world is then as it was).
function state.import(world, document)
  local reason = check(world, document)
  if reason then return reason end
  local list = {}
  for index, wish in ipairs(document.faults) do
    list[index], reason = faults.make(world, wish)
    if reason then return reason end
  end
  state.clear(world)
  world.seed, world.counters, world.quotas = document.seed, document.counters, document.quotas
  world.settings, world.skew, world.faults = document.settings, document.skew_seconds, list
  world:set_now(document.now)
  load(world, document)
  each_service(world, "index")
  return nil
end

--- Lets every service put into an empty world what stands in a new one.
function state.fresh(world)
  state.clear(world)
  each_service(world, "fresh")
end

return state
