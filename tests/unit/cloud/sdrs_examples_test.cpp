// The SDRS part of the catalogue against the documentation's own list and examples.
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "catalog_words.h"
#include "cloud/catalog.h"
#include "cloud/check.h"
#include "cloud/request.h"
#include "json/document.h"
#include "json/writer.h"
#include "support/golden.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;

namespace {

json::Array examples() {
  const Result<json::Document> document = json::Document::parse(read_golden("sdrs_examples.json"));
  REQUIRE(document);
  return *document->value().as<json::Array>();
}

const Operation& operation_of(const json::Object& example) {
  const Operation* operation = find_operation("sdrs", example.text("operation"));
  REQUIRE(operation != nullptr);
  return *operation;
}

// The things in an answer: the rows of a list, or the one thing that it shows.
std::vector<json::Object> things_in(const Operation& operation, const json::Object& response) {
  const json::Value* part = operation.result.empty() ? nullptr : response.find(operation.result);
  if (operation.result.empty()) return {response};
  if (part == nullptr) return {};
  if (const auto* thing = part->as<json::Object>()) return {*thing};
  std::vector<json::Object> rows;
  for (const json::Value& row : *part->as<json::Array>()) rows.push_back(*row.as<json::Object>());
  return rows;
}

void check_thing(const Resource& resource, const json::Object& thing) {
  CHECK_FALSE(thing.text(resource.id).empty());
  CHECK(thing.find(resource.label) != nullptr);
  if (!resource.status.empty()) CHECK(contains(resource.statuses, thing.text(resource.status)));
  if (!resource.updated.empty()) CHECK_FALSE(thing.text(resource.updated).empty());
  if (!resource.station.empty()) CHECK_FALSE(thing.text(resource.station).empty());
}

}  // namespace

TEST_CASE("the catalogue has the 49 operations of SDRS") {
  const std::set<std::string_view> documented = {"show_job_status",
                                                 "list_api_versions",
                                                 "show_specified_api_version",
                                                 "list_active_active_domains",
                                                 "create_protection_group",
                                                 "list_protection_groups",
                                                 "show_protection_group",
                                                 "delete_protection_group",
                                                 "update_protection_group_name",
                                                 "start_protection_group",
                                                 "stop_protection_group",
                                                 "start_failover_protection_group",
                                                 "start_reverse_protection_group",
                                                 "create_protected_instance",
                                                 "batch_create_protected_instances",
                                                 "delete_protected_instance",
                                                 "batch_delete_protected_instances",
                                                 "list_protected_instances",
                                                 "show_protected_instance",
                                                 "update_protected_instance_name",
                                                 "attach_protected_instance_replication",
                                                 "detach_protected_instance_replication",
                                                 "add_protected_instance_nic",
                                                 "delete_protected_instance_nic",
                                                 "resize_protected_instance",
                                                 "create_replication",
                                                 "delete_replication",
                                                 "list_replications",
                                                 "show_replication",
                                                 "expand_replication",
                                                 "update_replication_name",
                                                 "create_disaster_recovery_drill",
                                                 "delete_disaster_recovery_drill",
                                                 "list_disaster_recovery_drills",
                                                 "show_disaster_recovery_drill",
                                                 "update_disaster_recovery_drill_name",
                                                 "list_protected_instances_by_tags",
                                                 "batch_add_tags",
                                                 "batch_delete_tags",
                                                 "add_protected_instance_tags",
                                                 "delete_protected_instance_tag",
                                                 "list_protected_instance_tags",
                                                 "list_protected_instances_project_tags",
                                                 "list_failure_jobs",
                                                 "delete_failure_job",
                                                 "delete_all_server_group_failure_jobs",
                                                 "delete_server_group_failure_jobs",
                                                 "list_rpo_statistics",
                                                 "show_quota"};
  std::set<std::string_view> ours;
  for (const Operation& operation : catalog()) {
    if (operation.service == "sdrs") ours.insert(operation.name);
  }
  CHECK(documented.size() == 49);
  CHECK(ours == documented);
}

TEST_CASE("each of the documents' contradictions is named where it matters, with the side taken") {
  std::string sides;
  for (const Operation& operation : catalog()) {
    if (operation.service != "sdrs") continue;
    const bool numbered = operation.sides.find("10.") != std::string_view::npos;
    INFO(operation.name);
    CHECK((operation.sides.empty() || numbered));
    sides.append(" ").append(operation.sides);
  }
  for (int number = 1; number <= 16; ++number) {
    const std::string point = " 10." + std::to_string(number);
    INFO(point);
    CHECK((sides.find(point + ":") != std::string::npos ||
           sides.find(point + ",") != std::string::npos));
  }
}

TEST_CASE("the documented example of every request passes the checks and comes out the same") {
  std::set<std::string> seen;
  for (const json::Value& row : examples()) {
    const json::Object& example = *row.as<json::Object>();
    const Operation& operation = operation_of(example);
    const json::Object& arguments = *example.object("arguments");
    INFO(operation.name << " " << json::write(json::Value(arguments)));
    seen.insert(std::string(operation.name));
    CHECK(to_text(operation.method) == example.text("method"));
    CHECK(operation.success == example.number("status"));
    const Result<void> good = check_arguments(operation, arguments);
    INFO((good ? std::string() : good.error().message));
    CHECK(good);
    const Result<http::Request> request =
        build_request(operation, "https://sdrs.example", "my-project", arguments);
    REQUIRE(request);
    const std::string url = request->url.substr(0, request->url.find('?'));
    CHECK(url == "https://sdrs.example" + example.text("path"));
    const json::Object* body = example.object("body");
    if (body == nullptr) {
      CHECK((request->body.empty() || operation.method != http::Method::kGet));
      continue;
    }
    const Result<json::Document> sent = json::Document::parse(request->body);
    REQUIRE(sent);
    // Members in whatever order.
    const json::Value written = sent->value();
    const auto* object = written.as<json::Object>();
    REQUIRE(object != nullptr);
    CHECK(object->size() == body->size());
    const std::string_view envelope = operation.envelope;
    const json::Object& ours = envelope.empty() ? *object : *object->object(envelope);
    const json::Object& theirs = envelope.empty() ? *body : *body->object(envelope);
    CHECK(ours.size() == theirs.size());
    for (const auto& [name, value] : theirs) {
      INFO(name);
      REQUIRE(ours.find(name) != nullptr);
      CHECK(*ours.find(name) == value);
    }
  }
  CHECK(seen.size() == 49);
}

TEST_CASE("the documented example of every answer holds what the catalogue looks for in it") {
  std::size_t things = 0;
  for (const json::Value& row : examples()) {
    const json::Object& example = *row.as<json::Object>();
    const Operation& operation = operation_of(example);
    const json::Object* response = example.object("response");
    INFO(operation.name);
    if (operation.success == 204) CHECK(response == nullptr);
    if (response == nullptr) continue;
    if (is_asynchronous(operation)) {
      CHECK_FALSE(response->text("job_id").empty());
      continue;
    }
    const Resource* resource = find_resource(operation.resource);
    REQUIRE(resource != nullptr);
    if (resource->name == "quota") continue;
    const bool counts = response->find("total_count") != nullptr && response->size() == 1;
    const std::vector<json::Object> found = things_in(operation, *response);
    CHECK((counts || !found.empty()));
    for (const json::Object& thing : found) check_thing(*resource, thing);
    things += found.size();
  }
  CHECK(things >= 25);
}
