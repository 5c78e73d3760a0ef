// Feeds any bytes to the request reader: it must never crash, its verdict must not depend on how
// the bytes arrive, and what it accepts must hold the rules of reliability.md T8.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "http/request_reader.h"

namespace {

using neap::http::IncomingRequest;
using neap::http::RequestLimits;
using neap::http::RequestReader;

struct Verdict {
  std::vector<IncomingRequest> requests;
  int status = 0;  // of the refusal; 0 when there is none
};

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const IncomingRequest& request, const RequestLimits& limits) {
  const auto& headers = request.headers;
  require(request.target.starts_with('/'));
  require(request.body.size() <= limits.body_bytes);
  require(headers.size() <= limits.header_count);
  require(headers.count("Host") <= 1);
  require(headers.count("Content-Length") + headers.count("Transfer-Encoding") <= 1);
  if (headers.has("Content-Length")) {
    require(std::stoull(std::string(headers.get("Content-Length"))) == request.body.size());
  }
  for (const auto& header : headers) {
    const std::string_view bad("\r\n\0", 3);
    require(header.value.find_first_of(bad) == std::string::npos);
    require(header.name.find_first_of(" \t:") == std::string::npos);
  }
}

Verdict read(std::string_view bytes, std::size_t piece, const RequestLimits& limits) {
  Verdict verdict;
  RequestReader reader(limits);
  while (!bytes.empty()) {
    const auto room = reader.room();
    require(!room.empty());
    const std::size_t count = std::min({bytes.size(), room.size(), piece});
    std::copy_n(bytes.begin(), count, room.begin());
    bytes.remove_prefix(count);
    reader.received(count);
    while (reader.stage() == RequestReader::Stage::kDone) {
      verdict.requests.push_back(reader.take());
      check(verdict.requests.back(), limits);
      reader.next();
    }
    if (reader.stage() != RequestReader::Stage::kRefused) continue;
    verdict.status = reader.refusal().status;
    break;
  }
  return verdict;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Small, so that short inputs reach them.
  RequestLimits limits;
  limits.header_bytes = 512;
  limits.header_count = 8;
  limits.target_bytes = 64;
  limits.body_bytes = 256;
  // More than any open body takes, and wrong everywhere else: every reading ends in a verdict,
  // which the reader may otherwise put off until more has arrived.
  const std::string end(2 * limits.body_bytes, '\1');
  const std::string bytes = std::string(reinterpret_cast<const char*>(data), size) + end;
  const Verdict whole = read(bytes, bytes.size(), limits);
  for (const std::size_t piece : {1u, 3u, 64u}) {
    const Verdict split = read(bytes, piece, limits);
    require(split.requests.size() == whole.requests.size());
    require((split.status == 0) == (whole.status == 0));
    for (std::size_t i = 0; i < split.requests.size(); ++i) {
      require(split.requests[i].body == whole.requests[i].body);
      require(split.requests[i].target == whole.requests[i].target);
    }
  }
  return 0;
}
