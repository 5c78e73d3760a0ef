// Signing messages as SMN does: the exact text that is signed, and signatures that the certificate
// proves.
#include "sign/message_key.h"

#include <catch2/catch.hpp>

#include "base/digest.h"
#include "json/document.h"
#include "support/golden.h"
#include "support/message_proof.h"

using namespace neap;
using namespace neap::sign;
using test::proves;

namespace {

constexpr UtcTime kNow{std::chrono::seconds{1738555506}};

std::string text_of(const json::Object& object, std::string_view key) {
  const json::Value* value = object.find(key);
  REQUIRE(value != nullptr);
  return *value->as<std::string>();
}

Message message_of(const json::Object& body) {
  Message message;
  for (const auto& [name, value] : body) message[name] = *value.as<std::string>();
  return message;
}

}  // namespace

TEST_CASE("the text that is signed is that of every SMN vector") {
  const auto document = json::Document::parse(test::read_golden("smn-vectors.json"));
  REQUIRE(document);
  const json::Value value = document->value();
  const json::Object& all = *value.as<json::Object>();
  const std::string certificate = text_of(all, "certificate_pem");
  std::size_t checked = 0;
  for (const json::Value& item : *all.find("messages")->as<json::Array>()) {
    const json::Object& row = *item.as<json::Object>();
    INFO(text_of(row, "name"));
    const Message message = message_of(*row.find("body")->as<json::Object>());
    const Result<std::string> text = message_text(message);
    REQUIRE(text);
    CHECK(*text == text_of(row, "string_to_sign"));
    CHECK(sha256_hex(*text) == text_of(row, "string_sha256"));
    CHECK(proves(certificate, *text, message.at("signature")) == *row.find("valid")->as<bool>());
    ++checked;
  }
  CHECK(checked >= 5);
}

TEST_CASE("an empty subject is left out of the signed text") {
  Message message{{"type", "Notification"}, {"message", "m"},   {"message_id", "1"},
                  {"timestamp", "t"},       {"topic_urn", "u"}, {"subject", ""}};
  CHECK(*message_text(message) ==
        "message\nm\nmessage_id\n1\ntimestamp\nt\ntopic_urn\nu\ntype\nNotification\n");
}

TEST_CASE("a message without a needed member, or of an unknown type, has no signed text") {
  CHECK_FALSE(message_text({}));
  CHECK_FALSE(message_text({{"type", "Invitation"}, {"message", "m"}}));
  const Result<std::string> text = message_text({{"type", "Notification"}, {"message", "m"}});
  REQUIRE_FALSE(text);
  CHECK(text.error().message == "the message has no message_id");
}

TEST_CASE("what a message key signs its certificate proves, and nothing else") {
  const MessageKey key("SMN of the simulator", kNow);
  const std::string signature = key.sign("message\nhello\n");
  CHECK(signature.size() == 344);
  CHECK(proves(key.certificate_pem(), "message\nhello\n", signature));
  CHECK_FALSE(proves(key.certificate_pem(), "message\nhallo\n", signature));
  CHECK(key.certificate_id().size() == 32);
  const MessageKey other("SMN of the simulator", kNow);
  CHECK(other.certificate_id() != key.certificate_id());
  CHECK_FALSE(proves(other.certificate_pem(), "message\nhello\n", signature));
}
