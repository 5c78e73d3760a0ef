// What became of a call, for every changing operation of the catalogue: from each state before to
// each state after.
#include <algorithm>
#include <iostream>
#include <map>

#include <catch2/catch.hpp>

#include "cloud/look.h"
#include "cloud/reconcile.h"

using namespace neap;
using namespace neap::cloud;

namespace {

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

View thing(std::string_view status, std::string_view station = "source",
           std::string_view updated_at = "t0") {
  View view;
  view.name = "x";
  view.status = status;
  view.station = station;
  view.updated_at = updated_at;
  return view;
}

View absent() {
  View view;
  view.found = false;
  return view;
}

json::Object towards(std::string_view station) {
  json::Object arguments;
  arguments.set("priority_station", json::Value(station));
  return arguments;
}

Verdict verdict(const Operation& operation, const View& before, const View& now,
                const json::Object& arguments = towards("target")) {
  return judge(operation, arguments, before, now, false).verdict;
}

// Every documented status of what the operation acts on, and that it has none.
std::vector<std::string_view> states_of(const Operation& operation) {
  const Words known = statuses(operation.resource);
  std::vector<std::string_view> states(known.begin(), known.end());
  if (states.empty()) states.emplace_back();
  return states;
}

// The way that leads from a status, nullptr where the catalogue knows none or more than one.
const Transition* way_from(const Operation& operation, std::string_view status) {
  const Transition* found = nullptr;
  int ways = 0;
  for (const Transition& way : operation.transitions) {
    if (!way.from.empty() && !contains(way.from, status)) continue;
    found = &way;
    ++ways;
  }
  return ways == 1 ? found : nullptr;
}

// What the table says of a guarded call, in the words of reliability.md 2.2. Production stands
// where the call leaves it when it is done.
Verdict guarded(const Operation& operation, const Transition& way, std::string_view before,
                std::string_view after) {
  if (!way.during.empty() && after == way.during) return Verdict::kUnderWay;
  const bool moves = operation.lookup.station != Station::kStays;
  if (after == before && !(moves && contains(way.success, after))) return Verdict::kUnchanged;
  if (!way.failure.empty() && after == way.failure) return Verdict::kFailed;
  const bool tells = moves || !contains(way.success, before);
  if (contains(way.success, after) && tells) return Verdict::kHappened;
  return Verdict::kUnclear;
}

// An idempotent call has happened when things are as it leaves them.
Verdict idempotent(const Transition& way, std::string_view before, std::string_view after) {
  if (!way.during.empty() && after == way.during) return Verdict::kUnderWay;
  if (!way.failure.empty() && after == way.failure && after != before) return Verdict::kFailed;
  const bool tells = !contains(way.success, before) || !contains(way.from, after);
  return contains(way.success, after) && tells ? Verdict::kHappened : Verdict::kUnchanged;
}

bool by_what_is_set(const Operation& operation) {
  return !operation.lookup.set.empty() || !operation.lookup.field.empty();
}

bool by_state(const Operation& operation) {
  const bool repeated = operation.effect == Effect::kIdempotent && !by_what_is_set(operation);
  return (operation.effect == Effect::kGuarded || repeated) && can_be_looked_up(operation);
}

std::map<std::string, int> kinds_of_cases;

void count(std::string_view what) {
  ++kinds_of_cases[std::string(what)];
}

}  // namespace

TEST_CASE("every operation that a state tells of: from each state before, each state after") {
  for (const Operation& operation : catalog()) {
    if (!by_state(operation)) continue;
    for (const std::string_view before : states_of(operation)) {
      const Transition* way = way_from(operation, before);
      if (way == nullptr) continue;
      for (const std::string_view after : states_of(operation)) {
        INFO(operation.name << " from " << before << ", now " << after);
        const bool moved =
            operation.lookup.station != Station::kStays && contains(way->success, after);
        const View now =
            thing(after, moved ? "target" : "source", after == before && !moved ? "t0" : "t1");
        const Verdict expected = operation.effect == Effect::kGuarded
                                     ? guarded(operation, *way, before, after)
                                     : idempotent(*way, before, after);
        CHECK(to_text(verdict(operation, thing(before), now)) == to_text(expected));
        count(to_text(expected));
      }
    }
  }
  for (const auto& [what, times] : kinds_of_cases) {
    std::cout << "reconciled as " << what << ": " << times << " cases\n";
  }
}

TEST_CASE("what is gone has happened where the operation leads to that, and nowhere else") {
  std::size_t deletions = 0;
  for (const Operation& operation : catalog()) {
    if (!by_state(operation)) continue;
    for (const std::string_view before : states_of(operation)) {
      const Transition* way = way_from(operation, before);
      if (way == nullptr) continue;
      INFO(operation.name << " from " << before);
      const bool deletes = way->success.empty();
      CHECK(verdict(operation, thing(before), absent()) ==
            (deletes ? Verdict::kHappened : Verdict::kUnclear));
      if (!deletes) CHECK(verdict(operation, absent(), absent()) == Verdict::kUnchanged);
      deletions += deletes ? 1 : 0;
    }
  }
  CHECK(deletions > 0);
}

TEST_CASE("what a guarded call is not allowed from is never taken for done") {
  for (const Operation& operation : catalog()) {
    if (operation.effect != Effect::kGuarded || !can_be_looked_up(operation)) continue;
    for (const std::string_view before : states_of(operation)) {
      const auto ways = operation.transitions;
      const bool allowed = std::any_of(ways.begin(), ways.end(), [&](const Transition& way) {
        return way.from.empty() || contains(way.from, before);
      });
      if (allowed) continue;
      for (const std::string_view after : states_of(operation)) {
        INFO(operation.name << " from " << before << ", now " << after);
        const View now = thing(after, "source", after == before ? "t0" : "t1");
        CHECK(verdict(operation, thing(before), now) ==
              (after == before ? Verdict::kUnchanged : Verdict::kUnclear));
      }
    }
  }
}

