#include "cloud/request.h"

#include <algorithm>
#include <charconv>
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

// The value of a parameter that no caller gives, in its type.
json::Value constant_of(const Param& param) {
  const std::string_view text = param.constant;
  if (param.type == Type::kBoolean) return text == "true";
  if (param.type == Type::kStringList) return json::Array{json::Value(text)};
  if (param.type != Type::kInteger) return text;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

json::Object members_of(std::span<const Param> params, const json::Object& given);

// As given, with the constants of its members. A list stays one when it is empty, though Lua's
// empty table comes as an object.
json::Value body_value(const Param& param, const json::Value& value) {
  const bool is_list = param.type == Type::kStringList || param.type == Type::kObjectList;
  const auto* object = value.as<json::Object>();
  if (is_list && object != nullptr) return json::Array{};
  if (param.members.empty()) return value;
  if (object != nullptr) return members_of(param.members, *object);
  json::Array items;
  if (const auto* given = value.as<json::Array>()) {
    for (const json::Value& item : *given) {
      const auto* row = item.as<json::Object>();
      items.push_back(row != nullptr ? members_of(param.members, *row) : item);
    }
  }
  return items;
}

json::Object members_of(std::span<const Param> params, const json::Object& given) {
  std::vector<json::Member> members;
  for (const Param& param : params) {
    if (param.place != Place::kBody) continue;
    const json::Value* value = given.find(param.name);
    if (!param.constant.empty()) {
      members.emplace_back(param.name, constant_of(param));
    } else if (value != nullptr) {
      members.emplace_back(param.name, body_value(param, *value));
    }
  }
  return json::Object(std::move(members));
}

std::string body_of(const Operation& operation, const json::Object& arguments) {
  json::Object members = members_of(operation.params, arguments);
  if (operation.envelope.empty()) return json::write(std::move(members));
  json::Object envelope;
  envelope.set(std::string(operation.envelope), std::move(members));
  return json::write(std::move(envelope));
}

// SDRS takes a list of ids as one JSON array (sdrs.md section 7), the other services the parameter
// once for each (ecs.md section 3).
void add_query(Pairs& query, const Operation& operation, const Param& param,
               const json::Value& value) {
  const std::string name(param.name);
  const auto* items = value.as<json::Array>();
  if (items == nullptr || operation.service == "sdrs") {
    query.emplace_back(name, plain(value).value_or(""));
    return;
  }
  for (const json::Value& item : *items) query.emplace_back(name, plain(item).value_or(""));
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
    if (param.place != Place::kQuery) continue;
    const json::Value* value = arguments.find(param.name);
    if (!param.constant.empty()) {
      query.emplace_back(param.name, param.constant);
    } else if (value != nullptr) {
      add_query(query, operation, param, *value);
    }
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
