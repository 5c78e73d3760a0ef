// Durable commits of the journal, single and grouped, against the same insert through SQLite's bare
// C interface in the same run; the same for what an inbox is told; then resuming a long run, and
// opening a journal with many parked ones. Exits 1 when a bar is missed.
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "bench/bare_sqlite.h"
#include "bench/commits.h"
#include "bench/inbox_bench.h"
#include "journal/run_log.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::bench;

constexpr double kSinglePerSecond = 4'000;
constexpr double kGroupedPerSecond = 30'000;
constexpr double kMostP99Ms = 5;
constexpr double kMostOpenMs = 500;
constexpr double kMostReadS = 2;
constexpr double kSmallestShare = 0.5;  // of what bare SQLite does

Entry sample(std::uint32_t sequence) {
  Entry entry;
  entry.step.sequence = sequence;
  entry.name = "sdrs:show_protection_group";
  entry.digest = std::string(64, 'd');
  entry.where = "failover.lua:12";
  json::Object group;
  group.set("id", "decf224c-ad86-437f-b76e-c2aee2c4e1d7");
  group.set("status", "protected");
  group.set("progress", static_cast<std::int64_t>(sequence % 100));
  entry.body.set("values", json::Array{std::move(group)});
  return entry;
}

NewRun new_run() {
  json::Object facts;
  facts.set("words", json::Array{"failover", "group=demo"});
  return {"failover", "anna@dr-1 (pid 4711)", std::move(facts), SystemClock().utc(), {}};
}

Rate ours(int commits, int group) {
  const Directory directory;
  const auto store = good(open_sqlite(directory.path()));
  Batch batch;
  batch.run = good(store->create(new_run())).id;
  batch.epoch = 1;
  std::uint32_t sequence = 0;
  return measure(commits, group, [&](int count) {
    batch.entries.clear();
    for (int i = 0; i < count; ++i) batch.entries.push_back(sample(++sequence));
    good(store->commit(batch));
  });
}

// The least that keeps an entry and the run's position: no chain, no locks, no epochs.
Rate bare(int commits, int group) {
  const Directory directory;
  BareSqlite peer(directory.path() + "/peer.db");
  peer.execute("CREATE TABLE run(number INTEGER PRIMARY KEY, position INTEGER) STRICT");
  peer.execute(
      "CREATE TABLE entry(run INTEGER, position INTEGER, name TEXT, digest TEXT, body TEXT, "
      "PRIMARY KEY(run, position)) STRICT, WITHOUT ROWID");
  peer.execute("INSERT INTO run VALUES(1, 0)");
  sqlite3_stmt* insert = peer.prepare("INSERT INTO entry VALUES(1, ?, ?, ?, ?)");
  sqlite3_stmt* update = peer.prepare("UPDATE run SET position = ? WHERE number = 1");
  std::int64_t position = 0;
  return measure(commits, group, [&](int count) {
    const std::string name = "sdrs:show_protection_group";
    const std::string digest(64, 'd');
    const std::string body =
        R"({"values":[{"id":"decf224c-ad86-437f-b76e-c2aee2c4e1d7","status":"protected",)"
        R"("progress":17}]})";
    peer.begin();
    for (int i = 0; i < count; ++i) BareSqlite::run(insert, ++position, name, digest, body);
    BareSqlite::run(update, position);
    peer.commit();
  });
}

bool measure_commits() {
  bool met = true;
  print_head("entries");
  for (const int group : {1, 16, 64}) {
    const int commits = group == 1 ? 3'000 : 1'000;
    Rate mine;
    Rate peer;
    for (int round = 0; round < kRounds; ++round) {
      mine = better(mine, ours(commits, group));
      peer = better(peer, bare(commits, group));
    }
    print_row(group, mine, peer);
    const std::string what = fmt::format("durable entries, {} to a commit", group);
    met &= report(what, mine.per_second, "/s", group == 1 ? kSinglePerSecond : kGroupedPerSecond,
                  true);
    met &= report(what + ", p99", mine.p99_ms, "ms", kMostP99Ms, false);
    if (group == 1) {
      met &= report(what + ", share of bare SQLite's", mine.per_second / peer.per_second, "",
                    kSmallestShare, true);
    }
  }
  return met;
}

// What a process does before the first line of a resumed run's script runs.
double resume_seconds(int records) {
  const Directory directory;
  std::string id;
  {
    const auto store = good(open_sqlite(directory.path()));
    Batch batch;
    batch.run = id = good(store->create(new_run())).id;
    for (int i = 0; i < records; i += 100) {
      batch.entries.clear();
      for (int k = 0; k < 100; ++k) batch.entries.push_back(sample(static_cast<unsigned>(i + k)));
      good(store->commit(batch));
    }
  }
  const SystemClock clock;
  const auto start = Timer::now();
  const auto store = good(open_sqlite(directory.path()));
  const RunLog log(*store, clock, good(store->find(id)), good(store->log(id)));
  const double seconds = seconds_since(start);
  if (log.records().size() != static_cast<std::size_t>(records)) {
    throw std::runtime_error("records are missing");
  }
  return seconds;
}

double open_with_parked_seconds(std::size_t runs) {
  const Directory directory;
  {
    const auto store = good(open_sqlite(directory.path()));
    for (std::size_t i = 0; i < runs; ++i) {
      Batch park;
      park.run = good(store->create(new_run())).id;
      park.entries = {sample(1)};
      park.change = Change{Status::kWaiting, "Fail over demo?", ""};
      park.lock = {fmt::format("server_group {}", i)};
      good(store->commit(park));
    }
  }
  const auto start = Timer::now();
  const auto store = good(open_sqlite(directory.path()));
  const auto found = good(store->runs({}, runs)).size();
  const double seconds = seconds_since(start);
  if (found != runs) throw std::runtime_error("runs are missing");
  return seconds;
}

bool measure_all() {
  bool met = measure_commits();
  met &= measure_inbox();
  fmt::print("resume of a run with 10,000 records: {:.1f} ms\n", resume_seconds(10'000) * 1e3);
  met &= report("resume of a run with 100,000 records", resume_seconds(100'000), "s", kMostReadS,
                false);
  met &= report("open with 10,000 parked runs, and list them",
                open_with_parked_seconds(10'000) * 1e3, "ms", kMostOpenMs, false);
  return met;
}

}  // namespace

int main() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  try {
    return measure_all() ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_journal: {}\n", error.what());
    return 2;
  }
}
