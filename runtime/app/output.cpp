#include "app/output.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace neap::app {
namespace {

void drop(std::FILE* stream, int problem) {
  if (std::freopen("/dev/null", "w", stream) == nullptr) return;
  if (stream != stdout || problem == EPIPE) return;
  say(std::string("neap: cannot write standard output: ") + std::strerror(problem));
}

}  // namespace

void put(std::FILE* stream, std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  if (written && std::fflush(stream) == 0) return;
  drop(stream, errno);
}

void say(std::string_view text) {
  put(stderr, std::string(text) + "\n");
}

ExitCode finish_output(ExitCode code) {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  const int problem = errno;
  drop(stdout, problem);
  if (code != ExitCode::kDone) return code;
  return problem == EPIPE ? ExitCode::kUnread : ExitCode::kFailed;
}

bool reader_is_gone(const std::exception& problem) {
  const auto* system = dynamic_cast<const std::system_error*>(&problem);
  return system != nullptr && system->code() == std::error_code(EPIPE, std::generic_category());
}

}  // namespace neap::app
