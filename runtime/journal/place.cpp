#include "journal/place.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/text.h"

namespace neap::journal {
namespace {

constexpr std::pair<long, std::string_view> kNetworks[] = {
    {0x6969, "NFS"},      {0xFF534D42, "CIFS"}, {0x517B, "SMB"},      {0xFE534D42, "SMB"},
    {0x65735546, "FUSE"}, {0x01021997, "9P"},   {0x00C36400, "Ceph"}, {0x0BD00BD0, "Lustre"},
    {0x5346414F, "AFS"},  {0x73757245, "Coda"}, {0x47504653, "GPFS"}, {0x19830326, "BeeGFS"},
};

constexpr std::string_view kAnotherPlace = "name another directory with --state-dir or state_dir";

tl::unexpected<Error> problem(const std::string& path, std::string_view what, int number) {
  const bool broken = number == ENOSPC || number == EIO || number == EDQUOT;
  return fail(broken ? ErrorKind::kClosed : ErrorKind::kConfig,
              fmt::format("{}: {}: {}", printable(path), what, std::strerror(number)),
              std::string(kAnotherPlace));
}

// The directory and what is missing above it; what this process made is its own.
Result<void> make_directories(const std::filesystem::path& directory) {
  struct stat there {};
  if (::stat(directory.c_str(), &there) == 0) {
    if (S_ISDIR(there.st_mode)) return {};
    return problem(directory, "runs are kept in a directory, and this is none", ENOTDIR);
  }
  if (errno == ENOENT && directory.has_relative_path() && directory.has_parent_path()) {
    if (Result<void> above = make_directories(directory.parent_path()); !above) return above;
  }
  if (::mkdir(directory.c_str(), 0700) == 0) {
    return sync_directory(directory.has_parent_path() ? directory.parent_path().string() : ".");
  }
  if (errno == EEXIST) return {};
  return problem(directory, "the directory for runs cannot be made", errno);
}

}  // namespace

std::optional<std::string_view> network_file_system(long type) {
  for (const auto& [number, name] : kNetworks) {
    // f_type is signed on some machines, and the larger numbers negative there.
    if (static_cast<std::uint32_t>(type) == static_cast<std::uint32_t>(number)) return name;
  }
  return std::nullopt;
}

Result<void> prepare_directory(const std::string& directory, bool read_only) {
  if (directory.empty()) {
    return fail(ErrorKind::kConfig, "there is no directory for runs", std::string(kAnotherPlace));
  }
  std::filesystem::path path(directory);
  if (!path.has_filename() && path.has_relative_path()) path = path.parent_path();
  if (!read_only) {
    if (Result<void> made = make_directories(path); !made) return made;
  }
  struct statfs system {};
  if (::statfs(path.c_str(), &system) != 0) {
    return problem(directory, "the directory for runs cannot be read", errno);
  }
  if (const auto network = network_file_system(system.f_type)) {
    return fail(ErrorKind::kConfig,
                fmt::format("{}: it lies on a network file system ({}), whose locks and syncs a "
                            "journal cannot rely on",
                            printable(directory), *network),
                "name a directory on a local disk with --state-dir or state_dir");
  }
  if (::access(path.c_str(), read_only ? R_OK | X_OK : R_OK | W_OK | X_OK) != 0) {
    return problem(directory,
                   read_only ? "the directory for runs cannot be read"
                             : "the directory for runs cannot be written",
                   errno);
  }
  return {};
}

// A file that is there must not be opened and closed here: that would end the locks that another
// connection of this process has on it (fcntl(2)).
Result<void> prepare_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno != EEXIST) return problem(path, "the journal cannot be made", errno);
  struct stat state {};
  if (::stat(path.c_str(), &state) != 0) return problem(path, "the journal cannot be read", errno);
  if (!S_ISREG(state.st_mode))
    return problem(path, "a journal is a file, and this is none", EINVAL);
  const bool open_to_others = (state.st_mode & 077) != 0;
  if (open_to_others && state.st_uid == geteuid() && ::chmod(path.c_str(), 0600) != 0) {
    return problem(path, "what others may do with the journal cannot be changed", errno);
  }
  return {};
}

Result<void> sync_directory(const std::string& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return problem(directory, "the directory for runs cannot be read", errno);
  const int code = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  if (code == 0) return {};
  return problem(directory, "the directory for runs cannot be written", number);
}

}  // namespace neap::journal
