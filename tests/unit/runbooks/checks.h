// What tests of bundled runbooks look at: their results, their refusals, and the faults that they
// must all withstand.
#pragma once

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/rehearsal.h"

namespace neap::test {

using Outcome = runs::ScriptRun::Outcome;

inline std::string result_text(const Outcome& outcome, const char* field) {
  const auto* result = outcome.value.as<json::Object>();
  return result != nullptr ? result->text(field) : "";
}

inline bool changed(const Outcome& outcome) {
  const auto* result = outcome.value.as<json::Object>();
  return result != nullptr && result->flag("changed");
}

inline std::string notes(const Rehearsal& world) {
  return world.op.texts("note", "text");
}

inline void check_done(const Outcome& outcome, const std::string& status,
                       const std::string& production) {
  INFO((outcome.error ? describe(*outcome.error) : ""));
  REQUIRE_FALSE(outcome.error);
  CHECK(result_text(outcome, "status") == status);
  CHECK(result_text(outcome, "production") == production);
}

// Exit code 3, as for everything that is found before something is changed.
inline void check_refused(const Outcome& outcome, const char* why) {
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kPrecondition);
  CHECK_THAT(outcome.error->message, Catch::Contains(why));
  CHECK(Rehearsal::exit_code(outcome) == app::ExitCode::kPreflight);
}

inline void check_failed(const Outcome& outcome, ErrorKind kind) {
  REQUIRE(outcome.error);
  INFO(describe(*outcome.error));
  CHECK(outcome.error->kind == kind);
}

inline std::string fault(const std::string& operation, const std::string& rest) {
  return R"({"operation":")" + operation + R"(",)" + rest + "}";
}

// The answer to a call that took effect is lost: it must be found, and never be sent again.
inline const std::vector<std::string> kLostAnswers{R"("kind":"drop_after")", R"("kind":"truncate")",
                                                   R"("kind":"bad_json")",
                                                   R"("kind":"delay","seconds":60)"};
// The call did nothing, which only time can prove: then it is sent again.
inline const std::vector<std::string> kLostCalls{R"("kind":"drop_before")",
                                                 R"("kind":"status","status":500)",
                                                 R"("kind":"status","status":503)"};

}  // namespace neap::test
