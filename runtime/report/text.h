// Texts of a report: from outside and made harmless, and numbers as people read them.
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"

namespace neap::report {

// What came from outside, so that it can do nothing to the text around it: control characters and
// those that change the direction of writing stand there as "\u202E", bytes that are no UTF-8 as
// U+FFFD, line breaks as spaces.
std::string visible(std::string_view text);

std::string utc_time(UtcTime time);  // "2026-11-30 03:46:34 UTC"
// "3m05s", and below ten seconds "0.35s": a call of 40 ms did take some time.
std::string took(Duration duration);
std::string took(const Span& span, UtcTime now);  // "4.7s", "12s so far"
// "done", and of a step that was taken back "done, taken back".
std::string status_of(const Step& step);
std::string name_of(const Report& report, const std::optional<std::size_t>& step);

// One sentence on how the run ended, and one on its objective.
std::string outcome_sentence(const Report& report);
std::string objective_sentence(const Report& report);
std::string integrity_sentence(const Report& report);
std::string answer_of(const Question& question);  // "approved by anna@dr-1: go"

}  // namespace neap::report
