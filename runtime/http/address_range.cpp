#include "http/address_range.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace neap::http {
namespace {

struct Range {
  std::uint32_t first;
  int bits;
};

// IANA's registry of special-purpose addresses, less 100.64.0.0/10.
constexpr std::array kPrivate = {
    Range{0x00000000, 8},   // this network
    Range{0x0A000000, 8},   // RFC 1918
    Range{0x7F000000, 8},   // loopback
    Range{0xA9FE0000, 16},  // link-local
    Range{0xAC100000, 12},  // RFC 1918
    Range{0xC0000000, 24},  // protocol assignments
    Range{0xC0000200, 24},  // documentation
    Range{0xC0A80000, 16},  // RFC 1918
    Range{0xC6120000, 15},  // benchmarks
    Range{0xC6336400, 24},  // documentation
    Range{0xCB007100, 24},  // documentation
    Range{0xE0000000, 4},   // multicast
    Range{0xF0000000, 4},   // reserved, and broadcast
};

bool is_private(std::uint32_t address) {
  return std::any_of(kPrivate.begin(), kPrivate.end(), [&](const Range& range) {
    return ((address ^ range.first) >> (32 - range.bits)) == 0;
  });
}

bool is_private(const in6_addr& address) {
  const std::uint8_t* const byte = address.s6_addr;
  const auto begins = [&](std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), byte);
  };
  const auto carried = [&](int at) {
    return is_private(static_cast<std::uint32_t>(byte[at]) << 24 |
                      static_cast<std::uint32_t>(byte[at + 1]) << 16 |
                      static_cast<std::uint32_t>(byte[at + 2]) << 8 | byte[at + 3]);
  };
  if (begins({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return carried(12);     // IPv4-mapped
  if (begins({0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return carried(12);  // NAT64
  if (begins({0x20, 0x02})) return carried(2);                                    // 6to4
  const bool assigned = begins({0x20, 0x01}) && byte[2] < 2;  // 2001::/23: Teredo and the like
  const bool documentation = begins({0x20, 0x01, 0x0D, 0xB8});
  return (byte[0] & 0xE0) != 0x20 || assigned || documentation;  // global unicast is 2000::/3
}

}  // namespace

bool is_private_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_private(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return true;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return is_private(v6.sin6_addr);
}

bool is_private_address(std::string_view text) {
  const std::string address(text);
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return is_private(ntohl(v4.s_addr));
  in6_addr v6{};
  return inet_pton(AF_INET6, address.c_str(), &v6) != 1 || is_private(v6);
}

}  // namespace neap::http
