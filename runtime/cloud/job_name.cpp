#include "cloud/job_name.h"

#include <algorithm>

namespace neap::cloud {
namespace {

// The operation that shows the service's jobs; nullptr when it has none.
const Operation* job_operation(std::string_view service) {
  for (const Operation& operation : catalog()) {
    if (operation.service == service && is_asynchronous(operation)) {
      return find_operation(service, operation.job);
    }
  }
  return nullptr;
}

}  // namespace

JobName parse_job_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon != std::string_view::npos) {
    const Operation* show = job_operation(name.substr(0, colon));
    if (show != nullptr) return {show, name.substr(colon + 1)};
  }
  return {find_operation("sdrs", "show_job_status"), name};
}

bool shows_jobs(const Operation& operation) {
  const auto operations = catalog();
  return std::any_of(operations.begin(), operations.end(), [&](const Operation& other) {
    return other.service == operation.service && other.job == operation.name;
  });
}

}  // namespace neap::cloud
