// Every documented error code that an operation can give reaches the caller as that code, with its
// kind and its remedy, whatever the operation.
#include <catch2/catch.hpp>

#include "cloud/catalog.h"
#include "json/writer.h"
#include "support/operation_arguments.h"
#include "support/rehearsal.h"

using namespace neap;
using test::Rehearsal;

namespace {

Result<http::Response> call(Rehearsal& world, const cloud::Operation& operation,
                            json::Object arguments) {
  std::optional<Result<http::Response>> result;
  const Owner owner = world.world->client().call(
      operation, std::move(arguments),
      [&](Result<http::Response> answer) { result = std::move(answer); });
  world.world->loop().run();
  REQUIRE(result);
  return *std::move(result);
}

// A changing call whose refusal proves nothing is in doubt, whatever the code.
void check_kind(const cloud::Operation& operation, const cloud::ErrorCode& code,
                const Error& error) {
  if (operation.effect != cloud::Effect::kRead && error.kind == ErrorKind::kInDoubt) {
    CHECK((code.http_status >= 500 || code.http_status < 300 || code.kind == ErrorKind::kNetwork ||
           code.kind == ErrorKind::kJobFailed));
    return;
  }
  const bool behind = code.http_status >= 500 && error.kind == ErrorKind::kNetwork;
  CHECK((error.kind == code.kind || behind));
}

}  // namespace

TEST_CASE("each code that an operation can give is told with its kind and its remedy") {
  Rehearsal world;
  test::OperationArguments arguments(7);
  int told = 0;
  for (const cloud::Operation& operation : cloud::catalog()) {
    for (const std::string_view name : operation.errors) {
      const cloud::ErrorCode& code = *cloud::find_error_code(name);
      INFO(operation.service << ":" << operation.name << " " << name);
      world.plant(R"({"path":"*","kind":"status","count":100,"code":")" + std::string(name) +
                  R"("})");
      const auto result = call(world, operation, arguments.minimal(operation));
      REQUIRE_FALSE(result);
      const Error& error = result.error();
      CHECK(error.code == name);
      CHECK(error.operation == operation.name);
      CHECK(error.http_status == code.http_status);
      CHECK_FALSE(error.request_id.empty());
      CHECK_FALSE(error.hint.empty());
      check_kind(operation, code, error);
      world.admin(http::Method::kDelete, "/faults");
      ++told;
    }
  }
  WARN(told << " refusals told, of " << cloud::catalog().size() << " operations");
  CHECK(told > 500);
}

TEST_CASE("an answer that is no answer is a clear error of every operation") {
  struct Broken {
    const char* kind;
    const char* body;
  };
  const std::vector<Broken> all = {
      {"bad_json", nullptr},
      {"truncate", nullptr},
      {"status", R"("a text")"},
      {"status", R"([1,2,3])"},
      {"status", R"({"server_groups":"none"})"},
      {"status", "<html><title>Gateway</title></html>"},
  };
  Rehearsal world;
  test::OperationArguments arguments(7);
  int refused = 0;
  for (const cloud::Operation& operation : cloud::catalog()) {
    if (operation.effect == cloud::Effect::kRead) continue;
    if (!cloud::is_asynchronous(operation)) continue;
    for (const Broken& broken : all) {
      INFO(operation.name << " " << broken.kind << " " << (broken.body ? broken.body : ""));
      json::Object fault;
      fault.set("path", "*");
      fault.set("kind", broken.kind);
      if (broken.body != nullptr) {
        fault.set("status", operation.success);
        fault.set("body", broken.body);
      }
      world.plant(json::write(fault));
      const auto result = call(world, operation, arguments.minimal(operation));
      REQUIRE_FALSE(result);
      if (result.error().kind == ErrorKind::kInDoubt) ++refused;
      CHECK_FALSE(result.error().message.empty());
      world.admin(http::Method::kDelete, "/faults");
    }
  }
  WARN(refused << " changing calls in doubt");
  CHECK(refused > 50);
}
