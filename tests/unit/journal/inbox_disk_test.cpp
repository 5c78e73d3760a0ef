// What an inbox keeps when the power goes, the disk fills up, or a write fails.
#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include "journal/store.h"
#include "support/fault_points.h"
#include "support/inbox_samples.h"
#include "support/power_cuts.h"
#include "support/seed.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

constexpr int kMessages = 200;  // at least as many as a history sends
constexpr int kLogPages = 24;   // so that the log goes into the file every few writes

std::string message_id(int i) {
  return fmt::format("m{}", i);
}

// The events and, by asking for each message, which of them are known. It cannot be asked again.
std::string state_of(Inbox& inbox) {
  std::string text = told(inbox.events().value());
  std::vector<Arrival> asked;
  for (int i = 0; i < kMessages; ++i) asked.push_back({message(message_id(i)), std::nullopt});
  const std::vector<Filed> filed = inbox.write(asked, {}).value();
  for (std::size_t i = 0; i < filed.size(); ++i) {
    if (filed[i].filing != Filing::kKnownMessage) continue;
    text += fmt::format("{} {}\n", asked[i].notice->message_id, filed[i].event);
  }
  return text;
}

// Groups of arrivals and changes that say the same each time. Of the messages three in four bring
// an event, and some events are told twice.
class History {
 public:
  explicit History(Inbox& inbox) : inbox_(inbox) {}

  Result<void> write(int i) {
    std::vector<Arrival> arrivals;
    for (int k = 0; k < 1 + i % 5; ++k) {
      const int number = messages_++;
      Arrival made{message(message_id(number)), std::nullopt};
      if (number % 4 != 0) {
        made.event = hold(fmt::format("key-{}", number - (number % 3 == 0 ? 1 : 0)));
        made.event->id = fmt::format("e{:09}", number);
      }
      arrivals.push_back(std::move(made));
    }
    std::vector<HookEvent> changed;
    for (std::size_t k = 0; i % 3 != 0 && k < std::min<std::size_t>(known_.size(), 3); ++k) {
      HookEvent event = known_[(static_cast<std::size_t>(i) * 5 + k) % known_.size()];
      event.attempts = i;
      event.status = static_cast<EventStatus>(i % 6);
      event.error = std::string(i % 7 == 0 ? 9000 : 60, 'e');
      changed.push_back(std::move(event));
    }
    const auto filed = inbox_.write(arrivals, changed);
    if (!filed) return tl::unexpected(filed.error());
    for (std::size_t k = 0; k < arrivals.size(); ++k) {
      if ((*filed)[k].filing == Filing::kNew) known_.push_back(*arrivals[k].event);
    }
    return {};
  }

 private:
  Inbox& inbox_;
  int messages_ = 0;
  std::vector<HookEvent> known_;
};

// What an inbox says after each number of writes, from none on.
std::vector<std::string> states_of_history(int writes) {
  std::vector<std::string> states;
  for (int count = 0; count <= writes; ++count) {
    const auto memory = make_memory_store();
    History history(memory->inbox());
    for (int i = 0; i < count; ++i) REQUIRE(history.write(i));
    states.push_back(state_of(memory->inbox()));
  }
  return states;
}

// What is wrong with the image: it must be as some write left it, and none before the last that was
// acknowledged. So none is lost, and none is there by half.
std::string wrong_with(const DiskImage& image, const std::vector<std::string>& states,
                       std::size_t last) {
  const TemporaryDirectory directory(quick_place());
  put_image(image, directory / "state");
  const WatchedDisk quick;
  const auto store = open_sqlite(directory / "state", {.vfs = quick.name()});
  if (!store) return last == 0 ? "" : store.error().message;
  const auto damage = (*store)->check();
  if (!damage) return damage.error().message;
  if (!damage->empty()) return damage->front();
  const auto found = std::find(states.begin(), states.end(), state_of((*store)->inbox()));
  if (found == states.end()) return "it is as no write left it";
  return found - states.begin() < static_cast<std::ptrdiff_t>(last)
             ? "what was acknowledged is lost"
             : "";
}

