// Help on settings, and their reference page, from the table that they are read by.
#include "config/settings.h"

#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "manual/help.h"
#include "manual/setting_help.h"
#include "support/reference_file.h"
#include "support/surroundings.h"

using namespace neap;
using namespace neap::manual;

namespace {

constexpr std::size_t kWidth = 80;

std::string page(const std::string& topic) {
  const Result<Help> help = find_help(topic, {}, kWidth);
  INFO(topic << ": " << (help ? "" : describe(help.error())));
  REQUIRE(help);
  return help->text;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string code(const std::string& text) {
  return text.empty() ? "-" : "`" + text + "`";
}

std::string settings_page() {
  std::string text =
      "# Settings\n\nMade by `./dev docs` from runtime/config/known_settings.cpp; `neap help "
      "settings` says the same.\nFlag > environment (the first that is set) > `./.neap.toml` > "
      "`~/.config/neap/config.toml` > `/etc/neap/config.toml` > default.\n"
      "\n| setting | what it is | flag | environment | default |\n|---|---|---|---|---|\n";
  for (const config::KnownSetting& setting : config::known_settings()) {
    const json::Object row = setting_json(setting);
    std::string variables;
    for (const json::Value& name : row.list("environment")) {
      variables += (variables.empty() ? "" : ", ") + code(*name.as<std::string>());
    }
    const std::string by_default = row.text("default");
    text += "| " + code(row.text("name")) + " | " + row.text("summary") + " | " +
            code(row.text("flag")) + " | " + (variables.empty() ? "-" : variables) + " | " +
            (setting.fallback.empty() ? by_default : code(by_default)) + " |\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a setting is explained by its key, its flag or a service of its own") {
  const std::string region = page("region");
  CHECK(mentions(region, "Flag         --region\n"));
  CHECK(mentions(region, "Environment  NEAP_REGION, HUAWEICLOUD_SDK_REGION_ID, HW_REGION_NAME\n"));
  CHECK(mentions(region, "Default      not known\n"));
  CHECK(page("--log-level") == page("log_level"));
  CHECK(page("log-level") == page("log_level"));
  CHECK(mentions(page("limits.cpu_per_run"), "In a file    limits.cpu_per_run = \"10s\"\n"));
  CHECK_FALSE(mentions(page("limits.cpu_per_run"), "Flag"));
  CHECK(mentions(page("allow"), "In a file    allow = [\"...\"]\n"));
  CHECK(page("endpoints.sdrs") == page("endpoints.SERVICE"));
  CHECK(mentions(page("color"), "--no-color, which says never\n"));
  const Result<Help> unknown = find_help("limits.cpu_per_runn", {}, kWidth);
  REQUIRE_FALSE(unknown);
  CHECK(mentions(unknown.error().message, "did you mean limits.cpu_per_run?"));
}

TEST_CASE("every setting is listed, found by its name, and shown by neap config") {
  const std::string all = page("settings");
  test::Place place;
  const Result<config::Settings> settings = config::load_settings({}, place.surroundings());
  REQUIRE(settings);
  std::set<std::string> shown;
  for (const config::SettingRow& row : config::rows(*settings)) shown.insert(row.key);
  for (const config::KnownSetting& setting : config::known_settings()) {
    const std::string name = setting_name(setting);
    INFO(name);
    CHECK(mentions(all, "\n  " + name + " "));
    CHECK(mentions(page(name), name + "  " + std::string(setting.about).substr(0, 20)));
    CHECK_FALSE(default_of(setting).empty());
    if (name == "default_profile") {
      CHECK(shown.count("profile") == 1);
    } else if (name != "endpoints.SERVICE") {  // those that were given one
      CHECK(shown.count(name) == 1);
    }
  }
  const json::Object document = find_help("settings", {}, kWidth).value().document;
  CHECK(document.list("settings").size() == config::known_settings().size());
}

TEST_CASE("the reference page of settings is what their table makes") {
  test::check_reference("settings.md", settings_page());
}
