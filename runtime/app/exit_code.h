// What the process tells the shell that called it.
#pragma once

#include "base/error.h"

namespace neap::app {

// Fixed: scripts and pipelines depend on the numbers (README, exit codes).
enum class ExitCode {
  kDone = 0,
  kFailed = 1,
  kUsage = 2,
  kPreflight = 3,   // a check of the runbook refused; nothing was sent
  kApproval = 4,    // waits for a person
  kGaveUp = 5,      // the operation goes on in the cloud
  kInDoubt = 6,     // a changing call may have taken effect: an operator must look
  kLocked = 7,      // somebody else holds the lock
  kPermission = 8,  // refused by capability before anything was sent
  kInterrupted = 130,
  kUnread = 141,  // whoever read standard output stopped before its end
};

// The exit code of a run that ended with this error.
ExitCode exit_code(const Error& error);

}  // namespace neap::app
