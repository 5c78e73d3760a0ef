// The documented answers of Auto Scaling, read by what the catalogue says of them.
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "catalog_words.h"
#include "cloud/catalog.h"
#include "json/document.h"
#include "support/golden.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;

namespace {

// The rows of a list, or the one thing that an answer shows. Documented rows may be empty.
std::vector<json::Object> things_in(const Operation& operation, const json::Object& answer) {
  if (operation.result.empty()) return {answer};
  const json::Value* part = answer.find(operation.result);
  REQUIRE(part != nullptr);
  if (const auto* thing = part->as<json::Object>()) return {*thing};
  const auto* list = part->as<json::Array>();
  if (list == nullptr) return {answer};  // a creation answers the id alone
  std::vector<json::Object> rows;
  for (const json::Value& row : *list) {
    REQUIRE(row.as<json::Object>() != nullptr);
    rows.push_back(*row.as<json::Object>());
  }
  return rows;
}

}  // namespace

TEST_CASE("every documented answer of Auto Scaling has its things where the catalogue says") {
  const Result<json::Document> golden =
      json::Document::parse(read_golden("as_answer_examples.json"));
  REQUIRE(golden);
  const json::Value all = golden->value();
  int read = 0;
  for (const auto& [name, answer] : *all.as<json::Object>()) {
    INFO(name);
    const Operation* operation = find_operation("as", name);
    REQUIRE(operation != nullptr);
    REQUIRE(answer.as<json::Object>() != nullptr);
    const Resource* resource = find_resource(operation->resource);
    REQUIRE(resource != nullptr);
    for (const json::Object& thing : things_in(*operation, *answer.as<json::Object>())) {
      // What changes something answers an id; the rows of quotas lie deeper.
      if (operation->effect != Effect::kRead || resource->name == "scaling_quota") continue;
      ++read;
      CHECK(thing.find(resource->id) != nullptr);
      if (resource->status.empty()) continue;
      const json::Value* status = thing.find(resource->status);
      REQUIRE(status != nullptr);
      if (const auto* text = status->as<std::string>()) CHECK(contains(resource->statuses, *text));
    }
  }
  CHECK(read > 10);
}
