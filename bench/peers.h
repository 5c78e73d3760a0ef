// The peers of the webhook benchmark: servers in processes of their own that do the same work.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace neap::bench {

// Ends with this.
class Peer {
 public:
  // The first of `words` is the program. Waits until somebody listens at the port; throws when
  // nobody comes to.
  Peer(const std::vector<std::string>& words, const std::vector<std::string>& environment,
       std::uint16_t port);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  pid_t process() const { return process_; }
  std::uint16_t port() const { return port_; }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

// nginx with its Lua module, as ./dev bench unpacks it under NEAP_BENCH_PEERS: its LuaJIT cannot be
// installed beside ours. Nothing when it is not there. Its files go into `directory`.
std::unique_ptr<Peer> start_nginx(const std::string& directory);
// Nothing when there is no node.
std::unique_ptr<Peer> start_node(const std::string& directory);

}  // namespace neap::bench
