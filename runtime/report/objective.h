// How long a run took, and what the time went into.
#pragma once

#include <string_view>

#include "report/intervals.h"
#include "report/report.h"

namespace neap::report {

// `rto` as the header gives it; empty: none. Everything else of the report must be there.
Objective judge(const Report& report, std::string_view rto);

// From the first start until the run's end, or until the report was made.
Interval whole(const Report& report);
// When a person was waited for; when no process had the run; when a job of the platform was under
// way. They overlap.
Intervals waiting_for_people(const Report& report);
Intervals without_process(const Report& report);
Intervals with_jobs(const Report& report);

}  // namespace neap::report
