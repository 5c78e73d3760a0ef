-- The checks of a timed policy's schedule, each with its documented code.
local wire = require("sim.wire")
local times = require("sim.as.times")

local schedules = {}

local kinds = { daily = true, weekly = true, monthly = true }

local function check_once(world, schedule)
  local at = times.to_minute(schedule.launch_time)
  if not at then wire.refuse("AS.3009") end
  if at <= world:now() then wire.refuse("AS.3010") end
end

local function check_days(schedule, kind)
  if kind == "daily" then return end
  local value = schedule.recurrence_value
  if not value or value == "" then wire.refuse("AS.3024") end
  if not times.days(value, 1, kind == "weekly" and 7 or 31) then wire.refuse("AS.3025") end
end

local function check_window(world, schedule)
  if not schedule.end_time then wire.refuse("AS.3005") end
  local finish = times.to_minute(schedule.end_time)
  if not finish then wire.refuse("AS.3006") end
  if finish <= world:now() then wire.refuse("AS.3007") end
  local start = schedule.start_time and times.to_minute(schedule.start_time)
  if schedule.start_time and not start then wire.refuse("AS.3028") end
  if start and start >= finish then wire.refuse("AS.3029") end
end

local function check_recurring(world, schedule)
  if not schedule.recurrence_type then wire.refuse("AS.3023") end
  local kind = schedule.recurrence_type:lower()
  if not kinds[kind] then wire.refuse("AS.3004") end
  check_days(schedule, kind)
  if not times.of_day(schedule.launch_time) then wire.refuse("AS.3009") end
  check_window(world, schedule)
  if not times.next(schedule, world:now()) then wire.refuse("AS.3033") end
end

--- Checks a schedule; `recurring` says which kind it has to be. Raises the platform's refusal.
function schedules.check(world, schedule, recurring)
  if not schedule then wire.refuse("AS.3003") end
  if not schedule.launch_time then wire.refuse("AS.3008") end
  if recurring then return check_recurring(world, schedule) end
  schedule.recurrence_type = nil
  check_once(world, schedule)
end

return schedules
