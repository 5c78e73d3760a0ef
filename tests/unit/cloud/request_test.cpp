// Operations and raw calls become exactly the documented requests.
#include "cloud/request.h"

#include <catch2/catch.hpp>

using namespace neap;
using namespace neap::cloud;

namespace {

constexpr std::string_view kEndpoint = "https://sdrs.cn-north-4.myhuaweicloud.com";

http::Request build(std::string_view name, const json::Object& arguments) {
  Result<http::Request> request =
      build_request(*find_operation("sdrs", name), kEndpoint, "p1", arguments);
  REQUIRE(request);
  return *std::move(request);
}

json::Object object(std::vector<json::Member> members) {
  return json::Object(std::move(members));
}

}  // namespace

TEST_CASE("the failover request is a POST of its key around an empty object") {
  const http::Request request =
      build("start_failover_protection_group", object({{"server_group_id", "g-1"}}));
  CHECK(request.method == http::Method::kPost);
  CHECK(request.url == std::string(kEndpoint) + "/v1/p1/server-groups/g-1/action");
  CHECK(request.body == R"({"failover-server-group":{}})");
  CHECK(request.headers.get("Content-Type") == "application/json");
}

TEST_CASE("body members stand in the catalogue's order whatever order they came in") {
  const http::Request a = build(
      "create_replication", object({{"volume_id", "v"}, {"name", "n"}, {"server_group_id", "g"}}));
  const http::Request b = build(
      "create_replication", object({{"server_group_id", "g"}, {"name", "n"}, {"volume_id", "v"}}));
  CHECK(a.body == R"({"replication":{"server_group_id":"g","volume_id":"v","name":"n"}})");
  CHECK(a.body == b.body);
}

TEST_CASE("a DELETE with a mandatory body sends it, and one without sends none") {
  const http::Request pair = build(
      "delete_replication",
      object({{"replication_id", "r"}, {"server_group_id", "g"}, {"delete_target_volume", false}}));
  CHECK(pair.method == http::Method::kDelete);
  CHECK(pair.url.ends_with("/v1/p1/replications/r"));
  CHECK(pair.body == R"({"replication":{"server_group_id":"g","delete_target_volume":false}})");
  const http::Request group = build("delete_protection_group", object({{"server_group_id", "g"}}));
  CHECK(group.body.empty());
  CHECK_FALSE(group.headers.has("Content-Type"));
}

TEST_CASE("a query is sorted and percent-encoded, and ID lists go as a JSON array") {
  const http::Request request =
      build("list_replications", object({{"status", "available"},
                                         {"server_group_ids", json::Array{"id1", "id2"}},
                                         {"limit", 10.0},
                                         {"name", "保 a+b"}}));
  CHECK(request.url ==
        std::string(kEndpoint) +
            "/v1/p1/replications?limit=10&name=%E4%BF%9D%20a%2Bb&server_group_ids=%5B%22id1%22%2C"
            "%22id2%22%5D&status=available");
  CHECK(request.body.empty());
}

TEST_CASE(
    "a missing project id is a setting to make, and a slash after the endpoint does no harm") {
  const Operation& list = *find_operation("sdrs", "list_protection_groups");
  const Result<http::Request> none = build_request(list, kEndpoint, "", {});
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::kConfig);
  CHECK(none.error().hint.find("HUAWEICLOUD_SDK_PROJECT_ID") != std::string::npos);
  CHECK(build_request(list, "http://127.0.0.1:80/", "p", {})->url ==
        "http://127.0.0.1:80/v1/p/server-groups");
}

TEST_CASE("a raw call fills in the project id, encodes its path once and sorts its query") {
  RawCall call{.service = "vpc", .path = "/v1/{project_id}/vpcs/名 a"};
  call.query = object({{"marker", "b/c"}, {"limit", 2}, {"all", true}});
  const Result<http::Request> request = build_request(call, "https://vpc.example.com", "p1");
  REQUIRE(request);
  CHECK(request->url ==
        "https://vpc.example.com/v1/p1/vpcs/%E5%90%8D%20a?all=true&limit=2&marker=b%2Fc");
  CHECK(request->body.empty());
  call.method = http::Method::kPost;
  call.body = object({{"vpc", object({{"name", "x"}})}});
  CHECK(build_request(call, "https://vpc.example.com", "p1")->body == R"({"vpc":{"name":"x"}})");
}

TEST_CASE("a raw call cannot leave its path") {
  for (const char* bad : {"v1/x", "", "/v1/../x", "/v1/./x", "/v1?x=1", "/v1#x", "/a%2e", "/a\\b",
                          "/{other}", "/\xFF"}) {
    INFO(bad);
    const Result<http::Request> request =
        build_request(RawCall{.service = "vpc", .path = bad}, "https://vpc.example.com", "p1");
    REQUIRE_FALSE(request);
    CHECK(request.error().kind == ErrorKind::kArgument);
  }
  RawCall null_query{.service = "vpc", .path = "/v1"};
  null_query.query.set("a", json::Null{});
  CHECK_FALSE(build_request(null_query, "https://vpc.example.com", "p1"));
}
