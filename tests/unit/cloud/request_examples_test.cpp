// Requests read back: those made of generated arguments, and the documented ones of Auto Scaling.
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "cloud/check.h"
#include "cloud/request.h"
#include "http/url.h"
#include "json/document.h"
#include "json/writer.h"
#include "support/golden.h"
#include "support/operation_arguments.h"

using namespace neap;
using namespace neap::cloud;

namespace {

constexpr std::string_view kEndpoint = "https://service.example.com";
constexpr std::uint64_t kSeed = 20261122;

using Query = std::multimap<std::string, std::string>;

std::string decoded(std::string_view text) {
  const Result<std::string> plain = http::percent_decode(text);
  REQUIRE(plain);
  return *plain;
}

Query query_of(std::string_view url) {
  Query query;
  const std::size_t mark = url.find('?');
  if (mark == std::string_view::npos) return query;
  for (const std::string_view pair : split(url.substr(mark + 1), '&')) {
    const std::size_t equals = pair.find('=');
    REQUIRE(equals != std::string_view::npos);
    query.emplace(decoded(pair.substr(0, equals)), decoded(pair.substr(equals + 1)));
  }
  return query;
}

// The segments of the path that stand where the template has names, by name.
std::map<std::string, std::string> path_of(std::string_view pattern, std::string_view url) {
  std::map<std::string, std::string> found;
  const auto wanted = split(pattern, '/');
  const auto segments = split(url.substr(0, url.find('?')), '/');
  REQUIRE(segments.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      found.emplace(wanted[i].substr(1, wanted[i].size() - 2), decoded(segments[i]));
    } else {
      REQUIRE(segments[i] == wanted[i]);
    }
  }
  return found;
}

std::string plain(const json::Value& value) {
  const auto* text = value.as<std::string>();
  return text != nullptr ? *text : json::write(value);
}

json::Value parsed(std::string_view text) {
  const Result<json::Document> document = json::Document::parse(text);
  REQUIRE(document);
  return document->value();
}

// The same JSON whatever the order of its members; a whole number is one, written 1 or 1.0.
bool same(const json::Value& a, const json::Value& b) {
  if (const auto* rows = a.as<json::Array>()) {
    const auto* others = b.as<json::Array>();
    return others != nullptr && rows->size() == others->size() &&
           std::equal(rows->begin(), rows->end(), others->begin(), same);
  }
  if (const auto* object = a.as<json::Object>()) {
    const auto* other = b.as<json::Object>();
    if (other == nullptr || object->size() != other->size()) return false;
    return std::all_of(object->begin(), object->end(), [&](const json::Member& member) {
      const json::Value* found = other->find(member.first);
      return found != nullptr && same(member.second, *found);
    });
  }
  return json::write(a) == json::write(b);
}

void check_query(const Operation& operation, const Param& param, const json::Value& value,
                 const Query& query) {
  const auto [first, last] = query.equal_range(std::string(param.name));
  std::vector<std::string> sent;
  for (auto at = first; at != last; ++at) sent.push_back(at->second);
  const auto* items = value.as<json::Array>();
  if (items != nullptr && operation.service != "sdrs") {
    std::vector<std::string> wanted;
    for (const json::Value& item : *items) wanted.push_back(plain(item));
    std::sort(wanted.begin(), wanted.end());
    CHECK(sent == wanted);
    return;
  }
  REQUIRE(sent.size() == 1);
  CHECK(sent.front() == plain(value));
}

