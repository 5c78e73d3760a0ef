-- Points in time as Auto Scaling writes and reads them, and when a timed policy fires next.
local moment = require("sim.moment")

local times = { minute = 60 * moment.second, day = 86400 * moment.second }

local floor = math.floor

-- Days since 1970 of a date (Hinnant, "chrono-compatible date algorithms").
local function days_from_civil(year, month, day)
  local y = month <= 2 and year - 1 or year
  local era = floor(y / 400)
  local year_of_era = y - era * 400
  local shifted = month > 2 and month - 3 or month + 9
  local day_of_year = floor((153 * shifted + 2) / 5) + day - 1
  local day_of_era = year_of_era * 365 + floor(year_of_era / 4) - floor(year_of_era / 100)
    + day_of_year
  return era * 146097 + day_of_era - 719468
end

local month_days = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function days_of_month(year, month)
  local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return month == 2 and leap and 29 or month_days[month]
end

local function checked(year, month, day, hour, minute, second)
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  hour, minute, second = tonumber(hour), tonumber(minute), tonumber(second)
  if month < 1 or month > 12 or day < 1 or day > days_of_month(year, month) then return nil end
  if hour > 23 or minute > 59 or second > 59 then return nil end
  local seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
  return seconds * moment.second
end

--- "2015-07-23T02:46:29Z": all times in answers.
function times.text(at)
  return (moment.zulu(at):gsub("%.%d+Z$", "Z"))
end

--- The moment of "2015-07-23T02:46:29Z"; nil when it is none.
function times.to_second(text)
  local year, month, day, hour, minute, second =
    text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)T(%d%d):(%d%d):(%d%d)Z$")
  return year and checked(year, month, day, hour, minute, second)
end

--- The moment of "2015-07-23T02:46Z", the form of policies; nil when it is none.
function times.to_minute(text)
  local year, month, day, hour, minute =
    text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)T(%d%d):(%d%d)Z$")
  return year and checked(year, month, day, hour, minute, 0)
end

--- "2015-07-23T02:46Z".
function times.minute_text(at)
  return (moment.zulu(at):gsub(":%d+%.%d+Z$", "Z"))
end

--- The time of "hh:mm" since midnight; nil when it is none.
function times.of_day(text)
  local hour, minute = text:match("^(%d%d):(%d%d)$")
  if not hour or tonumber(hour) > 23 or tonumber(minute) > 59 then return nil end
  return (tonumber(hour) * 60 + tonumber(minute)) * times.minute
end

--- The numbers of "1,5,7" as a set; nil when one is not within least..most.
function times.days(text, least, most)
  local set, any = {}, false
  for part in (text .. ","):gmatch("([^,]*),") do
    local number = tonumber(part:match("^%d%d?$"))
    if not number or number < least or number > most then return nil end
    set[number], any = true, true
  end
  return any and set or nil
end

local function day_of_month(at)
  return tonumber(moment.zulu(at):sub(9, 10))
end

-- Whether a day, given by its midnight, is one of the recurrence's.
local function matches_day(schedule, midnight)
  local kind = schedule.recurrence_type:lower()
  if kind == "daily" then return true end
  if kind == "weekly" then
    local days = floor(midnight / times.day)
    -- 1 is Sunday; day 0 of 1970 was a Thursday.
    return times.days(schedule.recurrence_value, 1, 7)[(days + 4) % 7 + 1] == true
  end
  return times.days(schedule.recurrence_value, 1, 31)[day_of_month(midnight)] == true
end

local longest_gap = 62  -- days without a 31st are never more than a month on end

--- When a checked schedule fires next, later than `after`; nil when it never does again.
function times.next(schedule, after)
  if not schedule.recurrence_type then
    local at = times.to_minute(schedule.launch_time)
    return at > after and at or nil
  end
  local start = schedule.start_time and times.to_minute(schedule.start_time) or 0
  local finish = times.to_minute(schedule.end_time)
  local of_day = times.of_day(schedule.launch_time)
  local from = math.max(after + 1, start)
  local midnight = from - from % times.day
  for day = 0, longest_gap do
    local at = midnight + day * times.day + of_day
    if at > finish then return nil end
    if at >= from and matches_day(schedule, at - of_day) then return at end
  end
  return nil
end

return times
