-- What goes wrong with deliveries on request: duplicates, losses, delays, another order, a rest.
local moment = require("sim.moment")
local seeded = require("sim.seeded")

local mishaps = {}

--- The kinds, each with one sentence.
mishaps.kinds = {
  duplicate = "deliver a message `times` times (2)",
  lose = "never deliver it",
  delay = "deliver it `seconds` later (60)",
  reorder = "deliver it up to `seconds` later by chance (30), so that others overtake it",
  shun = "give its endpoint a rest of `seconds` (300), as after failures; then it is delivered",
}

-- The bounds of each number.
local numbers = {
  count = { 0, 1e9 }, probability = { 0, 1 }, times = { 1, 1000 }, seconds = { 0, 1e7 },
}

--- Makes a mishap out of a table sent by an administrator: { kind, topic_urn?, type?, count?,
--- probability?, times?, seconds? }. It happens `count` times (1, or without end when it has a
--- probability; 0 is without end). Returns nil and the reason when it is none.
function mishaps.make(world, wish)
  if not mishaps.kinds[wish.kind] then return nil, "unknown kind: " .. tostring(wish.kind) end
  for name, bounds in pairs(numbers) do
    local value = wish[name]
    local fits = type(value) == "number" and value >= bounds[1] and value <= bounds[2]
    if value ~= nil and not fits then
      return nil, ("%s: a number from %.0f to %.0f"):format(name, bounds[1], bounds[2])
    end
  end
  for _, name in ipairs({ "topic_urn", "type" }) do
    if wish[name] ~= nil and type(wish[name]) ~= "string" then return nil, name .. ": a text" end
  end
  world.counters.mishap = (world.counters.mishap or 0) + 1
  return {
    id = "mishap-" .. world.counters.mishap, kind = wish.kind, topic_urn = wish.topic_urn,
    type = wish.type, count = wish.count or (wish.probability and 0 or 1),
    probability = wish.probability, times = math.floor(wish.times or 2), seconds = wish.seconds,
    happened = 0,
  }
end

local function happens(world, mishap, topic_urn, message)
  if mishap.topic_urn and mishap.topic_urn ~= topic_urn then return false end
  if mishap.type and mishap.type ~= message.type then return false end
  if mishap.count > 0 and mishap.happened >= mishap.count then return false end
  if mishap.probability and seeded.fraction(world, "fault") >= mishap.probability then
    return false
  end
  mishap.happened = mishap.happened + 1
  return true
end

--- The copies of a message that are sent, each { delay = microseconds, lost }, and the seconds of
--- rest that its endpoint gets.
function mishaps.copies(world, topic_urn, message)
  local copies, lost, delay, spread, rest = 1, false, 0, 0, 0
  for mishap in world.mishaps:each() do
    if happens(world, mishap, topic_urn, message) then
      if mishap.kind == "duplicate" then copies = copies * mishap.times end
      if mishap.kind == "lose" then lost = true end
      if mishap.kind == "delay" then delay = delay + (mishap.seconds or 60) end
      if mishap.kind == "reorder" then spread = spread + (mishap.seconds or 30) end
      if mishap.kind == "shun" then rest = math.max(rest, mishap.seconds or 300) end
    end
  end
  local out = {}
  for index = 1, copies do
    local late = spread > 0 and spread * seeded.fraction(world, "fault") or 0
    out[index] = { lost = lost, delay = math.floor((delay + late) * moment.second) }
  end
  return out, rest
end

return mishaps