// What was given stands in the request, and nothing beside it but constants.
void check_request(const Operation& operation, const json::Object& given) {
  const Result<http::Request> request = build_request(operation, kEndpoint, "p1", given);
  REQUIRE(request);
  INFO(permission_name(operation) << " " << request->url << " " << request->body);
  CHECK(request->method == operation.method);
  REQUIRE(http::parse_url(request->url));
  const std::string_view url = std::string_view(request->url).substr(kEndpoint.size());
  const auto path = path_of(operation.path, url);
  const Query query = query_of(url);
  json::Value body = request->body.empty() ? json::Object() : parsed(request->body);
  if (!operation.envelope.empty()) {
    REQUIRE(body.as<json::Object>()->size() == 1);
    body = json::Value(*body.as<json::Object>()->find(operation.envelope));
  }
  std::size_t in_body = 0;
  for (const Param& param : operation.params) {
    const json::Value constant{param.constant};
    const json::Value* value = param.constant.empty() ? given.find(param.name) : &constant;
    if (value == nullptr) continue;
    INFO(param.name);
    if (param.place == Place::kPath) CHECK(path.at(std::string(param.name)) == plain(*value));
    if (param.place == Place::kQuery) check_query(operation, param, *value, query);
    if (param.place != Place::kBody) continue;
    ++in_body;
    const json::Value* sent = body.as<json::Object>()->find(param.name);
    REQUIRE(sent != nullptr);
    CHECK(same(*sent, *value));
  }
  CHECK(body.as<json::Object>()->size() == in_body);
}

// The arguments that a caller would give for a documented request.
json::Object arguments_of(const Operation& operation, const json::Object& example) {
  json::Object arguments;
  const std::string url = example.text("url");
  for (const auto& [name, value] : path_of(operation.path, url)) {
    if (name != "project_id") arguments.set(name, value);
  }
  const Query query = query_of(url);
  json::Object body = example.find("body") != nullptr ? *example.object("body") : json::Object();
  if (!operation.envelope.empty()) body = json::Object(*body.object(operation.envelope));
  for (const Param& param : operation.params) {
    const std::string name(param.name);
    if (!param.constant.empty()) continue;
    if (const auto at = query.find(name); at != query.end() && param.place == Place::kQuery) {
      const bool number = param.type == Type::kInteger;
      arguments.set(name, number ? json::Value(std::stoi(at->second)) : json::Value(at->second));
    }
    const json::Value* value = body.find(name);
    if (value != nullptr && param.place == Place::kBody) arguments.set(name, *value);
  }
  return arguments;
}

}  // namespace

TEST_CASE("the requests of every operation say what was given, no less and no more") {
  test::OperationArguments arguments(kSeed);
  std::size_t requests = 0;
  INFO("seed " << kSeed);
  for (const Operation& operation : catalog()) {
    for (int round = 0; round < 10; ++round, requests += 2) {
      check_request(operation, arguments.minimal(operation));
      check_request(operation, arguments.full(operation));
    }
  }
  std::printf("requests read back: %zu of %zu operations\n", requests, catalog().size());
}

TEST_CASE("the documented requests of Auto Scaling are accepted and sent as documented") {
  const json::Value document = parsed(test::read_golden("as_request_examples.json"));
  const json::Array& examples = *document.as<json::Array>();
  CHECK(examples.size() == 46);
  for (const json::Value& row : examples) {
    const json::Object& example = *row.as<json::Object>();
    INFO(example.text("operation"));
    const Operation* operation = find_operation("as", example.text("operation"));
    REQUIRE(operation != nullptr);
    const json::Object arguments = arguments_of(*operation, example);
    const Result<void> good = check_arguments(*operation, arguments);
    INFO((good ? "" : good.error().message));
    CHECK(good);
    const Result<http::Request> request = build_request(*operation, kEndpoint, "p1", arguments);
    REQUIRE(request);
    CHECK(http::to_text(request->method) == example.text("method"));
    const std::string_view url = std::string_view(request->url).substr(kEndpoint.size());
    const std::string documented = example.text("url");
    CHECK(decoded(url.substr(0, url.find('?'))) == documented.substr(0, documented.find('?')));
    CHECK(query_of(url) == query_of(documented));
    const json::Value* body = example.find("body");
    CHECK(request->body.empty() == (body == nullptr));
    if (body != nullptr) CHECK(same(parsed(request->body), *body));
  }
}
