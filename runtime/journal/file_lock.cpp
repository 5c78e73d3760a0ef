#include "journal/file_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace neap::journal {
namespace {

// What is written over an older, longer line must hide the whole of it.
constexpr std::size_t kLine = 200;

std::string user_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> place{};
  getpwuid_r(geteuid(), &entry, place.data(), place.size(), &found);
  return found != nullptr ? std::string(found->pw_name) : fmt::format("uid {}", geteuid());
}

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

int retried_flock(int descriptor, int operation) {
  int code = 0;
  do {
    code = ::flock(descriptor, operation);
  } while (code != 0 && errno == EINTR);
  return code;
}

}  // namespace

std::string this_process() {
  return fmt::format("{}@{} (pid {})", user_name(), host_name(), getpid());
}

FileLock::FileLock(std::string path) : path_(std::move(path)), who_(this_process()) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> FileLock::open() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ >= 0) return {};
  const int problem = errno;
  const ErrorKind kind =
      problem == ENOSPC || problem == EIO ? ErrorKind::kClosed : ErrorKind::kConfig;
  return fail(
      kind,
      fmt::format("{}: the file cannot be opened: {}", printable(path_), std::strerror(problem)),
      "see to it that this user may write the directory and what is in it");
}

bool FileLock::in_place() const {
  struct stat by_name {};
  struct stat by_descriptor {};
  return ::stat(path_.c_str(), &by_name) == 0 && ::fstat(descriptor_, &by_descriptor) == 0 &&
         by_name.st_ino == by_descriptor.st_ino && by_name.st_dev == by_descriptor.st_dev;
}

bool FileLock::try_lock() {
  if (retried_flock(descriptor_, LOCK_EX | LOCK_NB) != 0) return false;
  sign();
  return true;
}

bool FileLock::lock(Duration patience) {
  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + patience;
  std::chrono::microseconds pause{100};
  while (!try_lock()) {
    if (steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds{10'000});
  }
  return true;
}

void FileLock::unlock() {
  retried_flock(descriptor_, LOCK_UN);
}

void FileLock::remove() {
  ::unlink(path_.c_str());
}

// Only for people: a lock is held whether or not this could be written. Writing costs a tenth of a
// commit, so a line of ours stays for a second: whoever reads it has waited longer.
void FileLock::sign() {
  const auto now = std::chrono::floor<UtcTime::duration>(std::chrono::system_clock::now());
  const bool fresh = now >= signed_at_ && now - signed_at_ < std::chrono::seconds{1};
  if (fresh && line() == signed_) return;
  signed_ = fmt::format("{} since {}", who_, format_iso(now));
  signed_.resize(kLine - 1, ' ');
  signed_ += '\n';
  signed_at_ = now;
  [[maybe_unused]] const auto written = ::pwrite(descriptor_, signed_.data(), signed_.size(), 0);
}

std::string FileLock::line() const {
  std::string line(kLine, '\0');
  const auto size = ::pread(descriptor_, line.data(), line.size(), 0);
  line.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return line;
}

std::string FileLock::holder() const {
  return printable(trim(line()));
}

namespace {

// Removes the file before it lets go of it: whoever waits for this very file then finds another of
// that name, or none, and begins anew.
struct HeldFile {
  explicit HeldFile(std::unique_ptr<FileLock> held) : lock(std::move(held)) {}
  HeldFile(HeldFile&&) = default;
  ~HeldFile() {
    if (lock) lock->remove();
  }
  std::unique_ptr<FileLock> lock;
};

}  // namespace

Result<Owner> hold_file(const std::string& path) {
  auto lock = std::make_unique<FileLock>(path);
  for (;;) {
    if (Result<void> opened = lock->open(); !opened) {
      return tl::unexpected(std::move(opened.error()));
    }
    if (!lock->try_lock()) return fail(ErrorKind::kConflict, lock->holder());
    if (lock->in_place()) return Owner{HeldFile(std::move(lock))};
  }
}

bool is_held(const std::string& path, std::string& holder) {
  struct stat there {};
  if (::stat(path.c_str(), &there) != 0) return false;
  const Result<Owner> held = hold_file(path);
  if (held || held.error().kind != ErrorKind::kConflict) return false;
  holder = held.error().message;
  return true;
}

}  // namespace neap::journal
