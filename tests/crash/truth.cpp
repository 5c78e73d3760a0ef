#include "crash/truth.h"

#include <algorithm>

#include "app/decisions.h"
#include "runs/run_story.h"

namespace neap::test {
namespace {

using journal::Logged;
using journal::Receipt;

constexpr const char* kName = "the test";

// Whether what the call asked for was done, at whichever attempt.
bool happened(const runs::EffectStory& effect, const std::vector<Receipt>& receipts) {
  std::string request;
  for (const Logged* entry : effect.entries) {
    if (entry->kind == journal::Kind::kSent) request = entry->body.text("request");
  }
  const UtcTime since = effect.entries.front()->at;
  return std::any_of(receipts.begin(), receipts.end(), [&](const Receipt& receipt) {
    return receipt.took_effect && receipt.at >= since && receipt.request == request;
  });
}

}  // namespace

Result<std::size_t> decide(journal::Store& store, const std::string& run, Platform& platform,
                           bool approves, bool answers) {
  const Result<std::vector<Logged>> log = store.log(run);
  if (!log) return tl::unexpected(log.error());
  const runs::RunStory story = runs::tell_story(*log);
  for (const runs::QuestionStory* question : story.open_questions()) {
    if (question->deadline && !answers) {
      platform.pass_until(*question->deadline - VirtualClock::kStart + std::chrono::seconds{1});
    }
    if (question->deadline && *question->deadline <= platform.utc()) continue;
    const auto said =
        app::answer_question(store, {run, question->step, approves, ""}, {kName, platform.utc()});
    if (!said) return tl::unexpected(said.error());
  }
  const auto open = story.open_effects();
  for (const runs::EffectStory* effect : open) {
    const UtcTime until = effect->open_until.value_or(platform.utc());
    platform.pass_until(until - VirtualClock::kStart + std::chrono::seconds{1});
  }
  if (!open.empty()) platform.let_everything_arrive();
  for (const runs::EffectStory* effect : open) {
    const auto said = app::resolve_effect(
        store, {run, effect->step, happened(*effect, platform.receipts()), "it saw what arrived"},
        {kName, platform.utc()});
    if (!said) return tl::unexpected(said.error());
  }
  return open.size();
}

}  // namespace neap::test
