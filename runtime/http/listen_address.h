// Where a server listens, as people write it: "127.0.0.1:8080", "[::1]:0".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace neap::http {

struct ListenAddress {
  std::string host = "127.0.0.1";  // an IPv4 or IPv6 address, no brackets
  std::uint16_t port = 0;          // 0: the system picks a free one
};

// Takes IP addresses and "localhost" (127.0.0.1); no other names, so that what is exposed stands in
// the setting itself. The host is required: ":8080" would say nothing about who may connect.
// Fails with kind config.
Result<ListenAddress> parse_listen_address(std::string_view text);

// "127.0.0.1:8080", "[::1]:8080".
std::string to_text(const ListenAddress& address);

}  // namespace neap::http
