// Signing: the golden vectors, and what is refused before anything is signed.
#include "sign/signer.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/digest.h"
#include "sign/canonical.h"
#include "vectors.h"

using namespace neap;
using namespace neap::sign;

namespace {

constexpr UtcTime kNow{std::chrono::seconds{1738555506}};  // 2025-02-03T04:05:06Z

Credentials key_pair() {
  Credentials credentials;
  credentials.access_key = "AKEXAMPLE";
  credentials.secret_key = Secret("SKexample");
  return credentials;
}

http::Request list_groups() {
  http::Request request;
  request.url = "https://sdrs.cn-north-4.myhuaweicloud.com/v1/p1/server-groups?limit=5";
  return request;
}

}  // namespace

TEST_CASE("every golden vector gives the same canonical request, string to sign and signature") {
  const std::vector<test::SigningVector> vectors = test::signing_vectors();
  for (const test::SigningVector& vector : vectors) {
    INFO(vector.name);
    const Result<Signature> signature = compute_signature(vector.request, vector.credentials);
    REQUIRE(signature);
    CHECK(signature->canonical_request == vector.expected.canonical_request);
    CHECK(sha256_hex(signature->canonical_request) == vector.canonical_request_sha256);
    CHECK(signature->string_to_sign == vector.expected.string_to_sign);
    CHECK(signature->signed_headers == vector.expected.signed_headers);
    CHECK(signature->authorization == vector.expected.authorization);
    CHECK(signature->authorization.ends_with("Signature=" + vector.signature));
  }
  fmt::print("signing vectors checked: {}\n", vectors.size());
  CHECK(!vectors.empty());
}

TEST_CASE("the digests agree with FIPS 180-4 and RFC 4231") {
  CHECK(sha256_hex("") == kEmptySha256);
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_sha256_hex(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "abcd"));
}

TEST_CASE("a path segment signs the same however the wire spells it") {
  CHECK(canonical_uri("") == "/");
  CHECK(canonical_uri("/v1/a b") == "/v1/a%20b/");
  CHECK(canonical_uri("/v1/a%20b") == "/v1/a%20b/");
  CHECK(canonical_uri("/v1/%e4%bc%b8") == "/v1/%E4%BC%B8/");
  CHECK(canonical_uri("/v1/a%2Fb") == "/v1/a%2Fb/");  // an escaped slash does not part segments
  CHECK(canonical_uri("/v1/100%") == "/v1/100%25/");
  CHECK(canonical_uri("/v1//x/") == "/v1//x/");
  CHECK(canonical_uri("/topics:publish*") == "/topics%3Apublish%2A/");
}

TEST_CASE("a query is sorted by name in byte order, equal names by value") {
  CHECK(canonical_query("") == "");
  CHECK(canonical_query("b=2&B=1&a=3") == "B=1&a=3&b=2");
  CHECK(canonical_query("id=2&id=10&id=1") == "id=1&id=10&id=2");
  CHECK(canonical_query("flag&empty=") == "empty=&flag=");
  CHECK(canonical_query("q=a+b&&x=1=2") == "q=a%2Bb&x=1%3D2");
}

TEST_CASE("sign_request sets host, date, project and authorization") {
  http::Request request = list_groups();
  Credentials credentials = key_pair();
  credentials.project_id = "p1";
  REQUIRE(sign_request(request, credentials, kNow));
  CHECK(request.headers.get("Host") == "sdrs.cn-north-4.myhuaweicloud.com");
  CHECK(request.headers.get("X-Sdk-Date") == "20250203T040506Z");
  CHECK(request.headers.get("X-Project-Id") == "p1");
  CHECK_FALSE(request.headers.has("X-Security-Token"));
  CHECK(request.headers.get("Authorization")
            .starts_with("SDK-HMAC-SHA256 Access=AKEXAMPLE, "
                         "SignedHeaders=host;x-project-id;x-sdk-date, Signature="));
}