TEST_CASE("every operation that sets something: each given argument stands in the thing") {
  std::size_t operations = 0;
  for (const Operation& operation : catalog()) {
    if (operation.effect != Effect::kIdempotent || operation.lookup.set.empty()) continue;
    ++operations;
    for (const std::string_view name : operation.lookup.set) {
      INFO(operation.name << " sets " << name);
      json::Object arguments;
      arguments.set(std::string(name), "new");
      View now = thing("protected");
      CHECK(verdict(operation, thing("protected"), now, arguments) == Verdict::kUnchanged);
      now.set.set(std::string(name), "old");
      CHECK(verdict(operation, thing("protected"), now, arguments) == Verdict::kUnchanged);
      now.set.set(std::string(name), "new");
      CHECK(verdict(operation, thing("protected"), now, arguments) == Verdict::kHappened);
      const std::string_view other = operation.lookup.set.back();
      if (other != name) {
        arguments.set(std::string(other), "also");
        CHECK(verdict(operation, thing("protected"), now, arguments) == Verdict::kUnchanged);
      }
      CHECK(verdict(operation, thing("protected"), absent(), arguments) == Verdict::kUnclear);
    }
  }
  CHECK(operations > 0);
}

TEST_CASE("every operation that turns a field: its value tells") {
  for (const Operation& operation : catalog()) {
    if (operation.lookup.field.empty()) continue;
    INFO(operation.name);
    View now = thing("INSERVICE");
    CHECK(verdict(operation, now, now) == Verdict::kUnchanged);
    now.set.set(std::string(operation.lookup.field), json::Value(operation.lookup.value));
    CHECK(verdict(operation, now, now) == Verdict::kHappened);
    CHECK(verdict(operation, now, absent()) == Verdict::kUnclear);
  }
}

TEST_CASE("every creation: the mark tells, or that there can be but one, or a person") {
  std::size_t creations = 0;
  for (const Operation& operation : catalog()) {
    if (operation.effect != Effect::kCreate) continue;
    INFO(operation.name);
    ++creations;
    View before;
    View now;
    const auto judged = [&](bool marked) {
      json::Object arguments;
      arguments.set("asked", "this");
      return judge(operation, arguments, before, now, marked);
    };
    CHECK(judged(false).verdict == Verdict::kUnchanged);
    now.ids = {"new"};
    const bool unique = operation.lookup.unique;
    CHECK(judged(false).verdict == (unique ? Verdict::kUnderWay : Verdict::kUnclear));
    CHECK(judged(false).id == "new");
    now.set.set("asked", "that");
    CHECK(judged(false).verdict == Verdict::kUnclear);
    CHECK(judged(true).verdict == Verdict::kUnchanged);
    now.marked = "new";
    CHECK(judged(true).verdict == Verdict::kUnderWay);
    now.marked.clear();
    before.ids = {"new"};
    CHECK(judged(false).verdict == Verdict::kUnchanged);
  }
  CHECK(creations > 0);
}

TEST_CASE("several things of one call: any that shows it tells for all, somebody else for none") {
  const Operation& together = *find_operation("sdrs", "batch_delete_protected_instances");
  const auto rows = [](std::initializer_list<View> all) { return view_of_all(all); };
  const View before = rows({thing("available"), thing("protected")});
  const auto now = [&](const View& a, const View& b) {
    return verdict(together, before, rows({a, b}));
  };
  CHECK(now(thing("available"), thing("protected")) == Verdict::kUnchanged);
  CHECK(now(thing("deleting"), thing("protected")) == Verdict::kUnderWay);
  CHECK(now(absent(), thing("protected")) == Verdict::kUnderWay);
  CHECK(now(absent(), absent()) == Verdict::kHappened);
  CHECK(now(absent(), thing("error-deleting", "source", "t1")) == Verdict::kFailed);
  CHECK(view_of_all({thing("available"), absent()}).found);
  CHECK_FALSE(view_of_all({absent(), absent()}).found);
}

TEST_CASE("a view is the same when it comes back from the log") {
  View view = view_of_all({thing("available"), absent()});
  view.set.set("name", "new");
  view.set.set("max_instance_number", 3);
  view.ids = {"a", "b"};
  view.marked = "b";
  CHECK(parse_view(to_json(view)) == view);
  CHECK(parse_view(to_json(absent())) == absent());
}

TEST_CASE(
    "what was asked for stands there: numbers as texts, parts of objects, lists in any order") {
  const auto object = [](const char* key, json::Value value) {
    json::Object made;
    made.set(key, std::move(value));
    return made;
  };
  CHECK(shows(600, "600"));
  CHECK(shows("600", 600));
  CHECK_FALSE(shows(600, 601));
  json::Object network = object("id", "n1");
  network.set("ipv6_enable", false);
  CHECK(shows(network, object("id", "n1")));
  CHECK_FALSE(shows(object("id", "n1"), network));
  CHECK(shows(json::Array{"b", "a"}, json::Array{"a", "b"}));
  CHECK_FALSE(shows(json::Array{"a"}, json::Array{"a", "b"}));
  CHECK_FALSE(shows("a", json::Array{"a"}));
}
