// What every inbox promises; each test runs on the one in memory and on the one in a file.
#include "journal/inbox.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "journal/store.h"
#include "support/inbox_samples.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

struct InMemory {
  std::unique_ptr<Store> store = make_memory_store();
};

struct InFile {
  TemporaryDirectory directory;
  std::unique_ptr<Store> store = open_sqlite(directory / "state").value();
};

HookEvent with_status(HookEvent event, EventStatus status, UtcTime at) {
  event.status = status;
  event.changed = at;
  return event;
}

TEMPLATE_TEST_CASE("a new event comes back as it was filed, under an id like a run's", "[inbox]",
                   InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  HookEvent odd = hold("key-1");
  odd.metadata = std::string("quote \" nul \0 umlaut \xC3\xA4", 23);
  odd.error = "'; DROP TABLE event; --";
  const std::vector<Filed> filed = file(inbox, {{message("m1"), odd}});
  REQUIRE(filed.size() == 1);
  CHECK(filed[0].filing == Filing::kNew);
  odd.id = filed[0].event;
  CHECK(odd.id.size() == 10);
  CHECK(odd.id.find_first_not_of("23456789abcdefghjkmnpqrstuvwxyz") == std::string::npos);
  for (const std::string& name : {odd.id, odd.id.substr(0, 6), odd.action_key}) {
    CHECK(inbox.find_event(name).value() == odd);
  }
  CHECK(inbox.open_events().value() == std::vector{odd});
  CHECK(inbox.events().value() == std::vector{odd});
}

TEMPLATE_TEST_CASE("an event keeps the id that it came with, unless another has it", "[inbox]",
                   InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  HookEvent first = hold("key-1");
  first.id = "aaaaaaaaa2";
  HookEvent second = hold("key-2");
  second.id = "aaaaaaaaa2";
  const auto filed = file(inbox, {{{}, first}, {{}, second}});
  CHECK(filed[0].event == "aaaaaaaaa2");
  CHECK(filed[1].filing == Filing::kNew);
  CHECK(filed[1].event != "aaaaaaaaa2");
  CHECK(inbox.find_event(filed[1].event).value().action_key == "key-2");
}

TEMPLATE_TEST_CASE("a message that is known changes nothing, whatever it says now", "[inbox]",
                   InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  const std::string id = file(inbox, {arrival("m1", "key-1")}).front().event;
  const auto again =
      file(inbox, {arrival("m1", "key-1"), arrival("m1", "key-2"), {message("m1"), std::nullopt}});
  for (const Filed& filed : again) {
    CHECK(filed.filing == Filing::kKnownMessage);
    CHECK(filed.event == id);
  }
  CHECK(inbox.events().value().size() == 1);
}

TEMPLATE_TEST_CASE("a hold is one event, by however many messages it is told", "[inbox]", InMemory,
                   InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  HookEvent other = hold("key-1");
  other.group_name = "as-group-other";
  const auto filed = file(inbox, {arrival("m1", "key-1"), {message("m2"), other}, {{}, other}});
  CHECK(filed[0].filing == Filing::kNew);
  for (const std::size_t i : {1U, 2U}) {
    CHECK(filed[i].filing == Filing::kKnownEvent);
    CHECK(filed[i].event == filed[0].event);
  }
  CHECK(inbox.find_event("key-1").value().group_name == "as-group-wyz01");
  const auto again = file(inbox, {arrival("m2", "key-2")});
  CHECK(again[0].filing == Filing::kKnownMessage);
  CHECK(again[0].event == filed[0].event);
}

TEMPLATE_TEST_CASE("a message without an event is remembered too", "[inbox]", InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  const Arrival bare{message("m1"), std::nullopt};
  const auto filed = file(inbox, {bare, bare});
  CHECK(filed[0].filing == Filing::kNoted);
  CHECK(filed[0].event.empty());
  CHECK(filed[1].filing == Filing::kKnownMessage);
  CHECK(filed[1].event.empty());
  CHECK(inbox.events().value().empty());
}

TEMPLATE_TEST_CASE("an event is what it was changed to, but for its key and its birth", "[inbox]",
                   InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  const std::string id = file(inbox, {arrival("m1", "key-1")}).front().event;
  HookEvent after = inbox.find_event(id).value();
  after.status = EventStatus::kAnswered;
  after.changed = after_birth(9);
  after.deadline = after_birth(77);
  after.attempts = 3;
  after.extends = 2;
  after.result = "CONTINUE";
  after.error = "the probe got no answer";
  after.notified = true;
  after.instance_ip = "10.0.0.1";
  after.group_name = "renamed";
  HookEvent given = after;
  given.action_key = "key-9";
  given.created = after_birth(5);
  REQUIRE(change(inbox, given));
  CHECK(inbox.find_event("key-1").value() == after);
  CHECK(inbox.find_event("key-9").error().kind == ErrorKind::kNotFound);
  given.changed = after_birth(2);  // a clock that was set back
  given.status = EventStatus::kGone;
  REQUIRE(change(inbox, given));
  CHECK(inbox.find_event(id).value().changed == after_birth(9));
  CHECK(inbox.find_event(id).value().status == EventStatus::kGone);
}

