// What a run may reach, and how a refusal says what to do.
#include <catch2/catch.hpp>

#include "host.h"

using namespace neap;

namespace {

const cloud::Operation& operation(std::string_view name) {
  const cloud::Operation* found = cloud::find_operation("sdrs", name);
  REQUIRE(found != nullptr);
  return *found;
}

Grants granted(const std::vector<std::string>& needs,
               const std::vector<std::string>& allowed = {}) {
  Result<Grants> grants = Grants::from_needs(needs, allowed);
  INFO((grants ? "" : grants.error().message));
  REQUIRE(grants.has_value());
  return std::move(*grants);
}

Error refused_need(const std::string& need) {
  const Result<Grants> grants = Grants::from_needs({need}, {});
  REQUIRE_FALSE(grants.has_value());
  return grants.error();
}

template <class Fn>
Error refusal(Fn fn) {
  try {
    fn();
  } catch (const Failure& failure) {
    return failure.error;
  }
  FAIL("nothing was refused");
  return {};
}

cloud::RawCall raw(std::string service, http::Method method) {
  cloud::RawCall call;
  call.service = std::move(service);
  call.method = method;
  call.path = "/v1/{project_id}/things";
  return call;
}

}  // namespace

TEST_CASE("a need names the same operation in snake_case, in CamelCase and by its alias") {
  for (const cloud::Operation& row : cloud::catalog()) {
    INFO(row.name);
    const std::string service(row.service);
    CHECK_NOTHROW(granted({service + ":" + std::string(row.name)}).require_operation(row));
    CHECK_NOTHROW(granted({service + ":" + cloud::camel_case(row.name)}).require_operation(row));
    if (row.alias.empty()) continue;
    CHECK_NOTHROW(granted({service + ":" + std::string(row.alias)}).require_operation(row));
  }
}

TEST_CASE("an operation that needs do not name is kind permission, with the line to add") {
  const Grants grants = granted({"sdrs:show_job_status"});
  CHECK_NOTHROW(grants.require_operation(operation("show_job_status")));
  const Error error =
      refusal([&] { grants.require_operation(operation("start_failover_protection_group")); });
  CHECK(error.kind == ErrorKind::kPermission);
  CHECK(error.operation == "start_failover_protection_group");
  CHECK_THAT(error.message, Catch::Contains("nothing was sent"));
  CHECK(error.hint == "add \"sdrs:start_failover_protection_group\" to `needs`");
}

TEST_CASE("no needs grant nothing at all") {
  const Grants grants;
  for (const cloud::Operation& row : cloud::catalog()) {
    CHECK(refusal([&] { grants.require_operation(row); }).kind == ErrorKind::kPermission);
  }
  CHECK_THROWS_AS(grants.require_raw(raw("vpc", http::Method::kGet)), Failure);
  CHECK_THROWS_AS(grants.require_host("example.com"), Failure);
}

TEST_CASE("an unknown need is kind usage and gets the nearest operation") {
  const Error slip = refused_need("sdrs:start_failover_protection_grup");
  CHECK(slip.kind == ErrorKind::kUsage);
  CHECK_THAT(slip.message, Catch::Contains("did you mean sdrs:start_failover_protection_group?"));
  for (const char* need : {"", ":", "sdrs", "sdrs:", ":list_protection_groups", "list", "*",
                           "sdrs:*", "sdrs:TRACE", "sdrs:\x1b[31m"}) {
    INFO(need);
    const Error error = refused_need(need);
    CHECK(error.kind == ErrorKind::kUsage);
    CHECK(error.message.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("a raw call needs its service and its method, no more and no less") {
  const Grants grants = granted({"vpc:GET", "sdrs:list_protection_groups"});
  CHECK_NOTHROW(grants.require_raw(raw("vpc", http::Method::kGet)));
  for (const auto& [service, method] :
       {std::pair{"vpc", http::Method::kPost}, std::pair{"vpc", http::Method::kHead},
        std::pair{"ecs", http::Method::kGet}, std::pair{"sdrs", http::Method::kGet}}) {
    INFO(service << " " << http::to_text(method));
    const auto call = raw(service, method);
    const Error error = refusal([&] { grants.require_raw(call); });
    CHECK(error.kind == ErrorKind::kPermission);
    CHECK_THAT(error.hint, Catch::Contains(std::string(service) + ":"));
  }
  CHECK_THROWS_AS(grants.require_operation(operation("show_quota")), Failure);
}

TEST_CASE("a host must be asked for by the header and allowed by the operator") {
  const Grants both = granted({"net:hooks.example"}, {"net:hooks.example", "net:other.example"});
  CHECK_NOTHROW(both.require_host("hooks.example"));
  const Error unasked = refusal([&] { both.require_host("other.example"); });
  CHECK_THAT(unasked.hint, Catch::Contains("to `needs`"));
  const Grants asked = granted({"net:hooks.example"});
  const Error unallowed = refusal([&] { asked.require_host("hooks.example"); });
  CHECK(unallowed.kind == ErrorKind::kPermission);
  CHECK(unallowed.hint == "run with --allow net:hooks.example");
  CHECK_THROWS_AS(both.require_host("hooks.example.evil.example"), Failure);
  CHECK_THROWS_AS(both.require_host("sub.hooks.example"), Failure);
}

TEST_CASE("a range allows the addresses that are in it, and no names") {
  const Grants grants = granted({"net:*"}, {"net:10.1.0.0/16", "net:192.168.7.9/32"});
  for (const char* host : {"10.1.0.0", "10.1.255.255", "192.168.7.9"}) {
    INFO(host);
    CHECK_NOTHROW(grants.require_host(host));
  }
  for (const char* host :
       {"10.2.0.0", "10.0.255.255", "192.168.7.8", "11.1.0.1", "10.1.0.1.example", "10.1",
        "010.1.0.1", "0x0a010001", "167837697", "::ffff:10.1.0.1", ""}) {
    INFO(host);
    CHECK(refusal([&] { grants.require_host(host); }).kind == ErrorKind::kPermission);
  }
  CHECK_THROWS_AS(granted({}, {"net:10.1.0.0/16"}).require_host("10.1.0.1"), Failure);
  for (const char* grant : {"net:10.1.0.0/0", "net:10.1.0.0/33", "net:10.1.0.0/", "net:10.1.0.0/1x",
                            "net:10.1/16", "net:/16", "10.1.0.0/16", "net:10.1.0.0/-1"}) {
    INFO(grant);
    CHECK_THROWS_AS(granted({"net:*"}, {grant}).require_host("10.1.0.1"), Failure);
  }
}

TEST_CASE("code typed by the operator may call the platform, but hosts are still allowed singly") {
  const Grants grants = Grants::all({"net:hooks.example"});
  for (const cloud::Operation& row : cloud::catalog()) CHECK_NOTHROW(grants.require_operation(row));
  CHECK_NOTHROW(grants.require_raw(raw("vpc", http::Method::kDelete)));
  CHECK_NOTHROW(grants.require_host("hooks.example"));
  CHECK_THROWS_AS(grants.require_host("other.example"), Failure);
}
