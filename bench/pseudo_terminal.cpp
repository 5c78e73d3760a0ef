#include "pseudo_terminal.h"

#include <stdexcept>
#include <system_error>

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace neap::bench {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  all.reserve(words.size() + 1);
  for (std::string& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

PseudoTerminal::PseudoTerminal(const std::vector<std::string>& command,
                               const std::vector<std::string>& environment) {
  std::vector<std::string> words = command;
  std::vector<std::string> variables = environment;
  const std::vector<char*> arguments = pointers(words);
  const std::vector<char*> environ_of_child = pointers(variables);
  winsize size{.ws_row = 40, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
  process_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
  if (process_ < 0) throw std::system_error(errno, std::generic_category(), "forkpty");
  if (process_ > 0) return;
  ::execve(arguments[0], arguments.data(), environ_of_child.data());
  ::_exit(127);
}

PseudoTerminal::~PseudoTerminal() {
  ::close(terminal_);
  ::waitpid(process_, nullptr, 0);
}

void PseudoTerminal::type(std::string_view keys) {
  if (::write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::system_error(errno, std::generic_category(), "write to a terminal");
  }
}

void PseudoTerminal::settle() {
  constexpr int kMoment = 30;  // ms
  pollfd ready{.fd = terminal_, .events = POLLIN, .revents = 0};
  char bytes[4096];
  while (::poll(&ready, 1, kMoment) == 1 && ::read(terminal_, bytes, sizeof bytes) > 0) {
  }
  unread_.clear();
}

double PseudoTerminal::wait_for(std::string_view text) {
  const auto start = std::chrono::steady_clock::now();
  const auto past = [&] {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
  };
  constexpr double kPatience = 10'000;
  for (;;) {
    const std::size_t found = unread_.find(text);
    if (found != std::string::npos) {
      unread_.erase(0, found + text.size());
      return past();
    }
    pollfd ready{.fd = terminal_, .events = POLLIN, .revents = 0};
    char bytes[4096];
    const bool more = ::poll(&ready, 1, 100) == 1;
    const ssize_t count = more ? ::read(terminal_, bytes, sizeof bytes) : 0;
    if (count > 0) unread_.append(bytes, static_cast<std::size_t>(count));
    if (past() > kPatience || (more && count <= 0)) {
      throw std::runtime_error("waited in vain for \"" + std::string(text) +
                               "\" after: " + unread_);
    }
  }
}

}  // namespace neap::bench