TEMPLATE_TEST_CASE("arrivals and changes are written together, or none of them", "[inbox]",
                   InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  const std::string id = file_hold(inbox, "key-1");
  const HookEvent before = inbox.find_event(id).value();
  const HookEvent done = with_status(before, EventStatus::kAnswered, after_birth(5));
  HookEvent stranger = done;
  stranger.id = "nowhere";
  const std::vector<Arrival> good{arrival("m2", "key-2")};
  const auto refused = [&](std::vector<Arrival> arrivals, std::vector<HookEvent> changed) {
    arrivals.insert(arrivals.begin(), good.begin(), good.end());
    changed.insert(changed.begin(), done);
    const auto written = inbox.write(arrivals, changed);
    CHECK(inbox.events().value() == std::vector{before});
    return written.error().kind;
  };
  CHECK(refused({}, {stranger}) == ErrorKind::kNotFound);
  CHECK(refused({{std::nullopt, std::nullopt}}, {}) == ErrorKind::kArgument);
  CHECK(refused({arrival("", "key-3")}, {}) == ErrorKind::kArgument);
  CHECK(refused({arrival("m3", "")}, {}) == ErrorKind::kArgument);
  const auto written = inbox.write(good, std::vector{done}).value();
  CHECK(written.front().filing == Filing::kNew);
  CHECK(inbox.find_event(id).value() == done);
  CHECK(inbox.write({}, {}).value().empty());
}

TEMPLATE_TEST_CASE("events that are open are listed in the order in which they came", "[inbox]",
                   InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  const std::vector<EventStatus> statuses{EventStatus::kOpen,     EventStatus::kAnswering,
                                          EventStatus::kAnswered, EventStatus::kGone,
                                          EventStatus::kSetAside, EventStatus::kDiscarded};
  std::vector<HookEvent> changed;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    // The later ones say that they are older.
    const std::string id =
        file_hold(inbox, fmt::format("key-{}", i), after_birth(-static_cast<int>(i)));
    changed.push_back(with_status(inbox.find_event(id).value(), statuses[i], after_birth(1)));
  }
  REQUIRE(inbox.write({}, changed));
  CHECK(inbox.open_events().value() == std::vector{changed[0], changed[1], changed[4]});
  std::vector<HookEvent> newest_first(changed.rbegin(), changed.rend());
  CHECK(inbox.events().value() == newest_first);
  newest_first.resize(2);
  CHECK(inbox.events({}, 2).value() == newest_first);
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    CHECK(inbox.events(statuses[i]).value() == std::vector{changed[i]});
    CHECK(parse_event_status(to_text(statuses[i])) == statuses[i]);
  }
  CHECK(inbox.events(EventStatus::kOpen, 0).value().empty());
}

TEMPLATE_TEST_CASE("a name that means no event, or several, is refused", "[inbox]", InMemory,
                   InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  for (const char* id : {"aaaaaaaaa2", "aaaaaaaaa3"}) {
    HookEvent event = hold(std::string("key of ") + id);
    event.id = id;
    file(inbox, {{{}, event}});
  }
  for (const char* name : {"", "b", "aaaaaaaaa4", "aaaaaaaaa22", "'; --", "key of"}) {
    CAPTURE(name);
    CHECK(inbox.find_event(name).error().kind == ErrorKind::kNotFound);
  }
  const Error several = inbox.find_event("aaaa").error();
  CHECK(several.kind == ErrorKind::kUsage);
  CHECK(several.message.find("aaaaaaaaa2, aaaaaaaaa3") != std::string::npos);
  CHECK(inbox.find_event("aaaaaaaaa2").value().action_key == "key of aaaaaaaaa2");
  CHECK(inbox.find_event("key of aaaaaaaaa3").value().id == "aaaaaaaaa3");
}

TEMPLATE_TEST_CASE("a wish waits until it is heeded, the newest for each event", "[inbox]",
                   InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  const std::string first = file_hold(inbox, "key-1");
  const std::string second = file_hold(inbox, "key-2");
  CHECK(inbox.wishes().value().empty());
  REQUIRE(inbox.wish({first, "discard", "anna@dr-1 (pid 1)", after_birth(1)}));
  const std::vector<Wish> replaced = inbox.wishes().value();
  REQUIRE(inbox.wish({second, "CONTINUE", "ben@dr-2 (pid 2)", after_birth(2)}));
  REQUIRE(inbox.wish({first, "retry", "ben@dr-2 (pid 2)", after_birth(3)}));
  REQUIRE(inbox.write({}, {}, replaced));
  const std::vector<Wish> left = inbox.wishes().value();
  CHECK(left == std::vector<Wish>{{second, "CONTINUE", "ben@dr-2 (pid 2)", after_birth(2)},
                                  {first, "retry", "ben@dr-2 (pid 2)", after_birth(3)}});
  CHECK(inbox.wishes().value() == left);
  HookEvent unknown = inbox.find_event(first).value();
  unknown.id = "nowhere";
  CHECK_FALSE(inbox.write({}, std::vector{unknown}, left));
  CHECK(inbox.wishes().value() == left);
  REQUIRE(inbox.write({}, {}, std::vector{left[0]}));
  CHECK(inbox.wishes().value() == std::vector{left[1]});
}

