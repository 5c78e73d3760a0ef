// Every documented shape of an error becomes a typed one.
#include "cloud/errors.h"

#include <string>

#include <catch2/catch.hpp>

#include "cloud/catalog.h"
#include "loop/clock.h"

using namespace neap;
using namespace neap::cloud;
using namespace std::chrono_literals;

namespace {

constexpr UtcTime kNow = VirtualClock::kStart;

http::Response answer(int status, std::string body, http::Headers headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

Error parse(const http::Response& response) {
  return parse_error("show_protection_group", response, kNow);
}

bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("code and message are found under any outer key, flat, and one level down") {
  for (const char* body : {R"({"error":{"message":"XXXX","code":"SDRS.1013"}})",
                           R"({"badrequest":{"message":"XXXX","code":"SDRS.1013"}})",
                           R"({"itemNotFound":{"code":"SDRS.1013","message":"XXXX"}})",
                           R"({"code":"SDRS.1013","message":"XXXX"})",
                           R"({"error_code":"SDRS.1013","error_msg":"XXXX"})",
                           R"({"error":{"error_code":"SDRS.1013","error_msg":"XXXX"}})",
                           R"({"request_id":"r","error":{"code":"SDRS.1013","message":"XXXX"}})"}) {
    INFO(body);
    const Error error = parse(answer(400, body));
    CHECK(error.kind == ErrorKind::kNotFound);
    CHECK(error.code == "SDRS.1013");
    CHECK(error.http_status == 400);
    CHECK(error.operation == "show_protection_group");
    CHECK(error.message == "show_protection_group: protection group not found: \"XXXX\"");
    CHECK_FALSE(error.hint.empty());
  }
}

TEST_CASE("gateway errors have their own kinds and carry the request id") {
  const auto gateway = [](int status, std::string code, std::string text) {
    return parse(answer(status, R"({"error_code":")" + code + R"(","error_msg":")" + text +
                                    R"(","request_id":"req-9"})"));
  };
  const Error throttled = gateway(429, "APIGW.0308",
                                  "The throttling threshold has been reached: policy user over "
                                  "ratelimit,limit:200,time:5 minute");
  CHECK(throttled.kind == ErrorKind::kThrottled);
  CHECK(throttled.request_id == "req-9");
  CHECK(mentions(throttled.message, "limit:200,time:5 minute"));
  CHECK(gateway(401, "APIGW.0301", "verify aksk signature fail").kind == ErrorKind::kAuth);
  CHECK(gateway(401, "APIG.0301", "x").kind == ErrorKind::kAuth);
  CHECK(gateway(401, "APIGW.0307", "x").kind == ErrorKind::kAuth);
  CHECK(gateway(403, "APIGW.0302", "x").kind == ErrorKind::kPermission);
  CHECK(gateway(404, "APIGW.0101", "x").kind == ErrorKind::kNotFound);
  CHECK(gateway(503, "APIGW.0613", "x").kind == ErrorKind::kNetwork);
}

TEST_CASE("the request id of the header wins over the one in the body") {
  const Error error =
      parse(answer(400, R"({"error_code":"x","request_id":"body"})", {{"x-request-id", "head"}}));
  CHECK(error.request_id == "head");
}

TEST_CASE("IAM's numeric codes are read") {
  const Error error = parse(answer(
      401,
      R"({"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}})"));
  CHECK(error.kind == ErrorKind::kAuth);
  CHECK(error.code == "401");
  CHECK(mentions(error.message, "The username or password is wrong."));
}

TEST_CASE("a body that is no error of the platform still gives a kind and says what it is") {
  CHECK(parse(answer(404, "")).message == "show_protection_group: answered HTTP 404 with no body");
  CHECK(parse(answer(404, "")).kind == ErrorKind::kNotFound);
  for (const char* body :
       {"<html>Bad Gateway</html>", "[1,2]", "{", "null", "{}", "\"x\"", R"({"error":"text"})",
        R"({"error":{"code":null}})", "{\"a\":{\"b\":1}}"}) {
    INFO(body);
    const Error error = parse(answer(502, body));
    CHECK(error.kind == ErrorKind::kNetwork);
    CHECK(error.code.empty());
    CHECK(mentions(error.message, "HTTP 502"));
    CHECK_FALSE(mentions(error.message, "html"));
  }
  CHECK(mentions(parse(answer(302, "")).message, "redirects are not followed"));
  CHECK(parse(answer(409, "")).kind == ErrorKind::kConflict);
  CHECK(parse(answer(403, "")).kind == ErrorKind::kPermission);
  CHECK(parse(answer(400, "")).kind == ErrorKind::kArgument);
}

