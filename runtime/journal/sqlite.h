// SQLite's C interface with handles that close themselves and errors that are thrown.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace neap::journal::sqlite {

// What SQLite would not do, in words; the journal's room catches it at its border.
class Refusal : public std::runtime_error {
 public:
  explicit Refusal(Error e) : std::runtime_error(e.message), error(std::move(e)) {}
  Error error;
};

struct Blob {
  std::string_view bytes;
};

// A prepared statement on loan from its Database, which takes it back when this ends. Each SQL text
// can be out on loan once at a time.
class [[nodiscard]] Statement {
 public:
  Statement(sqlite3* db, const std::string& file, sqlite3_stmt* statement)
      : db_(db), file_(file), statement_(statement) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // The values must live until the last step.
  void bind(int place, std::int64_t value);
  void bind(int place, std::string_view value);
  void bind(int place, Blob value);

  bool step();  // true: there is a row
  std::int64_t integer(int column) const;
  std::string text(int column) const;  // of a blob, its bytes

 private:
  void check(int code) const;
  sqlite3* db_;
  const std::string& file_;
  sqlite3_stmt* statement_;
};

struct OpenOptions {
  std::string vfs;
  int patience_ms = 0;
  bool read_only = false;
  bool immutable = false;  // nobody else can change the file, and its directory cannot be written
};

// One connection, for one thread.
class Database {
 public:
  Database(std::string file, const OpenOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // A statement whose rows the caller steps through. `sql` must be a literal.
  Statement query(const char* sql);
  template <class... Args>
  void run(const char* sql, const Args&... args) {
    Statement statement = query(sql);
    int place = 0;
    (statement.bind(++place, args), ...);
    while (statement.step()) {
    }
  }
  // Several statements, without values or rows.
  void execute(const char* sql);
  // The one number that the statement gives; 0 when it gives no row.
  std::int64_t number(const char* sql);

  bool in_transaction() const;
  bool can_write() const;
  int changes() const;
  // Writes what is in the write-ahead log into the file, as far as readers let it.
  void checkpoint();
  void checkpoint_and_truncate();
  // Pages that stand in the write-ahead log since the last commit.
  int logged_pages() const { return logged_pages_; }
  void close_without_checkpoint();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void checkpoint_as(int mode);
  [[noreturn]] void refuse(int code) const;

  std::string file_;
  sqlite3* db_ = nullptr;
  std::map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> prepared_;
  int logged_pages_ = 0;
};

}  // namespace neap::journal::sqlite
