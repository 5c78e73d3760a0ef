// Examples: what help shows would be accepted, and is Lua.
#include "manual/example.h"

#include <cstdio>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "cloud/check.h"
#include "manual/library.h"

using namespace neap;
using namespace neap::manual;

TEST_CASE("the example of every operation passes the check of its arguments, without a warning") {
  std::size_t checked = 0;
  for (const cloud::Operation& operation : cloud::catalog()) {
    const json::Object arguments = example_arguments(operation);
    INFO(cloud::permission_name(operation) << " " << lua_text(json::Value(arguments)));
    const Result<void> passed = cloud::check_arguments(operation, arguments);
    INFO((passed ? "" : describe(passed.error())));
    CHECK(passed.has_value());
    CHECK(cloud::warnings_of(operation, arguments).empty());
    ++checked;
  }
  std::printf("examples of operations: %zu\n", checked);
}

TEST_CASE("the example of every function is a Lua chunk that names it") {
  const Result<Surface> surface = Surface::load();
  REQUIRE(surface);
  Library library;
  std::size_t compiled = 0;
  for (const Member& member : surface->all()) {
    const std::string example = example_of(*surface, member);
    CHECK(example.empty() == member.signature.empty());
    if (example.empty()) continue;
    INFO(member.path << "\n" << example);
    CHECK(example.find(member.name + "(") != std::string::npos);
    CHECK(example.find("= {}:") == std::string::npos);
    // Compiled, and not called: as the `run` of a header.
    const std::string header =
        "return { name = 'x', summary = 'x', needs = {}, run = function(ctx, event, check)\n" +
        example + "end }";
    const Result<json::Object> described = library.describe_runbook(header, "@example.lua");
    INFO((described ? "" : describe(described.error())));
    CHECK(described.has_value());
    ++compiled;
  }
  std::printf("examples of functions: %zu\n", compiled);
}

TEST_CASE("an example begins where a script does") {
  const Result<Surface> surface = Surface::load();
  REQUIRE(surface);
  const auto example = [&](const char* path) {
    return example_of(*surface, *surface->find(path).front());
  };
  CHECK(example("sdrs.groups.failover") ==
        "local group = sdrs.groups:find(\"demo\")\nlocal job = group:failover()\njob:wait()\n");
  CHECK(example("as.groups.hooks.delete") ==
        "local group = as.groups:find(\"demo\")\nlocal hook = group.hooks:find(\"demo\")\n"
        "hook:delete()\n");
  CHECK(example("as.groups.suspended.extend") ==
        "local group = as.groups:find(\"demo\")\nfor instance in group:suspended() do\n"
        "  instance:extend()\nend\n");
  CHECK(example("recovery.count").find("local recovery = require \"recovery\"\n") == 0);
  CHECK(example("ctx.log").find("ctx:log(") == 0);
}
