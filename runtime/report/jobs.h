// The jobs that a run started or waited for, as the platform told of them last.
#pragma once

#include <span>
#include <vector>

#include "journal/entry.h"
#include "report/report.h"
#include "report/steps.h"

namespace neap::report {

std::vector<Job> read_jobs(std::span<const journal::Logged> log,
                           const std::vector<Context>& contexts);

}  // namespace neap::report
