// The tables of error codes: whole, consistent, quick to ask.
#include <algorithm>
#include <map>
#include <string>

#include <catch2/catch.hpp>

#include "cloud/catalog.h"

using namespace neap;
using namespace neap::cloud;

namespace {

std::string prefix(std::string_view code) {
  return std::string(code.substr(0, code.find('.')));
}

ErrorKind kind(std::string_view code) {
  INFO(code);
  const ErrorCode* found = find_error_code(code);
  REQUIRE(found != nullptr);
  return found->kind;
}

}  // namespace

TEST_CASE("every documented code is there, once") {
  std::map<std::string, int> count;
  std::string_view before;
  for (const ErrorCode& row : error_codes()) {
    INFO(row.code);
    CHECK(before < row.code);
    before = row.code;
    ++count[prefix(row.code)];
  }
  CHECK(count ==
        std::map<std::string, int>{
            {"APIGW", 12}, {"AS", 299}, {"Common", 10}, {"Ecs", 19}, {"SDRS", 256}, {"SMN", 6}});
}

TEST_CASE("every code says what it means and what to do, in one line") {
  for (const ErrorCode& row : error_codes()) {
    INFO(row.code);
    for (const std::string_view text : {row.meaning, row.remedy}) {
      CHECK(text.size() >= 4);
      CHECK(text.size() <= 120);
      CHECK(text.find('\n') == std::string_view::npos);
      CHECK(text.find('%') == std::string_view::npos);
      CHECK(text.back() != '.');
    }
    CHECK(row.http_status >= 200);
    CHECK(row.http_status < 600);
  }
}

TEST_CASE("every code is found by its name, and nothing else is") {
  for (const ErrorCode& row : error_codes()) {
    INFO(row.code);
    CHECK(find_error_code(row.code) == &row);
  }
  CHECK(find_error_code("APIG.0301") == find_error_code("APIGW.0301"));
  for (const char* none : {"", "SDRS", "SDRS.", "SDRS.1", "SDRS.10130", "sdrs.1013", "ZZZ.1", "401",
                           "APIG.", "APIG.9999", "\x01"}) {
    INFO(none);
    CHECK(find_error_code(none) == nullptr);
  }
}

TEST_CASE("a thing that does not exist is not_found, whatever the HTTP status") {
  for (const char* code :
       {"AS.0007", "AS.1004", "AS.2007", "AS.3020", "AS.4006", "AS.7042", "Ecs.0114", "Ecs.0614",
        "SMN.0006", "SMN.0013", "SDRS.1013", "Common.0011"}) {
    CHECK(kind(code) == ErrorKind::kNotFound);
  }
}

TEST_CASE("a wrong state and a quota that is used up are conflicts") {
  for (const char* code :
       {"AS.0034", "AS.1006", "AS.2018", "AS.2020", "AS.2021", "AS.2033", "AS.2047", "AS.4015",
        "AS.4038", "AS.7038", "AS.7041", "AS.7111", "Ecs.0100", "Ecs.0605", "Ecs.0319"}) {
    CHECK(kind(code) == ErrorKind::kConflict);
  }
}

TEST_CASE("throttling, access and faults of the platform have their own kinds") {
  CHECK(kind("Common.0024") == ErrorKind::kThrottled);
  CHECK(kind("Common.1503") == ErrorKind::kThrottled);
  CHECK(kind("AS.0006") == ErrorKind::kAuth);
  CHECK(kind("Common.0013") == ErrorKind::kAuth);
  CHECK(kind("AS.0011") == ErrorKind::kPermission);
  CHECK(kind("AS.8004") == ErrorKind::kPermission);
  CHECK(kind("AS.0001") == ErrorKind::kNetwork);
  CHECK(kind("AS.2028") == ErrorKind::kConflict);
}

TEST_CASE("a batch that was carried out in part is no refusal") {
  for (const char* code : {"AS.1038", "AS.3045", "AS.3046", "AS.3047", "AS.4029", "AS.4030",
                           "AS.4033", "AS.4036", "AS.4037", "Common.0021"}) {
    CHECK(kind(code) == ErrorKind::kJobFailed);
  }
}

TEST_CASE("operations name codes that exist") {
  for (const Operation& operation : catalog()) {
    for (const std::string_view code : operation.errors) {
      INFO(permission_name(operation) << " " << code);
      CHECK(find_error_code(code) != nullptr);
    }
  }
}
