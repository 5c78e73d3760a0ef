#include "cloud/errors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/catalog.h"
#include "cloud/refusal.h"

namespace neap::cloud {
namespace {

// The gateway refuses a signature whose date is further off (auth.md section 1).
constexpr Duration kMostSkew = std::chrono::minutes{15};

ErrorKind kind_of(int status) {
  switch (status) {
    case 401:
      return ErrorKind::kAuth;
    case 403:
      return ErrorKind::kPermission;
    case 404:
      return ErrorKind::kNotFound;
    case 409:
      return ErrorKind::kConflict;
    case 429:
      return ErrorKind::kThrottled;
    case 400:
    case 405:
    case 406:
    case 411:
    case 413:
    case 414:
    case 415:
    case 422:
      return ErrorKind::kArgument;
    default:
      return ErrorKind::kNetwork;  // 408, 5xx, redirects: no usable answer could be had
  }
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kMost = 300;
  std::string safe = printable(trim(text));
  if (safe.size() <= kMost) return safe;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xC0) == 0x80) --end;
  return safe.substr(0, end) + "…";
}

std::string without_code(const Refusal& refusal, int status) {
  if (status >= 300 && status < 400) {
    return fmt::format("answered HTTP {}, and redirects are not followed", status);
  }
  if (status == 407) return "the proxy on the way asks who we are (HTTP 407)";
  return fmt::format("answered HTTP {} with {}", status, refusal.unread);
}

// "protection group not found: "no such group" (Ecs.0114 no such server)"
std::string message_of(const Refusal& refusal, const ErrorCode* known, int status) {
  if (!refusal.unread.empty()) return without_code(refusal, status);
  std::string said = shortened(refusal.message);
  if (known == nullptr) {
    if (said.empty()) said = fmt::format("refused with HTTP {}", status);
  } else if (const std::string meaning(known->meaning);
             said.empty() || equals_ignoring_case(said, meaning)) {
    said = meaning;
  } else {
    said = fmt::format("{}: \"{}\"", meaning, said);
  }
  return refusal.details.empty() ? said : fmt::format("{} ({})", said, shortened(refusal.details));
}

// Ours minus the platform's.
std::optional<Duration> skew(const http::Response& response, UtcTime now) {
  const Result<UtcTime> theirs = parse_http_date(response.headers.get("Date"));
  if (!theirs) return std::nullopt;
  return now - *theirs;
}

void explain_skew(Error& error, const http::Response& response, UtcTime now) {
  const std::optional<Duration> off = skew(response, now);
  const bool named = error.message.find("signature expired") != std::string::npos;
  if (!off || (!named && !clock_is_off(response, now))) return;
  error.message += fmt::format("; our clock is {} {} the platform's", format_duration(abs(*off)),
                               *off < Duration::zero() ? "behind" : "ahead of");
  error.hint = "set this machine's clock (NTP); a signature is good for 15 minutes either way";
}

// Retry-After is a number of seconds or a date; the date would need their clock.
std::string retry_hint(std::string_view after) {
  const bool seconds =
      !after.empty() && after.find_first_not_of("0123456789") == std::string_view::npos;
  return seconds ? "retry after " + shortened(after) + " s" : "wait and retry";
}

std::string default_hint(ErrorKind kind, const http::Response& response) {
  switch (kind) {
    case ErrorKind::kAuth:
      return "check the credentials";
    case ErrorKind::kPermission:
      return "ask for the permission in IAM";
    case ErrorKind::kNotFound:
      return "check the id and the project";
    case ErrorKind::kThrottled:
      return retry_hint(response.headers.get("Retry-After"));
    case ErrorKind::kNetwork:
      if (response.status == 407) return "give the proxy's user and password with its address";
      return response.status >= 500 ? "retry; the platform has trouble" : "check the endpoint";
    default:
      return {};
  }
}

// The code of bad parameters on a 404 says that the thing they name is not there; on a 5xx the
// gateway says with it that the service gave no answer.
bool status_knows_better(const ErrorCode& code, int status) {
  return code.kind == ErrorKind::kArgument && code.http_status != status &&
         (status == 404 || status >= 500);
}

}  // namespace

Error parse_error(std::string_view operation, const http::Response& response, UtcTime now) {
  const Refusal refusal = read_refusal(response.body);
  const ErrorCode* known = find_error_code(refusal.code);
  if (known != nullptr && status_knows_better(*known, response.status)) known = nullptr;
  Error error;
  error.kind = known != nullptr ? known->kind : kind_of(response.status);
  error.operation = operation;
  error.http_status = response.status;
  error.message = fmt::format("{}: {}", operation, message_of(refusal, known, response.status));
  const bool usual = known == nullptr || error.kind == ErrorKind::kThrottled;
  error.hint = usual ? default_hint(error.kind, response) : std::string(known->remedy);
  error.code = shortened(refusal.code);
  error.request_id = request_id(response);
  if (error.request_id.empty()) error.request_id = shortened(refusal.request_id);
  if (response.status == 401) explain_skew(error, response, now);
  return error;
}

bool proves_no_effect(const http::Response& response) {
  constexpr std::array kBeforeExecution = {400, 401, 403, 404, 409, 429};
  if (std::find(kBeforeExecution.begin(), kBeforeExecution.end(), response.status) ==
      kBeforeExecution.end()) {
    return false;
  }
  const ErrorCode* known = find_error_code(read_refusal(response.body).code);
  if (known == nullptr || known->http_status >= 500) return false;
  // Of work that had begun, or of a service behind this one that gave no answer.
  return known->kind != ErrorKind::kJobFailed && known->kind != ErrorKind::kNetwork;
}

std::string request_id(const http::Response& response) {
  constexpr std::size_t kMost = 64;
  const std::string_view id = response.headers.get("X-Request-Id");
  const bool looks_like_one = id.size() <= kMost && std::all_of(id.begin(), id.end(), [](char c) {
                                return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                       (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
                              });
  return looks_like_one ? std::string(id) : std::string();
}

bool clock_is_off(const http::Response& response, UtcTime now) {
  const std::optional<Duration> off = skew(response, now);
  return off && abs(*off) > kMostSkew;
}

}  // namespace neap::cloud
