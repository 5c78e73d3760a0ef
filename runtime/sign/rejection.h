// Why an SMN message is not believed, and what its sender is told.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace neap::sign {

// The closed list that counters are labelled with.
enum class RejectionReason {
  kMalformed,        // no JSON object, or beyond the limits
  kDuplicateMember,  // a key stands twice
  kBadMember,        // a member is missing, no string, or not in its form
  kUnknownType,
  kUnknownVersion,       // of the signature
  kAmbiguousText,        // the signed text could be cut into another message
  kHeaderContradiction,  // an X-SMN header says another thing than the body
  kTopicNotAllowed,
  kCertificateAddress,      // not where the topic's region keeps its certificates
  kCertificate,             // fetched, and not to be trusted
  kCertificateUnavailable,  // not fetched, for now
  kSignature,
  kTooOld,
  kFromTheFuture,
  kOverload,  // too many messages wait for certificates
};

std::string_view to_text(RejectionReason reason);  // "topic_not_allowed"
std::span<const RejectionReason> rejection_reasons();

// The answer to the sender: 400 for what is not well-formed, 403 for what is and is not to be
// trusted, 503 for what may be believed when it is sent again. SMN repeats only after the last
// (smn.md section 5).
int status_of(RejectionReason reason);

struct Rejection {
  RejectionReason reason = RejectionReason::kMalformed;
  std::string detail;  // one line, safe to print; nothing of links, tokens, signatures

  int status() const { return status_of(reason); }
};

inline tl::unexpected<Rejection> reject(RejectionReason reason, std::string detail) {
  return tl::unexpected<Rejection>(Rejection{reason, std::move(detail)});
}

}  // namespace neap::sign
