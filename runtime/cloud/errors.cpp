#include "cloud/errors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/catalog.h"
#include "json/document.h"

namespace neap::cloud {
namespace {

// The gateway refuses a signature whose date is further off (auth.md section 1).
constexpr Duration kMostSkew = std::chrono::minutes{15};

struct Refusal {
  std::string code;
  std::string message;
  std::string request_id;
};

// The first of the members that is there, as text: IAM's codes are numbers.
std::string member(const json::Object& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const json::Value* value = object.find(key);
    if (value == nullptr) continue;
    if (const auto* text = value->as<std::string>()) return *text;
    if (const auto* number = value->as<std::int64_t>()) return std::to_string(*number);
  }
  return {};
}

Refusal read_refusal(const json::Object& object) {
  return {member(object, {"code", "error_code"}), member(object, {"message", "error_msg"}),
          member(object, {"request_id", "RequestId"})};
}

// Accepts {code, message}, {error_code, error_msg} and either of them one level down under any key.
// Empty when the body says nothing in one of these forms.
Refusal read_body(const std::string& body) {
  const Result<json::Document> document = json::Document::parse(body, {.bytes = 1u << 20});
  if (!document) return {};
  const json::Value root = document->value();
  const auto* object = root.as<json::Object>();
  if (object == nullptr) return {};
  Refusal refusal = read_refusal(*object);
  for (const auto& [key, value] : *object) {
    if (!refusal.code.empty() || !refusal.message.empty()) break;
    const auto* inner = value.as<json::Object>();
    if (inner == nullptr) continue;
    std::string outer_id = std::move(refusal.request_id);
    refusal = read_refusal(*inner);
    if (refusal.request_id.empty()) refusal.request_id = std::move(outer_id);
  }
  return refusal;
}

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

std::string without_code(const http::Response& response) {
  if (response.status >= 300 && response.status < 400) {
    return fmt::format("answered HTTP {}, and redirects are not followed", response.status);
  }
  if (response.body.empty()) return fmt::format("answered HTTP {} with no body", response.status);
  return fmt::format("answered HTTP {} with a body that is not one of the platform's errors",
                     response.status);
}

std::string message_of(const Refusal& refusal, const ErrorCode* known,
                       const http::Response& response) {
  if (refusal.code.empty() && refusal.message.empty()) return without_code(response);
  const std::string said = shortened(refusal.message);
  if (known == nullptr) {
    return said.empty() ? fmt::format("refused with HTTP {}", response.status) : said;
  }
  const std::string meaning(known->meaning);
  return said.empty() || equals_ignoring_case(said, meaning)
             ? meaning
             : fmt::format("{}: \"{}\"", meaning, said);
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
      return response.status >= 500 ? "retry; the platform has trouble" : "check the endpoint";
    default:
      return {};
  }
}

}  // namespace

Error parse_error(std::string_view operation, const http::Response& response, UtcTime now) {
  Refusal refusal = read_body(response.body);
  const ErrorCode* known = find_error_code(refusal.code);
  // The code of bad parameters on a 404 says that the thing they name is not there.
  const bool missing = response.status == 404 && known != nullptr && known->http_status != 404;
  if (missing && known->kind == ErrorKind::kArgument) known = nullptr;
  Error error;
  error.kind = known != nullptr ? known->kind : kind_of(response.status);
  error.operation = operation;
  error.http_status = response.status;
  error.message = fmt::format("{}: {}", operation, message_of(refusal, known, response));
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
  const ErrorCode* known = find_error_code(read_body(response.body).code);
  return known != nullptr && known->kind != ErrorKind::kJobFailed && known->http_status < 500;
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
