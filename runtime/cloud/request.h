// From an operation and its arguments to the bytes of a request, and the same for raw calls.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cloud/catalog.h"
#include "http/message.h"
#include "json/value.h"

namespace neap::cloud {

// Any call that the catalogue does not know. `{project_id}` in the path is filled in.
struct RawCall {
  std::string service;  // "vpc"
  http::Method method = http::Method::kGet;
  std::string path;                 // "/v1/{project_id}/vpcs", not yet percent-encoded
  json::Object query;               // strings, numbers and booleans
  std::optional<json::Value> body;  // sent as JSON
};

// The arguments must have passed check_arguments. The same arguments give the same bytes: members
// that the catalogue names stand in its order, constants among them, and the query is the canonical
// one (auth.md section 1). What it does not look into goes as given.
// `endpoint` is an origin, "https://sdrs.cn-north-4.myhuaweicloud.com". Kind config when the path
// needs a project id and there is none.
Result<http::Request> build_request(const Operation& operation, std::string_view endpoint,
                                    std::string_view project_id, const json::Object& arguments);

// Kind argument when the path or the query cannot be sent.
Result<http::Request> build_request(const RawCall& call, std::string_view endpoint,
                                    std::string_view project_id);

}  // namespace neap::cloud
