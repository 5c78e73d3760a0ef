#include "crash/adoption.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cloud/catalog.h"

namespace neap::test {
namespace {

using journal::Kind;
using journal::Logged;

bool leads_to(const cloud::Operation& operation, const std::string& status) {
  return std::any_of(
      operation.transitions.begin(), operation.transitions.end(), [&](const auto& way) {
        return status == way.during || status == way.failure ||
               std::find(way.success.begin(), way.success.end(), status) != way.success.end();
      });
}

}  // namespace

std::vector<std::string> wrongly_adopted(std::span<const Logged> log) {
  std::vector<std::string> sentences;
  std::map<journal::Step, const Logged*> intents;
  std::map<journal::Step, const Logged*> looks;
  for (const Logged& entry : log) {
    if (entry.kind == Kind::kIntent) intents[entry.step] = &entry;
    if (entry.kind == Kind::kObserved) looks[entry.step] = &entry;
    if (entry.kind == Kind::kResolved) looks.erase(entry.step);  // a person's word goes before
    if (entry.kind != Kind::kAccepted || !entry.body.flag("adopted")) continue;
    const Logged* look = looks[entry.step];
    const json::Object* state = look != nullptr ? look->body.object("state") : nullptr;
    if (state == nullptr || intents[entry.step] == nullptr) continue;
    const std::string name = intents[entry.step]->body.text("operation");
    const cloud::Operation* operation = cloud::find_operation("sdrs", name);
    const bool guarded = operation != nullptr && operation->effect == cloud::Effect::kGuarded;
    const json::Object* before = intents[entry.step]->body.object("snapshot");
    const bool moved =
        before != nullptr && before->text("priority_station") != state->text("priority_station");
    if (!guarded || moved || leads_to(*operation, state->text("status"))) continue;
    sentences.push_back(fmt::format("step {}: {} was taken to be under way in status {}",
                                    to_text(entry.step), name, state->text("status")));
  }
  return sentences;
}

}  // namespace neap::test
