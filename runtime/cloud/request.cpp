#include "cloud/request.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "http/url.h"
#include "json/writer.h"

namespace neap::cloud {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A number, boolean or text as it stands in a path or query; a list becomes the JSON array that
// ID filters take (sdrs.md section 7). Nothing for what has no such form.
std::optional<std::string> plain(const json::Value& value) {
  if (const auto* text = value.as<std::string>()) return *text;
  if (const auto* flag = value.as<bool>()) return *flag ? "true" : "false";
  if (const auto* number = value.as<double>(); number != nullptr && !std::isfinite(*number)) {
    return std::nullopt;
  }
  if (value.is_null() || value.as<json::Object>() != nullptr) return std::nullopt;
  return json::write(value);
}

// Encoded first and then sorted, by name and then by value: the canonical query (auth.md section 1)
// is what goes on the wire.
std::string canonical_query(const Pairs& pairs) {
  Pairs encoded;
  for (const auto& [name, value] : pairs) {
    encoded.emplace_back(http::percent_encode(name), http::percent_encode(value));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string query;
  for (const auto& [name, value] : encoded) {
    query += query.empty() ? '?' : '&';
    query.append(name).append(1, '=').append(value);
  }
  return query;
}

std::string without_slash(std::string_view endpoint) {
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  return std::string(endpoint);
}

// The path with each `{name}` replaced by what `fill` says, every segment encoded once.
template <class Fill>
Result<std::string> expand(std::string_view path, Fill fill) {
  std::string out;
  for (const std::string_view segment : split(path.substr(1), '/')) {
    out += '/';
    if (!segment.starts_with('{') || !segment.ends_with('}')) {
      out += http::percent_encode(segment);
      continue;
    }
    Result<std::string> filled = fill(segment.substr(1, segment.size() - 2));
    if (!filled) return filled;
    out += http::percent_encode(*filled);
  }
  return out;
}

Result<std::string> project(std::string_view project_id) {
  if (!project_id.empty()) return std::string(project_id);
  return fail(ErrorKind::kConfig, "no project id is known",
              "set HUAWEICLOUD_SDK_PROJECT_ID or give --project");
}

void set_json(http::Request& request, std::string body) {
  request.headers.set("Content-Type", "application/json");
  request.body = std::move(body);
}

bool has_body(const Operation& operation) {
  return !operation.envelope.empty() ||
         std::any_of(operation.params.begin(), operation.params.end(),
                     [](const Param& param) { return param.place == Place::kBody; });
}

std::string body_of(const Operation& operation, const json::Object& arguments) {
  json::Object members;
  for (const Param& param : operation.params) {
    const json::Value* value = arguments.find(param.name);
    if (param.place == Place::kBody && value != nullptr)
      members.set(std::string(param.name), *value);
  }
  if (operation.envelope.empty()) return json::write(std::move(members));
  json::Object envelope;
  envelope.set(std::string(operation.envelope), std::move(members));
  return json::write(std::move(envelope));
}

Result<void> check_raw_path(std::string_view path) {
  const auto refuse = [&](std::string_view rule) {
    return fail(ErrorKind::kArgument,
                fmt::format("cloud:request: path \"{}\" {}", printable(path.substr(0, 200)), rule));
  };
  if (!path.starts_with('/')) return refuse("must start with \"/\"");
  if (path.find_first_of("?#\\") != std::string_view::npos) {
    return refuse("must hold no \"?\", \"#\" or \"\\\"; the query is a table of its own");
  }
  if (path.find('%') != std::string_view::npos) return refuse("must not be percent-encoded");
  if (!valid_utf8(path)) return refuse("must be UTF-8");
  for (const std::string_view segment : split(path, '/')) {
    if (segment == "." || segment == "..") return refuse("must hold no \".\" or \"..\"");
  }
  return {};
}

}  // namespace

Result<http::Request> build_request(const Operation& operation, std::string_view endpoint,
                                    std::string_view project_id, const json::Object& arguments) {
  Result<std::string> path = expand(operation.path, [&](std::string_view name) {
    if (name == "project_id") return project(project_id);
    const json::Value* value = arguments.find(name);
    return Result<std::string>(value == nullptr ? std::string() : plain(*value).value_or(""));
  });
  if (!path) return tl::unexpected(std::move(path.error()));

  Pairs query;
  for (const Param& param : operation.params) {
    const json::Value* value = arguments.find(param.name);
    if (param.place != Place::kQuery || value == nullptr) continue;
    query.emplace_back(param.name, plain(*value).value_or(""));
  }
  http::Request request{
      operation.method, without_slash(endpoint) + *path + canonical_query(query), {}, {}};
  if (has_body(operation)) set_json(request, body_of(operation, arguments));
  return request;
}

Result<http::Request> build_request(const RawCall& call, std::string_view endpoint,
                                    std::string_view project_id) {
  if (Result<void> good = check_raw_path(call.path); !good) {
    return tl::unexpected(std::move(good.error()));
  }
  Result<std::string> path = expand(call.path, [&](std::string_view name) -> Result<std::string> {
    if (name == "project_id") return project(project_id);
    return fail(ErrorKind::kArgument,
                fmt::format("cloud:request: nothing fills in {{{}}}", printable(name)),
                "only {project_id} is filled in; put other ids into the path");
  });
  if (!path) return tl::unexpected(std::move(path.error()));

  Pairs query;
  for (const auto& [name, value] : call.query) {
    std::optional<std::string> text = plain(value);
    if (!text) {
      return fail(ErrorKind::kArgument, fmt::format("cloud:request: query parameter \"{}\" must be "
                                                    "a string, number, boolean or list",
                                                    printable(name)));
    }
    query.emplace_back(name, std::move(*text));
  }
  http::Request request{
      call.method, without_slash(endpoint) + *path + canonical_query(query), {}, {}};
  if (call.body) set_json(request, json::write(*call.body));
  return request;
}

}  // namespace neap::cloud
