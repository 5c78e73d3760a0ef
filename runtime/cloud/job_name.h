// The names by which jobs are waited for: the id alone of a job of SDRS, "ecs:ID" of another
// service.
#pragma once

#include <string_view>

#include "cloud/catalog.h"

namespace neap::cloud {

struct JobName {
  const Operation* show = nullptr;  // asks for it
  std::string_view id;              // as the service knows it
};

// What no service's name stands before is an id of SDRS.
JobName parse_job_name(std::string_view name);

// Whether the operation shows jobs that other operations answer.
bool shows_jobs(const Operation& operation);

}  // namespace neap::cloud
