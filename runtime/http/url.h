// Absolute http and https URLs, read so strictly that every reader of one sees the same host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace neap::http {

struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string path;   // as written, at least "/"
  std::string query;  // as written, without the "?"
};

// Refuses userinfo, fragments, zone ids, odd spellings of addresses ("127.1") and anything that is
// not plain ASCII; the error (kind argument) names the rule.
Result<Url> parse_url(std::string_view text);

// "https://host" or "https://host:8443"; brackets around IPv6, no default port.
std::string origin(const Url& url);
// "host:443", with the port always: for messages.
std::string authority(const Url& url);

// Leaves only A-Z a-z 0-9 - _ . ~ as they are (RFC 3986); hexadecimal digits in upper case.
std::string percent_encode(std::string_view text);
Result<std::string> percent_decode(std::string_view text);

// 127.0.0.0/8, ::1 and "localhost": an address that never leaves this machine.
bool is_loopback(std::string_view host);

}  // namespace neap::http
