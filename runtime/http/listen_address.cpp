#include "http/listen_address.h"

#include <array>
#include <charconv>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/text.h"

namespace neap::http {
namespace {

constexpr std::string_view kHint =
    "write ADDRESS:PORT, for example 127.0.0.1:8080 (this machine only), 0.0.0.0:8080 (every "
    "interface) or [::1]:8080; port 0 picks a free one";

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> out{};
  return inet_pton(family, text.c_str(), out.data()) == 1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

tl::unexpected<Error> refuse(std::string_view text, std::string_view rule) {
  return fail(ErrorKind::kConfig, fmt::format("listen address \"{}\": {}", printable(text), rule),
              std::string(kHint));
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse(text, "has no port");
  const std::optional<std::uint16_t> port = parse_port(text.substr(colon + 1));
  if (!port) return refuse(text, "the port must be a number from 0 to 65535");

  std::string host(text.substr(0, colon));
  if (host.empty()) return refuse(text, "has no host");
  if (host == "localhost") return ListenAddress{"127.0.0.1", *port};
  if (is_address(AF_INET, host)) return ListenAddress{std::move(host), *port};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (is_address(AF_INET6, host)) return ListenAddress{std::move(host), *port};
  } else if (is_address(AF_INET6, host)) {
    return refuse(text, "an IPv6 address goes in brackets");
  }
  return refuse(text, "the host must be an IP address or localhost");
}

std::string to_text(const ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", address.host, address.port)
            : fmt::format("{}:{}", address.host, address.port);
}

}  // namespace neap::http
