// A report as the values that the page's templates put in; runtime/report/page holds those.
#pragma once

#include "json/value.h"
#include "report/report.h"

namespace neap::report {

json::Object head_view(const Report& report);      // heading, tiles, objective
json::Object timeline_view(const Report& report);  // the picture
json::Object tables_view(const Report& report);    // the rest

// How a status looks: done, failed, doubt, open, person, and the sign that stands before it, for
// those who do not see colours.
struct Look {
  const char* name;
  const char* sign;
};
Look look_of(std::string_view status);

// {iso, text} for time.html; nothing where there is none. Within a run's first day the clock
// alone, to the millisecond.
json::Value time_view(const Report& report, const std::optional<UtcTime>& time);
json::Value day_and_time_view(UtcTime time);

}  // namespace neap::report
