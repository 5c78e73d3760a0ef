#include "config/surroundings.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace neap::config {
namespace {

constexpr std::size_t kMostBytes = 1u << 20;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

tl::unexpected<Error> unreadable(const std::string& path, std::string_view why) {
  return fail(ErrorKind::kConfig, fmt::format("cannot read {}: {}", printable(path), why));
}

Result<std::optional<File>> read_file(const std::string& path) {
  // Not blocking, so that a named pipe in the place of a file cannot hold the program up.
  const Descriptor descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (descriptor.number() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return unreadable(path, std::strerror(errno));
  }
  struct stat status {};
  if (fstat(descriptor.number(), &status) != 0) return unreadable(path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return unreadable(path, "it is not a regular file");

  File file;
  file.others_can_read = (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t count = read(descriptor.number(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(path, std::strerror(errno));
    if (count == 0) return file;
    file.text.append(block.data(), static_cast<std::size_t>(count));
    if (file.text.size() > kMostBytes) return unreadable(path, "it is larger than 1 MiB");
  }
}

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace

std::optional<std::string> Surroundings::variable(const std::string& name) const {
  std::optional<std::string> value = environment(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

std::string Surroundings::home() const {
  return variable("HOME").value_or("");
}

Surroundings process_surroundings() {
  return Surroundings{process_variable, read_file};
}

}  // namespace neap::config
