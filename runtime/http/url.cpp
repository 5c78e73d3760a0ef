#include "http/url.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/text.h"

namespace neap::http {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Where a percent escape starts: are two hexadecimal digits behind it?
bool is_escape(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
}

tl::unexpected<Error> refuse(std::string_view url, std::string_view rule) {
  return fail(ErrorKind::kArgument, fmt::format("URL {}: {}", printable(url), rule));
}

bool is_ipv4(std::string_view host) {
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
}

bool is_ipv6(std::string_view host) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1;
}

// The rule that the name breaks; empty when it breaks none.
std::string_view broken_host_rule(std::string_view host) {
  if (host.empty()) return "the host is missing";
  if (host.size() > 253) return "the host is longer than 253 characters";
  std::string_view last;
  for (const std::string_view label : split(host, '.')) {
    if (label.empty() || label.size() > 63) return "a part of the host is empty or too long";
    const bool plain = std::all_of(label.begin(), label.end(), [](char c) {
      return is_letter(c) || is_digit(c) || c == '-' || c == '_';
    });
    if (!plain) return "the host may hold only letters, digits, '-', '_' and '.'";
    last = label;
  }
  // Resolvers read "127.1", "0x7f.1" and "2130706433" as addresses; one spelling is enough.
  if (is_digit(last.front()) && !is_ipv4(host)) return "a host that ends in a number must be IPv4";
  return {};
}

// The rule that path and query break; empty when they break none.
std::string_view broken_target_rule(std::string_view target) {
  for (std::size_t i = 0; i < target.size(); ++i) {
    const char c = target[i];
    if (c == '#') return "a fragment is not allowed";
    if (c <= ' ' || c > '~') return "spaces, control and non-ASCII characters must be escaped";
    if (std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos) {
      return "the characters \"<>\\^`{|} must be escaped";
    }
    if (c == '%' && !is_escape(target, i)) return "'%' must be followed by two hexadecimal digits";
  }
  return {};
}

// Takes "host[:port]" apart; the answer is the broken rule.
std::string_view read_authority(std::string_view text, Url& url) {
  if (text.find('@') != std::string_view::npos) return "a user name or password is not allowed";
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return "the ']' after the IPv6 address is missing";
    url.host = to_lower(text.substr(1, end - 1));
    if (!is_ipv6(url.host)) return "the brackets do not hold an IPv6 address";
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    url.host = to_lower(text.substr(0, colon));
    if (const auto rule = broken_host_rule(url.host); !rule.empty()) return rule;
    rest = text.substr(colon);
  }
  if (rest.empty()) return {};
  const char* const end = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data() + 1, end, url.port);
  const bool valid = rest.front() == ':' && error == std::errc{} && stop == end && url.port > 0;
  return valid ? std::string_view{} : "the port must be a number from 1 to 65535";
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos)
    return refuse(text, "it must start with https:// or http://");
  url.scheme = to_lower(text.substr(0, colon));
  if (url.scheme != "https" && url.scheme != "http") {
    return refuse(text, "it must start with https:// or http://");
  }
  url.port = url.scheme == "https" ? 443 : 80;
  const std::string_view rest = text.substr(colon + 3);
  const std::size_t slash = std::min(rest.find_first_of("/?#"), rest.size());
  if (const auto rule = read_authority(rest.substr(0, slash), url); !rule.empty()) {
    return refuse(text, rule);
  }
  const std::string_view target = rest.substr(slash);
  if (const auto rule = broken_target_rule(target); !rule.empty()) return refuse(text, rule);
  const std::size_t question = std::min(target.find('?'), target.size());
  url.path = question == 0 ? "/" : std::string(target.substr(0, question));
  if (question < target.size()) url.query = target.substr(question + 1);
  return url;
}

std::string authority(const Url& url) {
  const bool bracketed = url.host.find(':') != std::string::npos;
  return bracketed ? fmt::format("[{}]:{}", url.host, url.port)
                   : fmt::format("{}:{}", url.host, url.port);
}

std::string origin(const Url& url) {
  std::string text = url.scheme + "://" + authority(url);
  const bool usual = url.port == (url.scheme == "https" ? 443 : 80);
  if (usual) text.resize(text.rfind(':'));
  return text;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (!is_escape(text, i)) {
      return fail(ErrorKind::kArgument, "'%' must be followed by two hexadecimal digits");
    }
    out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

bool is_loopback(std::string_view host) {
  if (equals_ignoring_case(host, "localhost")) return true;
  const std::string text(host);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace neap::http
