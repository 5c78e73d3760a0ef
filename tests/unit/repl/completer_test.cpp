// What Tab offers, in a session against the simulator.
#include "repl/completer.h"

#include <algorithm>

#include "unit/repl/session_world.h"

using namespace neap;
using namespace neap::repl;
using namespace std::chrono_literals;
using test::SessionWorld;

namespace {

// The same for all: what scripts can call does not change.
const manual::Surface& surface() {
  static const manual::Surface kLoaded = *manual::Surface::load();
  return kLoaded;
}

struct Completing : SessionWorld {
  std::vector<std::string> at(const std::string& line, const std::string& before = {}) {
    std::vector<std::string> texts;
    const Completion found = completer.complete(before, line, line.size());
    for (const Candidate& each : found.candidates) texts.push_back(each.text);
    return texts;
  }
  std::string help_of(const std::string& line, const std::string& candidate) {
    for (const Candidate& each : completer.complete({}, line, line.size()).candidates) {
      if (each.text == candidate) return each.help;
    }
    return "no such candidate";
  }

  Completer completer{
      *session, [] { return &surface(); }, {{":help", "helps"}, {":history", ""}}, 700ms};
};

using Texts = std::vector<std::string>;

bool holds(const Texts& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

}  // namespace

TEST_CASE("globals, modules and words of the language complete") {
  Completing w;
  CHECK(w.at("sd") == Texts{"sdrs"});
  CHECK(w.at("fun") == Texts{"function"});
  CHECK(w.at("toS").empty());
  CHECK(w.at(":h") == Texts{":help", ":history"});
  static_cast<void>(w.run("own_name = 1"));
  CHECK(w.at("own") == Texts{"own_name"});
}

TEST_CASE("what stands behind a dot or a colon comes from the value itself") {
  Completing w;
  CHECK(w.at("sdrs.gr") == Texts{"groups"});
  CHECK(w.at("x = as.gr") == Texts{"groups"});
  CHECK(holds(w.at("task."), "all"));
  static_cast<void>(w.run("t = { inner = { leaf = 1 } }"));
  CHECK(w.at("t.inner.") == Texts{"leaf"});
}

TEST_CASE("methods come with what they do") {
  Completing w;
  const Texts methods = w.at("sdrs.groups:");
  for (const char* each : {"all", "create", "each", "find", "get"}) CHECK(holds(methods, each));
  CHECK_FALSE(holds(methods, "kind"));
  CHECK_THAT(w.help_of("sdrs.groups:fi", "find"), Catch::Contains("exactly this name"));
}

TEST_CASE("a thing has its fields behind a dot and its methods behind a colon") {
  Completing w;
  static_cast<void>(w.run("g = sdrs.groups:find('demo')"));
  CHECK(w.at("g.prio") == Texts{"priority_station"});
  CHECK(w.at("g.fail") == Texts{"failures"});  // a part; the method is behind a colon
  CHECK(w.at("g:fail") == Texts{"failover"});
  CHECK(holds(w.at("g.pairs:"), "each"));
}

TEST_CASE("what a call would give is known without making it") {
  Completing w;
  CHECK(w.at("sdrs.groups:find('demo'):fail") == Texts{"failover"});
  CHECK(w.at("sdrs.groups:find('demo'):failover():wa") == Texts{"wait"});
}

TEST_CASE("parameters complete in the table of a call, each once, and their choices") {
  Completing w;
  const Texts all = w.at("sdrs.groups:create { ");
  CHECK(holds(all, "name = "));
  CHECK(holds(all, "dr_type = "));
  CHECK_FALSE(holds(w.at("sdrs.groups:create { name = 'a', "), "name = "));
  CHECK(w.at("dr_", "sdrs.groups:create {\n") == Texts{"dr_type = "});
  CHECK_THAT(w.help_of("sdrs.groups:create { na", "name = "), Catch::Contains("required"));
  CHECK(w.at("sdrs.groups:create { dr_type = \"") == Texts{"migration"});
}

TEST_CASE("names are looked up on the platform, and those that came by are known") {
  Completing w;
  CHECK(holds(w.at("sdrs.groups:find('de"), "demo"));
  w.completer.saw("protection group", "design", "an id");
  CHECK(w.at("sdrs.groups:find('de") == Texts{"demo", "design"});
  CHECK(w.at("sdrs.groups:get(\"zz").empty());
}

TEST_CASE("a platform that does not answer in time costs the budget and nothing else") {
  Completing w;
  w.completer.saw("protection group", "seen", "");
  const Instant before = w.world->loop().now();
  Completer hasty(
      *w.session, [] { return &surface(); }, {}, 1ms);
  CHECK(hasty.complete({}, "sdrs.groups:find('", 18).candidates.empty());
  CHECK(w.world->loop().now() - before <= 1ms);
}

TEST_CASE("completing never runs code of the session") {
  Completing w;
  static_cast<void>(
      w.run("t = setmetatable({}, { __index = function() ran = true end, "
            "__name = 'x' })"));
  CHECK(w.at("t.a.").empty());
  CHECK(w.at("t:").empty());
  CHECK(w.text("tostring(ran)") == "nil");
}

TEST_CASE("any text can be completed") {
  Completing w;
  for (const char* text : {"", "}", "a.b.c.", "nil.x", "sdrs.nothing:", "('x'):", "x = \"", "[[",
                           "sdrs.groups:create { { { ", "1.", "\xff"}) {
    INFO(text);
    CHECK_NOTHROW(w.at(text));
  }
}
