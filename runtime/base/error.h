// What went wrong, in words an operator can act on, and the two ways it travels.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace neap {

// The closed list that scripts match on; docs/guide/errors.md explains each.
enum class ErrorKind {
  kUsage,         // the command or a call is used where it makes no sense
  kArgument,      // an argument has the wrong type or breaks a documented rule
  kConfig,        // a setting or profile is wrong or missing
  kAuth,          // credentials are missing, wrong, expired, or the clock is off
  kPermission,    // refused by capability (`needs`, grants) or by the platform's IAM
  kNotFound,      // the thing does not exist
  kConflict,      // the thing is in a state that does not allow the operation
  kPrecondition,  // a runbook's own check failed; nothing was sent
  kThrottled,     // the platform asked to slow down, longer than we were told to wait
  kNetwork,       // no answer could be had; nothing was changed
  kTimeout,       // we stopped waiting; the operation may go on
  kJobFailed,     // the platform reports that the job failed
  kInDoubt,       // a changing call was sent and its outcome is unknown
  kCancelled,     // stopped on request
  kAbandoned,     // a host operation was dropped before it finished: a bug
  kClosed,        // the object was closed
  kInternal,      // a bug in neap
  kScript,        // an error raised by the script itself
};

std::string_view to_text(ErrorKind kind);
// The kind of that name; kScript for any other text.
ErrorKind error_kind(std::string_view text);

// Fields that do not apply stay empty (0 for numbers).
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;    // operation, thing and rule, one line, no secrets
  std::string hint;       // the next step, one line
  std::string where;      // "failover.lua:12"
  std::string operation;  // catalogue name, "start_failover_protection_group"
  std::string code;       // the platform's code, "SDRS.1013"
  int http_status = 0;
  std::string request_id;  // the platform's X-Request-Id
  std::string job_id;
};

// `message`, with code and hint where there are any: the one line shown to people.
std::string describe(const Error& error);

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(hint)});
}

// Carries an Error up to the nearest Lua border; bindings and argument readers throw it.
class Failure : public std::runtime_error {
 public:
  explicit Failure(Error e) : std::runtime_error(e.message), error(std::move(e)) {}
  Failure(ErrorKind kind, std::string message, std::string hint = {})
      : Failure(Error{kind, std::move(message), std::move(hint)}) {}
  Error error;
};

}  // namespace neap
