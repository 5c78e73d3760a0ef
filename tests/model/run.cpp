#include "model/run.h"

#include <algorithm>

#include "json/writer.h"

namespace neap::model {
namespace {

using cloud::Effect;
using cloud::Operation;

// Stands for the undocumented codes of SMN (smn.bad-argument of the fidelity page); IAM's codes are
// the statuses.
constexpr std::string_view kChosenCode = "SMN.0001";

constexpr std::uint64_t kStepsPerAudit = 250;
// Jobs that never end block what they work on for the rest of the run.
constexpr int kMostHanging = 1;

// A world that grows without end would make every list longer.
struct Cap {
  std::string_view resource;
  std::size_t most;
};
constexpr Cap kCaps[] = {{"server_group", 8},          {"protected_instance", 16},
                         {"replication_pair", 40},     {"dr_drill", 6},
                         {"scaling_group", 5},         {"scaling_configuration", 6},
                         {"scaling_policy", 10},       {"scheduled_task", 8},
                         {"scaling_notification", 10}, {"subscription", 20}};

// How often an operation is drawn, compared with others.
int weight_of(const Operation& operation) {
  if (operation.effect == Effect::kRead) return 1;
  if (operation.resource == "server_group") return 10;
  if (makes(operation)) return 6;
  if (removes(operation)) return 3;
  return 4;
}

// Two services have this path: which of them is meant is a matter of ids.
bool shares_its_path(const Operation& operation) {
  const auto rows = cloud::catalog();
  return std::any_of(rows.begin(), rows.end(), [&](const Operation& other) {
    return other.service != operation.service && other.path == operation.path;
  });
}

}  // namespace

Run::Run(std::uint64_t seed, Tally& tally, Tampering tampering, const Lie& lie)
    : seed_(seed),
      tally_(tally),
      tampering_(std::move(tampering)),
      operations_(cloud::catalog().begin(), cloud::catalog().end()),
      platform_(seed, tampering_),
      dice_(seed),
      machine_(platform_, things_, sights_, dice_) {
  for (std::size_t index = 0; index < operations_.size(); ++index) {
    if (lie) lie(operations_[index]);
    urn_.insert(urn_.end(), static_cast<std::size_t>(weight_of(operations_[index])), index);
  }
}

void Run::set_the_scene() {
  platform_.admin(http::Method::kPost, "/quotas",
                  R"({"server_groups":-1,"replications":-1,"instances_per_group":-1,"vpcs":-1,)"
                  R"("subnets":-1,"scaling_groups":-1,"scaling_configurations":-1,)"
                  R"("scaling_policies":-1,"scaling_instances":-1})");
  for (int index = 0; index < 6; ++index) {
    platform_.admin(http::Method::kPost, "/servers",
                    R"({"name":"spare-more-)" + std::to_string(index) + R"("})");
  }
  const json::Value vpcs = platform_.admin(http::Method::kGet, "/vpcs");
  const Seen domains =
      platform_.call(operation_of("sdrs", "list_active_active_domains"), json::Object());
  const auto* domain = domains.object().list("domains").at(0).as<json::Object>();
  Site site;
  site.domain = domain->text("id");
  site.source_zone = "cn-north-4a";
  site.target_zone = "cn-north-4b";
  site.vpc = vpcs.as<json::Object>()->list("vpcs").at(0).as<json::Object>()->text("id");
  machine_.learn();
  arguments_ = std::make_unique<Arguments>(things_, sights_, dice_, std::move(site));
}

std::optional<Finding> Run::go(std::uint64_t steps) {
  std::optional<Finding> failure;
  try {
    set_the_scene();
    while (step_ < steps) step();
    audit();
  } catch (const Mismatch& mismatch) {
    failure = Finding{seed_, step_, mismatch};
  }
  tally_.requests += platform_.requests();
  tally_.jobs_ended += machine_.jobs_ended();
  return failure;
}

bool Run::is_enough(const Operation& operation) {
  if (!makes(operation)) return false;
  for (const Cap& cap : kCaps) {
    if (cap.resource == operation.resource) return things_.of(cap.resource).size() >= cap.most;
  }
  return false;
}

const Operation& Run::draw() {
  for (;;) {
    const Operation& operation = operations_[urn_[dice_.below(urn_.size())]];
    if (is_enough(operation)) continue;
    const std::size_t left = things_.of(operation.resource).size();
    const bool last = removes(operation) && left > 0 && left < 3;
    if (!last || dice_.one_in(10)) return operation;
  }
}

void Run::step() {
  ++step_;
  if (dice_.one_in(40)) {
    constexpr int kSpans[] = {1, 5, 20, 60, 60, 200, 900};
    platform_.advance(std::chrono::seconds{kSpans[dice_.below(std::size(kSpans))]});
    machine_.tick();
  }
  if (step_ % kStepsPerAudit == 0) audit();
  const Operation& operation = draw();
  ++tally_.fired;
  const std::uint64_t lot = dice_.below(100);
  // Who asks for a token signs nothing.
  if (lot < 3 && operation.resource != "token") {
    fire_as_stranger(operation);
  } else if (lot < 15) {
    fire_broken(operation);
  } else if (lot < 18 && !shares_its_path(operation)) {
    fire_with_fault(operation);
  } else {
    fire(operation);
  }
}

void Run::note(const Operation& operation, bool accepted) {
  Tally::Row& row = tally_.operations[cloud::permission_name(operation)];
  ++(accepted ? row.accepted : row.refused);
}

// What the platform shows of the thing that a call is about; empty when nothing can be shown.
std::string Run::witness(const Operation& operation, const json::Object& arguments) {
  for (const Reference& target : targets(operation, arguments)) {
    if (operation.lookup.show.empty() || target.resource == "lifecycle_hook") break;
    json::Object shown;
    shown.set(std::string(operation.lookup.id), target.id);
    return platform_.call(operation_of(operation.service, operation.lookup.show), shown).body;
  }
  return {};
}

void Run::refused(const Operation& operation, const Seen& seen, const std::string& why) {
  note(operation, false);
  ++tally_.refusals;
  if (is_among(seen.code, operation.errors)) ++tally_.listed_codes;
  const bool documented = operation.service == "iam" || seen.code == kChosenCode ||
                          cloud::find_error_code(seen.code) != nullptr;
  if (seen.status >= 400 && seen.status < 500 && documented) return;
  throw Mismatch{cloud::permission_name(operation), "a refusal with a documented code: " + why,
                 std::to_string(seen.status) + " " + seen.body};
}

Planted Run::plant(const Operation& operation, const Prediction& prediction) {
  const bool may = cloud::is_asynchronous(operation) && !operation.name.starts_with("batch_") &&
                   prediction.verdict == Verdict::kAccepted && dice_.one_in(10);
  if (!may) return Planted::kNothing;
  const bool hangs = hanging_ < kMostHanging && dice_.one_in(40);
  if (hangs) ++hanging_;
  const std::string kind = hangs ? "stuck_job" : "job_fail";
  ++tally_.faults[kind];
  platform_.admin(
      http::Method::kPost, "/faults",
      R"({"operation":")" + std::string(operation.name) + R"(","kind":")" + kind + R"("})");
  return hangs ? Planted::kJobHangs : Planted::kJobFails;
}

void Run::fire(const Operation& operation) {
  const Choice choice = arguments_->choose(operation);
  const Prediction prediction = machine_.predict(operation, choice);
  const Planted planted = plant(operation, prediction);
  const bool watched = prediction.verdict != Verdict::kAccepted && dice_.one_in(4);
  const std::string before = watched ? witness(operation, choice.arguments) : "";
  const Seen seen = platform_.call(operation, choice.arguments);
  if (planted != Planted::kNothing) platform_.admin(http::Method::kDelete, "/faults");
  if (prediction.verdict != Verdict::kOpen) ++tally_.foretold;
  const std::string told = json::write(choice.arguments).substr(0, 600);
  if (seen.accepted()) {
    if (prediction.verdict == Verdict::kRefused) {
      throw Mismatch{cloud::permission_name(operation), "a refusal: " + prediction.why,
                     std::to_string(seen.status) + " to " + told};
    }
    note(operation, true);
    machine_.accepted(operation, choice.arguments, seen, planted);
    return;
  }
  if (prediction.verdict == Verdict::kAccepted) {
    throw Mismatch{cloud::permission_name(operation), "acceptance of " + told,
                   std::to_string(seen.status) + " " + seen.body};
  }
  refused(operation, seen, prediction.why);
  if (watched && witness(operation, choice.arguments) != before) {
    throw Mismatch{cloud::permission_name(operation), "nothing changed: " + before,
                   witness(operation, choice.arguments)};
  }
}

void Run::fire_as_stranger(const Operation& operation) {
  const Choice choice = arguments_->choose(operation);
  const std::string before = witness(operation, choice.arguments);
  const Seen seen = platform_.call(operation, choice.arguments, true);
  refused(operation, seen, "signed with an unknown key");
  if (seen.status != 401 || witness(operation, choice.arguments) != before) {
    throw Mismatch{cloud::permission_name(operation), "401, and nothing changed", seen.body};
  }
}

void Run::fire_broken(const Operation& operation) {
  const std::optional<json::Object> broken = arguments_->broken(operation);
  if (!broken) return;
  ++tally_.wrong_arguments;
  ++tally_.foretold;
  const std::string before = witness(operation, *broken);
  const Seen seen = platform_.call(operation, *broken);
  const std::string told = json::write(*broken).substr(0, 600);
  if (seen.accepted()) {
    throw Mismatch{cloud::permission_name(operation), "a refusal of wrong arguments " + told,
                   std::to_string(seen.status) + " " + seen.body};
  }
  refused(operation, seen, told);
  if (witness(operation, *broken) != before) {
    throw Mismatch{cloud::permission_name(operation), "nothing changed by " + told, seen.body};
  }
}

// Answers that are no answers: nothing took effect, or all of it did and the client cannot tell.
void Run::fire_with_fault(const Operation& operation) {
  constexpr std::string_view kBefore[] = {"status", "throttle", "drop_before"};
  constexpr std::string_view kAfter[] = {"drop_after", "truncate", "bad_json", "delay"};
  const Choice choice = arguments_->choose(operation);
  const bool simple = operation.effect == Effect::kIdempotent &&
                      !cloud::is_asynchronous(operation) && !makes(operation) &&
                      operation.service == "sdrs";
  const bool certain = machine_.predict(operation, choice).verdict == Verdict::kAccepted;
  const bool after = dice_.one_in(2) && (operation.effect == Effect::kRead || (simple && certain));
  const std::string kind(after ? kAfter[dice_.below(4)] : kBefore[dice_.below(3)]);
  ++tally_.faults[kind];
  const std::string before = after ? "" : witness(operation, choice.arguments);
  platform_.admin(
      http::Method::kPost, "/faults",
      R"({"operation":")" + std::string(operation.name) + R"(","kind":")" + kind + R"("})");
  Seen seen = platform_.call(operation, choice.arguments);
  platform_.admin(http::Method::kDelete, "/faults");
  if (after) {
    if (operation.effect == Effect::kRead) return;
    seen.status = operation.success;
    seen.body.clear();
    machine_.accepted(operation, choice.arguments, seen, Planted::kNothing);
    return;
  }
  if (seen.accepted() || witness(operation, choice.arguments) != before) {
    throw Mismatch{cloud::permission_name(operation), "no effect, by the fault " + kind, seen.body};
  }
}

void Run::audit() {
  ++tally_.audits;
  machine_.audit();
  const json::Value health = platform_.admin(http::Method::kGet, "/health");
  const double jobs = health.as<json::Object>()->number("jobs").value_or(-1);
  if (jobs == static_cast<double>(sights_.jobs.size())) return;
  throw Mismatch{"audit", std::to_string(sights_.jobs.size()) + " jobs", std::to_string(jobs)};
}

}  // namespace neap::model
