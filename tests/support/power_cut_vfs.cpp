#include "support/power_cut_vfs.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <sqlite3.h>

namespace neap::test {

using Kind = DiskChange::Kind;

struct WatchedDisk::State {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;
  std::string name;
  std::vector<DiskChange> changes;
  std::uint64_t tried = 0;
  std::uint64_t fail_at = 0;
  int fail_code = 0;
  bool failed = false;

  // The code to fail with; SQLITE_OK: go on.
  int next() {
    if (++tried != fail_at) return SQLITE_OK;
    failed = true;
    return fail_code;
  }
  void note(DiskChange change) { changes.push_back(std::move(change)); }

  static State& of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

  // What SQLite allocates for an open file; the real file's own part lies behind it.
  struct File {
    sqlite3_file base;
    State* disk;
    std::string* name;

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    const sqlite3_io_methods& calls() { return *real()->pMethods; }
    static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  };

  static int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags,
                  int* flags_out);
  static int remove(sqlite3_vfs* vfs, const char* path, int sync_directory);
  static int close(sqlite3_file* file);
  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset);
  static int truncate(sqlite3_file* file, sqlite3_int64 size);
  static int sync(sqlite3_file* file, int flags);
  static const sqlite3_io_methods kMethods;
};

namespace {

std::string base_name(const char* path) {
  const std::string text = path != nullptr ? path : "temporary";
  return text.substr(text.rfind('/') + 1);
}

}  // namespace

int WatchedDisk::State::open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags,
                             int* flags_out) {
  State& disk = of(vfs);
  File& opened = File::of(file);
  opened.base.pMethods = nullptr;
  const int code = disk.real->xOpen(disk.real, path, opened.real(), flags, flags_out);
  if (code != SQLITE_OK) return code;
  opened.base.pMethods = &kMethods;
  opened.disk = &disk;
  opened.name = std::make_unique<std::string>(base_name(path)).release();
  return SQLITE_OK;
}

int WatchedDisk::State::remove(sqlite3_vfs* vfs, const char* path, int sync_directory) {
  State& disk = of(vfs);
  if (const int code = disk.next(); code != SQLITE_OK) return SQLITE_IOERR_DELETE;
  const int code = disk.real->xDelete(disk.real, path, sync_directory);
  if (code == SQLITE_OK) disk.note({Kind::kDelete, base_name(path), 0, {}});
  if (code == SQLITE_OK && sync_directory != 0) disk.note({Kind::kSync, base_name(path), 0, {}});
  return code;
}

int WatchedDisk::State::close(sqlite3_file* file) {
  File& opened = File::of(file);
  const std::unique_ptr<std::string> name(opened.name);
  return opened.calls().xClose(opened.real());
}

int WatchedDisk::State::write(sqlite3_file* file, const void* bytes, int count,
                              sqlite3_int64 offset) {
  File& opened = File::of(file);
  const int fate = opened.disk->next();
  if (fate != SQLITE_OK) count /= 2;
  const int code = opened.calls().xWrite(opened.real(), bytes, count, offset);
  const auto size = static_cast<std::size_t>(count);
  if (code == SQLITE_OK) {
    opened.disk->note(
        {Kind::kWrite, *opened.name, offset, {static_cast<const char*>(bytes), size}});
  }
  return fate != SQLITE_OK ? fate : code;
}

int WatchedDisk::State::truncate(sqlite3_file* file, sqlite3_int64 size) {
  File& opened = File::of(file);
  if (const int fate = opened.disk->next(); fate != SQLITE_OK) return SQLITE_IOERR_TRUNCATE;
  const int code = opened.calls().xTruncate(opened.real(), size);
  if (code == SQLITE_OK) opened.disk->note({Kind::kTruncate, *opened.name, size, {}});
  return code;
}

int WatchedDisk::State::sync(sqlite3_file* file, int flags) {
  File& opened = File::of(file);
  if (const int fate = opened.disk->next(); fate != SQLITE_OK) return SQLITE_IOERR_FSYNC;
  // What the machine itself makes durable is of no interest here, and slow.
  opened.disk->note({Kind::kSync, *opened.name, flags, {}});
  return SQLITE_OK;
}

