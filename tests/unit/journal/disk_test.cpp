// What a journal keeps when the power goes, the disk fills up, or a write fails.
#include <filesystem>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include "journal/store.h"
#include "support/fault_points.h"
#include "support/journal_samples.h"
#include "support/power_cuts.h"
#include "support/seed.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

constexpr int kLogPages = 24;  // so that the log goes into the file every few commits

// What was acknowledged, and when.
struct Told {
  std::size_t changes = 0;  // of the disk, until then
  std::map<std::string, std::string> logs;
};

std::map<std::string, std::string> all_logs(Store& store) {
  std::map<std::string, std::string> logs;
  const std::vector<Run> runs = store.runs().value();
  for (const Run& run : runs) {
    const auto log = store.log(run.id);
    logs[run.id] = log ? told(*log) : "damaged: " + log.error().message;
  }
  return logs;
}

// Three runs, by turns; some entries fill pages of their own.
template <class Acknowledged>
Result<void> write_history(Store& store, int commits, Acknowledged acknowledged) {
  std::vector<std::string> ids;
  for (const char* name : {"a", "b", "c"}) {
    const auto run = store.create(new_run(name));
    if (!run) return tl::unexpected(run.error());
    ids.push_back(run->id);
    acknowledged();
  }
  for (int i = 0; i < commits; ++i) {
    const std::string& run = ids[static_cast<std::size_t>(i) % ids.size()];
    const auto size = static_cast<std::size_t>(i % 7 == 0 ? 20'000 : 100 + i);
    Batch batch = batch_of(run, {record(static_cast<std::uint32_t>(i), std::string(size, 'x'))});
    if (i % 5 == 0) batch.lock = {"server_group " + run};
    if (i % 11 == 0) batch.release = true;
    const auto committed = store.commit(batch);
    if (!committed) return tl::unexpected(committed.error());
    acknowledged();
  }
  return {};
}

// What is wrong with the image: it must hold at least what was acknowledged, and nothing that was
// never written. Empty: nothing is.
std::string wrong_with(const DiskImage& image, const Told& acknowledged,
                       const std::map<std::string, std::string>& in_the_end) {
  const TemporaryDirectory directory(quick_place());
  put_image(image, directory / "state");
  const WatchedDisk quick;
  const auto store = open_sqlite(directory / "state", {.vfs = quick.name()});
  if (!store) return acknowledged.logs.empty() ? "" : store.error().message;
  const auto damage = (*store)->check();
  if (!damage) return damage.error().message;
  if (!damage->empty()) return damage->front();
  const auto found = all_logs(**store);
  for (const auto& [run, log] : acknowledged.logs) {
    const auto there = found.find(run);
    if (there == found.end()) return "run " + run + " is lost";
    if (!there->second.starts_with(log)) return "run " + run + " lost entries";
  }
  for (const auto& [run, log] : found) {
    const auto end = in_the_end.find(run);
    if (end == in_the_end.end()) return "run " + run + " was never begun";
    if (!end->second.starts_with(log)) return "run " + run + " holds what was never written";
  }
  return "";
}

Cuts cut_power(std::uint64_t seed, int commits, int images_per_point) {
  const TemporaryDirectory directory(quick_place());
  WatchedDisk disk;
  std::vector<Told> history;
  std::map<std::string, std::string> in_the_end;
  {
    SqliteOptions options;
    options.vfs = disk.name();
    options.log_pages = kLogPages;
    const auto store = open_sqlite(directory / "state", options).value();
    history.push_back({disk.changes().size(), {}});
    REQUIRE(write_history(*store, commits, [&] {
      history.push_back({disk.changes().size(), all_logs(*store)});
    }));
    in_the_end = history.back().logs;
  }
  std::vector<std::size_t> acknowledged;
  for (const Told& told : history) acknowledged.push_back(told.changes);
  return replay_with_cuts(disk.changes(), acknowledged, images_per_point, seed,
                          [&](const DiskImage& image, std::size_t last) {
                            return wrong_with(image, history[last], in_the_end);
                          });
}

TEST_CASE("no acknowledged entry is lost when the power goes", "[journal][power]") {
  const std::uint64_t seed = seed_of_run();
  const Cuts cuts = cut_power(seed, 60, 3);
  fmt::print("power cuts: seed {}, {} points, {} disks, {} with a loss\n", seed, cuts.points,
             cuts.images, cuts.broken);
  INFO(cuts.first);
  CHECK(cuts.points >= 300);
  CHECK(cuts.broken == 0);
}

TEST_CASE("the power cut test sees the loss that a weaker sync allows", "[journal][power]") {
  const std::uint64_t seed = seed_of_run();
  fault::plant("journal.normal_sync");
  const Cuts cuts = cut_power(seed, 30, 1);
  CHECK(fault::asked() > 0);
  fault::reset();
  fmt::print("power cuts with synchronous=NORMAL: seed {}, {} disks, {} with a loss\n", seed,
             cuts.images, cuts.broken);
  CHECK(cuts.broken > 0);
}

// Runs the history with the change of that number failing, and says how many changes there were.
std::uint64_t with_failure(std::uint64_t number, int code, bool& failed) {
  CAPTURE(number, code);
  const TemporaryDirectory directory(quick_place());
  std::filesystem::create_directory(directory / "state");
  WatchedDisk disk;
  disk.fail_at(number, code);
  std::map<std::string, std::string> acknowledged;
  {
    SqliteOptions options;
    options.vfs = disk.name();
    options.log_pages = 8;
    const auto store = open_sqlite(directory / "state", options);
    if (!store) {
      CHECK(store.error().kind == ErrorKind::kClosed);
      CHECK(disk.failed());
    } else {
      const auto done = write_history(**store, 12, [&] { acknowledged = all_logs(**store); });
      CHECK(done.has_value() != disk.failed());
      if (!done) {
        CHECK(done.error().kind == ErrorKind::kClosed);
        const std::uint64_t tried = disk.tried();
        const auto again = (*store)->create(new_run("d"));
        REQUIRE_FALSE(again);
        CHECK(again.error().message == done.error().message);
        CHECK_FALSE((*store)->keep_text("text"));
        CHECK_FALSE((*store)->compact(kBirth));
        CHECK(disk.tried() == tried);
      }
    }
  }
  failed = disk.failed();
  const WatchedDisk mended;
  const auto store = open_sqlite(directory / "state", {.vfs = mended.name()});
  REQUIRE(store);
  CHECK((*store)->check().value().empty());
  const auto found = all_logs(**store);
  for (const auto& [run, log] : acknowledged) {
    REQUIRE(found.contains(run));
    CHECK(found.at(run).starts_with(log));
  }
  return disk.tried();
}

TEST_CASE("whichever write fails, nothing acknowledged is lost and nothing more is written",
          "[journal][disk]") {
  int failures = 0;
  for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
    bool failed = true;
    std::uint64_t number = 0;
    while (failed) {
      with_failure(++number, code, failed);
      if (failed) ++failures;
    }
  }
  fmt::print("failed writes, syncs and truncations: {}\n", failures);
  CHECK(failures >= 100);
}

}  // namespace
