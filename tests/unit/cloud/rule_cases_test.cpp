// The documented limits of every parameter of every operation, from both sides.
#include <cstdio>
#include <string>

#include <catch2/catch.hpp>

#include "cloud/check.h"
#include "json/masked.h"
#include "json/writer.h"
#include "support/operation_arguments.h"

using namespace neap;
using namespace neap::cloud;

namespace {

constexpr std::uint64_t kSeed = 20261122;

// The start of a value as a message shows it; nothing where escapes and wide characters differ.
std::string start_of(const json::Value& value) {
  std::string text = json::write(value).substr(0, 6);
  for (const char c : text) {
    if (c < ' ' || c > '~') return {};
  }
  return text;
}

void check_refusal(const Operation& operation, const test::RuleCase& row,
                   const Result<void>& result) {
  REQUIRE_FALSE(result);
  const std::string& message = result.error().message;
  INFO(message);
  REQUIRE(result.error().kind == ErrorKind::kArgument);
  REQUIRE(message.starts_with(std::string(operation.name) + ": "));
  REQUIRE(message.find(row.field) != std::string::npos);
  REQUIRE(message.find(row.says) != std::string::npos);
  if (row.says != "is missing" && row.says != "unknown parameter") {
    const std::string name = row.field.substr(row.field.rfind('.') + 1);
    const std::string seen = json::is_secret_name(name) ? "***" : start_of(row.value);
    REQUIRE(message.find(row.field + " = " + seen) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("every rule of every parameter holds at its limits, and a refusal names what and why") {
  test::OperationArguments arguments(kSeed);
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (const Operation& operation : catalog()) {
    for (const test::RuleCase& row : arguments.rule_cases(operation)) {
      INFO("seed " << kSeed << ", " << permission_name(operation) << " " << row.field << " with "
                   << json::write(row.arguments).substr(0, 400));
      const Result<void> result = check_arguments(operation, row.arguments);
      if (row.accepted) {
        INFO((result ? "" : result.error().message));
        REQUIRE(result);
        ++accepted;
      } else {
        check_refusal(operation, row, result);
        ++refused;
      }
    }
  }
  std::printf("rule cases: %zu operations, %zu generated and run, %zu accepted, %zu refused\n",
              catalog().size(), accepted + refused, accepted, refused);
  CHECK(accepted + refused > 5000);
}

TEST_CASE("minimal and full arguments of every operation are accepted without a warning") {
  test::OperationArguments arguments(kSeed);
  for (const Operation& operation : catalog()) {
    for (int round = 0; round < 20; ++round) {
      for (const json::Object& given : {arguments.minimal(operation), arguments.full(operation)}) {
        const Result<void> result = check_arguments(operation, given);
        INFO(permission_name(operation) << " with " << json::write(given));
        INFO((result ? "" : result.error().message));
        REQUIRE(result);
        REQUIRE(warnings_of(operation, given).empty());
      }
    }
  }
}
