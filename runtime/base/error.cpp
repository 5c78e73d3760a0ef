#include "base/error.h"

#include <array>

namespace neap {
namespace {

struct KindName {
  ErrorKind kind;
  std::string_view name;
};

constexpr std::array kKinds = {
    KindName{ErrorKind::kUsage, "usage"},
    KindName{ErrorKind::kArgument, "argument"},
    KindName{ErrorKind::kConfig, "config"},
    KindName{ErrorKind::kAuth, "auth"},
    KindName{ErrorKind::kPermission, "permission"},
    KindName{ErrorKind::kNotFound, "not_found"},
    KindName{ErrorKind::kConflict, "conflict"},
    KindName{ErrorKind::kPrecondition, "precondition"},
    KindName{ErrorKind::kThrottled, "throttled"},
    KindName{ErrorKind::kNetwork, "network"},
    KindName{ErrorKind::kTimeout, "timeout"},
    KindName{ErrorKind::kJobFailed, "job_failed"},
    KindName{ErrorKind::kInDoubt, "in_doubt"},
    KindName{ErrorKind::kCancelled, "cancelled"},
    KindName{ErrorKind::kAbandoned, "abandoned"},
    KindName{ErrorKind::kClosed, "closed"},
    KindName{ErrorKind::kInternal, "internal"},
    KindName{ErrorKind::kScript, "script"},
};

}  // namespace

std::string_view to_text(ErrorKind kind) {
  for (const KindName& row : kKinds) {
    if (row.kind == kind) return row.name;
  }
  return "internal";
}

ErrorKind error_kind(std::string_view text) {
  for (const KindName& row : kKinds) {
    if (row.name == text) return row.kind;
  }
  return ErrorKind::kScript;
}

std::string describe(const Error& error) {
  std::string line = error.message;
  if (!error.code.empty() && line.find(error.code) == std::string::npos) {
    line += " (" + error.code + ")";
  }
  if (!error.hint.empty()) line += "; " + error.hint;
  return line;
}

}  // namespace neap
