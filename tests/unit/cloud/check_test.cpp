// Documented rules hold before anything is sent.
#include "cloud/check.h"

#include <string>

#include <catch2/catch.hpp>

using namespace neap;
using namespace neap::cloud;

namespace {

json::Object group(std::string name) {
  json::Object arguments;
  arguments.set("name", std::move(name));
  arguments.set("source_availability_zone", "cn-north-1a");
  arguments.set("target_availability_zone", "cn-north-1b");
  arguments.set("domain_id", "fb4bb8e3-a574-4437-a156-78c916aeea4d");
  arguments.set("source_vpc_id", "046852ef-c49d-409b-8389-546aaaa5701f");
  return arguments;
}

Result<void> create(const json::Object& arguments) {
  return check_arguments(*find_operation("sdrs", "create_protection_group"), arguments);
}

Result<void> create_named(std::string name) {
  return create(group(std::move(name)));
}

Result<void> list(std::string key, json::Value value) {
  json::Object arguments;
  arguments.set(std::move(key), std::move(value));
  return check_arguments(*find_operation("sdrs", "list_replications"), arguments);
}

bool mentions(const Result<void>& result, std::string_view text) {
  return !result && result.error().message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a group name is 1 to 64 bytes, counted in UTF-8") {
  CHECK(create_named("testname"));
  CHECK(create_named(std::string(64, 'a')));
  CHECK(mentions(create_named(std::string(65, 'a')), "(65 bytes)"));
  CHECK(mentions(create_named(""), "must not be empty"));
  std::string chinese;
  for (int i = 0; i < 21; ++i) chinese += "保";  // 3 bytes each
  CHECK(create_named(chinese));
  CHECK(create_named(chinese + "a"));
  CHECK(mentions(create_named(chinese + "保"), "(66 bytes)"));
}

TEST_CASE("a group name holds Chinese and English letters, digits, dot, underscore and hyphen") {
  CHECK(create_named("DR-保护组_1.a"));
  CHECK(create_named("㐀"));
  CHECK(create_named("𠀀"));
  for (const char* bad : {"a b", "a/b", "a<b", "é", "я", "日本のグループ", "a,b", "(a)", "a\n",
                          "，", "\xF0\x9F\x98\x80"}) {
    INFO(bad);
    CHECK(mentions(create_named(bad), "Chinese or English letters"));
  }
  CHECK(mentions(create_named("a\xFF"), "UTF-8"));
}

TEST_CASE("a description is at most 64 bytes without angle brackets, and may be empty") {
  const auto with = [](std::string description) {
    json::Object arguments = group("g");
    arguments.set("description", std::move(description));
    return create(arguments);
  };
  CHECK(with(""));
  CHECK(with("anything, even é / \\ \"quotes\""));
  CHECK(with(std::string(64, 'x')));
  CHECK(mentions(with(std::string(65, 'x')), "at most 64 bytes"));
  CHECK(mentions(with("a<b"), "without \"<\" and \">\""));
  CHECK(mentions(with("a>b"), "description"));
}

TEST_CASE("a missing argument and an unknown one are named, with the nearest known names") {
  json::Object arguments = group("g");
  json::Object missing;
  missing.set("name", "g");
  CHECK(mentions(create(missing), "create_protection_group: source_availability_zone is missing"));
  arguments.set("descripton", "x");
  const Result<void> unknown = create(arguments);
  CHECK(mentions(unknown, "unknown parameter \"descripton\" (did you mean description?)"));
  CHECK(unknown.error().kind == ErrorKind::kArgument);
  CHECK(unknown.error().operation == "create_protection_group");
}

TEST_CASE("each type is checked") {
  json::Object arguments = group("g");
  arguments.set("name", 7);
  CHECK(mentions(create(arguments), "name = 7 must be a string"));
  CHECK(mentions(list("limit", "many"), "limit = \"many\" must be an integer"));
  CHECK(mentions(list("limit", 1.5), "must be an integer"));
  CHECK(mentions(list("limit", 1e300), "must be an integer"));
  CHECK(list("limit", 1000.0));
  CHECK(mentions(list("server_group_ids", "one"), "must be a list of strings"));
  CHECK(mentions(list("server_group_ids", json::Array{json::Value(1)}), "must be a string"));
  json::Object del;
  del.set("replication_id", "r-1");
  del.set("delete_target_volume", "yes");
  CHECK(mentions(check_arguments(*find_operation("sdrs", "delete_replication"), del),
                 "delete_target_volume = \"yes\" must be true or false"));
}

TEST_CASE("numbers, lists and words keep to their limits") {
  CHECK(list("limit", 0));
  CHECK(mentions(list("limit", 1001), "limit = 1001 must be 0 to 1000"));
  CHECK(mentions(list("offset", -1), "must be at least 0"));
  CHECK(list("server_group_ids", json::Array(30, json::Value("id-1"))));
  CHECK(mentions(list("server_group_ids", json::Array(31, json::Value("id-1"))),
                 "must be 1 to 30 items"));
  CHECK(list("status", "error-attaching"));
  CHECK(mentions(list("status", "failedover"), "(did you mean failed-over"));
  json::Object reverse;
  reverse.set("server_group_id", "g-1");
  reverse.set("priority_station", "dr");
  CHECK(
      mentions(check_arguments(*find_operation("sdrs", "start_reverse_protection_group"), reverse),
               "must be one of source, target"));
}

TEST_CASE("an id cannot carry a path, and a bad value is shown short and printable") {
  const auto show = [](std::string id) {
    json::Object arguments;
    arguments.set("server_group_id", std::move(id));
    return check_arguments(*find_operation("sdrs", "show_protection_group"), arguments);
  };
  CHECK(show("decf224d-87fe-403a-8721-037a1a45c287"));
  CHECK(show("00000000632302f501632305f63c000e"));
  for (const char* bad : {"../jobs", "a/b", "a?b", "a%2fb", "", "a b"}) CHECK_FALSE(show(bad));
  CHECK(show("\x1b[31mred").error().message.find('\x1b') == std::string::npos);
  CHECK(show(std::string(5000, 'x')).error().message.size() < 250);
}
