#include "cloud/refusal.h"

#include <cstdint>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "json/document.h"

namespace neap::cloud {
namespace {

constexpr std::size_t kLongestError = 1u << 20;  // bytes; the platform's own have some hundreds
constexpr std::size_t kMostDetails = 5;

// The first of the members that says something, as text.
std::string member(const json::Object& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const json::Value* value = object.find(key);
    if (value == nullptr) continue;
    if (const auto* number = value->as<std::int64_t>()) return std::to_string(*number);
    const auto* text = value->as<std::string>();
    if (text != nullptr && !text->empty()) return *text;
  }
  return {};
}

std::string read_details(const json::Object& object) {
  const json::Array& rows = object.list("details");
  std::string details;
  for (std::size_t i = 0; i < rows.size() && i < kMostDetails; ++i) {
    const auto* row = rows[i].as<json::Object>();
    if (row == nullptr) continue;
    const std::string code = member(*row, {"code", "error_code"});
    const std::string message = member(*row, {"message", "error_msg"});
    if (code.empty() && message.empty()) continue;
    if (!details.empty()) details += "; ";
    details += code;
    if (!code.empty() && !message.empty()) details += ' ';
    details += message;
  }
  return details;
}

Refusal read_object(const json::Object& object) {
  return {.code = member(object, {"code", "error_code"}),
          .message = member(object, {"message", "error_msg", "fail_reason"}),
          .details = read_details(object),
          .request_id = member(object, {"request_id", "RequestId"})};
}

bool says_something(const Refusal& refusal) {
  return !refusal.code.empty() || !refusal.message.empty();
}

// Looks into the members that are objects: one with a code counts for more than one that only has
// a message.
Refusal read_members(const json::Object& object) {
  Refusal best;
  for (const auto& [key, value] : object) {
    const auto* inner = value.as<json::Object>();
    if (inner == nullptr) continue;
    Refusal found = read_object(*inner);
    if (!found.code.empty()) return found;
    if (!says_something(best)) best = std::move(found);
  }
  return best;
}

std::string megabytes(std::size_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

// What a body is that cannot be read as JSON.
std::string describe_body(std::string_view body) {
  const std::string_view text = trim(body);
  if (text.empty()) return "no body";
  if (text.front() == '<') return "a web page, as a proxy or a login portal gives";
  if (body.size() > kLongestError) return "a body of " + megabytes(body.size());
  if (text.front() == '{') return "broken JSON";
  return "a body that is not one of the platform's errors";
}

}  // namespace

Refusal read_refusal(std::string_view body) {
  const Result<json::Document> document = json::Document::parse(body, {.bytes = kLongestError});
  if (!document) return {.unread = describe_body(body)};
  const json::Value root = document->value();
  const auto* object = root.as<json::Object>();
  Refusal refusal;
  if (object != nullptr) {
    refusal = read_object(*object);
    if (refusal.code.empty()) {
      Refusal inner = read_members(*object);
      if (inner.request_id.empty()) inner.request_id = std::move(refusal.request_id);
      const bool better = !inner.code.empty() || !says_something(refusal);
      if (better) refusal = std::move(inner);
    }
  }
  if (!says_something(refusal)) refusal.unread = "a body that is not one of the platform's errors";
  return refusal;
}

}  // namespace neap::cloud
