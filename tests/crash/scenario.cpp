#include "crash/scenario.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/text.h"

namespace neap::test {
namespace {

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

Scenario scenario(const std::string& runbook, const std::string& words,
                  std::vector<AdminCall> scenery) {
  Result<runs::Script> script = runs::find_script(runbook);
  if (!script) throw std::runtime_error(describe(script.error()));
  return {words.empty() ? runbook : runbook + " " + words, *std::move(script), words_in(words),
          std::move(scenery)};
}

const AdminCall kServersOff{"/groups/demo/power", R"({"state":"SHUTOFF"})"};
const AdminCall kFailedOver{"/groups/demo/set",
                            R"({"status":"failed-over","priority_station":"target"})"};
const AdminCall kTwoMoreGroups{"/groups", R"({"name":"shop","count":2,"instances":1,"pairs":2})"};

// The least that a runbook can be run on: each thing less is a place less to crash at.
const AdminCall kShop{"/groups", R"({"name":"shop","instances":1,"pairs":1})"};
const AdminCall kShopOff{"/groups/shop/power", R"({"state":"SHUTOFF"})"};
const AdminCall kShopStopped{"/groups/shop/set", R"({"status":"available"})"};
const AdminCall kShopFailedOver{"/groups/shop/set",
                                R"({"status":"failed-over","priority_station":"target"})"};

const AdminCall kFailure{"/instances/demo-server-1/fail", "{}"};
const AdminCall kScalingGroup{"/as/groups", R"({"name":"web","instances":1,"max":3})"};

std::vector<Scenario> bundled() {
  std::vector<Scenario> all{
      scenario("failover", "--group demo", {}),
      scenario("failover", "--group demo --reprotect", {kServersOff}),
      scenario("failover", "--group demo --reprotect", {kServersOff, kFailedOver}),
  };
  all.back().name += " of a group that is failed over";
  all.push_back(scenario("switchover", "--group shop --power", {kShop}));
  all.push_back(scenario("reprotect", "--group shop", {kShop, kShopOff, kShopFailedOver}));
  all.push_back(scenario("failback", "--group shop --power", {kShop, kShopFailedOver}));
  all.push_back(scenario("stop_protection", "--group shop", {kShop}));
  all.push_back(scenario("start_protection", "--group shop", {kShop, kShopStopped}));
  all.push_back(scenario("create_group", "--name fresh --servers spare-1", {}));
  all.push_back(scenario("remove_group", "--group shop", {kShop}));
  all.push_back(scenario("drill", "--group shop", {kShop}));
  all.push_back(
      scenario("resize", "--instance shop-server-1 --flavor s3.xlarge.2 --power", {kShop}));
  all.push_back(scenario("hooks_setup", "--group web --topic shop --subscriber https://a.example/b",
                         {kScalingGroup}));
  all.push_back(scenario("inventory", "--details", {kScalingGroup}));
  all.push_back(scenario("cleanup_failures", "", {kFailure, kFailure}));
  for (const std::string& runbook : runs::bundled_runbooks()) {
    const bool there = std::any_of(all.begin(), all.end(), [&](const Scenario& known) {
      return known.script.name == runbook;
    });
    if (!there) throw std::runtime_error("no scenario for the bundled runbook " + runbook);
  }
  return all;
}

// A test runbook runs with what it assumes by itself, and some in other ways too.
std::vector<Scenario> of_file(const std::filesystem::path& path) {
  const std::string name = path.stem().string();
  std::vector<AdminCall> scenery;
  if (name == "parallel") scenery.push_back(kTwoMoreGroups);
  const char* words = name == "long_loop" ? "--rounds 40" : "";
  std::vector<Scenario> all{scenario(path.string(), words, scenery)};
  if (name == "cleanup") all.push_back(scenario(path.string(), "--fail", scenery));
  for (Scenario& made : all) made.name = name + made.name.substr(path.string().size());
  return all;
}

}  // namespace

void Scenario::prepare(Platform& platform) const {
  for (const AdminCall& call : scenery) platform.admin(http::Method::kPost, call.path, call.body);
}

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all = bundled();
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(NEAP_TEST_RUNBOOKS)) {
    if (file.path().extension() == ".lua") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    for (Scenario& made : of_file(file)) all.push_back(std::move(made));
  }
  return all;
}

}  // namespace neap::test
