// An SMN message as it came in (smn.md sections 2 and 3): every member in its documented form, and
// nothing known yet about who wrote it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/time.h"
#include "http/request_reader.h"
#include "json/document.h"
#include "sign/rejection.h"

namespace neap::sign {

enum class MessageType { kNotification, kSubscriptionConfirmation, kUnsubscribeConfirmation };

std::string_view to_text(MessageType type);  // "Notification"

// What the signature does not cover is left out: unsubscribe_url, and members of other types.
struct IncomingMessage {
  MessageType type = MessageType::kNotification;
  std::string message_id;  // 32 hexadecimal digits
  std::string topic_urn;
  std::string message;
  std::string subject;    // of a Notification; empty when there is none
  std::string timestamp;  // as sent
  UtcTime sent;           // the same as a time: of the first attempt, repeats keep it
  Secret subscribe_url;   // of the other two types: it holds a token
  std::string signing_cert_url;
  std::string signature_version;  // "v1"
  Secret signature;               // its bytes, decoded
};

// Whatever the Content-Type says, the body has to be one JSON object. Headers are not signed: they
// are read only to refuse a request whose parts contradict each other.
//
// No two bodies that are accepted have the same signed text and differ in a signed member: all
// members but `message` are one line each, so that the text can be read in one way from its end,
// and `message` holds no line "message_id", where a laxer reader might cut it.
tl::expected<IncomingMessage, Rejection> read_message(const http::IncomingRequest& request,
                                                      json::Parser& parser, std::size_t body_limit);

std::string signed_text(const IncomingMessage& message);

}  // namespace neap::sign
