// What tests of bundled runbooks ask of an outcome, and the faults that they plant.
#pragma once

#include <string>

#include <catch2/catch.hpp>

#include "support/rehearsal.h"

namespace neap::test {

// The result of a run, an empty object when it returned something else.
inline const json::Object& result_of(const runs::ScriptRun::Outcome& outcome) {
  static const json::Object kNone;
  const auto* result = outcome.value.as<json::Object>();
  return result != nullptr ? *result : kNone;
}

inline void check_done(const runs::ScriptRun::Outcome& outcome, bool changed) {
  INFO((outcome.error ? describe(*outcome.error) : ""));
  REQUIRE_FALSE(outcome.error);
  CHECK(result_of(outcome).flag("changed") == changed);
}

inline void check_failed(const runs::ScriptRun::Outcome& outcome, ErrorKind kind, const char* why) {
  REQUIRE(outcome.error);
  INFO(describe(*outcome.error));
  CHECK(outcome.error->kind == kind);
  CHECK_THAT(describe(*outcome.error), Catch::Contains(why));
}

inline std::string fault(const std::string& operation, const std::string& rest) {
  return R"({"operation":")" + operation + R"(",)" + rest + "}";
}

}  // namespace neap::test
