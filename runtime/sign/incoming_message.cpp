#include "sign/incoming_message.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "json/tape_tools.h"
#include "sign/base64.h"
#include "sign/signed_members.h"

namespace neap::sign {
namespace {

using Checked = tl::expected<void, Rejection>;

constexpr std::size_t kDepth = 64;
constexpr std::size_t kNodes = 100'000;  // reliability.md T10
constexpr std::string_view kLineBreaks = "\r\n";

enum Name {
  kType,
  kMessageId,
  kTopicUrn,
  kMessage,
  kTimestamp,
  kSignature,
  kSignatureVersion,
  kSigningCertUrl,
  kSubscribeUrl,
  kSubject,
  kUnsubscribeUrl,
  kNameCount,
};
constexpr std::array<std::string_view, kNameCount> kNames = {
    "type",          "message_id", "topic_urn",         "message",
    "timestamp",     "signature",  "signature_version", "signing_cert_url",
    "subscribe_url", "subject",    "unsubscribe_url"};

// The members that matter, as they stand in the document; nothing where there is none.
using Members = std::array<std::optional<std::string_view>, kNameCount>;

tl::unexpected<Rejection> bad(std::string_view name, std::string_view rule) {
  return reject(RejectionReason::kBadMember, fmt::format("{} {}", name, rule));
}

tl::expected<json::Document, Rejection> read_document(const std::string& body, json::Parser& parser,
                                                      std::size_t body_limit) {
  const json::Limits limits{.bytes = body_limit, .depth = kDepth, .nodes = kNodes};
  Result<json::Document> document = parser.parse(body, limits);
  if (!document) return reject(RejectionReason::kMalformed, std::move(document.error().message));
  const json::Tape tape = document->tape();
  if (tape.type(json::Tape::kFirst) != '{') {
    return reject(RejectionReason::kMalformed, "the body is not a JSON object");
  }
  if (json::repeated_key(tape)) {
    return reject(RejectionReason::kDuplicateMember, "a key stands twice in one object");
  }
  return std::move(*document);
}

tl::expected<Members, Rejection> read_members(const json::Tape& tape) {
  Members members;
  const std::size_t end = tape.end(json::Tape::kFirst);
  for (std::size_t at = json::Tape::kFirst + 1; at < end; at = tape.after(at + 1)) {
    const auto known = std::find(kNames.begin(), kNames.end(), tape.text(at));
    if (known == kNames.end()) continue;
    if (tape.type(at + 1) != '"') return bad(*known, "is not a string");
    members[static_cast<std::size_t>(known - kNames.begin())] = tape.text(at + 1);
  }
  return members;
}

std::optional<MessageType> type_of(std::string_view text) {
  for (const MessageType type : {MessageType::kNotification, MessageType::kSubscriptionConfirmation,
                                 MessageType::kUnsubscribeConfirmation}) {
    if (text == to_text(type)) return type;
  }
  return std::nullopt;
}

Checked check_presence(const Members& members, MessageType type) {
  for (const Name name : {kMessageId, kTopicUrn, kMessage, kTimestamp, kSignature,
                          kSignatureVersion, kSigningCertUrl}) {
    if (!members[name]) return bad(kNames[name], "is missing");
  }
  if (type != MessageType::kNotification && !members[kSubscribeUrl]) {
    return bad(kNames[kSubscribeUrl], "is missing");
  }
  return {};
}

// Whether one of the lines of `text` is `line`.
bool has_line(std::string_view text, std::string_view line) {
  for (std::size_t at = text.find(line); at != std::string_view::npos;
       at = text.find(line, at + 1)) {
    const bool begins = at == 0 || text[at - 1] == '\n';
    const std::size_t end = at + line.size();
    if (begins && (end == text.size() || text[end] == '\n')) return true;
  }
  return false;
}

Checked check_lines(const Members& members) {
  for (const Name name : {kMessageId, kTopicUrn, kTimestamp, kSubscribeUrl, kSubject}) {
    if (members[name] && members[name]->find_first_of(kLineBreaks) != std::string_view::npos) {
      return reject(RejectionReason::kAmbiguousText,
                    fmt::format("{} holds a line break", kNames[name]));
    }
  }
  if (has_line(*members[kMessage], kNames[kMessageId])) {
    return reject(RejectionReason::kAmbiguousText, "message holds a line \"message_id\"");
  }
  return {};
}

bool is_hex_id(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// SMN's own form alone: 2024-01-12T16:51:26Z, with decimals at most.
std::optional<UtcTime> parse_timestamp(std::string_view text) {
  constexpr std::size_t kLeast = std::string_view("2024-01-12T16:51:26Z").size();
  if (text.size() < kLeast || text[10] != 'T' || !text.ends_with('Z')) return std::nullopt;
  const Result<PlatformTime> time = parse_platform_time(text);
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(*time);
}

tl::expected<IncomingMessage, Rejection> take_members(const Members& members, MessageType type) {
  IncomingMessage message;
  message.type = type;
  if (!is_hex_id(*members[kMessageId])) return bad("message_id", "is not 32 hexadecimal digits");
  const std::optional<UtcTime> sent = parse_timestamp(*members[kTimestamp]);
  if (!sent) return bad("timestamp", "is not a time like 2024-01-12T16:51:26Z");
  message.signature_version = to_lower(*members[kSignatureVersion]);
  if (message.signature_version != "v1") {
    return reject(RejectionReason::kUnknownVersion, "signature_version is not v1");
  }
  std::optional<std::string> signature = decode_base64(*members[kSignature]);
  if (!signature) return bad("signature", "is not base64");

  message.message_id = *members[kMessageId];
  message.topic_urn = *members[kTopicUrn];
  message.message = *members[kMessage];
  message.timestamp = *members[kTimestamp];
  message.sent = *sent;
  message.signing_cert_url = *members[kSigningCertUrl];
  message.signature = Secret(std::move(*signature));
  if (type == MessageType::kNotification) {
    message.subject = members[kSubject].value_or("");
  } else {
    message.subscribe_url = Secret(std::string(*members[kSubscribeUrl]));
  }
  return message;
}

Checked check_headers(const http::Headers& headers, const IncomingMessage& message) {
  const auto contradicts = [&](const http::Header& header) {
    if (equals_ignoring_case(header.name, "X-SMN-MESSAGE-TYPE")) {
      return header.value != to_text(message.type);
    }
    if (equals_ignoring_case(header.name, "X-SMN-MESSAGE-ID")) {
      return header.value != message.message_id;
    }
    if (equals_ignoring_case(header.name, "X-SMN-TOPIC-URN")) {
      return header.value != message.topic_urn;
    }
    if (equals_ignoring_case(header.name, "X-SMN-SUBSCRIPTION-URN")) {
      return !header.value.starts_with(message.topic_urn + ":");
    }
    return false;
  };
  const auto found = std::find_if(headers.begin(), headers.end(), contradicts);
  if (found == headers.end()) return {};
  return reject(RejectionReason::kHeaderContradiction,
                fmt::format("{} contradicts the body", printable(found->name)));
}

}  // namespace

std::string_view to_text(MessageType type) {
  switch (type) {
    case MessageType::kNotification:
      return "Notification";
    case MessageType::kSubscriptionConfirmation:
      return "SubscriptionConfirmation";
    case MessageType::kUnsubscribeConfirmation:
      return "UnsubscribeConfirmation";
  }
  return "";
}

tl::expected<IncomingMessage, Rejection> read_message(const http::IncomingRequest& request,
                                                      json::Parser& parser,
                                                      std::size_t body_limit) {
  const auto document = read_document(request.body, parser, body_limit);
  if (!document) return tl::unexpected(document.error());
  const auto members = read_members(document->tape());
  if (!members) return tl::unexpected(members.error());
  if (!(*members)[kType]) return bad("type", "is missing");
  const std::optional<MessageType> type = type_of(*(*members)[kType]);
  if (!type) return reject(RejectionReason::kUnknownType, "type is none that SMN sends");
  if (const Checked there = check_presence(*members, *type); !there) {
    return tl::unexpected(there.error());
  }
  if (const Checked plain = check_lines(*members); !plain) return tl::unexpected(plain.error());
  auto message = take_members(*members, *type);
  if (!message) return message;
  if (const Checked agreed = check_headers(request.headers, *message); !agreed) {
    return tl::unexpected(agreed.error());
  }
  return message;
}

std::string signed_text(const IncomingMessage& message) {
  const auto value_of = [&](std::string_view name) -> std::string_view {
    if (name == "message") return message.message;
    if (name == "message_id") return message.message_id;
    if (name == "subject") return message.subject;
    if (name == "subscribe_url") return message.subscribe_url.reveal();
    if (name == "timestamp") return message.timestamp;
    if (name == "topic_urn") return message.topic_urn;
    return to_text(message.type);
  };
  std::string text;
  text.reserve(message.message.size() + message.subject.size() + 1024);
  for (const std::string_view name : signed_members(to_text(message.type))) {
    const std::string_view value = value_of(name);
    if (name == "subject" && value.empty()) continue;
    append_signed(text, name, value);
  }
  return text;
}

}  // namespace neap::sign