TEST_CASE("the port is part of the host unless it is the scheme's own") {
  for (const auto& [url, host] : std::vector<std::pair<std::string, std::string>>{
           {"http://127.0.0.1:8080/v1", "127.0.0.1:8080"},
           {"http://127.0.0.1:80/v1", "127.0.0.1"},
           {"https://x.example:443?a=b", "x.example"},
           {"https://[::1]:8443/", "[::1]:8443"}}) {
    CHECK(host_of(split_url(url)) == host);
  }
}

TEST_CASE("signing again replaces the date and the signature") {
  http::Request request = list_groups();
  REQUIRE(sign_request(request, key_pair(), kNow));
  const std::string first(request.headers.get("Authorization"));
  REQUIRE(sign_request(request, key_pair(), kNow + std::chrono::seconds{1}));
  CHECK(request.headers.count("Authorization") == 1);
  CHECK(request.headers.count("X-Sdk-Date") == 1);
  CHECK(request.headers.get("Authorization") != first);
}

TEST_CASE("a temporary key sends and signs its security token") {
  http::Request request = list_groups();
  Credentials credentials = key_pair();
  credentials.security_token = Secret("token==");
  REQUIRE(sign_request(request, credentials, kNow));
  CHECK(request.headers.get("X-Security-Token") == "token==");
  CHECK(request.headers.get("Authorization").find(";x-security-token,") != std::string::npos);
}

TEST_CASE("an IAM token goes instead of a signature") {
  http::Request request = list_groups();
  REQUIRE(sign_request(request, key_pair(), kNow));
  Credentials credentials;
  credentials.auth_token = Secret("MIIF");
  REQUIRE(sign_request(request, credentials, kNow));
  CHECK(request.headers.get("X-Auth-Token") == "MIIF");
  CHECK_FALSE(request.headers.has("Authorization"));
}

TEST_CASE("headers that a transport may rewrite are not signed") {
  http::Request request = list_groups();
  request.headers.add("User-Agent", "neap");
  request.headers.add("Accept", "application/json");
  request.headers.add("Content-Type", "application/json");
  REQUIRE(sign_request(request, key_pair(), kNow));
  CHECK(request.headers.get("Authorization").find("SignedHeaders=content-type;host;x-sdk-date,") !=
        std::string::npos);
}

TEST_CASE("a header value that could smuggle another header or another charset is refused") {
  const std::vector<std::string> values = {"a\r\nX-Evil: 1", "a\nb", "caf\xc3\xa9",
                                           std::string("a\0b", 3)};
  for (const std::string& value : values) {
    http::Request request = list_groups();
    request.headers.add("X-Note", value);
    const Result<void> signature = sign_request(request, key_pair(), kNow);
    REQUIRE_FALSE(signature);
    CHECK(signature.error().kind == ErrorKind::kArgument);
    CHECK(signature.error().message.find("X-Note") != std::string::npos);
    CHECK(signature.error().message.find(value) == std::string::npos);
  }
}

TEST_CASE("a repeated header, a missing date and missing keys are refused by name") {
  http::Request request = list_groups();
  CHECK(compute_signature(request, key_pair()).error().message.find("Host") != std::string::npos);
  CHECK(sign_request(request, Credentials{}, kNow).error().kind == ErrorKind::kAuth);
  request.headers.add("X-Twice", "1");
  request.headers.add("x-twice", "2");
  CHECK(sign_request(request, key_pair(), kNow).error().message.find("x-twice") !=
        std::string::npos);
}

TEST_CASE("a URL given with a path in Chinese signs as its escaped spelling") {
  http::Request raw = list_groups();
  raw.url = "https://as.example/v1/项目?名=值";
  http::Request escaped = raw;
  escaped.url = "https://as.example/v1/%E9%A1%B9%E7%9B%AE?%E5%90%8D=%E5%80%BC";
  REQUIRE(sign_request(raw, key_pair(), kNow));
  REQUIRE(sign_request(escaped, key_pair(), kNow));
  CHECK(raw.headers.get("Authorization") == escaped.headers.get("Authorization"));
}
