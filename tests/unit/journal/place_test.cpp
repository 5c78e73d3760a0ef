// Where a journal may lie, who may write it, and what is said when it cannot be used.
#include "journal/place.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/file_lock.h"
#include "journal/schema.h"
#include "journal/sqlite.h"
#include "journal/store.h"
#include "support/child_process.h"
#include "support/fault_points.h"
#include "support/journal_samples.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;
using namespace std::chrono_literals;

unsigned mode_of(const std::string& path) {
  struct stat state {};
  REQUIRE(::stat(path.c_str(), &state) == 0);
  return state.st_mode & 0777;
}

bool says(const Error& error, std::string_view part) {
  INFO(error.message);
  const bool one_line = error.message.find('\n') == std::string::npos;
  return one_line && !error.hint.empty() && error.message.find(part) != std::string::npos;
}

TEST_CASE("a journal is its owner's alone, and leaves one file behind", "[place]") {
  const TemporaryDirectory directory;
  const mode_t mask = ::umask(0);
  const std::string state = directory / "a/b/state";
  std::string run;
  {
    const auto store = open_sqlite(state + "/").value();
    run = store->create(new_run("failover")).value().id;
    CHECK(mode_of(directory / "a") == 0700);
    CHECK(mode_of(state) == 0700);
    for (const auto& each : std::filesystem::directory_iterator(state)) {
      CHECK(mode_of(each.path()) == 0600);
    }
    const Owner claim = store->claim(run).value();
    CHECK(mode_of(state + "/running") == 0700);
    CHECK(mode_of(state + "/running/" + run) == 0600);
  }
  CHECK_FALSE(std::filesystem::exists(state + "/journal.db-wal"));
  CHECK(std::filesystem::is_empty(state + "/running"));
  ::chmod((state + "/journal.db").c_str(), 0644);
  CHECK(open_sqlite(state).value()->find(run));
  CHECK(mode_of(state + "/journal.db") == 0600);
  ::umask(mask);
}

TEST_CASE("what is no place for a journal is refused in one line", "[place]") {
  const TemporaryDirectory directory;
  std::ofstream(directory / "file") << "text";
  for (const std::string& path : {directory / "file", directory / "file/state", std::string()}) {
    const auto store = open_sqlite(path);
    REQUIRE_FALSE(store);
    CHECK(store.error().kind == ErrorKind::kConfig);
    CHECK(says(store.error(), path.empty() ? "directory" : directory / "file"));
  }
  std::filesystem::create_directories(directory / "odd/journal.db");
  CHECK(open_sqlite(directory / "odd").error().kind == ErrorKind::kConfig);
  std::filesystem::create_directories(directory / "other");
  std::ofstream(directory / "other/journal.db") << std::string(5000, 'x');
  CHECK(says(open_sqlite(directory / "other").error(), "journal.db"));
  CHECK(open_sqlite(directory / "none", {.read_only = true}).error().kind == ErrorKind::kConfig);
}

TEST_CASE("the databases of other programs are left alone", "[place]") {
  const TemporaryDirectory directory;
  std::ofstream(directory / "journal.db").close();
  {
    sqlite::Database db(directory / "journal.db", {});
    db.execute("CREATE TABLE bookmark(url TEXT)");
  }
  const Error error = open_sqlite(directory.path()).error();
  CHECK(error.kind == ErrorKind::kConfig);
  CHECK(says(error, "not a journal"));
}

TEST_CASE("network file systems are refused", "[place]") {
  for (const long type : {0x6969L, 0xFF534D42L, 0xFE534D42L, 0x517BL, 0x65735546L}) {
    CHECK(network_file_system(type));
    CHECK(network_file_system(static_cast<int>(type)));  // as some machines sign it
  }
  for (const long type : {0xEF53L, 0x01021994L, 0x58465342L, 0x9123683EL, 0x794C7630L}) {
    CHECK_FALSE(network_file_system(type));
  }
}

TEST_CASE("a journal of a newer neap is refused, and both versions are named", "[place]") {
  const TemporaryDirectory directory;
  open_sqlite(directory.path()).value();
  {
    sqlite::Database db(directory / "journal.db", {});
    db.execute("PRAGMA user_version = 4711");
  }
  for (const bool read_only : {false, true}) {
    const Error error = open_sqlite(directory.path(), {.read_only = read_only}).error();
    CHECK(error.kind == ErrorKind::kConfig);
    CHECK(says(error, "version 4711"));
    CHECK(says(error, fmt::format("none above {}", newest_version())));
    CHECK(error.hint.find("newer neap") != std::string::npos);
  }
}

