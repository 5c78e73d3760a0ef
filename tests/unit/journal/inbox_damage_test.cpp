// Damage to an inbox is seen: what is read back is what was written, or an error that names it.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "journal/sqlite.h"
#include "journal/store.h"
#include "support/inbox_samples.h"
#include "support/power_cut_vfs.h"
#include "support/seed.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

constexpr int kEvents = 60;

void write_inbox(const std::string& directory) {
  const auto store = open_sqlite(directory).value();
  Inbox& inbox = store->inbox();
  for (int i = 0; i < kEvents; ++i) {
    const std::string id =
        file(inbox, {arrival(fmt::format("m{}", i), fmt::format("key-{}", i), after_birth(i)),
                     {message(fmt::format("bare{}", i)), {}}})
            .front()
            .event;
    HookEvent event = inbox.find_event(id).value();
    event.status = static_cast<EventStatus>(i % 6);
    event.error = std::string(i % 7 == 0 ? 6000 : 30, 'e');
    event.attempts = i;
    REQUIRE(change(inbox, event));
    if (is_open(event.status)) REQUIRE(inbox.wish({id, "retry", "anna", after_birth(i)}));
  }
}

// All that an inbox says; `damage` is filled when it complains.
std::string all_of(const std::string& directory, std::string& damage) {
  const auto complain = [&](const Error& error) { damage += error.message + '\n'; };
  const WatchedDisk quick;
  const auto store = open_sqlite(directory, {.vfs = quick.name()});
  if (!store) {
    complain(store.error());
    return {};
  }
  std::string text;
  const auto tell = [&](const auto& answer, auto say) {
    answer ? say(*answer) : complain(answer.error());
  };
  Inbox& inbox = (*store)->inbox();
  const auto tell_events = [&](const std::vector<HookEvent>& events) { text += told(events); };
  tell((*store)->check(),
       [&](const auto& wrong) { damage += fmt::to_string(fmt::join(wrong, "\n")); });
  tell(inbox.open_events(), tell_events);
  tell(inbox.events(), tell_events);
  for (int i = 0; i < kEvents; ++i) {
    tell(inbox.find_event(fmt::format("key-{}", i)), [&](const HookEvent& e) { text += told(e); });
    for (const char* kind : {"m", "bare"}) {
      tell(inbox.write(std::vector<Arrival>{{message(fmt::format("{}{}", kind, i)), {}}}, {}),
           [&](const auto& filed) {
             text += fmt::format("{} {}\n", static_cast<int>(filed[0].filing), filed[0].event);
           });
    }
  }
  tell(inbox.wishes(), [&](const std::vector<Wish>& wishes) {
    for (const Wish& wish : wishes) {
      text += fmt::format("{} {} {} {}\n", wish.event, wish.what, wish.by, format_iso(wish.at));
    }
  });
  return text;
}