TEMPLATE_TEST_CASE("what nobody can do with an event is not wished for", "[inbox]", InMemory,
                   InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  const std::string id = file_hold(inbox, "key-1");
  for (const char* what : {"", "EXTEND", "continue", "retry "}) {
    CHECK(inbox.wish({id, what, "anna", kBirth}).error().kind == ErrorKind::kArgument);
  }
  CHECK(inbox.wish({"nowhere", "retry", "anna", kBirth}).error().kind == ErrorKind::kNotFound);
  HookEvent event = inbox.find_event(id).value();
  for (const auto& [status, words] : {std::pair{EventStatus::kAnswered, "answered with ABANDON"},
                                      std::pair{EventStatus::kGone, "gone before it was answered"},
                                      std::pair{EventStatus::kDiscarded, "discarded"}}) {
    event.result = "ABANDON";
    REQUIRE(change(inbox, with_status(event, status, after_birth(4))));
    const Error late = inbox.wish({id, "retry", "anna", kBirth}).error();
    CHECK(late.kind == ErrorKind::kConflict);
    CHECK(late.message ==
          fmt::format("event {} has ended: {} at {}", id, words, format_iso(after_birth(4))));
  }
  CHECK(inbox.wishes().value().empty());
  for (const EventStatus status : {EventStatus::kSetAside, EventStatus::kAnswering}) {
    REQUIRE(change(inbox, with_status(event, status, after_birth(5))));
    CHECK(inbox.wish({id, "retry", "anna", kBirth}));
  }
}

TEMPLATE_TEST_CASE("one process serves at a time", "[inbox]", InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  Owner service = inbox.claim_service().value();
  const Error held = inbox.claim_service().error();
  CHECK(held.kind == ErrorKind::kConflict);
  CHECK(held.code == kLockHeld);
  CHECK_FALSE(held.hint.empty());
  service.reset();
  CHECK(inbox.claim_service());
  CHECK(inbox.claim_service());
}

TEMPLATE_TEST_CASE("what ended long ago is forgotten, what is open never", "[inbox]", InMemory,
                   InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  const UtcTime later = kBirth + std::chrono::hours{100};
  std::vector<HookEvent> kept;
  for (const EventStatus status : {EventStatus::kOpen, EventStatus::kAnswering,
                                   EventStatus::kSetAside, EventStatus::kAnswered}) {
    const std::string id = file_hold(inbox, fmt::format("kept-{}", to_text(status)));
    // One that ended just when the time that is named begins stays too.
    const UtcTime at = is_open(status) ? after_birth(1) : later;
    kept.push_back(with_status(inbox.find_event(id).value(), status, at));
  }
  std::vector<HookEvent> old;
  for (const EventStatus status :
       {EventStatus::kAnswered, EventStatus::kGone, EventStatus::kDiscarded}) {
    const std::string id = file_hold(inbox, fmt::format("old-{}", to_text(status)));
    REQUIRE(inbox.wish({id, "retry", "anna", kBirth}));
    old.push_back(with_status(inbox.find_event(id).value(), status, after_birth(1)));
  }
  REQUIRE(inbox.write({}, kept));
  REQUIRE(inbox.write({}, old));
  file(inbox, {{message("old"), {}}, {message("new", later), {}}});

  CHECK(inbox.forget(later).value() == 4);
  CHECK(inbox.forget(later).value() == 0);
  std::reverse(kept.begin(), kept.end());
  CHECK(inbox.events().value() == kept);
  CHECK(inbox.wishes().value().empty());
  const auto again = file(inbox, {{message("old"), {}}, {message("new"), {}}});
  CHECK(again[0].filing == Filing::kNoted);
  CHECK(again[1].filing == Filing::kKnownMessage);
  CHECK(file(inbox, {arrival("m1", "old-gone")}).front().filing == Filing::kNew);
  CHECK(file(inbox, {arrival("m2", "kept-open")}).front().filing == Filing::kKnownEvent);
  CHECK(place.store->check().value().empty());
}

TEMPLATE_TEST_CASE("forgetting much takes several calls, so that nobody waits long", "[inbox]",
                   InMemory, InFile) {
  TestType place;
  Inbox& inbox = place.store->inbox();
  std::vector<Arrival> arrivals;
  for (std::size_t i = 0; i < kForgottenAtOnce + 10; ++i) {
    arrivals.push_back(arrival(fmt::format("m{}", i), fmt::format("key-{}", i)));
    arrivals.back().event->status = EventStatus::kGone;
  }
  file(inbox, arrivals);
  CHECK(inbox.forget(after_birth(1)).value() == 2 * kForgottenAtOnce);
  CHECK(inbox.forget(after_birth(1)).value() == 20);
  CHECK(inbox.forget(after_birth(1)).value() == 0);
  CHECK(inbox.events().value().empty());
}

}  // namespace