Cuts cut_power(std::uint64_t seed, int writes, int images_per_point) {
  const TemporaryDirectory directory(quick_place());
  WatchedDisk disk;
  std::vector<std::size_t> acknowledged;
  {
    const auto store =
        open_sqlite(directory / "state", {.vfs = disk.name(), .log_pages = kLogPages}).value();
    History history(store->inbox());
    acknowledged.push_back(disk.changes().size());
    for (int i = 0; i < writes; ++i) {
      REQUIRE(history.write(i));
      acknowledged.push_back(disk.changes().size());
    }
  }
  const std::vector<std::string> states = states_of_history(writes);
  return replay_with_cuts(
      disk.changes(), acknowledged, images_per_point, seed,
      [&](const DiskImage& image, std::size_t last) { return wrong_with(image, states, last); });
}

TEST_CASE("no acknowledged arrival is lost, and none is there by half, when the power goes",
          "[inbox][power]") {
  const std::uint64_t seed = seed_of_run();
  const Cuts cuts = cut_power(seed, 40, 2);
  fmt::print("power cuts of an inbox: seed {}, {} points, {} disks, {} with a loss\n", seed,
             cuts.points, cuts.images, cuts.broken);
  INFO(cuts.first);
  CHECK(cuts.points >= 500);
  CHECK(cuts.broken == 0);
}

TEST_CASE("the power cut test of the inbox sees the loss that a weaker sync allows",
          "[inbox][power]") {
  const std::uint64_t seed = seed_of_run();
  fault::plant("journal.normal_sync");
  const Cuts cuts = cut_power(seed, 30, 1);
  CHECK(fault::asked() > 0);
  fault::reset();
  fmt::print("power cuts of an inbox with synchronous=NORMAL: seed {}, {} disks, {} with a loss\n",
             seed, cuts.images, cuts.broken);
  CHECK(cuts.broken > 0);
}

// Writes with the operation of that number failing; whether one did.
bool with_failure(std::uint64_t number, int code, const std::vector<std::string>& states) {
  CAPTURE(number, code);
  const TemporaryDirectory directory(quick_place());
  WatchedDisk disk;
  disk.fail_at(number, code);
  std::size_t acknowledged = 0;
  bool all = false;
  if (const auto store = open_sqlite(directory / "state", {.vfs = disk.name(), .log_pages = 8})) {
    Inbox& inbox = (*store)->inbox();
    History history(inbox);
    Result<void> done;
    while (done && acknowledged + 1 < states.size()) {
      done = history.write(static_cast<int>(acknowledged));
      if (done) ++acknowledged;
    }
    all = done.has_value();
    CHECK((all || disk.failed()));
    if (disk.failed()) {
      const std::uint64_t tried = disk.tried();
      const auto again = inbox.write(std::vector{arrival("m", "key")}, {});
      REQUIRE_FALSE(again);
      CHECK(again.error().kind == ErrorKind::kClosed);
      CHECK((done || again.error().message == done.error().message));
      CHECK_FALSE(inbox.forget(after_birth(1)));
      CHECK_FALSE(inbox.wish({"e000000001", "retry", "anna", kBirth}));
      CHECK_FALSE(inbox.claim_service());
      CHECK(disk.tried() == tried);
    }
  } else {
    CHECK(store.error().kind == ErrorKind::kClosed);
    CHECK(disk.failed());
  }
  const WatchedDisk mended;
  const auto store = open_sqlite(directory / "state", {.vfs = mended.name()});
  REQUIRE(store);
  CHECK((*store)->check().value().empty());
  // A write that failed may be there nevertheless, and then it is there whole.
  const std::string found = state_of((*store)->inbox());
  CHECK((found == states[acknowledged] || (!all && found == states[acknowledged + 1])));
  return disk.failed();
}

TEST_CASE(
    "whichever operation of the disk fails, the inbox holds what it acknowledged and no more "
    "is written",
    "[inbox][disk]") {
  const std::vector<std::string> states = states_of_history(14);
  int failures = 0;
  for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
    std::uint64_t number = 0;
    while (with_failure(++number, code, states)) ++failures;
  }
  fmt::print("failed writes, syncs and truncations under an inbox: {}\n", failures);
  CHECK(failures >= 100);
}

}  // namespace
