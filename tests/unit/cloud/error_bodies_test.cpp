// Bodies of refusals, good and hostile: each becomes one Error that says what can be known.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "cloud/errors.h"
#include "cloud/refusal.h"
#include "loop/clock.h"

using namespace neap;
using namespace neap::cloud;

namespace {

constexpr UtcTime kNow = VirtualClock::kStart;

struct Row {
  int status;
  std::string_view body;
  ErrorKind kind;
  std::string_view code;        // of the Error
  std::string_view says;        // part of the message
  std::string_view request_id;  // of the Error
};

// Every outer key stands for any other (sdrs.md section 7, as.md section 1).
constexpr Row kNested[] = {
    {400, R"({"error":{"code":"SDRS.1013","message":"gone"}})", ErrorKind::kNotFound, "SDRS.1013",
     "protection group not found: \"gone\"", ""},
    {400, R"({"badrequest":{"message":"gone","code":"SDRS.1013"}})", ErrorKind::kNotFound,
     "SDRS.1013", "\"gone\"", ""},
    {404, R"({"itemNotFound":{"code":"SDRS.2206","message":"m"}})", ErrorKind::kNotFound,
     "SDRS.2206", "tag key not found", ""},
    {400, R"({"error":{"code":"AS.2007","message":"The AS group does not exist."}})",
     ErrorKind::kNotFound, "AS.2007", "scaling group not found", ""},
    {400, R"({"error":{"code":"AS.1004","message":""}})", ErrorKind::kNotFound, "AS.1004",
     "scaling configuration not found", ""},
    {404, R"({"error":{"code":"AS.0007","message":"The requested resource [x] …"}})",
     ErrorKind::kNotFound, "AS.0007", "the path names does not exist", ""},
    {400, R"({"error":{"code":"AS.2033","message":"in [DELETING] status"}})", ErrorKind::kConflict,
     "AS.2033", "DELETING", ""},
    {400, R"({"error":{"code":"AS.7042","message":"m"}})", ErrorKind::kNotFound, "AS.7042",
     "no such instance is held", ""},
    {403, R"({"error":{"code":"AS.0011","message":"m"}})", ErrorKind::kPermission, "AS.0011",
     "lacks the right", ""},
    {400, R"({"error":{"code":"AS.7111"}})", ErrorKind::kConflict, "AS.7111", "quota of servers",
     ""},
    {400, R"({"error":{"error_code":"SDRS.1002","error_msg":"m"}})", ErrorKind::kConflict,
     "SDRS.1002", "does not allow", ""},
    {400, R"({"request_id":"r-1","error":{"code":"SDRS.1002","message":"m"}})",
     ErrorKind::kConflict, "SDRS.1002", "does not allow", "r-1"},
    {400, R"({"error":{"code":"SDRS.1002","message":"m","request_id":"r-2"},"request_id":"r-1"})",
     ErrorKind::kConflict, "SDRS.1002", "", "r-2"},
    {400, R"({"meta":{"message":"hello"},"error":{"code":"SDRS.1002","message":"m"}})",
     ErrorKind::kConflict, "SDRS.1002", "\"m\"", ""},
    {400, R"({"message":"outer","error":{"code":"SDRS.1002","message":"inner"}})",
     ErrorKind::kConflict, "SDRS.1002", "\"inner\"", ""},
    {400, R"({"error":{"code":"SDRS.9999","message":"new rule"}})", ErrorKind::kArgument,
     "SDRS.9999", "new rule", ""},
    {400, R"({"error":{"message":"no code"}})", ErrorKind::kArgument, "", "no code", ""},
    {400, R"({"error":{"code":"SDRS.1013"}})", ErrorKind::kNotFound, "SDRS.1013",
     "protection group not found", ""},
    {401, R"({"error":{"code":401,"message":"wrong password","title":"Unauthorized"}})",
     ErrorKind::kAuth, "401", "wrong password", ""},
    {404, R"({"error":{"code":404,"message":"no such project","title":"Not Found"}})",
     ErrorKind::kNotFound, "404", "no such project", ""},
    {404, R"({"itemNotFound":{"code":"SDRS.0201","message":"no such job"}})", ErrorKind::kNotFound,
     "SDRS.0201", "no such job", ""},
};

constexpr Row kFlat[] = {
    {429, R"({"error_code":"APIGW.0308","error_msg":"limit:200","request_id":"g-1"})",
     ErrorKind::kThrottled, "APIGW.0308", "limit:200", "g-1"},
    {401, R"({"error_code":"APIGW.0301","error_msg":"ak not exist","request_id":"g-2"})",
     ErrorKind::kAuth, "APIGW.0301", "ak not exist", "g-2"},
    {401, R"({"error_code":"APIG.0301","error_msg":"m","request_id":"g-3"})", ErrorKind::kAuth,
     "APIG.0301", "access key", "g-3"},
    {413, R"({"error_code":"APIGW.0201","error_msg":"too large"})", ErrorKind::kArgument,
     "APIGW.0201", "too large", ""},
    {502, R"({"error_code":"APIGW.0201","error_msg":"Backend unavailable"})", ErrorKind::kNetwork,
     "APIGW.0201", "Backend unavailable", ""},
    {504, R"({"error_code":"APIGW.0201","error_msg":"Backend timeout"})", ErrorKind::kNetwork,
     "APIGW.0201", "Backend timeout", ""},
    {503, R"({"error_code":"APIGW.0613","error_msg":"m"})", ErrorKind::kNetwork, "APIGW.0613",
     "unavailable", ""},
    {500, R"({"error_code":"AS.0001","error_msg":"m"})", ErrorKind::kNetwork, "AS.0001",
     "internal error", ""},
    {404, R"({"request_id":"s-1","code":"SMN.0006","message":"Topic not found."})",
     ErrorKind::kNotFound, "SMN.0006", "topic not found", "s-1"},
    {404, R"({"request_id":"s-2","code":"SMN.0013","message":"m"})", ErrorKind::kNotFound,
     "SMN.0013", "subscription not found", "s-2"},
    {400, R"({"request_id":"s-3","code":"SMN.0011","message":"m"})", ErrorKind::kArgument,
     "SMN.0011", "protocol", "s-3"},
    {400, R"({"code":"SDRS.1013","message":"m","RequestId":"s-4"})", ErrorKind::kNotFound,
     "SDRS.1013", "", "s-4"},
    {400, R"({"error_code":"","code":"SDRS.1013","message":"m"})", ErrorKind::kNotFound,
     "SDRS.1013", "", ""},
    {400, R"({"code":"","error_code":"SDRS.1013","error_msg":"m"})", ErrorKind::kNotFound,
     "SDRS.1013", "\"m\"", ""},
    {409, R"({"code":"X.1","message":"taken"})", ErrorKind::kConflict, "X.1", "taken", ""},
    {403, R"({"message":"policy"})", ErrorKind::kPermission, "", "policy", ""},
    {429, R"({"message":"slow down"})", ErrorKind::kThrottled, "", "slow down", ""},
    {400, " \r\n{\"code\":\"SDRS.1013\",\"message\":\"m\"}\n", ErrorKind::kNotFound, "SDRS.1013",
     "", ""},
    {400, R"({"code":"SDRS.0001","code":"SDRS.1013","message":"m"})", ErrorKind::kNotFound,
     "SDRS.1013", "", ""},
};

// ecs.md sections 1, 5 and 8; sdrs.md section 6.
constexpr Row kServersAndJobs[] = {
    {400,
     R"({"error":{"code":"Ecs.0100","message":"wrong","details":[{"code":"Ecs.7","message":"off"}]}})",
     ErrorKind::kConflict, "Ecs.0100", "(Ecs.7 off)", ""},
    {400,
     R"({"error":{"code":"Ecs.0005","message":"m","details":[{"code":"a","message":"b"},
         {"message":"c"},{"code":"d"},{},7,null]}})",
     ErrorKind::kArgument, "Ecs.0005", "(a b; c; d)", ""},
    {400, R"({"error":{"code":"Ecs.0005","message":"m","details":"text"}})", ErrorKind::kArgument,
     "Ecs.0005", "invalid: \"m\"", ""},
    {404, R"({"error":{"code":"Ecs.0114","message":"m"}})", ErrorKind::kNotFound, "Ecs.0114",
     "server not found", ""},
    {400, R"({"error":{"code":"Ecs.0114","message":"m"}})", ErrorKind::kNotFound, "Ecs.0114",
     "server not found", ""},
    {500, R"({"error":{"code":"Ecs.0614","message":"m"}})", ErrorKind::kNotFound, "Ecs.0614",
     "server not found", ""},
    {400, R"({"error":{"code":"Common.0011","message":"m"}})", ErrorKind::kNotFound, "Common.0011",
     "job not found", ""},
    {202, R"({"error":{"code":"Common.0024","message":"m"}})", ErrorKind::kThrottled, "Common.0024",
     "took no job", ""},
    {503, R"({"error":{"code":"Common.1503","message":"m"}})", ErrorKind::kThrottled, "Common.1503",
     "too many requests", ""},
    {400, R"({"code":"Ecs.0319","message":"m","status":"FAIL","entities":{"sub_jobs":[]}})",
     ErrorKind::kConflict, "Ecs.0319", "no capacity", ""},
    {400,
     R"({"status":"FAIL","job_id":"j","error_code":"EVS.2024","fail_reason":"Task-fail:broken"})",
     ErrorKind::kArgument, "EVS.2024", "Task-fail:broken", ""},
    {400, R"({"status":"FAIL","error_code":"SDRS.1030","fail_reason":"m","entities":{}})",
     ErrorKind::kJobFailed, "SDRS.1030", "\"m\"", ""},
    {400, R"({"error_code":null,"fail_reason":null,"error":{"code":"Ecs.0100","message":"m"}})",
     ErrorKind::kConflict, "Ecs.0100", "\"m\"", ""},
};

