// Bugs planted between the platform and the model, each of which the model must notice.
#include <cstdio>

#include <catch2/catch.hpp>

#include "json/writer.h"
#include "model/run.h"

using namespace neap;
using namespace neap::model;

namespace {

constexpr std::uint64_t kSteps = 6'000;

struct Mutant {
  const char* what;
  Tampering tampering;
  Lie lie;
};

void replace(Seen& seen, const std::string& from, const std::string& to) {
  const std::size_t at = seen.body.find(from);
  if (at == seen.body.npos) return;
  seen.body.replace(at, from.size(), to);
  if (const Result<json::Document> document = json::Document::parse(seen.body)) {
    seen.value = document->value();
  }
}

// Tampers with the answers to one operation.
Tampering answers(std::string_view name, std::function<void(Seen&)> change) {
  return {.after = [name, change](Platform&, const cloud::Operation& operation, const json::Object&,
                                  Seen& seen) {
    if (operation.name == name) change(seen);
  }};
}

// Answers a call without carrying it out: nothing is sent but a harmless read.
Tampering swallows(std::string_view name) {
  return {
      .before =
          [name](const cloud::Operation& operation, json::Object& arguments) {
            if (operation.name == name) arguments.set("lifecycle_hook_name", "no-such-hook");
          },
      .after =
          [name](Platform&, const cloud::Operation& operation, const json::Object&, Seen& seen) {
            if (operation.name == name && seen.status == 404) seen.status = 204;
          }};
}

// A call that was refused renames what it was about.
Tampering changes_when_refused() {
  return {.after = [](Platform& platform, const cloud::Operation& operation,
                      const json::Object& arguments, Seen& seen) {
    const std::string id = arguments.text("server_group_id");
    if (operation.name != "start_protection_group" || seen.status != 400 || id.empty()) return;
    json::Object renaming;
    renaming.set("server_group_id", id);
    renaming.set("name", "changed-all-the-same");
    platform.call(operation_of("sdrs", "update_protection_group_name"), renaming);
  }};
}

// A call that was accepted is carried out twice.
Tampering carries_out_twice() {
  return {.after = [](Platform& platform, const cloud::Operation& operation,
                      const json::Object& arguments, Seen& seen) {
    static_cast<void>(seen);
    const bool again =
        operation.name == "create_scaling_config" && seen.accepted() && !arguments.flag("again");
    if (!again) return;
    json::Object repeated = arguments;
    repeated.set("again", true);
    platform.call(operation, repeated);
  }};
}

constexpr std::string_view kWrongEnd[] = {"available"};
constexpr std::string_view kWrongStart[] = {"available", "protected"};
constexpr cloud::Transition kWrongFailover[] = {{.job_type = "failoverProtectionGroupNoCG",
                                                 .from = kWrongStart,
                                                 .during = "failing-over",
                                                 .success = kWrongEnd,
                                                 .failure = "error-failing-over"}};
constexpr cloud::Transition kWrongDuring[] = {{.job_type = "createDisasterRecoveryDrill",
                                               .during = "making",
                                               .success = kWrongEnd,
                                               .failure = "error"}};

std::vector<Mutant> mutants() {
  return {
      {"another success status",
       answers("create_scaling_group", [](Seen& seen) { seen.status += seen.accepted() ? 1 : 0; }),
       {}},
      {"an answer without its job_id",
       answers("create_replication", [](Seen& seen) { replace(seen, "job_id", "jobId"); }),
       {}},
      {"an answer without its thing",
       answers("show_protection_group", [](Seen& seen) { replace(seen, "server_group", "group"); }),
       {}},
      {"an undocumented code",
       answers("update_protection_group_name",
               [](Seen& seen) {
                 if (!seen.accepted()) seen.code = "SDRS.9999";
               }),
       {}},
      {"a refusal with status 500",
       answers("show_replication",
               [](Seen& seen) {
                 if (!seen.accepted()) seen.status = 500;
               }),
       {}},
      {"an acceptance of what the state forbids",
       answers("start_failover_protection_group",
               [](Seen& seen) {
                 if (seen.status == 400) seen.status = 200;
               }),
       {}},
      {"a refusal of what is legal",
       answers("resume_scaling_group",
               [](Seen& seen) {
                 if (seen.accepted()) seen.status = 409;
               }),
       {}},
      {"a job that ends early",
       answers("show_job_status", [](Seen& seen) { replace(seen, "RUNNING", "SUCCESS"); }),
       {}},
      {"a failed job that says it succeeded",
       answers("show_job_status", [](Seen& seen) { replace(seen, "\"FAIL\"", "\"SUCCESS\""); }),
       {}},
      {"a state that does not advance",
       answers("list_protection_groups",
               [](Seen& seen) { replace(seen, "\"starting\"", "\"available\""); }),
       {}},
      {"a row missing from a list",
       answers("list_scaling_configs",
               [](Seen& seen) { replace(seen, "scaling_configuration_id", "id"); }),
       {}},
      {"a deletion that does nothing", swallows("delete_lifecycle_hook"), {}},
      {"a refused call that changes something", changes_when_refused(), {}},
      {"a creation carried out twice", carries_out_twice(), {}},
      {"an instance that vanishes from a list",
       answers("list_protected_instances",
               [](Seen& seen) {
                 replace(seen, "\"protected_instances\":[{\"", "\"protected_instances\":[{},{\"x");
               }),
       {}},
      {"a catalogue with a wrong success status",
       {},
       [](cloud::Operation& operation) {
         if (operation.name == "start_failover_protection_group") {
           operation.transitions = kWrongFailover;
         }
       }},
      {"a catalogue with a wrong status on the way",
       {},
       [](cloud::Operation& operation) {
         if (operation.name == "create_disaster_recovery_drill") {
           operation.transitions = kWrongDuring;
         }
       }},
      {"a catalogue with a wrong success code",
       {},
       [](cloud::Operation& operation) {
         if (operation.name == "create_life_cycle_hook") operation.success = 201;
       }},
  };
}

}  // namespace

TEST_CASE("the model notices every bug that is planted") {
  constexpr std::uint64_t kSeed = 6;
  std::size_t caught = 0;
  for (const Mutant& mutant : mutants()) {
    Tally tally;
    const std::optional<Finding> finding =
        Run(kSeed, tally, mutant.tampering, mutant.lie).go(kSteps);
    INFO(mutant.what);
    CHECK(finding.has_value());
    if (!finding) continue;
    ++caught;
    std::printf("mutant: %-45s step %5llu %s\n", mutant.what,
                static_cast<unsigned long long>(finding->step),
                finding->mismatch.operation.c_str());
  }
  std::printf("mutants: %zu of %zu caught, seed %llu\n", caught, mutants().size(),
              static_cast<unsigned long long>(kSeed));
  CHECK(caught >= 8);
}
