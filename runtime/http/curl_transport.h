// The transport of the real world: libcurl on the loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/transport.h"
#include "loop/loop.h"

namespace neap::http {

struct CurlSettings {
  // Accepts any certificate from a loopback address, where only the simulator answers.
  bool allow_unverified_loopback = false;
  std::string ca_file;                  // PEM bundle to trust instead of the system's
  std::string proxy;                    // "http://host:port"; never used for loopback
  bool proxy_from_environment = false;  // http_proxy, https_proxy, no_proxy
  // Fixed addresses, "host:port:address", for names that DNS cannot answer now.
  std::vector<std::string> resolve;
};

// Plain http goes to loopback only. Nothing of libcurl is loaded before the first send(), nor the
// CA bundle before the first https connection. Besides the errors of transport.h, an Outcome may
// say kNotSent with kind argument (URL, headers) or config (plain http, no libcurl).
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(Loop& loop, CurlSettings settings = {});
  // Cancels every transfer and closes every connection; Owners that are left do no harm.
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  Owner send(Request request, Options options, Function<void(Outcome)> done) override;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace neap::http
