// The requests of a run: reads from their records, changing calls from their transitions.
#pragma once

#include <span>
#include <vector>

#include "journal/entry.h"
#include "report/report.h"
#include "report/steps.h"

namespace neap::report {

std::vector<Call> read_calls(std::span<const journal::Logged> log,
                             const std::vector<Context>& contexts);

}  // namespace neap::report
