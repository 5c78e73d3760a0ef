// What arrived at the platform, against what the log says was sent.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "journal/check_parts.h"

namespace neap::journal {
namespace {

// Transmissions that the platform cannot tell apart, and what arrived of them.
struct Family {
  std::vector<const Logged*> sent;  // in the order of the log
  std::size_t steps = 0;
  std::size_t proved = 0;   // of them, to have had no effect
  bool repeatable = false;  // class I: more than one effect is none too many
  std::vector<const Receipt*> receipts;
};

using Families = std::map<std::string, Family>;  // by the digest of the request

Families families_of(const ChangingCalls& changes) {
  Families families;
  for (const auto& [step, change] : changes) {
    std::set<std::string> requests;
    for (const Attempt& attempt : change.attempts) {
      const std::string request = attempt.sent->body.text("request");
      Family& family = families[request];
      family.sent.push_back(attempt.sent);
      family.proved += attempt.without_effect ? 1u : 0u;
      family.repeatable = change.effect_class() == "I";
      requests.insert(request);
    }
    for (const std::string& request : requests) ++families[request].steps;
  }
  for (auto& [request, family] : families) {
    std::sort(family.sent.begin(), family.sent.end(),
              [](const Logged* a, const Logged* b) { return a->position < b->position; });
  }
  return families;
}

void check_family(const Family& family, Findings& findings) {
  std::size_t effects = 0;
  for (std::size_t i = 0; i < family.receipts.size(); ++i) {
    const Receipt& receipt = *family.receipts[i];
    effects += receipt.took_effect ? 1u : 0u;
    if (i >= family.sent.size()) {
      findings.add("I1", family.sent.back()->position,
                   fmt::format("{} arrived {} times and was sent {} times, the last at {}",
                               receipt.what, i + 1, family.sent.size(), format_iso(receipt.at)));
    } else if (receipt.at < family.sent[i]->at) {
      findings.add("I2", family.sent[i]->position,
                   fmt::format("{} arrived at {}, before the log says that it was sent",
                               receipt.what, format_iso(receipt.at)));
    }
  }
  const bool contradicted = effects > 0 && effects + family.proved > family.sent.size();
  if (contradicted && !family.repeatable) {
    findings.add(
        "I3", family.sent.back()->position,
        fmt::format("{} took effect {} times, and {} of {} attempts are said to be proved "
                    "to have had none",
                    family.receipts.back()->what, effects, family.proved, family.sent.size()));
  }
  if (effects > family.steps && !family.repeatable) {
    findings.add("I12", family.sent.back()->position,
                 fmt::format("{} took effect {} times for {} steps", family.receipts.back()->what,
                             effects, family.steps));
  }
}

}  // namespace

void check_receipts(const ChangingCalls& changes, const std::vector<Receipt>& receipts,
                    Findings& findings) {
  Families families = families_of(changes);
  for (const Receipt& receipt : receipts) {
    const auto family = families.find(receipt.request);
    if (family == families.end()) {
      findings.add("I2", 0,
                   fmt::format("{} arrived at {}, and the log knows nothing of it", receipt.what,
                               format_iso(receipt.at)));
    } else {
      family->second.receipts.push_back(&receipt);
    }
  }
  for (const auto& [request, family] : families) check_family(family, findings);
}

}  // namespace neap::journal
