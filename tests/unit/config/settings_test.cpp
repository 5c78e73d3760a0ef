// Settings: which place wins, where each says it comes from, and what is refused.
#include "config/settings.h"

#include <catch2/catch.hpp>

#include "support/surroundings.h"

using namespace neap;
using namespace neap::config;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr const char* kProject = "./.neap.toml";
constexpr const char* kUser = "/home/op/.config/neap/config.toml";
constexpr const char* kSystem = "/etc/neap/config.toml";

Settings load(test::Place& place, const Flags& flags = {}) {
  Result<Settings> settings = load_settings(flags, place.surroundings());
  INFO((settings ? std::string() : describe(settings.error())));
  REQUIRE(settings);
  return std::move(*settings);
}

Error refusal(test::Place& place, const Flags& flags = {}) {
  Result<Settings> settings = load_settings(flags, place.surroundings());
  REQUIRE_FALSE(settings);
  return settings.error();
}

}  // namespace

TEST_CASE("without anything set there are defaults, and each says so") {
  test::Place place;
  const Settings settings = load(place);
  CHECK(settings.region.value.empty());
  CHECK(settings.cloud.value == "myhuaweicloud.com");
  CHECK(settings.state_dir.value == "/home/op/.local/state/neap");
  CHECK(settings.log_level.value == LogLevel::kWarn);
  CHECK(settings.log_format.value == LogFormat::kText);
  CHECK(settings.output.value == Output::kHuman);
  CHECK(settings.color.value == Color::kAuto);
  CHECK(settings.cpu_per_resume.value == 100ms);
  CHECK(settings.cpu_per_run.value == 10s);
  CHECK(settings.memory_per_run.value == 64u << 20);
  CHECK(settings.allow.value.empty());
  for (const SettingRow& row : rows(settings)) CHECK(row.origin == "default");
}

TEST_CASE("flag beats environment beats project, user and system file, and the origin tells") {
  test::Place place;
  place.files[kSystem] = {"region = \"from-system\"\n"};
  CHECK(load(place).region.origin.text == "/etc/neap/config.toml:1");
  place.files[kUser] = {"# mine\n\nregion = \"from-user\"\n"};
  CHECK(load(place).region.origin.text == "~/.config/neap/config.toml:3");
  place.files[kProject] = {"region = \"from-project\"\n"};
  CHECK(load(place).region.origin.text == "./.neap.toml:1");
  place.variables["HW_REGION_NAME"] = "from-terraform";
  CHECK(load(place).region.origin.text == "environment HW_REGION_NAME");
  place.variables["HUAWEICLOUD_SDK_REGION_ID"] = "from-sdk";
  CHECK(load(place).region.value == "from-sdk");
  place.variables["NEAP_REGION"] = "from-neap";
  CHECK(load(place).region.value == "from-neap");
  const Settings settings = load(place, {{"region", {"from-flag"}}});
  CHECK(settings.region.value == "from-flag");
  CHECK(settings.region.origin.text == "flag --region");
}

TEST_CASE("the tables of the chosen profile come before the top level of every file") {
  test::Place place;
  place.files[kProject] = {"region = \"cn-north-1\"\n"};
  place.files[kUser] = {
      "default_profile = \"drill\"\nlog_level = \"info\"\n"
      "[profile.drill]\nregion = \"cn-east-3\"\n"
      "[profile.prod]\nregion = \"cn-north-4\"\n[profile.prod.endpoints]\nsdrs = "
      "\"https://sdrs.example\"\n[profile.prod.limits]\ncpu_per_run = 20\n"};
  CHECK(load(place).profile.value == "drill");
  CHECK(load(place).region.value == "cn-east-3");
  place.variables["NEAP_PROFILE"] = "prod";
  const Settings settings = load(place);
  CHECK(settings.profile.origin.text == "environment NEAP_PROFILE");
  CHECK(settings.region.value == "cn-north-4");
  CHECK(settings.region.origin.text == "~/.config/neap/config.toml:6");
  CHECK(settings.log_level.value == LogLevel::kInfo);
  CHECK(settings.cpu_per_run.value == 20s);
  CHECK(settings.endpoint_for("sdrs")->value == "https://sdrs.example");
  CHECK(load(place, {{"default_profile", {"drill"}}}).region.value == "cn-east-3");
}

TEST_CASE("a profile that no file has is an error with the nearest names") {
  test::Place place;
  place.files[kUser] = {"[profile.prod]\nregion = \"x\"\n"};
  const Error error = refusal(place, {{"default_profile", {"prdo"}}});
  CHECK(error.kind == ErrorKind::kUsage);
  CHECK(error.message == "flag --profile: there is no profile prdo (did you mean prod?)");
  place.variables["NEAP_PROFILE"] = "prdo";
  CHECK(refusal(place).kind == ErrorKind::kConfig);
}

TEST_CASE("every kind of value is read, with units") {
  test::Place place;
  place.variables["NO_COLOR"] = "1";
  place.files[kUser] = {
      "output = \"jsonl\"\nlog_level = \"debug\"\nlog_format = \"json\"\nstate_dir = "
      "\"/srv/neap\"\n"
      "allow = [\"net:hooks.example.com\", \"read:/etc/hosts\"]\n"
      "[limits]\ncpu_per_resume = \"50ms\"\ncpu_per_run = 2.5\nmemory_per_run = \"128 MiB\"\n"};
  const Settings settings = load(place, {{"allow", {"exec:ssh"}}});
  CHECK(settings.output.value == Output::kJsonl);
  CHECK(settings.log_format.value == LogFormat::kJson);
  CHECK(settings.state_dir.value == "/srv/neap");
  CHECK(settings.color.value == Color::kNever);
  CHECK(settings.color.origin.text == "environment NO_COLOR");
  CHECK(settings.cpu_per_resume.value == 50ms);
  CHECK(settings.cpu_per_run.value == 2500ms);
  CHECK(settings.memory_per_run.value == 128u << 20);
  CHECK(settings.allow.value ==
        std::vector<std::string>{"exec:ssh", "net:hooks.example.com", "read:/etc/hosts"});
  CHECK(settings.allow.origin.text == "flag --allow, ~/.config/neap/config.toml:5");
}

