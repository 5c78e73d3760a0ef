#include "sign/rejection.h"

#include <algorithm>
#include <array>

namespace neap::sign {
namespace {

struct Row {
  RejectionReason reason;
  std::string_view text;
  int status;
};

constexpr Row kRows[] = {
    {RejectionReason::kMalformed, "malformed", 400},
    {RejectionReason::kDuplicateMember, "duplicate_member", 400},
    {RejectionReason::kBadMember, "bad_member", 400},
    {RejectionReason::kUnknownType, "unknown_type", 400},
    {RejectionReason::kUnknownVersion, "unknown_version", 400},
    {RejectionReason::kAmbiguousText, "ambiguous_text", 403},
    {RejectionReason::kHeaderContradiction, "header_contradiction", 403},
    {RejectionReason::kTopicNotAllowed, "topic_not_allowed", 403},
    {RejectionReason::kCertificateAddress, "certificate_address", 403},
    {RejectionReason::kCertificate, "certificate", 403},
    {RejectionReason::kCertificateUnavailable, "certificate_unavailable", 503},
    {RejectionReason::kSignature, "signature", 403},
    {RejectionReason::kTooOld, "too_old", 403},
    {RejectionReason::kFromTheFuture, "from_the_future", 403},
    {RejectionReason::kOverload, "overload", 503},
};

constexpr auto kReasons = [] {
  std::array<RejectionReason, std::size(kRows)> reasons{};
  std::transform(std::begin(kRows), std::end(kRows), reasons.begin(),
                 [](const Row& row) { return row.reason; });
  return reasons;
}();

// The rows stand in the order of the enumeration.
constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (kRows[i].reason != static_cast<RejectionReason>(i)) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

std::string_view to_text(RejectionReason reason) {
  return kRows[static_cast<std::size_t>(reason)].text;
}

std::span<const RejectionReason> rejection_reasons() {
  return kReasons;
}

int status_of(RejectionReason reason) {
  return kRows[static_cast<std::size_t>(reason)].status;
}

}  // namespace neap::sign
