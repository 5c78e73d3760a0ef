// SQLite's bare C interface: the peer of the benchmarks of durable commits.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

namespace neap::bench {

class BareSqlite {
 public:
  explicit BareSqlite(const std::string& file) {
    check(sqlite3_open(file.c_str(), &db_));
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
  }
  ~BareSqlite() {
    for (sqlite3_stmt* each : prepared_) sqlite3_finalize(each);
    sqlite3_close(db_);
  }
  BareSqlite(const BareSqlite&) = delete;
  BareSqlite& operator=(const BareSqlite&) = delete;

  void execute(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) {
    check(sqlite3_prepare_v2(db_, sql, -1, &prepared_.emplace_back(), nullptr));
    return prepared_.back();
  }
  void begin() { step(begin_); }
  void commit() { step(commit_); }
  // The values must live until then.
  template <class... Values>
  static void run(sqlite3_stmt* statement, const Values&... values) {
    int place = 0;
    (bind(statement, ++place, values), ...);
    step(statement);
  }

 private:
  static void check(int code) {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errstr(code));
  }
  static void bind(sqlite3_stmt* statement, int place, std::int64_t value) {
    sqlite3_bind_int64(statement, place, value);
  }
  static void bind(sqlite3_stmt* statement, int place, std::string_view value) {
    sqlite3_bind_text(statement, place, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  }
  static void step(sqlite3_stmt* statement) {
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) throw std::runtime_error(sqlite3_errstr(code));
  }

  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> prepared_;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
};

}  // namespace neap::bench