constexpr std::string_view kNotOne = "with a body that is not one of the platform's errors";

constexpr Row kNoErrors[] = {
    {502, "", ErrorKind::kNetwork, "", "HTTP 502 with no body", ""},
    {502, " \r\n ", ErrorKind::kNetwork, "", "with no body", ""},
    {404, "", ErrorKind::kNotFound, "", "HTTP 404", ""},
    {502, "<html><head><title>502 Bad Gateway</title></head></html>", ErrorKind::kNetwork, "",
     "with a web page", ""},
    {200, "<!DOCTYPE html><html>log in here</html>", ErrorKind::kNetwork, "", "with a web page",
     ""},
    {503, "<?xml version=\"1.0\"?><Error><Code>X</Code></Error>", ErrorKind::kNetwork, "",
     "with a web page", ""},
    {407, "<html>who are you</html>", ErrorKind::kNetwork, "", "the proxy on the way asks", ""},
    {302, "<html>moved</html>", ErrorKind::kNetwork, "", "redirects are not followed", ""},
    {503, "Service Unavailable", ErrorKind::kNetwork, "", kNotOne, ""},
    {400, R"({"error":{"code":"SDRS.1013","mess)", ErrorKind::kArgument, "", "with broken JSON",
     ""},
    {400, "{", ErrorKind::kArgument, "", "with broken JSON", ""},
    {400, R"({"code":"SDRS.1013","message":"m"} trailing)", ErrorKind::kArgument, "",
     "with broken JSON", ""},
    {400, R"({'code':'SDRS.1013'})", ErrorKind::kArgument, "", "with broken JSON", ""},
    {400, "{\"code\":\"SDRS.1013\",\"message\":\"\xff\xfe\"}", ErrorKind::kArgument, "",
     "with broken JSON", ""},
    {400, "[]", ErrorKind::kArgument, "", kNotOne, ""},
    {400, R"([{"code":"SDRS.1013","message":"m"}])", ErrorKind::kArgument, "", kNotOne, ""},
    {400, "null", ErrorKind::kArgument, "", kNotOne, ""},
    {400, "17", ErrorKind::kArgument, "", kNotOne, ""},
    {400, "\"SDRS.1013\"", ErrorKind::kArgument, "", kNotOne, ""},
    {400, "{}", ErrorKind::kArgument, "", kNotOne, ""},
    {400, R"({"error":null})", ErrorKind::kArgument, "", kNotOne, ""},
    {400, R"({"error":"SDRS.1013"})", ErrorKind::kArgument, "", kNotOne, ""},
    {400, R"({"error":[{"code":"SDRS.1013"}]})", ErrorKind::kArgument, "", kNotOne, ""},
    {400, R"({"error":{"code":null,"message":null}})", ErrorKind::kArgument, "", kNotOne, ""},
    {400, R"({"error":{"code":{"code":"SDRS.1013"}}})", ErrorKind::kArgument, "", kNotOne, ""},
    {400, R"({"error":{"code":true,"message":[1]}})", ErrorKind::kArgument, "", kNotOne, ""},
    {400, R"({"a":{"b":{"c":{"code":"SDRS.1013"}}}})", ErrorKind::kArgument, "", kNotOne, ""},
    {400, std::string_view("\0\0\0\0", 4), ErrorKind::kArgument, "", kNotOne, ""},
};