TEST_CASE("a mistake in a file is named with file, line and nearest key") {
  const auto message = [](const char* text) {
    test::Place place;
    place.files[kUser] = {text};
    const Error error = refusal(place);
    CHECK(error.kind == ErrorKind::kConfig);
    return error.message;
  };
  const std::string file = "~/.config/neap/config.toml:";
  CHECK(message("\nregoin = \"x\"") == file + "2: unknown key regoin (did you mean region?)");
  CHECK(message("[limits]\ncpu_per_rum = 1") ==
        file +
            "2: unknown key limits.cpu_per_rum (did you mean limits.cpu_per_run or "
            "limits.cpu_per_resume?)");
  CHECK(message("region = 4") == file + "1: region must be text in quotes");
  CHECK(message("limits = 4") == file + "1: limits must be a table, [limits]");
  CHECK(message("profile = \"prod\"") == file + "1: profile must be tables, [profile.NAME]");
  CHECK(message("[profile]\nprod = 1") == file + "2: profile.prod must be a table, [profile.prod]");
  CHECK_THAT(message("allow = \"net:x\""), Contains("allow must be a list of texts"));
  CHECK_THAT(message("allow = [1]"), Contains("allow must be a list of texts"));
  CHECK_THAT(message("region = \"a\"\nregion = \"b\""), Contains(file + "2"));
  CHECK_THAT(message("region = \"never closed\n"), Contains(file + "1"));
  CHECK_THAT(message("log_level = \"loud\""), Contains(file + "1: log_level: \"loud\""));
  CHECK_THAT(message("log_format = \"xml\""), Contains(file + "1: log_format: \"xml\""));
  CHECK_THAT(message("region = \"cn north\""), Contains(file + "1: region:"));
  CHECK_THAT(message("[limits]\ncpu_per_run = 0"), Contains("must be more than nothing"));
  CHECK_THAT(message("[limits]\nmemory_per_run = \"1kB\""), Contains("at least 1MiB"));
  CHECK_THAT(message("[limits]\nmemory_per_run = \"much\""), Contains("is not a size"));
  CHECK_THAT(message("[limits]\ncpu_per_run = [1]"), Contains("must be a number or text"));
}

TEST_CASE("a secret in a settings file is refused, pointing at the credentials file") {
  for (const std::string key : {"ak", "sk", "secret", "token", "password", "Secret-Key"}) {
    for (const std::string table : {"", "[profile.prod]\n", "[endpoints]\n"}) {
      test::Place place;
      place.files[kUser] = {table + key + " = \"canary-4711\"\n"};
      const Error error = refusal(place);
      CHECK_THAT(error.message, Contains("looks like a secret"));
      CHECK_THAT(error.hint, Contains("~/.huaweicloud/credentials"));
      CHECK_THAT(describe(error), !Contains("canary-4711"));
    }
  }
}

TEST_CASE("a project file grants nothing") {
  for (const std::string text : {"allow = [\"exec:sh\"]", "[profile.x]\nallow = [\"exec:sh\"]"}) {
    test::Place place;
    place.files[kProject] = {text};
    CHECK_THAT(refusal(place).message, Contains("allow is not taken from a project file"));
  }
}

TEST_CASE("a mistake on the command line is a usage error") {
  test::Place place;
  const Error error = refusal(place, {{"output", {"yaml"}}});
  CHECK(error.kind == ErrorKind::kUsage);
  CHECK(error.message == "flag --output: \"yaml\" is not known");
  CHECK(error.hint == "use one of human, json, jsonl, table");
  CHECK(refusal(place, {{"colour", {"auto"}}}).kind == ErrorKind::kUsage);
}

TEST_CASE("a settings file that is there but cannot be read is an error") {
  test::Place place;
  place.unreadable[kUser] = "Permission denied";
  CHECK_THAT(refusal(place).message, Contains("Permission denied"));
}

TEST_CASE(
    "XDG directories are honoured, and a service without a home still has a state directory") {
  test::Place place;
  place.variables["XDG_CONFIG_HOME"] = "/cfg";
  place.variables["XDG_STATE_HOME"] = "/state";
  place.files["/cfg/neap/config.toml"] = {"region = \"r1\""};
  CHECK(load(place).region.origin.text == "/cfg/neap/config.toml:1");
  CHECK(load(place).state_dir.value == "/state/neap");
  place.variables.clear();
  CHECK(load(place).state_dir.value == "/var/lib/neap");
}

TEST_CASE("an empty variable counts as not set") {
  test::Place place;
  place.variables["NEAP_REGION"] = "";
  place.variables["HW_REGION_NAME"] = "r1";
  CHECK(load(place).region.value == "r1");
}

TEST_CASE("sizes are read with units of 1024") {
  CHECK(parse_bytes("512") == 512u);
  CHECK(parse_bytes("64MiB") == 64u << 20);
  CHECK(parse_bytes(" 64 mb ") == 64u << 20);
  CHECK(parse_bytes("2g") == 2ull << 30);
  for (const char* bad : {"", "MiB", "-1", "1.5M", "1x", "1MiBs", "99999999999t"}) {
    INFO(bad);
    CHECK_FALSE(parse_bytes(bad));
  }
}
