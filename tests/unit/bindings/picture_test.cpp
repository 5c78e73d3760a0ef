// What a prompt sees of the things that the bindings and the standard library make.
#include "fixture.h"

using namespace neap;
using namespace neap::test;
using Kind = lua::Snapshot::Kind;

namespace {

constexpr const char* kGroup =
    R"({"server_group":{"id":"46c112f6-1e94-46b4-ad2e-2ad369fd9e21","name":"demo","status":"protected","priority_station":"source"}})";

lua::Snapshot picture(World& world, const std::string& code) {
  lua::Snapshot taken;
  std::optional<Error> error;
  const auto task = world.machine.start(code, "@test.lua", [&](lua::Machine::Outcome outcome) {
    error = std::move(outcome.error);
    if (!error) taken = *world.machine.picture(outcome.value);
  });
  REQUIRE(task.has_value());
  world.loop.run();
  INFO((error ? describe(*error) : ""));
  REQUIRE_FALSE(error);
  return taken;
}

}  // namespace

TEST_CASE("a thing of the platform says what it is, and which of its fields say what") {
  World world;
  world.transport.then(answered(200, kGroup));
  const lua::Snapshot group =
      picture(world, "return sdrs.groups:get('46c112f6-1e94-46b4-ad2e-2ad369fd9e21')");
  CHECK(group.kind == Kind::kTable);
  CHECK(group.type == "protection group");
  CHECK(group.shape.resource == "server_group");
  CHECK(group.shape.status == "status");
  REQUIRE(group.fields.size() == 4);  // none of its methods, and none of its parts
  CHECK(group.fields[0].name == "id");
  CHECK(group.fields[1].name == "name");
  CHECK(group.fields[2].name == "status");
  CHECK(world.transport.sent.size() == 1);
}

TEST_CASE("a job that nobody has asked for yet shows the status that it has") {
  World world;
  const lua::Snapshot job = picture(world, "return sdrs.job(('8'):rep(32))");
  CHECK(job.type == "job");
  REQUIRE(job.find("status") != nullptr);
  CHECK(job.find("status")->text == "INIT");
  CHECK(world.transport.sent.empty());
}

TEST_CASE("collections show their methods, modules what they hold, nothing is sent for it") {
  World world;
  const lua::Snapshot groups = picture(world, "return sdrs.groups");
  CHECK(groups.kind == Kind::kMethods);
  CHECK(groups.text == "protection group");
  for (const char* method : {"all", "create", "each", "find", "get"}) {
    INFO(method);
    CHECK(groups.fields.end() !=
          std::find_if(groups.fields.begin(), groups.fields.end(),
                       [&](const lua::Snapshot::Field& field) { return field.name == method; }));
  }
  const lua::Snapshot configurations = picture(world, "return as.configurations");
  CHECK(configurations.kind == Kind::kMethods);
  const lua::Snapshot module = picture(world, "return sdrs");
  REQUIRE(module.find("groups") != nullptr);
  CHECK(module.find("groups")->kind == Kind::kMethods);
  CHECK(module.find("job")->kind == Kind::kFunction);
  CHECK(world.transport.sent.empty());
}

TEST_CASE("an error that a script caught is known as one") {
  World world;
  world.transport.then(answered(404, R"({"error":{"code":"SDRS.1013","message":"no"}})"));
  const lua::Snapshot error = picture(world,
                                      "local ok, err = pcall(sdrs.groups.get, sdrs.groups, "
                                      "'46c112f6-1e94-46b4-ad2e-2ad369fd9e21') return err");
  CHECK(error.type == "Error");
  REQUIRE(error.find("kind") != nullptr);
  CHECK(error.find("kind")->text == "not_found");
}
