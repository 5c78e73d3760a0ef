// The bundled create_group: in order, by names, gone on with from wherever it broke off.
#include "unit/runbooks/checks.h"

using namespace neap;
using namespace neap::test;
using app::ExitCode;

namespace {

const std::vector<std::string> kTwo = {"--name", "fresh", "--servers", "spare-1,spare-2"};
constexpr const char* kGroup = "create_protection_group";
constexpr const char* kInstance = "create_protected_instance";
constexpr const char* kStart = "start_protection_group";
constexpr const char* kHome = "cn-north-4a";

std::vector<std::string> with(std::vector<std::string> words, const std::string& name,
                              const std::string& value = "") {
  words.push_back(name);
  if (!value.empty()) words.push_back(value);
  return words;
}

std::size_t sent(Rehearsal& world) {
  return world.arrived(kGroup) + world.arrived(kInstance) + world.arrived(kStart);
}

std::string id_of_server(Rehearsal& world, const std::string& name) {
  return world.admin(http::Method::kGet, "/servers/" + name).text("/server/id").value_or("").data();
}

// Everything is there once, whatever happened on the way.
void check_whole(Rehearsal& world, const Outcome& outcome) {
  check_done(outcome, "protected", kHome);
  const json::Document group = world.admin(http::Method::kPost, "/groups/fresh/set", "{}");
  CHECK(group.number("/server_group/protected_instance_num") == 2);
  CHECK(group.number("/server_group/replication_num") == 4);
  const json::Document state = world.admin(http::Method::kGet, "/state");
  std::size_t groups = 0;
  while (state.has("/groups/" + std::to_string(groups))) ++groups;
  CHECK(groups == 2);
}

}  // namespace

TEST_CASE("create_group makes a group, its instances and pairs, and protects it, in order") {
  Rehearsal world;
  const auto outcome = world.run("create_group", kTwo);
  check_whole(world, outcome);
  CHECK(changed(outcome));
  CHECK(world.arrived(kGroup) == 1);
  CHECK(world.arrived(kInstance) == 2);
  CHECK(world.arrived(kStart) == 1);
  CHECK(world.op.questions ==
        std::vector<std::string>{"Create protection group fresh, from cn-north-4a to cn-north-4b, "
                                 "protect 2 servers with 4 disks (spare-1 and spare-2) and start "
                                 "the protection of fresh?"});
  CHECK(world.op.texts("step_started", "name") ==
        "find what is there, and check the rest\ncreate the group\nprotect the servers\n"
        "protect the data\nverify\n");
  CHECK_THAT(notes(world), Catch::Contains("the way back: neap run remove_group --group fresh"));
}

TEST_CASE("run again with the same words create_group changes nothing, and asks nothing") {
  Rehearsal world;
  check_whole(world, world.run("create_group", kTwo));
  world.op.questions.clear();
  const auto again = world.run("create_group", kTwo);
  check_whole(world, again);
  CHECK_FALSE(changed(again));
  CHECK(sent(world) == 4);
  CHECK(world.op.questions.empty());
}

TEST_CASE("a server more is added to what is there, and a group may be left unprotected") {
  Rehearsal world;
  const std::vector<std::string> one = {"--name", "fresh", "--servers", "spare-1", "--no-start"};
  check_done(world.run("create_group", one), "available", kHome);
  CHECK_THAT(notes(world),
             Catch::Contains("UNPROTECTED until: neap run start_protection --group fresh"));
  CHECK(world.arrived(kStart) == 0);
  check_whole(world, world.run("create_group", with(kTwo, "--wait")));
  CHECK(world.arrived(kGroup) == 1);
  CHECK(world.arrived(kInstance) == 2);
  CHECK_THAT(notes(world), Catch::Contains("group fresh is protected and synchronised"));
}

TEST_CASE("servers are named by id or by name, and everything else may be given too") {
  Rehearsal world;
  const std::string id = id_of_server(world, "spare-2");
  std::vector<std::string> words = {"--name", "fresh", "--servers", "spare-1," + id};
  words = with(words, "--domain", "active-active-domain");
  words = with(words, "--source-zone", "cn-north-4a");
  words = with(words, "--target-zone", "cn-north-4b");
  words = with(words, "--description", "the shop");
  check_whole(world, world.run("create_group", words));
}

