-- Points in time as the platform writes them (sdrs.md section 7). A moment is a whole number of
-- microseconds since 1970 in UTC, which a double holds exactly until the year 2255.
local moment = { second = 1e6, millisecond = 1e3 }

local floor = math.floor
local months = {
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}
local weekdays = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" }

-- Year, month and day of a count of days since 1970 (Hinnant, "chrono-compatible date algorithms").
local function civil(days)
  local z = days + 719468
  local era = floor(z / 146097)
  local day_of_era = z - era * 146097
  local year_of_era = floor(
    (day_of_era - floor(day_of_era / 1460) + floor(day_of_era / 36524) - floor(day_of_era / 146096))
      / 365
  )
  local leap_days = floor(year_of_era / 4) - floor(year_of_era / 100)
  local day_of_year = day_of_era - (365 * year_of_era + leap_days)
  local shifted_month = floor((5 * day_of_year + 2) / 153)
  local day = day_of_year - floor((153 * shifted_month + 2) / 5) + 1
  local month = shifted_month < 10 and shifted_month + 3 or shifted_month - 9
  return year_of_era + era * 400 + (month <= 2 and 1 or 0), month, day
end

local function parts(at)
  local seconds = floor(at / 1e6)
  local days = floor(seconds / 86400)
  local year, month, day = civil(days)
  local rest = seconds - days * 86400
  local hour = floor(rest / 3600)
  local minute = floor((rest - hour * 3600) / 60)
  return year, month, day, hour, minute, rest % 60, at - seconds * 1e6, days
end

local function written(at, form, unit)
  local year, month, day, hour, minute, second, micros = parts(at)
  return string.format(form, year, month, day, hour, minute, second, floor(micros / unit))
end

--- The moment that is `seconds` after 1970, rounded to microseconds.
function moment.from_seconds(seconds)
  return floor(seconds * 1e6 + 0.5)
end

--- Groups and instances: "2019-05-23 03:51:58.256".
function moment.spaced(at)
  return written(at, "%04d-%02d-%02d %02d:%02d:%02d.%03d", 1e3)
end

--- The answer to a rename: "2018-05-09 22:11:45.0".
function moment.tenths(at)
  return written(at, "%04d-%02d-%02d %02d:%02d:%02d.%d", 1e5)
end

--- Pairs: "2018-05-04T03:43:24.108526".
function moment.micros(at)
  return written(at, "%04d-%02d-%02dT%02d:%02d:%02d.%06d", 1)
end

--- Jobs: "2018-04-19T01:55:30.443Z".
function moment.zulu(at)
  return written(at, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", 1e3)
end

--- The Date header: "Thu, 19 Apr 2018 01:55:30 GMT".
function moment.http_date(at)
  local year, month, day, hour, minute, second, _, days = parts(at)
  return string.format("%s, %02d %s %04d %02d:%02d:%02d GMT", weekdays[days % 7 + 1], day,
    months[month], year, hour, minute, second)
end

return moment
