// Base64, both ways.
#include "sign/base64.h"

#include <catch2/catch.hpp>

using namespace neap::sign;

TEST_CASE("base64 is written and read as RFC 4648 section 10 shows") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(encode_base64(bytes) == text);
    if (*text != '\0') CHECK(decode_base64(text) == bytes);
  }
  const std::string all("\x00\xff\xfe\x80", 4);
  CHECK(encode_base64(all) == "AP/+gA==");
  CHECK(decode_base64("AP/+gA==") == all);
}

TEST_CASE("base64 with white space, missing padding, stray bits or other letters is refused") {
  for (const char* text :
       {"", "Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Z=9v", "Zm-_", "===="}) {
    CAPTURE(text);
    CHECK_FALSE(decode_base64(text));
  }
}
