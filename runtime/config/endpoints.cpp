#include "config/endpoints.h"

#include <algorithm>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/text.h"

namespace neap::config {
namespace {

struct Exception {
  std::string_view service;
  std::string_view region;
  std::string_view endpoint;
};

constexpr Exception kExceptions[] = {
    {"as", "ap-southeast-1", "https://as.ap-southeast-1.myhwclouds.com"},
    {"smn", "cn-north-2", "https://smn.cn-north-2.myhuaweicloud.cn"},
    {"smn", "eu-west-101", "https://smn.eu-west-101.myhuaweicloud.eu"},
};

// The name of a loopback host: an address spelt out, not a name that starts like one.
bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
         (ntohl(address.s_addr) >> 24) == 127;
}

std::string_view host_without_port(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

}  // namespace

std::string service_key(std::string_view service) {
  std::string key = to_lower(service);
  return key == "autoscaling" ? "as" : key;
}

std::string public_endpoint(std::string_view service, std::string_view region,
                            std::string_view cloud) {
  if (region.empty())
    return service == "iam" ? fmt::format("https://iam.{}", cloud) : std::string();
  if (cloud == kDefaultCloud) {
    for (const Exception& row : kExceptions) {
      if (row.service == service && row.region == region) return std::string(row.endpoint);
    }
  }
  return fmt::format("https://{}.{}.{}", service, region, cloud);
}

std::string endpoint_variable(std::string_view service, std::string_view region) {
  std::string name = fmt::format("HUAWEICLOUD_SDK_REGION_{}_{}", service, region);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    if (c == '-') return '_';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

Result<std::string> parse_endpoint(std::string_view text) {
  const auto refuse = [&](std::string_view rule) {
    return fail(ErrorKind::kConfig, fmt::format("\"{}\" {}", printable(text), rule),
                "write it like https://sdrs.cn-north-4.myhuaweicloud.com");
  };
  // Before anything is shown: what stands before an @ may be a password.
  if (text.find('@') != std::string_view::npos) {
    return fail(ErrorKind::kConfig, "an endpoint must not hold a user name or password");
  }
  std::string endpoint(trim(text));
  while (endpoint.ends_with('/')) endpoint.pop_back();
  const bool secure = endpoint.starts_with("https://");
  if (!secure && !endpoint.starts_with("http://")) return refuse("must start with https://");
  const std::string_view rest = std::string_view(endpoint).substr(secure ? 8 : 7);
  const bool plain = std::all_of(rest.begin(), rest.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
  if (rest.empty() || !plain) return refuse("must be a scheme, a host and a port alone");
  if (!secure && !is_loopback(host_without_port(rest))) {
    return refuse("must use https: plain http is for a simulator on this machine");
  }
  return endpoint;
}

}  // namespace neap::config