TEST_CASE("where nothing may be written a journal can still be looked at", "[place]") {
  if (::geteuid() != 0) return;  // takes another user to be locked out
  const TemporaryDirectory directory;
  ::chmod(directory.path().c_str(), 0755);
  const std::string state = directory / "st%a?t#e";
  std::string run;
  {
    const auto store = open_sqlite(state).value();
    run = store->create(new_run("failover")).value().id;
    REQUIRE(store->commit(batch_of(run, {record(1, 1)})));
  }
  ::chmod(state.c_str(), 0755);
  ::chmod((state + "/journal.db").c_str(), 0644);
  const int status = in_child([&] {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) return 9;
    if (open_sqlite(state).error().kind != ErrorKind::kConfig) return 1;
    const auto store = open_sqlite(state, {.read_only = true});
    if (!store) return 2;
    if ((*store)->log(run).value().size() != 1) return 3;
    const auto refused = (*store)->commit(batch_of(run, {record(2, 2)}));
    return refused.error().kind == ErrorKind::kConfig ? 0 : 4;
  });
  CHECK(status == 0);
}

TEST_CASE("another process that is writing is waited for, and then named", "[place]") {
  const TemporaryDirectory directory;
  const auto store = open_sqlite(directory.path(), {.patience = 30ms}).value();
  const std::string run = store->create(new_run("failover")).value().id;
  Child writer([&] {
    auto lock = std::make_unique<FileLock>(directory / "journal.lock");
    REQUIRE(lock->open());
    REQUIRE(lock->try_lock());
    return lock;
  });
  REQUIRE(writer.ready());
  const auto refused = store->commit(batch_of(run, {record(1, 1)}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kConflict);
  CHECK(refused.error().code == kLockHeld);
  CHECK(says(refused.error(), "pid " + writer.pid()));
  CHECK(says(refused.error(), "since 20"));
  CHECK(store->log(run).value().empty());
  CHECK(store->keep_text("text").error().code == kLockHeld);
  writer.kill();
  CHECK(store->commit(batch_of(run, {record(1, 1)})));
}

TEST_CASE("a claim ends with its process, however that ends", "[place]") {
  const TemporaryDirectory directory;
  const auto store = open_sqlite(directory.path()).value();
  const std::string run = store->create(new_run("failover")).value().id;
  Child other([&] { return open_sqlite(directory.path()).value()->claim(run).value(); });
  REQUIRE(other.ready());
  const Error held = store->claim(run).error();
  CHECK(held.code == kLockHeld);
  CHECK(says(held, "pid " + other.pid()));
  CHECK(says(held, run));
  other.kill();
  CHECK(store->claim(run));
}

TEST_CASE("processes that write at the same time lose nothing of each other's", "[place]") {
  const TemporaryDirectory directory;
  const auto store = open_sqlite(directory.path(), {.log_pages = 20}).value();
  const std::string run = store->create(new_run("failover")).value().id;
  constexpr int kEach = 60;
  std::fflush(nullptr);
  std::vector<pid_t> writers;
  for (int i = 0; i < 3; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto mine = open_sqlite(directory.path(), {.patience = 60s, .log_pages = 20});
      for (int n = 0; n < kEach; ++n) {
        if (!(*mine)->commit(batch_of(run, {record(1, n)}))) ::_exit(1);
      }
      ::_exit(0);
    }
    writers.push_back(child);
  }
  for (const pid_t writer : writers) {
    int status = -1;
    ::waitpid(writer, &status, 0);
    CHECK(status == 0);
  }
  const std::int64_t before = store->version();
  CHECK(store->log(run).value().size() == 3 * kEach);
  CHECK(store->check().value().empty());
  REQUIRE(open_sqlite(directory.path()).value()->commit(batch_of(run, {record(2, 2)})));
  CHECK(store->version() != before);
}

TEST_CASE("a process killed around a commit leaves all of it or nothing", "[place]") {
  const TemporaryDirectory directory;
  std::string run;
  {
    const auto store = open_sqlite(directory.path()).value();
    run = store->create(new_run("failover")).value().id;
  }
  std::size_t expected = 0;
  for (const char* place : {"commit.before", "commit.after"}) {
    for (std::uint64_t count = 1; count <= 6; ++count) {
      CAPTURE(place, count);
      const int status = in_child([&] {
        fault::reset();
        fault::crash_at(place, count);
        const auto store = open_sqlite(directory.path(), {.log_pages = 4});
        for (int i = 0; i < 8; ++i) {
          (void)(*store)->commit(batch_of(run, {record(1, i), record(2, std::string(9000, 'x'))}));
        }
        return 0;
      });
      REQUIRE(WIFSIGNALED(status));
      expected += 2 * (count - (std::string_view(place) == "commit.before" ? 1 : 0));
      const auto store = open_sqlite(directory.path()).value();
      CHECK(store->log(run).value().size() == expected);
      CHECK(store->check().value().empty());
    }
  }
}

}  // namespace
