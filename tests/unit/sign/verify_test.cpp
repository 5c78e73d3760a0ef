// The gateway's side: what it accepts, and the documented error for everything else.
#include "sign/verify.h"

#include <catch2/catch.hpp>

#include "sign/signer.h"
#include "vectors.h"

using namespace neap;
using namespace neap::sign;
using namespace std::chrono_literals;

namespace {

constexpr UtcTime kNow{std::chrono::seconds{1738555506}};

std::optional<Secret> one_key(std::string_view access_key) {
  if (access_key != "AKEXAMPLE") return std::nullopt;
  return Secret("SKexample");
}

http::Request signed_request() {
  Credentials credentials;
  credentials.access_key = "AKEXAMPLE";
  credentials.secret_key = Secret("SKexample");
  credentials.project_id = "p1";
  http::Request request;
  request.method = http::Method::kPost;
  request.url = "https://sdrs.example/v1/p1/server-groups?limit=5&name=%E5%80%BC";
  request.headers.add("Content-Type", "application/json");
  request.body = R"({"server_group":{}})";
  REQUIRE(sign_request(request, credentials, kNow));
  return request;
}

void check_refused(const http::Request& request, std::string_view reason, UtcTime now = kNow) {
  const Result<void> verdict = verify_signature(request, one_key, now);
  REQUIRE_FALSE(verdict);
  CHECK(verdict.error().kind == ErrorKind::kAuth);
  CHECK(verdict.error().code == "APIGW.0301");
  CHECK(verdict.error().http_status == 401);
  CHECK_THAT(verdict.error().message, Catch::EndsWith(std::string(reason)));
}

constexpr std::string_view kWrong = "verify aksk signature fail";

}  // namespace

TEST_CASE("the gateway accepts every golden vector at its own date") {
  for (test::SigningVector& vector : test::signing_vectors()) {
    INFO(vector.name);
    const std::string_view stated = vector.request.headers.get("X-Sdk-Content-Sha256");
    if (!stated.empty() && stated != "UNSIGNED-PAYLOAD") continue;
    vector.request.headers.set("Authorization", vector.expected.authorization);
    const auto secret_of = [&](std::string_view) {
      return std::optional<Secret>(vector.credentials.secret_key);
    };
    CHECK(verify_signature(vector.request, secret_of, vector.date));
  }
}

TEST_CASE("the gateway accepts a request target alone, with other headers added on the way") {
  http::Request request = signed_request();
  request.url = "/v1/p1/server-groups?limit=5&name=%E5%80%BC";
  request.headers.add("X-Forwarded-For", "10.0.0.1");
  CHECK(verify_signature(request, one_key, kNow));
}

TEST_CASE("a change to any part of a signed request is noticed") {
  const auto tampered = [](auto change) {
    http::Request request = signed_request();
    change(request);
    check_refused(request, kWrong);
  };
  tampered([](http::Request& r) { r.method = http::Method::kPut; });
  tampered([](http::Request& r) { r.url = "https://sdrs.example/v1/p2/server-groups?limit=5"; });
  tampered([](http::Request& r) { r.url += "&offset=1"; });
  tampered([](http::Request& r) { r.body += " "; });
  tampered([](http::Request& r) { r.headers.set("Host", "other.example"); });
  tampered([](http::Request& r) { r.headers.set("X-Project-Id", "p2"); });
  tampered([](http::Request& r) { r.headers.remove("Content-Type"); });
  tampered([](http::Request& r) { r.headers.add("X-Project-Id", "p2"); });
  tampered([](http::Request& r) { r.headers.set("X-Sdk-Date", "20250203T040507Z"); });
  tampered([](http::Request& r) { r.headers.set("X-Sdk-Date", "yesterday"); });
  tampered([](http::Request& r) { r.headers.add("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"); });
}

TEST_CASE("a date more than 15 minutes off is called expired, in both directions") {
  const http::Request request = signed_request();
  CHECK(verify_signature(request, one_key, kNow + 15min));
  CHECK(verify_signature(request, one_key, kNow - 15min));
  constexpr std::string_view kExpired = "calc ak sk signature fail:signature expired";
  check_refused(request, kExpired, kNow + 15min + 1s);
  check_refused(request, kExpired, kNow - 15min - 1s);
  check_refused(request, kExpired, kNow + 1h);
}

TEST_CASE("an unknown access key is named, escaped") {
  http::Request request = signed_request();
  std::string text(request.headers.get("Authorization"));
  text.replace(text.find("AKEXAMPLE"), 9, "AK\x1b[2J");
  request.headers.set("Authorization", text);
  check_refused(request, "Get secretKey failed,ak:AK\\x1b[2J,err:ak not exist");
}

TEST_CASE("an Authorization header that is missing or malformed is refused") {
  http::Request request = signed_request();
  const std::string good(request.headers.get("Authorization"));
  request.headers.remove("Authorization");
  check_refused(request, "x-auth-token not found");
  for (const std::string& text :
       {std::string(), std::string("Bearer x"), good.substr(0, 30), good + ", X=1",
        std::string("SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=, Signature="),
        std::string("SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=host, Signature=00")}) {
    request.headers.set("Authorization", text);
    check_refused(request, kWrong);
  }
}
