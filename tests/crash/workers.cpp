#include "crash/workers.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace neap::test {
namespace {

struct Worker {
  pid_t process = 0;
  int descriptor = -1;
};

using Work = std::function<Message(std::size_t, const std::string&)>;

[[noreturn]] void be_a_worker(std::size_t first, std::size_t step, std::size_t cases,
                              const std::string& directory, int descriptor, const Work& work) {
  std::filesystem::create_directory(directory);
  for (std::size_t i = first; i < cases; i += step) {
    Message result;
    try {
      result = work(i, directory);
    } catch (const std::exception& error) {
      result = {"threw", error.what()};
    }
    result.insert(result.begin(), std::to_string(i));
    if (!send_message(descriptor, result)) break;
  }
  _exit(0);
}

Worker start(std::size_t first, std::size_t step, std::size_t cases, const std::string& directory,
             const Work& work) {
  int ends[2] = {};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error("no socket pair");
  }
  const pid_t process = fork();
  if (process < 0) throw std::runtime_error("no process");
  if (process == 0) {
    close(ends[0]);
    be_a_worker(first, step, cases, directory, ends[1], work);
  }
  close(ends[1]);
  return {process, ends[0]};
}

}  // namespace

void work_through(std::size_t cases, const std::string& place, const Work& work,
                  const std::function<void(std::size_t, const Message&)>& take) {
  const std::size_t count = std::max(1u, std::thread::hardware_concurrency());
  std::vector<Worker> workers;
  for (std::size_t i = 0; i < count; ++i) {
    workers.push_back(start(i, count, cases, fmt::format("{}/worker-{}", place, i), work));
  }
  std::vector<pollfd> open;
  for (const Worker& worker : workers) open.push_back({worker.descriptor, POLLIN, 0});
  std::size_t taken = 0;
  while (!open.empty()) {
    poll(open.data(), open.size(), -1);
    for (std::size_t i = 0; i < open.size();) {
      std::optional<Message> result;
      if (open[i].revents != 0) result = receive_message(open[i].fd);
      if (result) {
        const std::size_t number = std::stoul(result->front());
        result->erase(result->begin());
        take(number, *result);
        ++taken;
      }
      const bool gone = open[i].revents != 0 && !result;
      if (gone) {
        close(open[i].fd);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
  }
  for (const Worker& worker : workers) waitpid(worker.process, nullptr, 0);
  if (taken != cases) throw std::runtime_error("a worker died");
}

Scratch::Scratch(Kind kind) {
  const std::filesystem::path memory = "/dev/shm";
  const bool fast = kind == kFast && access(memory.c_str(), W_OK) == 0;
  const std::filesystem::path place = fast ? memory : std::filesystem::temp_directory_path();
  std::string pattern = (place / "neap-crash-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory " + pattern);
  path_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace neap::test
