#include "app/exit_code.h"

#include "journal/store.h"

namespace neap::app {

ExitCode exit_code(const Error& error) {
  if (error.code == journal::kLockHeld) return ExitCode::kLocked;
  switch (error.kind) {
    case ErrorKind::kUsage:
    case ErrorKind::kConfig:
      return ExitCode::kUsage;
    case ErrorKind::kPrecondition:
      return ExitCode::kPreflight;
    case ErrorKind::kTimeout:
      // Without a job there is nothing that goes on.
      return error.job_id.empty() ? ExitCode::kFailed : ExitCode::kGaveUp;
    case ErrorKind::kInDoubt:
      return ExitCode::kInDoubt;
    case ErrorKind::kPermission:
      // The platform's own 403 is a failure; ours is a refusal.
      return error.http_status == 0 ? ExitCode::kPermission : ExitCode::kFailed;
    case ErrorKind::kCancelled:
      return ExitCode::kInterrupted;
    default:
      return ExitCode::kFailed;
  }
}

}  // namespace neap::app