TEST_CASE("not found is mostly a 400, and a wrong status is a conflict") {
  const auto kind = [](std::string code) {
    return parse(answer(400, R"({"error":{"code":")" + code + R"(","message":"m"}})")).kind;
  };
  for (const char* code : {"SDRS.1013", "SDRS.0208", "SDRS.1608", "SDRS.0213", "SDRS.1902"}) {
    INFO(code);
    CHECK(kind(code) == ErrorKind::kNotFound);
  }
  for (const char* code : {"SDRS.1002", "SDRS.1024", "SDRS.1314", "SDRS.1601", "SDRS.1830",
                           "SDRS.1319", "SDRS.1913", "SDRS.0305"}) {
    INFO(code);
    CHECK(kind(code) == ErrorKind::kConflict);
  }
  CHECK(kind("SDRS.0202") == ErrorKind::kArgument);
  CHECK(kind("SDRS.0005") == ErrorKind::kPermission);
  CHECK(kind("SDRS.9999") == ErrorKind::kArgument);
}

TEST_CASE("an expired signature says by how much our clock is off, and which way") {
  const std::string body =
      R"({"error_code":"APIGW.0301","error_msg":"calc ak sk signature fail:signature expired"})";
  const auto at = [&](UtcTime theirs) {
    return parse(answer(401, body, {{"Date", format_http_date(theirs)}}));
  };
  CHECK(mentions(at(kNow - 1h).message, "our clock is 1h00m ahead of the platform's"));
  CHECK(mentions(at(kNow + 20min).message, "our clock is 20m00s behind the platform's"));
  CHECK(mentions(at(kNow - 1h).hint, "NTP"));
  CHECK(clock_is_off(answer(401, "", {{"Date", format_http_date(kNow - 1h)}}), kNow));
  CHECK_FALSE(clock_is_off(answer(401, "", {{"Date", format_http_date(kNow - 1min)}}), kNow));
  CHECK_FALSE(clock_is_off(answer(401, "", {{"Date", "yesterday"}}), kNow));
  const Error other = parse(answer(401, R"({"error_code":"APIGW.0301","error_msg":"ak not exist"})",
                                   {{"Date", format_http_date(kNow)}}));
  CHECK_FALSE(mentions(other.message, "clock"));
}

TEST_CASE("Retry-After becomes the next step") {
  const Error error = parse(answer(429, "{}", {{"Retry-After", "7"}}));
  CHECK(error.kind == ErrorKind::kThrottled);
  CHECK(error.hint == "retry after 7 s");
  CHECK(parse(answer(429, "", {{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}})).hint ==
        "wait and retry");
}

TEST_CASE("what the platform says is made printable and kept short") {
  const Error error =
      parse(answer(400, "{\"error\":{\"code\":\"SDRS.0202\",\"message\":\"\\u001b[2Jbad\\nname" +
                            std::string(5000, 'x') + "\"}}"));
  CHECK(error.message.find('\x1b') == std::string::npos);
  CHECK(error.message.find('\n') == std::string::npos);
  CHECK(error.message.size() < 500);
}

TEST_CASE("only a parsed refusal with a documented code proves that nothing happened") {
  const auto proves = [](int status, std::string code) {
    return proves_no_effect(
        answer(status, R"({"error":{"code":")" + code + R"(","message":"m"}})"));
  };
  CHECK(proves(400, "SDRS.1002"));
  CHECK(proves(400, "SDRS.1013"));
  CHECK(proves(401, "APIGW.0301"));
  CHECK(proves(403, "APIGW.0302"));
  CHECK(proves(404, "SDRS.2206"));
  CHECK(proves(429, "APIGW.0308"));
  CHECK(proves(409, "SDRS.1002"));
  CHECK_FALSE(proves(400, "SDRS.9999"));
  CHECK_FALSE(proves(500, "SDRS.1014"));
  CHECK_FALSE(proves(502, "APIGW.0201"));
  CHECK_FALSE(proves(408, "APIGW.0201"));
  CHECK_FALSE(proves(200, "SDRS.1002"));
  // The failover had begun: 400 or not, this is no refusal.
  CHECK_FALSE(proves(400, "SDRS.1030"));
  CHECK_FALSE(proves_no_effect(answer(400, "")));
  CHECK_FALSE(proves_no_effect(answer(404, "<html>")));
  CHECK_FALSE(proves_no_effect(answer(429, "slow down")));
}

TEST_CASE("a 404 is not_found even when its code is the one for bad parameters") {
  const Error error = parse(
      answer(404, R"({"itemNotFound":{"code":"SDRS.0201","message":"The job does not exist."}})"));
  CHECK(error.kind == ErrorKind::kNotFound);
  CHECK(error.code == "SDRS.0201");
  CHECK(error.message == "show_protection_group: The job does not exist.");
  CHECK(error.hint == "check the id and the project");
}
