// Messages that a careful receiver refuses, each with the reason for which it must.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sign/rejection.h"
#include "support/message_world.h"

namespace neap::test {

struct HostileMessage {
  std::string name;
  std::string body;
  sign::RejectionReason reason;
  http::Headers headers = {};
};

// The text with its first `from` replaced, which has to be there.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("no " + std::string(from));
  return text.replace(at, from.size(), to);
}

inline std::string signed_notification() {
  return body_of(with_signature(notification()));
}

// The member as it stands in the body, its value any JSON.
inline std::string with_member(std::string_view name, std::string_view json) {
  sign::Message message = with_signature(notification());
  const std::string was = "\"" + message.at(std::string(name)) + "\"";
  if (name == "message")
    return with(body_of(message), R"("message":"{\"life)",
                "\"message\":" + std::string(json) + R"(,"rest":"{\"life)");
  return with(body_of(message), was, json);
}

// Signed after the change, so that the signature is not what is wrong with it.
inline std::string with_value(const std::string& name, const std::string& value) {
  sign::Message message = notification();
  message[name] = value;
  return body_of(with_signature(message));
}

inline std::string without(const std::string& name, sign::Message message = notification()) {
  message = with_signature(std::move(message));
  message.erase(name);
  return body_of(message);
}

// Signed before the change.
inline std::string tampered(const std::string& name, const std::string& value,
                            sign::Message message = notification()) {
  message = with_signature(std::move(message));
  message[name] = value;
  return body_of(message);
}

inline std::vector<HostileMessage> broken_json() {
  constexpr auto kReason = sign::RejectionReason::kMalformed;
  const std::string good = signed_notification();
  const std::string nul(1, '\0');
  std::string deep = R"({"a":)";
  for (int i = 0; i < 70; ++i) deep += "[";
  deep += "1";
  for (int i = 0; i < 70; ++i) deep += "]";
  std::string many = R"({"a":[)";
  for (int i = 0; i < 100'001; ++i) many += "1,";
  std::string wide;
  for (const char c : good) (wide += c) += nul;
  return {
      {"no body", "", kReason},
      {"white space", " \r\n\t ", kReason},
      {"null", "null", kReason},
      {"a string", "\"Notification\"", kReason},
      {"a number", "42", kReason},
      {"an empty list", "[]", kReason},
      {"a list of the message", "[" + good + "]", kReason},
      {"an open brace", "{", kReason},
      {"half of it", good.substr(0, good.size() / 2), kReason},
      {"without its last byte", good.substr(0, good.size() - 1), kReason},
      {"a comma at the end", good.substr(0, good.size() - 1) + ",}", kReason},
      {"twice in a row", good + good, kReason},
      {"text behind it", good + "x", kReason},
      {"a NUL behind it", good + nul, kReason},
      {"single quotes", "{'type':'Notification'}", kReason},
      {"keys without quotes", "{type:\"Notification\"}", kReason},
      {"a comment", with(good, "{", "{/* hello */"), kReason},
      {"not a number", with(good, "{", "{\"n\":NaN,"), kReason},
      {"a byte order mark", "\xEF\xBB\xBF" + good, kReason},
      {"UTF-16", wide, kReason},
      {"bytes that are no UTF-8", with(good, "lifecycle hook", "life\xFF hook"), kReason},
      {"overlong UTF-8", with(good, "lifecycle hook", "life\xC0\xAF hook"), kReason},
      {"a surrogate in UTF-8", with(good, "lifecycle hook", "life\xED\xA0\x80 hook"), kReason},
      {"half a pair of surrogates", with(good, "lifecycle hook", "life\\ud800 hook"), kReason},
      {"the other half", with(good, "lifecycle hook", "life\\udc00 hook"), kReason},
      {"a line break in a string", with(good, "lifecycle hook", "life\nhook"), kReason},
      {"a NUL in a string", with(good, "lifecycle hook", "life" + nul + "hook"), kReason},
      {"an unknown escape", with(good, "lifecycle hook", "life\\xhook"), kReason},
      {"too deep", deep + "}", kReason},
      {"too many values", many + "1]}", kReason},
      {"too large", with(good, "lifecycle hook", std::string(1u << 20, 'x')), kReason},
      {"a form", "type=Notification&message=hello", kReason},
      {"XML", "<Notification><message/></Notification>", kReason},
      {"gzip", std::string("\x1F\x8B\x08\0\0\0\0\0", 8) + good, kReason},
  };
}

inline std::vector<HostileMessage> repeated_members() {
  constexpr auto kReason = sign::RejectionReason::kDuplicateMember;
  const std::string good = signed_notification();
  const auto also = [&](std::string_view member) {
    return with(good, "{", "{" + std::string(member) + ",");
  };
  return {
      {"type twice", also(R"("type":"Notification")"), kReason},
      {"message twice", also(R"("message":"{}")"), kReason},
      {"message_id twice", also(R"("message_id":"x")"), kReason},
      {"topic_urn twice", also(R"("topic_urn":"urn:smn:x:y:z")"), kReason},
      {"signing_cert_url twice", also(R"("signing_cert_url":"https://evil.example/x.pem")"),
       kReason},
      {"type twice, once escaped", also(R"("\u0074ype":"Notification")"), kReason},
      {"an unknown member twice", also(R"("x":1,"x":2)"), kReason},
      {"twice, further down", also(R"("x":[{"a":1,"a":1}])"), kReason},
  };
}

inline std::vector<HostileMessage> broken_members() {
  constexpr auto kReason = sign::RejectionReason::kBadMember;
  std::vector<HostileMessage> all;
  for (const char* name : {"type", "message_id", "topic_urn", "message", "timestamp", "signature",
                           "signature_version", "signing_cert_url"}) {
    all.push_back({std::string("no ") + name, without(name), kReason});
    all.push_back({std::string("null for ") + name, with_member(name, "null"), kReason});
  }
  for (const std::string type : {"SubscriptionConfirmation", "UnsubscribeConfirmation"}) {
    all.push_back(
        {"no subscribe_url in " + type, without("subscribe_url", confirmation(type)), kReason});
  }
  const auto add = [&](std::string name, std::string body) {
    all.push_back({std::move(name), std::move(body), kReason});
  };
  add("message as an object", with_member("message", R"({"a":"b"})"));
  add("message as a list", with_member("message", R"(["a"])"));
  add("message_id as a number", with_member("message_id", "88726942175432921003616"));
  add("timestamp as a number", with_member("timestamp", "1767225600"));
  add("type as true", with_member("type", "true"));
  add("subject as null", with_member("subject", "null"));
  add("message_id in upper case", with_value("message_id", "88C726942175432BAC921EAFD0036163"));
  add("message_id too short", with_value("message_id", "88c726942175432bac921eafd003616"));
  add("message_id too long", with_value("message_id", "88c726942175432bac921eafd00361630"));
  add("message_id with hyphens", with_value("message_id", "88c72694-2175-432b-ac92-1eafd0036163"));
  add("message_id of other letters", with_value("message_id", std::string(32, 'g')));
  add("message_id empty", with_value("message_id", ""));
  for (const char* text :
       {"", "1767225600", "2026-01-01", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00+08:00", "2026-01-32T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01T00:00:61Z",
        " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ", "Thu, 01 Jan 2026 00:00:00 GMT"}) {
    add(std::string("timestamp \"") + text + "\"", with_value("timestamp", text));
  }
  const std::string signature = with_signature(notification()).at("signature");
  add("signature empty", tampered("signature", ""));
  add("signature no base64", tampered("signature", std::string(344, '!')));
  add("signature in the alphabet of URLs", tampered("signature", "-_" + signature.substr(2)));
  add("signature with a line break", tampered("signature", signature + "\n"));
  add("signature with a blank before it", tampered("signature", " " + signature));
  add("signature without padding", tampered("signature", signature.substr(0, 342)));
  add("signature with stray bits", tampered("signature", signature.substr(0, 341) + "B=="));
  add("signature in hexadecimal", tampered("signature", "0x" + std::string(511, 'a')));
  return all;
}

inline std::vector<HostileMessage> strange_types() {
  constexpr auto kType = sign::RejectionReason::kUnknownType;
  constexpr auto kVersion = sign::RejectionReason::kUnknownVersion;
  return {
      {"type in lower case", tampered("type", "notification"), kType},
      {"type empty", tampered("type", ""), kType},
      {"type with a blank", tampered("type", "Notification "), kType},
      {"type with a line break", tampered("type", "Notification\n"), kType},
      {"type of another service", tampered("type", "SubscribeConfirmation"), kType},
      {"signature_version v2", tampered("signature_version", "v2"), kVersion},
      {"signature_version 1", tampered("signature_version", "1"), kVersion},
      {"signature_version empty", tampered("signature_version", ""), kVersion},
      {"signature_version with a blank", tampered("signature_version", "v1 "), kVersion},
      {"signature_version none", tampered("signature_version", "none"), kVersion},
  };
}

inline std::vector<HostileMessage> ambiguous_texts() {
  constexpr auto kReason = sign::RejectionReason::kAmbiguousText;
  const std::string id = "88c726942175432bac921eafd0036163";
  sign::Message link = confirmation();
  link["subscribe_url"] += "\ntimestamp";
  return {
      {"LF in subject", with_value("subject", "a\nb"), kReason},
      {"CR in subject", with_value("subject", "a\rb"), kReason},
      {"LF alone as subject", with_value("subject", "\n"), kReason},
      {"subject that goes on as an envelope",
       with_value("subject", "a\nmessage_id\n" + id + "\nsubject\nb"), kReason},
      {"LF behind message_id", with_value("message_id", id + "\n"), kReason},
      {"message_id that goes on as subject", with_value("message_id", id + "\nsubject\nx"),
       kReason},
      {"LF behind timestamp", with_value("timestamp", timestamp({}) + "\n"), kReason},
      {"CR before timestamp", with_value("timestamp", "\r" + timestamp({})), kReason},
      {"LF in topic_urn", with_value("topic_urn", kTopic + "\ntype\nNotification"), kReason},
      {"LF in subscribe_url", body_of(with_signature(link)), kReason},
      {"message that holds an envelope",
       with_value("message", "a\nmessage_id\n" + id + "\nsubject\nb"), kReason},
      {"message that holds an envelope without subject",
       with_value("message", "a\nmessage_id\n" + id + "\ntimestamp\n" + timestamp({})), kReason},
      {"message that begins as an envelope", with_value("message", "message_id\n" + id), kReason},
      {"message that ends in message_id", with_value("message", "a\nmessage_id"), kReason},
      {"message that is message_id", with_value("message", "message_id"), kReason},
  };
}

inline std::vector<HostileMessage> contradictions() {
  constexpr auto kReason = sign::RejectionReason::kHeaderContradiction;
  const std::string good = signed_notification();
  const auto header = [&](std::string name, std::string key, std::string value) {
    return HostileMessage{std::move(name), good, kReason, {{std::move(key), std::move(value)}}};
  };
  const std::string confirming = "SubscriptionConfirmation";
  return {
      header("another type in the header", "X-SMN-MESSAGE-TYPE", confirming),
      header("another type in a header in lower case", "x-smn-message-type", confirming),
      header("another type in a header in mixed case", "X-Smn-Message-Type", confirming),
      header("type in lower case in the header", "X-SMN-MESSAGE-TYPE", "notification"),
      header("an empty type in the header", "X-SMN-MESSAGE-TYPE", ""),
      header("another message in the header", "X-SMN-MESSAGE-ID", std::string(32, '0')),
      header("another topic in the header", "X-SMN-TOPIC-URN", kOtherTopic),
      header("a subscription of another topic", "X-SMN-SUBSCRIPTION-URN", kOtherTopic + ":1"),
      header("a topic as subscription", "X-SMN-SUBSCRIPTION-URN", kTopic),
      {"the type twice in headers",
       good,
       kReason,
       {{"X-SMN-MESSAGE-TYPE", "Notification"}, {"X-SMN-MESSAGE-TYPE", confirming}}},
  };
}

inline std::vector<HostileMessage> foreign_topics() {
  constexpr auto kReason = sign::RejectionReason::kTopicNotAllowed;
  std::vector<HostileMessage> all;
  for (const std::string& urn :
       {std::string("urn:smn:cn-north-4:00000000000000000000000000000000:hooks"), kOtherTopic,
        std::string("urn:smn:cn-north-1:b53e5554fad0494d96206fb84296510b:hooks"), kTopic + "2",
        kTopic.substr(0, kTopic.size() - 1), kTopic + " ", " " + kTopic, kTopic + ":1",
        with(kTopic, "urn:smn", "URN:SMN"), with(kTopic, "hooks", "Hooks"), std::string(),
        std::string("*"), with(kTopic, "hooks", "\xD0\xBEoks")}) {
    all.push_back({"topic \"" + urn + "\"", with_value("topic_urn", urn), kReason});
  }
  return all;
}

inline std::vector<HostileMessage> forgeries() {
  constexpr auto kReason = sign::RejectionReason::kSignature;
  const SigningKeys& keys = signing_keys();
  const std::string good = with_signature(notification()).at("signature");
  const std::string bytes = sign_text(keys.smn.get(), sign::message_text(notification()).value());
  std::string flipped = bytes;
  flipped[100] = static_cast<char>(flipped[100] ^ 1);
  sign::Message bare = notification();
  bare.erase("subject");
  sign::Message empty_subject = notification();
  empty_subject["subject"] = "";
  empty_subject["signature"] = encode_base64(sign_text(
      keys.smn.get(), with(sign::message_text(notification()).value(), "lifecycle hook", "")));
  sign::Message turned = with_signature(confirmation());
  turned["type"] = "UnsubscribeConfirmation";
  const auto signature = [](const std::string& raw) {
    return tampered("signature", encode_base64(raw));
  };
  return {
      {"another message", tampered("message", "{}"), kReason},
      {"a blank behind message", tampered("message", notification().at("message") + " "), kReason},
      {"another message_id", tampered("message_id", std::string(32, 'a')), kReason},
      {"a younger timestamp", tampered("timestamp", timestamp(std::chrono::seconds{1})), kReason},
      {"a subject that was not there", tampered("subject", "hello", bare), kReason},
      {"no subject where there was one", without("subject"), kReason},
      {"a subject in another case", tampered("subject", "Lifecycle hook"), kReason},
      {"an empty subject that was signed", body_of(empty_subject), kReason},
      {"a confirmation turned into a farewell", body_of(turned), kReason},
      {"another link", tampered("subscribe_url", "https://evil.example/?token=1", confirmation()),
       kReason},
      {"an accent in another form",
       [] {
         sign::Message message = notification();
         message["subject"] = "caf\xC3\xA9";
         return tampered("subject", "cafe\xCC\x81", message);
       }(),
       kReason},
      {"the signature of another message",
       tampered("signature", with_signature(bare).at("signature")), kReason},
      {"a signature by another key", body_of(with_signature(notification(), keys.other.get())),
       kReason},
      {"a signature by the authority", body_of(with_signature(notification(), keys.root.get())),
       kReason},
      {"a signature with SHA-1",
       body_of(with_signature(notification(), keys.smn.get(), EVP_sha1())), kReason},
      {"a signature with SHA-512",
       body_of(with_signature(notification(), keys.smn.get(), EVP_sha512())), kReason},
      {"a signature by RSA-PSS",
       body_of(with_signature(notification(), keys.smn.get(), EVP_sha256(), true)), kReason},
      {"a signature of zeros", signature(std::string(256, '\0')), kReason},
      {"a signature of ones", signature(std::string(256, '\xFF')), kReason},
      {"the number one as signature", signature(std::string(255, '\0') + "\x01"), kReason},
      {"one bit of the signature changed", signature(flipped), kReason},
      {"the signature short of a byte", signature(bytes.substr(0, 255)), kReason},
      {"the signature with a byte before it", signature(std::string(1, '\0') + bytes), kReason},
      {"the signature with a byte behind it", signature(bytes + "x"), kReason},
      {"the signature twice", signature(bytes + bytes), kReason},
      {"one byte as signature", signature("x"), kReason},
      {"the text itself as signature", signature(sign::message_text(notification()).value()),
       kReason},
  };
}

inline std::vector<HostileMessage> untimely_messages() {
  using namespace std::chrono_literals;
  const auto sent = [](Duration offset) { return with_value("timestamp", timestamp(offset)); };
  return {
      {"a second more than a day old", sent(-24h - 1s), sign::RejectionReason::kTooOld},
      {"a year old", sent(-8760h), sign::RejectionReason::kTooOld},
      {"of 1970", with_value("timestamp", "1970-01-01T00:00:00Z"), sign::RejectionReason::kTooOld},
      {"a second more than five minutes ahead", sent(5min + 1s),
       sign::RejectionReason::kFromTheFuture},
      {"a day ahead", sent(24h), sign::RejectionReason::kFromTheFuture},
      {"of 9999", with_value("timestamp", "9999-12-31T23:59:59Z"),
       sign::RejectionReason::kFromTheFuture},
  };
}

inline std::vector<HostileMessage> hostile_messages() {
  std::vector<HostileMessage> all;
  for (const auto& some :
       {broken_json, repeated_members, broken_members, strange_types, ambiguous_texts,
        contradictions, foreign_topics, forgeries, untimely_messages}) {
    for (HostileMessage& message : some()) all.push_back(std::move(message));
  }
  return all;
}

}  // namespace neap::test