// What changes nothing goes straight through.
const sqlite3_io_methods WatchedDisk::State::kMethods = {
    .iVersion = 2,
    .xClose = close,
    .xRead =
        [](sqlite3_file* f, void* to, int count, sqlite3_int64 offset) {
          return File::of(f).calls().xRead(File::of(f).real(), to, count, offset);
        },
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize =
        [](sqlite3_file* f, sqlite3_int64* size) {
          return File::of(f).calls().xFileSize(File::of(f).real(), size);
        },
    .xLock = [](sqlite3_file* f,
                int how) { return File::of(f).calls().xLock(File::of(f).real(), how); },
    .xUnlock = [](sqlite3_file* f,
                  int how) { return File::of(f).calls().xUnlock(File::of(f).real(), how); },
    .xCheckReservedLock =
        [](sqlite3_file* f, int* held) {
          return File::of(f).calls().xCheckReservedLock(File::of(f).real(), held);
        },
    .xFileControl =
        [](sqlite3_file* f, int what, void* argument) {
          return File::of(f).calls().xFileControl(File::of(f).real(), what, argument);
        },
    .xSectorSize =
        [](sqlite3_file* f) { return File::of(f).calls().xSectorSize(File::of(f).real()); },
    .xDeviceCharacteristics =
        [](sqlite3_file* f) {
          return File::of(f).calls().xDeviceCharacteristics(File::of(f).real());
        },
    .xShmMap =
        [](sqlite3_file* f, int region, int size, int extend, void volatile** at) {
          return File::of(f).calls().xShmMap(File::of(f).real(), region, size, extend, at);
        },
    .xShmLock =
        [](sqlite3_file* f, int offset, int count, int flags) {
          return File::of(f).calls().xShmLock(File::of(f).real(), offset, count, flags);
        },
    .xShmBarrier = [](sqlite3_file* f) { File::of(f).calls().xShmBarrier(File::of(f).real()); },
    .xShmUnmap =
        [](sqlite3_file* f, int remove_it) {
          return File::of(f).calls().xShmUnmap(File::of(f).real(), remove_it);
        },
};

WatchedDisk::WatchedDisk() : state_(std::make_unique<State>()) {
  State& disk = *state_;
  disk.real = sqlite3_vfs_find(nullptr);
  disk.name = fmt::format("watched-{}", fmt::ptr(state_.get()));
  disk.vfs = *disk.real;
  disk.vfs.szOsFile += static_cast<int>(sizeof(State::File));
  disk.vfs.pNext = nullptr;
  disk.vfs.zName = disk.name.c_str();
  disk.vfs.pAppData = state_.get();
  disk.vfs.xOpen = State::open;
  disk.vfs.xDelete = State::remove;
  // The system's own look into what it is called with, so it must be called with itself.
  disk.vfs.xAccess = [](sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    sqlite3_vfs* const real = State::of(vfs).real;
    return real->xAccess(real, path, flags, result);
  };
  disk.vfs.xFullPathname = [](sqlite3_vfs* vfs, const char* path, int size, char* full) {
    sqlite3_vfs* const real = State::of(vfs).real;
    return real->xFullPathname(real, path, size, full);
  };
  sqlite3_vfs_register(&disk.vfs, 0);
}

WatchedDisk::~WatchedDisk() {
  sqlite3_vfs_unregister(&state_->vfs);
}

const std::string& WatchedDisk::name() const {
  return state_->name;
}

const std::vector<DiskChange>& WatchedDisk::changes() const {
  return state_->changes;
}

std::uint64_t WatchedDisk::tried() const {
  return state_->tried;
}

void WatchedDisk::fail_at(std::uint64_t number, int code) {
  state_->fail_at = number;
  state_->fail_code = code;
}

bool WatchedDisk::failed() const {
  return state_->failed;
}

namespace {

constexpr std::size_t kSector = 512;

// Does the change to the bytes of a file, as far as `takes` says yes, once for each sector.
void change_file(std::optional<std::string>& file, const DiskChange& change,
                 const std::function<bool()>& takes) {
  if (change.kind == Kind::kDelete) {
    if (takes()) file.reset();
    return;
  }
  if (!file) file.emplace();
  const auto offset = static_cast<std::size_t>(change.offset);
  if (change.kind == Kind::kTruncate) {
    if (takes()) file->resize(offset);
    return;
  }
  for (std::size_t from = 0; from < change.bytes.size();) {
    const std::size_t to_border = kSector - (offset + from) % kSector;
    const std::size_t size = std::min(to_border, change.bytes.size() - from);
    if (takes()) {
      if (file->size() < offset + from + size) file->resize(offset + from + size);
      file->replace(offset + from, size, change.bytes, from, size);
    }
    from += size;
  }
}

}  // namespace

void CutDisk::apply(const DiskChange& change) {
  File& file = files_[change.file];
  if (change.kind != Kind::kSync) {
    file.since.push_back(change);
    return;
  }
  for (const DiskChange& each : file.since) {
    change_file(file.synced, each, [] { return true; });
  }
  file.since.clear();
}

void CutDisk::sync_directory() {
  std::erase_if(files_, [](const auto& each) {
    const std::vector<DiskChange>& since = each.second.since;
    return !since.empty() && since.back().kind == Kind::kDelete;
  });
}

DiskImage CutDisk::after_cut(Random& random) const {
  constexpr double kShares[] = {0.0, 0.1, 0.5, 0.9, 1.0};
  DiskImage image;
  for (const auto& [name, file] : files_) {
    const double share = kShares[random.bits() % std::size(kShares)];
    std::optional<std::string> bytes = file.synced;
    for (const DiskChange& change : file.since) {
      change_file(bytes, change, [&] { return random.unit() < share; });
    }
    if (bytes) image[name] = *std::move(bytes);
  }
  return image;
}

}  // namespace neap::test
