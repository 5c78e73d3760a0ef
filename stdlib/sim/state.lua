-- The world as plain data and back. What goes out and comes in again is equal to the last byte;
-- receipts are a log of this process and no part of it.
local heap = require("sim.heap")
local store = require("sim.store")
local jobs = require("sim.jobs")
local instances = require("sim.instances")
local replications = require("sim.replications")
local faults = require("sim.faults")

local state = { version = 1 }

-- In the order in which they refer to each other. Arrays are named because an empty one would
-- otherwise come back as an empty object.
local stores = {
  { name = "domains" },
  { name = "groups" },
  { name = "servers" },
  { name = "instances", arrays = instances.arrays },
  { name = "replications", arrays = replications.arrays },
  { name = "jobs", arrays = { "sub_jobs", "success" } },
  { name = "failures" },
}

--- Empties every store and index of a world.
function state.clear(world)
  for _, entry in ipairs(stores) do
    world[entry.name] = store.new()
  end
  world.members, world.volumes, world.due = {}, {}, heap.new()
end

--- The world as one table that the JSON encoder takes.
function state.export(world)
  local array = world.json.array
  local out = {
    version = state.version, seed = world.seed, now = world:now(), counters = world.counters,
    quotas = world.quotas, skew_seconds = world.skew, faults = array({}),
  }
  for index, fault in ipairs(world.faults) do
    out.faults[index] = fault
  end
  for _, entry in ipairs(stores) do
    local rows = array({})
    for record in world[entry.name]:each() do
      rows[#rows + 1] = record
    end
    out[entry.name] = rows
  end
  return out
end

local function check(document)
  if type(document) ~= "table" or document.version ~= state.version then
    return "this is not a state of version " .. state.version
  end
  for _, name in ipairs({ "seed", "now", "skew_seconds" }) do
    if type(document[name]) ~= "number" then return name .. " is missing" end
  end
  for _, name in ipairs({ "counters", "quotas", "faults" }) do
    if type(document[name]) ~= "table" then return name .. " is missing" end
  end
  for _, entry in ipairs(stores) do
    if type(document[entry.name]) ~= "table" then return entry.name .. " is missing" end
    for _, record in ipairs(document[entry.name]) do
      if type(record) ~= "table" or type(record.id) ~= "string" then
        return entry.name .. " holds a record without an id"
      end
    end
  end
  local known = {}
  for _, group in ipairs(document.groups) do
    known[group.id] = true
  end
  for _, name in ipairs({ "instances", "replications" }) do
    for _, member in ipairs(document[name]) do
      if not known[member.server_group_id] then
        return name .. " holds " .. member.id .. ", whose group is missing"
      end
    end
  end
  return nil
end

local function load_stores(world, document)
  for _, entry in ipairs(stores) do
    for _, record in ipairs(document[entry.name]) do
      for _, name in ipairs(entry.arrays or {}) do
        if record[name] then record[name] = world.json.array(record[name]) end
      end
      world[entry.name]:add(record)
    end
  end
end

local function build_indexes(world)
  for group in world.groups:each() do
    world.members[group.id] = { instances = {}, replications = {} }
  end
  for instance in world.instances:each() do
    instances.index(world, instance)
  end
  for pair in world.replications:each() do
    replications.index(world, pair)
  end
  for job in world.jobs:each() do
    jobs.schedule(world, job)
  end
end

--- Replaces the world by an exported one; its clock goes on from the moment of the export. Returns
--- nil, or the reason why the document was refused (the world is then as it was).
function state.import(world, document)
  local reason = check(document)
  if reason then return reason end
  local list = {}
  for index, wish in ipairs(document.faults) do
    list[index], reason = faults.make(world, wish)
    if reason then return reason end
  end
  state.clear(world)
  world.seed, world.counters, world.quotas = document.seed, document.counters, document.quotas
  world.skew, world.faults = document.skew_seconds, list
  world:set_now(document.now)
  load_stores(world, document)
  build_indexes(world)
  return nil
end

return state
