#include "sign/answer.h"

#include <fmt/format.h>

#include "base/text.h"
#include "json/document.h"

namespace neap::sign {
namespace {

// The first of these members that is there; empty when none is.
std::string member(const json::Document& document, std::initializer_list<const char*> pointers) {
  for (const char* pointer : pointers) {
    if (const auto text = document.text(pointer)) return std::string(*text);
  }
  return {};
}

std::string shown(const std::string& text, const Secret& never_shown) {
  constexpr std::size_t kMost = 300;
  const bool unsafe = !never_shown.empty() && text.find(never_shown.reveal()) != std::string::npos;
  return unsafe ? std::string("(its text is withheld)") : printable(text.substr(0, kMost));
}

}  // namespace

std::optional<UtcTime> parse_expiry(std::string_view text) {
  constexpr std::size_t kToSeconds = 19;  // "2020-01-04T09:05:22"
  if (text.size() <= kToSeconds || text.back() != 'Z') return std::nullopt;
  std::string basic;
  for (const char c : text.substr(0, kToSeconds)) {
    if (c != '-' && c != ':') basic += c;
  }
  const Result<UtcTime> time = parse_basic(basic + "Z");
  return time ? std::optional<UtcTime>(*time) : std::nullopt;
}

Error iam_error(const http::Outcome& outcome, std::string_view asked, const Secret& never_shown) {
  Error error;
  error.kind = ErrorKind::kNetwork;
  if (outcome.delivery != http::Delivery::kAnswered) {
    error.message = fmt::format("cannot {}: {}", asked, shown(outcome.error.message, never_shown));
    error.hint = "check the network and the IAM endpoint";
    return error;
  }
  const http::Response& response = outcome.response;
  error.http_status = response.status;
  error.request_id = printable(response.headers.get("X-Request-Id"));
  error.message = fmt::format("cannot {}: IAM answered HTTP {}", asked, response.status);
  if (const Result<json::Document> document = json::Document::parse(response.body)) {
    error.code = shown(member(*document, {"/error_code", "/error/code"}), never_shown);
    const std::string text =
        shown(member(*document, {"/error/message", "/error_msg", "/message"}), never_shown);
    if (!text.empty()) error.message += ": " + text;
  }
  if (response.status >= 400 && response.status < 500) error.kind = ErrorKind::kAuth;
  return error;
}

}  // namespace neap::sign