TEST_CASE("what is there under the name and differs is refused, saying what differs") {
  Rehearsal world;
  check_refused(world.run("create_group", {"--name", "demo", "--servers", "spare-1",
                                           "--source-zone", "cn-north-4b"}),
                "its source zone is cn-north-4a, not cn-north-4b; its target zone is cn-north-4b");
  check_refused(world.run("create_group", {"--name", "demo", "--servers", "spare-1", "--vpc",
                                           "6505b5d1-7837-41eb-8a1c-869d4355baa3"}),
                "its VPC is ");
  check_refused(world.run("create_group", {"--name", "fresh", "--servers", "demo-server-1"}),
                "it belongs to instance demo-server-1 of group ");
  world.set_demo(R"({"status":"error-stopping"})");
  check_refused(world.run("create_group", {"--name", "demo", "--servers", "spare-1"}),
                "group demo is error-stopping");
  CHECK(sent(world) == 0);
  CHECK(world.op.questions.empty());
}

TEST_CASE("an instance's name that another server has in the group is refused") {
  Rehearsal world;
  world.admin(http::Method::kPost, "/servers", R"({"name":"demo-server-9"})");
  check_done(world.run("create_group", {"--name", "demo", "--servers", "demo-server-9"}),
             "protected", kHome);
  // Another one of that name, in the same place: the id tells which is meant.
  const json::Document other =
      world.admin(http::Method::kPost, "/servers", R"({"name":"demo-server-9"})");
  const std::string id(other.text("/server/id").value_or(""));
  check_refused(world.run("create_group", {"--name", "demo", "--servers", id}),
                "another server's instance has its name in the group already");
  const auto ambiguous =
      world.run("create_group", {"--name", "demo", "--servers", "demo-server-9"});
  check_failed(ambiguous, ErrorKind::kConflict);
  CHECK(world.arrived(kInstance) == 1);
}

TEST_CASE("servers that cannot be protected are all named, with why, before anything is made") {
  Rehearsal world;
  const auto set = [&](const std::string& server, const std::string& fields) {
    world.admin(http::Method::kPost, "/servers/" + server + "/set", fields);
  };
  set("spare-1", R"({"availability_zone":"cn-north-4b"})");
  set("spare-2", R"({"locked":"service"})");
  world.admin(http::Method::kPost, "/servers/spare-3/power", R"({"state":"ERROR"})");
  const auto outcome =
      world.run("create_group", {"--name", "fresh", "--servers", "spare-1,spare-2,spare-3,spare-4",
                                 "--vpc", "6505b5d1-7837-41eb-8a1c-869d4355baa3"});
  check_refused(outcome, "server spare-1: it is in zone cn-north-4b");
  for (const char* why : {"SDRS.1303", "spare-2: it is in VPC", "spare-3", "spare-4"}) {
    CHECK_THAT(outcome.error->message, Catch::Contains(why));
  }
  check_refused(world.run("create_group", {"--name", "fresh", "--servers", "spare-2"}), "locked");
  check_refused(world.run("create_group", {"--name", "fresh", "--servers", "spare-3"}),
                "it is ERROR");
  CHECK(sent(world) == 0);
}

TEST_CASE("quotas that are too small, and zones or domains that are not there, are refused") {
  Rehearsal world;
  check_refused(world.run("create_group", with(kTwo, "--target-zone", "cn-north-4c")),
                "the zones of domain active-active-domain are cn-north-4a and cn-north-4b");
  check_refused(world.run("create_group", with(kTwo, "--domain", "other")),
                "there is no active-active domain other");
  world.admin(http::Method::kPost, "/quotas", R"({"replications":7})");
  check_refused(world.run("create_group", kTwo), "the quota of replications is 7, 5 are used");
  world.admin(http::Method::kPost, "/quotas", R"({"replications":-1,"server_groups":1})");
  check_refused(world.run("create_group", kTwo), "the quota of server_groups is 1");
  CHECK(sent(world) == 0);
}

TEST_CASE("wrong parameters of create_group, and an operator's no, change nothing") {
  Rehearsal world;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{},
        {"--name", "fresh"},
        {"--name", "fresh", "--servers", ""},
        {"--name", "fresh", "--servers", "spare-1,"},
        {"--name", "fresh", "--servers", "spare-1,spare-1"}}) {
    const auto outcome = world.run("create_group", words);
    check_failed(outcome, ErrorKind::kUsage);
    CHECK(Rehearsal::exit_code(outcome) == ExitCode::kUsage);
  }
  check_failed(world.run("create_group", {"--name", "fresh", "--servers", "spare-11"}),
               ErrorKind::kNotFound);
  check_failed(world.run("create_group", {"--name", "fresh shop", "--servers", "spare-1"}),
               ErrorKind::kArgument);
  world.op.answer = Answer{false, "anna", "not today"};
  check_refused(world.run("create_group", kTwo), "not confirmed");
  CHECK(sent(world) == 0);
}

