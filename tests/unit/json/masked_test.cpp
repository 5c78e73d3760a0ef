// Passwords and tokens do not stand where values are shown or kept.
#include "json/masked.h"

#include <catch2/catch.hpp>

#include "json/document.h"
#include "json/writer.h"

using namespace neap;

TEST_CASE("what stands under a secret's name is replaced, however deep, and nothing else") {
  const auto shown = [](const char* text) {
    return json::write(json::masked(json::Document::parse(text)->value()));
  };
  CHECK(shown(R"({"name":"a","admin_pass":"CANARY"})") == R"({"name":"a","admin_pass":"***"})");
  CHECK(shown(R"([{"server":{"adminPass":7}},{"user_data":["x"]}])") ==
        R"([{"server":{"adminPass":"***"}},{"user_data":"***"}])");
  CHECK(shown(R"({"password":{"user":{"name":"u","password":"CANARY"}}})") ==
        R"({"password":{"user":{"name":"u","password":"***"}}})");
  CHECK(shown(R"({"token":"CANARY","topic_urn":"urn:smn:a"})") ==
        R"({"token":"***","topic_urn":"urn:smn:a"})");
  CHECK(shown(R"({"token":{"expires_at":"2026"}})") == R"({"token":{"expires_at":"2026"}})");
  CHECK(shown(R"({"passwords":1,"pass":[true,null,1.5]})") ==
        R"({"passwords":1,"pass":[true,null,1.5]})");
}
