// Load for an HTTP server on this machine: a process of its own, with connections that are kept
// alive, each sending its next request once it has the answer to the one before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace neap::bench {

struct LoadPlan {
  std::uint16_t port = 0;  // of 127.0.0.1
  int connections = 64;
  std::size_t requests = 0;  // in all
  int most_seconds = 120;    // then it gives up
};

struct LoadResult {
  double seconds = 0;
  std::size_t answered = 0;  // with status 200
  std::size_t refused = 0;   // with any other
  double p50_ms = 0;         // from the first byte of a request to the last of its answer
  double p99_ms = 0;
  double p999_ms = 0;
};

class HttpLoad {
 public:
  // Starts at once. `texts` are whole requests, sent in turn, from the first again after the last.
  HttpLoad(const LoadPlan& plan, const std::vector<std::string>& texts);
  ~HttpLoad();
  HttpLoad(const HttpLoad&) = delete;
  HttpLoad& operator=(const HttpLoad&) = delete;

  // Becomes readable when the result is there.
  int descriptor() const { return result_; }
  // Waits for it. Throws when the load failed.
  LoadResult result();

 private:
  pid_t process_ = -1;
  int result_ = -1;
};

// A POST of JSON as it goes over the wire.
std::string post_text(const std::string& path, const std::string& body);

// Seconds of CPU that a process has used, all its threads together.
double cpu_of(pid_t process);

}  // namespace neap::bench
