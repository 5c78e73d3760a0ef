// The rows of all modules, checked against each other and against the catalogue.
#include <map>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "bindings/operation.h"
#include "host.h"

using namespace neap;

TEST_CASE("every row that is about an operation names a catalogue entry by its permission name") {
  std::size_t rows = 0;
  for (const lua::Module* module : all_modules()) {
    for (const lua::Entry& entry : module->entries) {
      if (entry.operation == nullptr) continue;
      ++rows;
      INFO(module->name << "." << entry.name << " is " << entry.operation);
      const std::string name = entry.operation;
      const std::size_t colon = name.find(':');
      REQUIRE(colon != std::string::npos);
      const cloud::Operation* operation =
          cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
      REQUIRE(operation != nullptr);
      CHECK(cloud::permission_name(*operation) == name);
    }
  }
  CHECK(rows >= 20);
}

TEST_CASE("every operation of the catalogue is bound by exactly one row that calls it") {
  std::map<std::string, int> rows;
  for (const lua::Module* module : all_modules()) {
    for (const lua::Entry& entry : module->entries) {
      if (entry.later == bindings::invoke) ++rows[entry.operation];
    }
  }
  CHECK(rows.size() == cloud::catalog().size());
  for (const cloud::Operation& operation : cloud::catalog()) {
    INFO(cloud::permission_name(operation));
    CHECK(rows[cloud::permission_name(operation)] == 1);
  }
}

TEST_CASE("modules and their rows have names of their own, a signature and one body") {
  std::set<std::string> modules;
  for (const lua::Module* module : all_modules()) {
    CHECK(std::string_view(module->name).starts_with("host."));
    CHECK(modules.insert(module->name).second);
    std::set<std::string> names;
    for (const lua::Entry& entry : module->entries) {
      INFO(module->name << "." << entry.name);
      CHECK(names.insert(entry.name).second);
      CHECK(std::string_view(entry.signature).starts_with(entry.signature[0] == '{' ? "{" : "("));
      CHECK((entry.now != nullptr) != (entry.later != nullptr));
    }
  }
}
