// Whether an address is one of this machine, of its link or of a private network.
#pragma once

#include <string_view>

#include <sys/socket.h>

namespace neap::http {

// True for what is not an address of the IPv4 or IPv6 internet: loopback, link-local (where the
// metadata service is), RFC 1918, RFC 4193, multicast, reserved and documentation ranges, and what
// carries such an address inside (IPv4-mapped, 6to4, NAT64). 100.64.0.0/10 is not among them:
// servers on the platform reach its own services there.
bool is_private_address(const sockaddr& address);
// Of text without brackets; true when it is no address.
bool is_private_address(std::string_view text);

}  // namespace neap::http
