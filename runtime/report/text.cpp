#include "report/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};

// The first character of the text; of a byte that is no UTF-8, nothing but its length.
Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes > text.size() || !valid_utf8(text.substr(0, bytes))) return {0xFFFD, 1};
  constexpr std::array<std::uint32_t, 5> kBits{0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t code = lead & kBits[bytes];
  for (std::size_t i = 1; i < bytes; ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return {code, bytes};
}

bool changes_direction(std::uint32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
         code == 0xFEFF;
}

}  // namespace

std::string visible(std::string_view text) {
  const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::all_of(text.begin(), text.end(), plain)) return std::string(text);
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_of(text);
    if (next.code == '\n' || next.code == '\t') {
      shown += ' ';
    } else if (is_control(next.code) || changes_direction(next.code)) {
      shown += fmt::format("\\u{:04X}", next.code);
    } else if (next.code == 0xFFFD) {
      shown += kReplacement;
    } else {
      shown += text.substr(0, next.bytes);
    }
    text.remove_prefix(next.bytes);
  }
  return shown;
}

std::string utc_time(UtcTime time) {
  const std::string iso = format_iso(time);
  return iso.substr(0, 10) + " " + iso.substr(11, 8) + " UTC";
}

std::string took(Duration duration) {
  const double seconds = to_seconds(duration);
  if (seconds >= 9.95 || seconds < 0) return format_duration(duration);
  return seconds < 0.995 ? fmt::format("{:.2f}s", seconds) : fmt::format("{:.1f}s", seconds);
}

std::string took(const Span& span, UtcTime now) {
  if (span.end) return took(*span.end - span.begin);
  return took(now - span.begin) + " so far";
}

std::string status_of(const Step& step) {
  return step.undone ? step.status + ", taken back" : step.status;
}

std::string name_of(const Report& report, const std::optional<std::size_t>& step) {
  return step ? report.steps[*step].name : std::string();
}

std::string outcome_sentence(const Report& report) {
  const std::string time = took(report.objective.actual);
  switch (report.run.status) {
    case journal::Status::kDone:
      return "done in " + time;
    case journal::Status::kFailed:
      return "failed after " + time;
    case journal::Status::kCancelled:
      return "cancelled after " + time;
    case journal::Status::kInDoubt:
      return "in doubt: somebody must say whether a call happened";
    case journal::Status::kWaiting:
      return "waiting for a person, " + time + " so far";
    case journal::Status::kRunning:
      return report.run.waiting.empty() ? "running, " + time + " so far"
                                        : "stands still: " + report.run.waiting;
  }
  return {};
}

std::string objective_sentence(const Report& report) {
  const Objective& objective = report.objective;
  const std::string actual = took(objective.actual);
  if (!objective.target) return "the run states no objective; it took " + actual;
  const std::string target = format_duration(*objective.target);
  const Duration difference = *objective.target - objective.actual;
  if (objective.verdict == "met") {
    return fmt::format("met: {} of {}, {} to spare", actual, target, took(difference));
  }
  if (objective.verdict == "missed") {
    return fmt::format("missed: {} instead of {}, {} late", actual, target, took(-difference));
  }
  if (objective.verdict == "under way") {
    return fmt::format("under way: {} of {}, {} left", actual, target, took(difference));
  }
  if (objective.verdict == "late") {
    return fmt::format("late: {} so far instead of {}, {} over", actual, target, took(-difference));
  }
  return fmt::format("not reached: the run ended {} after {}; the objective was {}",
                     to_text(report.run.status), actual, target);
}

std::string integrity_sentence(const Report& report) {
  const Integrity& integrity = report.integrity;
  if (!integrity.verifies) {
    return fmt::format("the log is damaged: {}", join(integrity.damage, "; "));
  }
  if (!integrity.broken_rules.empty()) {
    return fmt::format("the chain of {} entries verifies, but the run broke its rules: {}",
                       integrity.entries, join(integrity.broken_rules, "; "));
  }
  return fmt::format("the chain of {} entries verifies, and the run kept its rules",
                     integrity.entries);
}

std::string answer_of(const Question& question) {
  if (!question.span.end) return "not answered yet";
  if (question.by.empty()) return "broken off, nobody answered";
  if (question.by == "deadline") return "denied: nobody answered in time";
  return fmt::format("{} by {}{}", question.yes ? "approved" : "rejected", question.by,
                     question.comment.empty() ? "" : ": " + question.comment);
}

}  // namespace neap::report