Error parse(int status, std::string_view body) {
  return parse_error("show_job", {status, {}, std::string(body)}, kNow);
}

void check(const Row& row) {
  INFO(row.status << " " << row.body);
  const Error error = parse(row.status, row.body);
  CHECK(to_text(error.kind) == to_text(row.kind));
  CHECK(error.code == row.code);
  CHECK(error.operation == "show_job");
  CHECK(error.http_status == row.status);
  CHECK(error.request_id == row.request_id);
  CHECK(error.message.starts_with("show_job: "));
  INFO(error.message);
  CHECK(error.message.find(row.says) != std::string::npos);
  CHECK(error.message.find('\n') == std::string::npos);
  CHECK(error.message.find("html") == std::string::npos);
}

}  // namespace

TEST_CASE("an error under any outer key is read") {
  for (const Row& row : kNested) check(row);
}

TEST_CASE("a flat error is read") {
  for (const Row& row : kFlat) check(row);
}

TEST_CASE("errors of servers with their details, and of jobs, are read") {
  for (const Row& row : kServersAndJobs) check(row);
}

TEST_CASE("a body that is no error of the platform is described, not quoted") {
  for (const Row& row : kNoErrors) check(row);
}

TEST_CASE("a body of 20 MB is a clear error, whatever is in it") {
  std::string filler;
  filler.resize(20'000'000, 'x');
  CHECK(parse(400, filler).message == "show_job: answered HTTP 400 with a body of 20.0 MB");
  const Error error = parse(400, R"({"code":"SDRS.1013","message":")" + filler + R"("})");
  CHECK(error.kind == ErrorKind::kArgument);
  CHECK(error.code.empty());
  CHECK(error.message == "show_job: answered HTTP 400 with a body of 20.0 MB");
  CHECK(parse(502, "<html>" + filler).message.find("a web page") != std::string::npos);
}

