// What a run may reach (host.h): its `needs`, and what the operator allows of the rest.
#include <fmt/format.h>

#include "base/text.h"
#include "host.h"

namespace neap {
namespace {

constexpr std::string_view kNet = "net:";

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
  const std::string name = fmt::format("{}:{}", call.service, http::to_text(call.method));
  if (unlimited_ || operations_.contains(name)) return;
  throw Failure(
      ErrorKind::kPermission,
      fmt::format("{} (raw call) is not in the runbook's `needs`; nothing was sent", name),
      fmt::format("add \"{}\" to `needs`", name));
}

void Grants::require_host(std::string_view host) const {
  const std::string name = fmt::format("{}{}", kNet, host);
  if (!asked_.contains(name)) {
    throw Failure(
        ErrorKind::kPermission,
        fmt::format("the script may not reach host {}; nothing was sent", printable(host)),
        fmt::format("add \"{}\" to `needs`, and allow it with --allow {}", name, name));
  }
  if (!allowed_.contains(name)) {
    throw Failure(ErrorKind::kPermission,
                  fmt::format("host {} is asked for in `needs` but not allowed; nothing was sent",
                              printable(host)),
                  fmt::format("run with --allow {}", name));
  }
}

}  // namespace neap
