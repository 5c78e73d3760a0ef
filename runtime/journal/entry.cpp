#include "journal/entry.h"

#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::journal {
namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 24> kKinds{{
    {Kind::kStarted, "started"},   {Kind::kModule, "module"},     {Kind::kRecord, "record"},
    {Kind::kBegun, "begun"},       {Kind::kLocked, "locked"},     {Kind::kIntent, "intent"},
    {Kind::kSent, "sent"},         {Kind::kAccepted, "accepted"}, {Kind::kRefused, "refused"},
    {Kind::kUnknown, "unknown"},   {Kind::kObserved, "observed"}, {Kind::kProof, "proof"},
    {Kind::kDone, "done"},         {Kind::kFailed, "failed"},     {Kind::kOperator, "operator"},
    {Kind::kResolved, "resolved"}, {Kind::kAsked, "asked"},       {Kind::kAnswered, "answered"},
    {Kind::kParked, "parked"},     {Kind::kCancel, "cancel"},     {Kind::kRewound, "rewound"},
    {Kind::kOverride, "override"}, {Kind::kEnded, "ended"},       {Kind::kNoted, "noted"},
}};

constexpr std::array<std::pair<Status, std::string_view>, 6> kStatuses{{
    {Status::kRunning, "running"},
    {Status::kWaiting, "waiting"},
    {Status::kInDoubt, "in_doubt"},
    {Status::kDone, "done"},
    {Status::kFailed, "failed"},
    {Status::kCancelled, "cancelled"},
}};

bool read_number(std::string_view text, std::uint32_t& number) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string_view to_text(Kind kind) {
  for (const auto& [value, text] : kKinds) {
    if (value == kind) return text;
  }
  return {};
}

std::optional<Kind> parse_kind(std::string_view text) {
  for (const auto& [value, name] : kKinds) {
    if (name == text) return value;
  }
  return std::nullopt;
}

std::string to_text(const Step& step) {
  std::string text = fmt::format("{}#{}", step.task, step.sequence);
  if (step.generation != 0) text += fmt::format("~{}", step.generation);
  return text;
}

Result<Step> parse_step(std::string_view text) {
  Step step;
  const std::size_t hash = text.find('#');
  const std::size_t tilde = text.find('~');
  bool good = hash != std::string_view::npos && hash > 0 &&
              text.find_first_not_of("0123456789.#~") == std::string_view::npos;
  if (good) {
    step.task = text.substr(0, hash);
    good = read_number(text.substr(hash + 1, tilde - hash - 1), step.sequence);
  }
  if (good && tilde != std::string_view::npos) {
    good = read_number(text.substr(tilde + 1), step.generation);
  }
  if (good) return step;
  return fail(ErrorKind::kUsage, fmt::format("\"{}\" names no step", printable(text)),
              "a step is written like 0#12; neap runs show lists them");
}

void take_back(std::span<const Logged> before, const Entry& rewind, std::vector<bool>& counts) {
  const auto to = static_cast<std::int64_t>(rewind.body.number("to").value_or(0));
  for (std::size_t i = before.size(); i > 0 && before[i - 1].position > to; --i) {
    counts[i - 1] = false;
  }
}

std::string_view to_text(Status status) {
  for (const auto& [value, text] : kStatuses) {
    if (value == status) return text;
  }
  return {};
}

std::optional<Status> parse_status(std::string_view text) {
  for (const auto& [value, name] : kStatuses) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace neap::journal