TEST_CASE("a step that fails says so, and create_group goes on after it when it is run again") {
  Rehearsal world;
  world.plant(fault(kStart, R"("kind":"job_fail","message":"storage is away")"));
  const auto failed = world.run("create_group", kTwo);
  check_failed(failed, ErrorKind::kJobFailed);
  CHECK_THAT(failed.error->hint, Catch::Contains("group fresh is now error-starting"));
  check_whole(world, world.run("create_group", kTwo));
  CHECK(world.arrived(kGroup) == 1);
  CHECK(world.arrived(kInstance) == 2);
  CHECK(world.arrived(kStart) == 2);
}

TEST_CASE("an instance that failed stands in the way until it is deleted, as the refusal says") {
  Rehearsal world;
  world.plant(fault(kInstance, R"("kind":"job_fail","code":"SDRS.1350")"));
  const auto failed = world.run("create_group", kTwo);
  check_failed(failed, ErrorKind::kJobFailed);
  CHECK(failed.error->code == "SDRS.1350");
  CHECK_THAT(failed.error->hint, Catch::Contains("is not protected"));
  const auto refused = world.run("create_group", kTwo);
  check_refused(refused, "is error; delete that first");
  // The remedy, as it stands in the message.
  const std::string message = refused.error->message;
  const std::size_t begin = message.find("sdrs.instances:get(");
  REQUIRE(begin != std::string::npos);
  const std::string remedy = message.substr(begin, message.find('\'', begin) - begin);
  const runs::Script script{.name = "remedy",
                            .source = R"(return { name = "remedy", summary = "As told", needs = {
      "sdrs:show_protected_instance", "sdrs:delete_protected_instance", "sdrs:show_job_status" },
      run = function() )" + remedy + " end }"};
  const auto remedied = world.run(script, {});
  INFO((remedied.error ? describe(*remedied.error) : ""));
  REQUIRE_FALSE(remedied.error);
  check_whole(world, world.run("create_group", kTwo));
  CHECK(world.arrived(kGroup) == 1);
}

TEST_CASE("a group whose creation failed is refused with the way to take it away") {
  Rehearsal world;
  world.plant(fault(kGroup, R"("kind":"job_fail")"));
  check_failed(world.run("create_group", kTwo), ErrorKind::kJobFailed);
  check_refused(world.run("create_group", kTwo), "neap run remove_group --group fresh");
  REQUIRE_FALSE(world.run("remove_group", {"--group", "fresh"}).error);
  check_whole(world, world.run("create_group", kTwo));
  CHECK(world.arrived(kGroup) == 2);
}

TEST_CASE("what create_group gave up waiting for is found by its name, and waited for") {
  for (const char* operation : {kGroup, kInstance}) {
    INFO(operation);
    Rehearsal world;
    const auto gave_up = world.run("create_group", with(kTwo, "--timeout", "2s"));
    check_failed(gave_up, ErrorKind::kTimeout);
    CHECK(Rehearsal::exit_code(gave_up) == ExitCode::kGaveUp);
    if (operation == kInstance) {
      check_failed(world.run("create_group", with(kTwo, "--timeout", "40s")), ErrorKind::kTimeout);
    }
    check_whole(world, world.run("create_group", kTwo));
    CHECK(world.arrived(kGroup) == 1);
    CHECK(world.arrived(kInstance) == 2);
  }
}

TEST_CASE("nothing of create_group is made twice, whichever answer is lost") {
  for (const char* operation : {kGroup, kInstance, kStart}) {
    for (const std::string& kind : kLostAnswers) {
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      Outcome outcome = world.run("create_group", kTwo);
      if (operation != kStart) {
        // Without a journal nothing marks a creation as ours. Its name finds it, run again.
        check_failed(outcome, ErrorKind::kInDoubt);
        CHECK(Rehearsal::exit_code(outcome) == ExitCode::kInDoubt);
        outcome = world.run("create_group", kTwo);
      }
      check_whole(world, outcome);
      CHECK(sent(world) == 4);
    }
  }
}

TEST_CASE("what of create_group did nothing is sent again, once it can take effect no more") {
  for (const char* operation : {kGroup, kInstance, kStart}) {
    for (const std::string& kind : kLostCalls) {
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      check_whole(world, world.run("create_group", kTwo));
      CHECK(sent(world) == 5);
    }
  }
}

TEST_CASE("reads of create_group that fail for a while are tried again") {
  for (const char* operation :
       {"list_active_active_domains", "show_quota", "list_servers_details",
        "list_protected_instances", "list_protection_groups", "show_job_status"}) {
    INFO(operation);
    Rehearsal world;
    world.plant(fault(operation, R"("kind":"status","status":503,"count":2)"));
    check_whole(world, world.run("create_group", kTwo));
    CHECK(sent(world) == 4);
  }
}
