// What a run may reach (host.h): its `needs`, and what the operator allows of the rest.
#include <algorithm>
#include <charconv>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/text.h"
#include "host.h"

namespace neap {
namespace {

constexpr std::string_view kNet = "net:";
constexpr const char* kAnyHost = "net:*";  // in `needs`: whichever hosts the operator allows

std::vector<std::string> operation_names() {
  std::vector<std::string> names;
  for (const cloud::Operation& operation : cloud::catalog()) {
    names.push_back(cloud::permission_name(operation));
  }
  return names;
}

Error unknown_need(const std::string& need) {
  return Error{ErrorKind::kUsage,
               fmt::format("`needs` names \"{}\", which is no known operation{}", printable(need),
                           did_you_mean(need, operation_names())),
               "write service:operation, service:METHOD for raw calls, or net:HOST"};
}

// The one name under which a need is kept: the SDK's CamelCase and aliases mean the same.
Result<std::string> canonical(const std::string& need) {
  const std::size_t colon = need.find(':');
  if (colon == std::string::npos || colon == 0) return tl::unexpected(unknown_need(need));
  const std::string service = need.substr(0, colon);
  const std::string name = need.substr(colon + 1);
  if (http::parse_method(name)) return need;
  const cloud::Operation* operation = cloud::find_operation(service, name);
  if (operation == nullptr) return tl::unexpected(unknown_need(need));
  return cloud::permission_name(*operation);
}

std::string permission_of(const cloud::RawCall& call) {
  return fmt::format("{}:{}", call.service, http::to_text(call.method));
}

// Of an IPv4 address in its usual form; anything else is a name.
std::optional<std::uint32_t> address_of(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

// Whether the grant is a range such as "net:10.0.0.0/16", and the address is in it. The host stands
// in a URL as the request will have it, so a name is never in a range, whatever it resolves to.
bool is_in_range(std::uint32_t address, std::string_view grant) {
  const std::size_t slash = grant.find('/');
  if (slash == std::string_view::npos || !grant.starts_with(kNet)) return false;
  const auto base = address_of(std::string(grant.substr(kNet.size(), slash - kNet.size())));
  const std::string_view length = grant.substr(slash + 1);
  int bits = 0;
  const auto [end, error] = std::from_chars(length.begin(), length.end(), bits);
  if (!base || error != std::errc() || end != length.end() || bits < 1 || bits > 32) return false;
  return ((address ^ *base) >> (32 - bits)) == 0;
}

}  // namespace

Grants Grants::all(const std::vector<std::string>& allowed) {
  Grants grants;
  grants.unlimited_ = true;
  grants.allowed_.insert(allowed.begin(), allowed.end());
  grants.asked_ = grants.allowed_;
  return grants;
}

Result<Grants> Grants::from_needs(const std::vector<std::string>& needs,
                                  const std::vector<std::string>& allowed) {
  Grants grants;
  grants.allowed_.insert(allowed.begin(), allowed.end());
  for (const std::string& need : needs) {
    if (need.starts_with(kNet)) {
      grants.asked_.insert(need);
      continue;
    }
    Result<std::string> name = canonical(need);
    if (!name) return tl::unexpected(name.error());
    grants.operations_.insert(std::move(*name));
  }
  return grants;
}

void require_operation(const Host& host, const cloud::Operation& operation) {
  host.grants.require_operation(operation);
  if (host.guard != nullptr) host.guard->used(cloud::permission_name(operation));
}

void require_raw(const Host& host, const cloud::RawCall& call) {
  host.grants.require_raw(call);
  if (host.guard != nullptr) host.guard->used(permission_of(call));
}

void require_host(const Host& host, std::string_view name) {
  host.grants.require_host(name);
  if (host.guard != nullptr) host.guard->used(fmt::format("{}{}", kNet, name));
}

void Grants::require_operation(const cloud::Operation& operation) const {
  const std::string name = cloud::permission_name(operation);
  if (unlimited_ || operations_.contains(name)) return;
  Error error{ErrorKind::kPermission,
              fmt::format("{} is not in the runbook's `needs`; nothing was sent", name),
              fmt::format("add \"{}\" to `needs`", name)};
  error.operation = operation.name;
  throw Failure(std::move(error));
}

void Grants::require_raw(const cloud::RawCall& call) const {
  const std::string name = permission_of(call);
  if (unlimited_ || operations_.contains(name)) return;
  throw Failure(
      ErrorKind::kPermission,
      fmt::format("{} (raw call) is not in the runbook's `needs`; nothing was sent", name),
      fmt::format("add \"{}\" to `needs`", name));
}

void Grants::require_host(std::string_view host) const {
  const std::string name = fmt::format("{}{}", kNet, host);
  if (!asked_.contains(name) && !asked_.contains(kAnyHost)) {
    throw Failure(
        ErrorKind::kPermission,
        fmt::format("the script may not reach host {}; nothing was sent", printable(host)),
        fmt::format("add \"{}\" to `needs`, and allow it with --allow {}", name, name));
  }
  const std::optional<std::uint32_t> address = address_of(std::string(host));
  const bool in_range =
      address && std::any_of(allowed_.begin(), allowed_.end(), [&](const std::string& grant) {
        return is_in_range(*address, grant);
      });
  if (!in_range && !allowed_.contains(name)) {
    throw Failure(ErrorKind::kPermission,
                  fmt::format("host {} is asked for in `needs` but not allowed; nothing was sent",
                              printable(host)),
                  fmt::format("run with --allow {}", name));
  }
}

}  // namespace neap
