#include "journal/sqlite.h"

#include <new>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/text.h"

namespace neap::journal::sqlite {
namespace {

struct Meaning {
  ErrorKind kind;
  std::string_view what;
  std::string_view hint;
};

// By the primary code, the low byte.
Meaning meaning_of(int code) {
  constexpr std::string_view kMendDisk =
      "nothing more is written; mend the disk, then neap resume goes on";
  constexpr std::string_view kRestore =
      "neap doctor lists all that is wrong; restore the journal from a copy";
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return {ErrorKind::kClosed, "the disk is full",
              "nothing more is written; make room, then neap resume goes on"};
    case SQLITE_IOERR:
      return {ErrorKind::kClosed, "the disk failed", kMendDisk};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {ErrorKind::kConflict, "another process is using it", "try again when it has ended"};
    case SQLITE_NOTADB:
      return {ErrorKind::kInternal, "it is no journal, or its beginning is damaged",
              "restore it from a copy, or name another directory"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorKind::kConfig, "it cannot be opened",
              "see to it that this user may read and write the directory and what is in it"};
    case SQLITE_READONLY:
      return {ErrorKind::kConfig, "it cannot be written",
              "see to it that this user may write the directory and what is in it"};
    case SQLITE_TOOBIG:
      return {ErrorKind::kArgument, "a value is too large for it", "keep a smaller part of it"};
    default:  // CORRUPT, and whatever else a damaged schema or row leads to
      return {ErrorKind::kInternal, "it is damaged", kRestore};
  }
}

[[noreturn]] void raise(sqlite3* db, const std::string& file, int code) {
  if (code == SQLITE_NOMEM) throw std::bad_alloc();
  const Meaning meaning = meaning_of(code);
  const char* const said = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  Error error{
      meaning.kind,
      fmt::format("{}: {} ({}, SQLite {})", printable(file), meaning.what, printable(said), code),
      std::string(meaning.hint)};
  if (meaning.kind == ErrorKind::kConflict) error.code = "neap.lock_held";
  throw Refusal(std::move(error));
}

// As a URI, in which these characters have a meaning.
std::string uri_of(const std::string& file) {
  std::string uri = "file:";
  for (const char c : file) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

int count_pages(void* count, sqlite3*, const char*, int pages) {
  *static_cast<int*>(count) = pages;
  return SQLITE_OK;
}

}  // namespace

Statement::~Statement() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) raise(db_, file_, code);
}

void Statement::bind(int place, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, place, value));
}

void Statement::bind(int place, std::string_view value) {
  // A null pointer would be NULL, not the empty text.
  const char* const text = value.data() != nullptr ? value.data() : "";
  check(sqlite3_bind_text64(statement_, place, text, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int place, Blob value) {
  const char* const bytes = value.bytes.data() != nullptr ? value.bytes.data() : "";
  check(sqlite3_bind_blob64(statement_, place, bytes, value.bytes.size(), SQLITE_STATIC));
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) raise(db_, file_, code);
  return false;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr) {
    // Nothing, or no memory to read it into.
    if (sqlite3_errcode(db_) == SQLITE_NOMEM) throw std::bad_alloc();
    return {};
  }
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Database::Database(std::string file, const OpenOptions& options) : file_(std::move(file)) {
  int flags = SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  flags |= options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.immutable) flags |= SQLITE_OPEN_URI;
  const std::string name = options.immutable ? uri_of(file_) : file_;
  const int code = sqlite3_open_v2(name.c_str(), &db_, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  try {
    if (code != SQLITE_OK) raise(db_, file_, code);
    sqlite3_busy_timeout(db_, options.patience_ms);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_wal_hook(db_, count_pages, &logged_pages_);
  } catch (const std::exception&) {
    sqlite3_close(db_);
    throw;
  }
}

Database::~Database() {
  prepared_.clear();
  sqlite3_close(db_);
}

void Database::refuse(int code) const {
  raise(db_, file_, code);
}

Statement Database::query(const char* sql) {
  auto& statement = prepared_[sql];
  if (!statement) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    statement.reset(made);
    if (code != SQLITE_OK) refuse(code);
  }
  return {db_, file_, statement.get()};
}

void Database::execute(const char* sql) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) refuse(code);
}

std::int64_t Database::number(const char* sql) {
  Statement statement = query(sql);
  return statement.step() ? statement.integer(0) : 0;
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(db_) == 0;
}

bool Database::can_write() const {
  return sqlite3_db_readonly(db_, "main") == 0;
}

int Database::changes() const {
  return sqlite3_changes(db_);
}

void Database::checkpoint_as(int mode) {
  const int code = sqlite3_wal_checkpoint_v2(db_, "main", mode, nullptr, nullptr);
  // Readers may hold it up; the next one goes further.
  if (code != SQLITE_OK && (code & 0xFF) != SQLITE_BUSY) refuse(code);
  logged_pages_ = 0;
}

void Database::checkpoint() {
  checkpoint_as(SQLITE_CHECKPOINT_PASSIVE);
}

void Database::checkpoint_and_truncate() {
  checkpoint_as(SQLITE_CHECKPOINT_TRUNCATE);
}

void Database::close_without_checkpoint() {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace neap::journal::sqlite