TEST_CASE("a body of deep nesting is a clear error") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(parse(400, deep).message.find("HTTP 400") != std::string::npos);
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
  CHECK(parse(400, objects).message.find("broken JSON") != std::string::npos);
}

TEST_CASE("long texts of the platform are cut, in the code, the details and the id as well") {
  const std::string filler(50'000, 'y');
  const Error error =
      parse(400, R"({"code":")" + filler + R"(","message":")" + filler + R"(","request_id":")" +
                     filler + R"(","details":[{"code":"z","message":")" + filler + R"("}]})");
  CHECK(error.code.size() < 400);
  CHECK(error.request_id.size() < 400);
  CHECK(error.message.size() < 800);
}

TEST_CASE("no more details are read than a line holds") {
  std::string rows;
  for (int i = 0; i < 1000; ++i) rows += R"({"code":"c"},)";
  const Refusal refusal = read_refusal(R"({"code":"x","details":[)" + rows + "null]}");
  CHECK(refusal.details == "c; c; c; c; c");
}

TEST_CASE("a code of a service behind the one that was asked proves nothing") {
  const auto proves = [](std::string_view code) {
    return proves_no_effect(
        {400, {}, R"({"error":{"code":")" + std::string(code) + R"(","message":"m"}})"});
  };
  CHECK(proves("Ecs.0100"));
  CHECK(proves("AS.2007"));
  CHECK_FALSE(proves("Ecs.1002"));
  CHECK_FALSE(proves("AS.7003"));
  CHECK_FALSE(proves("AS.4030"));
}
