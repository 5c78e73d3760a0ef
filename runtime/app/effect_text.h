// One changing call in sentences: what was sent when, what was read since, what is to be done.
#pragma once

#include <string>

#include "runs/run_story.h"

namespace neap::app {

// Several lines. While nobody knows whether it happened they end with what the operator can do.
std::string effect_text(const journal::Run& run, const runs::EffectStory& effect, UtcTime now);
json::Object effect_json(const runs::EffectStory& effect);

}  // namespace neap::app