TEST_CASE("a flipped bit in an inbox is reported, or changes nothing", "[damage][inbox]") {
  const TemporaryDirectory directory(quick_place());
  write_inbox(directory / "state");
  std::string bytes(std::filesystem::file_size(directory / "state/journal.db"), '\0');
  std::ifstream(directory / "state/journal.db", std::ios::binary)
      .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  std::string damage;
  const std::string whole = all_of(directory / "state", damage);
  REQUIRE(damage.empty());
  REQUIRE(whole.size() > 100'000);

  const std::uint64_t seed = seed_of_run();
  Random random(seed);
  int reported = 0;
  int harmless = 0;
  constexpr int kFlips = 1000;
  for (int i = 0; i < kFlips; ++i) {
    const std::size_t bit = random.bits() % (bytes.size() * 8);
    const std::string copy = directory / "copy";
    std::filesystem::create_directory(copy);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    std::ofstream(copy + "/journal.db", std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    damage.clear();
    const std::string found = all_of(copy, damage);
    std::filesystem::remove_all(copy);
    ++(damage.empty() ? harmless : reported);
    if (!damage.empty() || found == whole) continue;
    CAPTURE(seed, bit);
    FAIL("the inbox says something else, and does not complain");
  }
  fmt::print("flipped bits in an inbox: seed {}, {} reported, {} without a trace\n", seed, reported,
             harmless);
  CHECK(reported > kFlips / 2);
}

// The one connection that may write what it likes.
void tamper(const std::string& directory, const std::string& sql) {
  sqlite::Database db(directory + "/journal.db", {});
  db.execute(sql.c_str());
}

TEST_CASE("an event of which any column was changed is named, and not used", "[damage][inbox]") {
  for (const char* change :
       {"group_id = 'x'",        "group_name = 'x'",    "instance_id = 'x'",
        "instance_name = 'x'",   "instance_ip = 'x'",   "hook_name = 'x'",
        "hook_type = 'x'",       "metadata = 'x'",      "source = 'x'",
        "status = 'answering'",  "status = 'opeN'",     "created = created + 1",
        "changed = changed + 1", "deadline = 0",        "attempts = 9",
        "extends = 9",           "result = 'CONTINUE'", "error = ''",
        "notified = 1",          "notified = 2",        "seal = ''"}) {
    CAPTURE(change);
    const TemporaryDirectory directory(quick_place());
    std::string id;
    {
      const auto store = open_sqlite(directory.path()).value();
      id = file_hold(store->inbox(), "key-1");
      HookEvent event = store->inbox().find_event(id).value();
      event.error = "an error";
      REQUIRE(test::change(store->inbox(), event));
    }
    tamper(directory.path(), fmt::format("UPDATE event SET {}", change));
    const auto store = open_sqlite(directory.path()).value();
    Inbox& inbox = store->inbox();
    const auto named = [&](const auto& answer) {
      REQUIRE_FALSE(answer);
      CHECK(answer.error().kind == ErrorKind::kInternal);
      CHECK(answer.error().message.find("event " + id) != std::string::npos);
      CHECK(answer.error().message.find('\n') == std::string::npos);
    };
    named(inbox.open_events());
    named(inbox.events());
    named(inbox.find_event(id));
    named(inbox.find_event("key-1"));
    named(inbox.wish({id, "retry", "anna", kBirth}));
    named(inbox.write(std::vector{arrival("m1", "key-1")}, {}));
    CHECK(store->check().value().size() == 1);
    // What has nothing to do with it still goes in, and the failed write left nothing.
    CHECK(file(inbox, {arrival("m1", "key-2")}).front().filing == Filing::kNew);
  }
}

TEST_CASE("doctor is told of all that is wrong with an inbox", "[damage][inbox]") {
  for (const char* sql : {"UPDATE event SET id = 'x' WHERE number = 3",
                          "UPDATE event SET action_key = ''  WHERE number = 3",
                          "UPDATE event SET status = 'gone' WHERE number = 1",
                          "UPDATE message SET id = 'x' WHERE number = 3",
                          "UPDATE message SET topic = 'x' WHERE number = 3",
                          "UPDATE message SET received = 0 WHERE number = 3",
                          "UPDATE message SET stamped = 0 WHERE number = 3",
                          "UPDATE message SET event = '' WHERE number = 1",
                          "UPDATE wish SET what = 'discard'", "UPDATE wish SET by = 'x'",
                          "UPDATE wish SET at = 0", "DELETE FROM event WHERE number = 1"}) {
    CAPTURE(sql);
    const TemporaryDirectory directory(quick_place());
    write_inbox(directory.path());
    CHECK(open_sqlite(directory.path()).value()->check().value().empty());
    tamper(directory.path(), sql);
    CHECK_FALSE(open_sqlite(directory.path()).value()->check().value().empty());
  }
}

std::int64_t count_rows(const std::string& directory) {
  sqlite::Database db(directory + "/journal.db", {});
  return db.number("SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM message)");
}

TEST_CASE("nothing that was damaged is forgotten as if it were old", "[damage][inbox]") {
  for (const char* sql : {"UPDATE event SET status = 'gone'", "UPDATE message SET received = 0"}) {
    CAPTURE(sql);
    const TemporaryDirectory directory(quick_place());
    file(open_sqlite(directory.path()).value()->inbox(), {arrival("m1", "key-1", after_birth(5))});
    tamper(directory.path(), sql);
    const auto store = open_sqlite(directory.path()).value();
    const auto forgotten = store->inbox().forget(after_birth(sql[7] == 'e' ? 6 : 5));
    REQUIRE_FALSE(forgotten);
    CHECK(forgotten.error().kind == ErrorKind::kInternal);
    CHECK_FALSE(store->check().value().empty());
    CHECK(count_rows(directory.path()) == 2);
  }
}

}  // namespace
