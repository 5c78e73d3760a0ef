// The fields of things, held against every documented answer.
#include "cloud/fields.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "json/document.h"
#include "support/golden.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;

namespace {

const Field* find(std::span<const Field> fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

bool is_list_of(Type type, const json::Value& value) {
  const auto* list = value.as<json::Array>();
  if (list == nullptr) return false;
  return std::all_of(list->begin(), list->end(), [&](const json::Value& row) {
    return type == Type::kStringList ? row.as<std::string>() != nullptr
                                     : row.as<json::Object>() != nullptr;
  });
}

// What a value of the answer is, where the documents' own types leave no choice.
bool fits(Type type, const json::Value& value) {
  if (value.is_null()) return true;
  switch (type) {
    case Type::kString:
      return value.as<std::string>() != nullptr;
    case Type::kInteger:
      return value.as<std::int64_t>() != nullptr;
    case Type::kNumber:
      return value.as<std::int64_t>() != nullptr || value.as<double>() != nullptr;
    case Type::kBoolean:
      return value.as<bool>() != nullptr;
    case Type::kObject:
      return value.as<json::Object>() != nullptr;
    case Type::kStringList:
    case Type::kObjectList:
      return is_list_of(type, value);
  }
  return false;
}

struct Count {
  std::size_t things = 0;
  std::set<std::string> fields;
};

// Where two documents show two types: a sample and its table, or two versions of an interface.
bool is_known_contradiction(const std::string& path) {
  return path == "replication_pair.record_metadata.volume_size" ||
         path == "scaling_activity.instance_deleted_list";
}

void check_thing(const std::string& path, std::span<const Field> fields, const json::Object& thing,
                 Count& count) {
  for (const auto& [name, value] : thing) {
    const std::string here = path + "." + name;
    INFO(here);
    const Field* field = find(fields, name);
    CHECK(field != nullptr);
    if (field == nullptr) continue;
    count.fields.insert(here);
    if (!is_known_contradiction(here)) CHECK(fits(field->type, value));
    if (field->members.empty()) continue;
    if (const auto* object = value.as<json::Object>()) {
      check_thing(here, field->members, *object, count);
    } else if (const auto* list = value.as<json::Array>()) {
      for (const json::Value& row : *list) {
        REQUIRE(row.as<json::Object>() != nullptr);
        check_thing(here, field->members, *row.as<json::Object>(), count);
      }
    }
  }
}

// The things of an answer, by the catalogue; nothing where it holds an id only.
std::vector<json::Object> things_in(const Operation& operation, const json::Object& answer) {
  if (operation.result.empty()) return {answer};
  const json::Value* part = answer.find(operation.result);
  if (part == nullptr) return {};
  if (const auto* thing = part->as<json::Object>()) return {*thing};
  std::vector<json::Object> rows;
  if (const auto* list = part->as<json::Array>()) {
    for (const json::Value& row : *list) {
      if (const auto* object = row.as<json::Object>()) rows.push_back(*object);
    }
  }
  return rows;
}

// Quotas lie one deeper than other lists.
std::vector<json::Object> rows_of(const Operation& operation, const json::Object& answer) {
  const json::Object* quotas = answer.object("quotas");
  if (quotas == nullptr) return things_in(operation, answer);
  std::vector<json::Object> rows;
  for (const json::Value& row : quotas->list("resources")) rows.push_back(*row.as<json::Object>());
  return rows;
}

void check_answer(const Operation& operation, const json::Object& answer, Count& count) {
  if (operation.effect != Effect::kRead) return;
  for (const json::Object& thing : rows_of(operation, answer)) {
    ++count.things;
    check_thing(std::string(operation.resource), fields_of(operation.resource), thing, count);
  }
}

}  // namespace

TEST_CASE("every resource has fields, among them those that the catalogue names") {
  std::size_t fields = 0;
  for (const Resource& resource : resources()) {
    INFO(resource.name);
    const std::span<const Field> known = fields_of(resource.name);
    REQUIRE_FALSE(known.empty());
    std::set<std::string_view> names;
    for (const Field& field : known) {
      ++fields;
      INFO(field.name);
      CHECK(names.insert(field.name).second);
      CHECK_FALSE(field.help.empty());
    }
    if (!resource.status.empty()) {
      const Field* status = find(known, resource.status);
      REQUIRE(status != nullptr);
      if (!status->one_of.empty() && !resource.statuses.empty()) {
        CHECK(std::vector(status->one_of.begin(), status->one_of.end()) ==
              std::vector(resource.statuses.begin(), resource.statuses.end()));
      }
    }
    if (!resource.updated.empty()) CHECK(find(known, resource.updated) != nullptr);
    if (!resource.station.empty()) CHECK(find(known, resource.station) != nullptr);
  }
  CHECK(fields_of("nonsense").empty());
  std::printf("resources: %zu, fields: %zu\n", resources().size(), fields);
}

TEST_CASE("every field of every documented answer is known, with its type") {
  Count count;
  const Result<json::Document> sdrs = json::Document::parse(read_golden("sdrs_examples.json"));
  REQUIRE(sdrs);
  const json::Value examples = sdrs->value();
  for (const json::Value& row : *examples.as<json::Array>()) {
    const auto& example = *row.as<json::Object>();
    const Operation* operation = find_operation("sdrs", example.text("operation"));
    REQUIRE(operation != nullptr);
    const json::Object* answer = example.object("response");
    INFO(operation->name);
    if (answer != nullptr) check_answer(*operation, *answer, count);
  }
  const Result<json::Document> as = json::Document::parse(read_golden("as_answer_examples.json"));
  REQUIRE(as);
  const json::Value answers = as->value();
  for (const auto& [name, answer] : *answers.as<json::Object>()) {
    const Operation* operation = find_operation("as", name);
    REQUIRE(operation != nullptr);
    INFO(name);
    check_answer(*operation, *answer.as<json::Object>(), count);
  }
  std::printf("documented things: %zu, their fields: %zu\n", count.things, count.fields.size());
  CHECK(count.things >= 40);
  CHECK(count.fields.size() >= 220);
}
