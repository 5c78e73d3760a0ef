#include "journal/inbox.h"

#include <array>
#include <utility>

namespace neap::journal {
namespace {

constexpr std::array<std::pair<EventStatus, std::string_view>, 6> kStatuses{{
    {EventStatus::kOpen, "open"},
    {EventStatus::kAnswering, "answering"},
    {EventStatus::kAnswered, "answered"},
    {EventStatus::kGone, "gone"},
    {EventStatus::kSetAside, "set_aside"},
    {EventStatus::kDiscarded, "discarded"},
}};

}  // namespace

std::string_view to_text(EventStatus status) {
  for (const auto& [value, text] : kStatuses) {
    if (value == status) return text;
  }
  return {};
}

std::optional<EventStatus> parse_event_status(std::string_view text) {
  for (const auto& [value, name] : kStatuses) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace neap::journal
