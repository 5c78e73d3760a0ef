-- How long each step in the life of a scaling instance takes, in seconds of simulated time. None is
-- documented; a server of the platform is up within a minute or so, and the rest is quick.
local moment = require("sim.moment")
local seeded = require("sim.seeded")

-- `seconds` is the middle, `spread` the part of it that chance adds or takes away.
local steps = {
  creating = { seconds = 45, spread = 0.2 },
  joining = { seconds = 3, spread = 0.2 },
  binding = { seconds = 5, spread = 0.2 },
  unbinding = { seconds = 5, spread = 0.2 },
  leaving = { seconds = 15, spread = 0.2 },
  discarding = { seconds = 15, spread = 0.2 },
  entering_standby = { seconds = 5, spread = 0.2 },
  exiting_standby = { seconds = 5, spread = 0.2 },
}

local durations = {}

--- The duration of a step, jittered from the world's seed: whole milliseconds, in microseconds.
function durations.draw(world, step)
  local entry = steps[step]
  local jitter = 1 + entry.spread * (2 * seeded.fraction(world, "chance") - 1)
  return math.floor(entry.seconds * jitter * 1000) * moment.millisecond
end

return durations
