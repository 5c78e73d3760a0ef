// Damage to a journal is seen: what is read back is what was written, or an error.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/digest.h"
#include "journal/sqlite.h"
#include "journal/store.h"
#include "support/fault_points.h"
#include "support/journal_samples.h"
#include "support/power_cut_vfs.h"
#include "support/seed.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

constexpr const char* kText = "return { name = 'failover' }";

std::vector<std::string> write_journal(const std::string& directory) {
  const auto store = open_sqlite(directory).value();
  const std::string digest = store->keep_text(kText).value();
  std::vector<std::string> ids;
  for (int r = 0; r < 4; ++r) {
    NewRun made = new_run("run" + std::to_string(r));
    made.facts.set("script", digest);
    ids.push_back(store->create(made).value().id);
    for (int i = 0; i < 12; ++i) {
      Batch batch = batch_of(ids.back(), {record(1, std::string(i == 3 ? 9000 : 40, 'x'))});
      if (i == 0) batch.lock = {"server_group " + std::to_string(r)};
      if (i == 9) batch.change = Change{Status::kWaiting, "go on?", ""};
      REQUIRE(store->commit(batch));
    }
  }
  return ids;
}

// All that a journal says; `damage` is filled when it complains.
std::string all_of(const std::string& directory, const std::vector<std::string>& ids,
                   std::string& damage) {
  const auto complain = [&](const Error& error) { damage += error.message + '\n'; };
  const WatchedDisk quick;
  const auto store = open_sqlite(directory, {.vfs = quick.name()});
  if (!store) {
    complain(store.error());
    return {};
  }
  std::string text;
  const auto tell = [&](const Run& run) {
    text += fmt::format("{} {} {} {} {} {} {} {} {} {} {}\n", run.id, run.name, to_text(run.status),
                        run.epoch, format_iso(run.created), format_iso(run.changed), run.owner,
                        run.waiting, run.error, run.hash, json::write(json::Value(run.facts)));
  };
  for (const std::string& id : ids) {
    const auto run = (*store)->find(id);
    const auto log = (*store)->log(id);
    if (run) tell(*run);
    if (!run) complain(run.error());
    if (log) text += told(*log);
    if (!log) complain(log.error());
  }
  const auto content = (*store)->text(sha256_hex(kText));
  content ? text += *content : (complain(content.error()), text);
  // What lists show is checked as a whole.
  const auto wrong = (*store)->check();
  if (!wrong) complain(wrong.error());
  if (wrong) damage += fmt::format("{}", fmt::join(*wrong, "\n"));
  const auto runs = (*store)->runs();
  if (runs) std::for_each(runs->begin(), runs->end(), tell);
  if (!runs) complain(runs.error());
  const auto locks = (*store)->locks();
  if (!locks) complain(locks.error());
  if (locks) {
    for (const Lock& lock : *locks) text += lock.resource + lock.run + lock.run_name + lock.owner;
  }
  return text;
}

TEST_CASE("a flipped bit is reported, or changes nothing", "[damage]") {
  const TemporaryDirectory directory(quick_place());
  const std::vector<std::string> ids = write_journal(directory / "state");
  std::string damage;
  const std::string whole = all_of(directory / "state", ids, damage);
  REQUIRE(damage.empty());
  REQUIRE(whole.size() > 40'000);
  std::string bytes(std::filesystem::file_size(directory / "state/journal.db"), '\0');
  std::ifstream(directory / "state/journal.db", std::ios::binary)
      .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));

  const std::uint64_t seed = seed_of_run();
  Random random(seed);
  int reported = 0;
  int harmless = 0;
  constexpr int kFlips = 2400;
  for (int i = 0; i < kFlips; ++i) {
    const std::size_t bit = random.bits() % (bytes.size() * 8);
    const std::string copy = directory / "copy";
    std::filesystem::create_directory(copy);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    std::ofstream(copy + "/journal.db", std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    damage.clear();
    const std::string found = all_of(copy, ids, damage);
    std::filesystem::remove_all(copy);
    ++(damage.empty() ? harmless : reported);
    if (!damage.empty() || found == whole) continue;
    CAPTURE(seed, bit);
    FAIL("the journal says something else, and does not complain");
  }
  fmt::print("flipped bits: seed {}, {} reported, {} without a trace\n", seed, reported, harmless);
  // Tables that hold nothing yet have pages all the same, in which a bit means nothing.
  CHECK(reported > kFlips / 3);
}

// The one connection that may write what it likes.
void tamper(const std::string& directory, const char* sql) {
  sqlite::Database db(directory + "/journal.db", {});
  db.execute(sql);
}

TEST_CASE("an entry that was changed, moved, added or taken out is named", "[damage]") {
  for (const char* sql :
       {"UPDATE entry SET body = '{}' WHERE run = 2 AND position = 5",
        "UPDATE entry SET at = at + 1 WHERE run = 2 AND position = 5",
        "UPDATE entry SET name = 'x' WHERE run = 2 AND position = 5",
        "UPDATE entry SET sequence = 9 WHERE run = 2 AND position = 5",
        "UPDATE entry SET kind = 'begun' WHERE run = 2 AND position = 5",
        "UPDATE entry SET body = '[' WHERE run = 2 AND position = 5",
        "DELETE FROM entry WHERE run = 2 AND position = 5",
        "DELETE FROM entry WHERE run = 2 AND position = 13",
        "UPDATE entry SET position = 14 WHERE run = 2 AND position = 13",
        // One text on two lines: clang-tidy would miss a comma.
        R"(INSERT INTO entry SELECT 2, 14, at, kind, task, sequence, generation, name, digest,
           place, body, hash FROM entry WHERE run = 1 AND position = 13)",
        "DELETE FROM entry WHERE run = 2", "UPDATE run SET status = 'done' WHERE number = 2",
        "UPDATE run SET facts = '{}' WHERE number = 2"}) {
    CAPTURE(sql);
    const TemporaryDirectory directory(quick_place());
    const std::vector<std::string> ids = write_journal(directory.path());
    tamper(directory.path(), sql);
    const auto store = open_sqlite(directory.path()).value();
    const Error error = store->log(ids[1]).error();
    CHECK(error.kind == ErrorKind::kInternal);
    CHECK(error.message.find(ids[1]) != std::string::npos);
    CHECK(error.message.find('\n') == std::string::npos);
    CHECK(store->log(ids[0]));
    CHECK_FALSE(store->check().value().empty());
  }
}

TEST_CASE("doctor is told of locks, texts and entries that belong to nothing", "[damage]") {
  for (const char* sql :
       {"DELETE FROM text", "UPDATE text SET content = x'00'", "UPDATE lock SET owner = 'x'",
        "DELETE FROM run WHERE number = 4", "UPDATE lock SET run = 'nobody'"}) {
    CAPTURE(sql);
    const TemporaryDirectory directory(quick_place());
    write_journal(directory.path());
    tamper(directory.path(), sql);
    CHECK_FALSE(open_sqlite(directory.path()).value()->check().value().empty());
  }
}

TEST_CASE("bugs planted in the journal are seen by whoever reads it", "[damage]") {
  for (const char* bug : {"journal.unlinked_hash", "journal.gap"}) {
    CAPTURE(bug);
    const auto memory = make_memory_store();
    const std::string run = memory->create(new_run("failover")).value().id;
    fault::plant(bug);
    REQUIRE(memory->commit(batch_of(run, {record(1, 1), record(2, 2)})));
    CHECK(fault::asked() > 0);
    fault::reset();
    CHECK(memory->log(run).error().kind == ErrorKind::kInternal);
  }
}

}  // namespace
