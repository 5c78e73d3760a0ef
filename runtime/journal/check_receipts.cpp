// What arrived at the platform, against what the log says was sent.
#include <algorithm>

#include <fmt/format.h>

#include "journal/check_parts.h"

namespace neap::journal {
namespace {

// Calls that an observer of the platform cannot tell apart: of one operation, on the same things.
struct Family {
  std::string operation;
  std::vector<std::string> ids;     // each stands in the request
  std::vector<const Logged*> sent;  // in the order of the log
  std::size_t sent_steps = 0;
  bool repeatable = false;  // class I: more than one effect is none too many
  std::vector<const Receipt*> receipts;
};

// "server_group 5c6d…" is known in a request by its id; a creation by the mark in its description.
std::vector<std::string> ids_of(const ChangingCall& change) {
  std::vector<std::string> ids;
  for (const std::string& resource : change.resources()) {
    ids.push_back(resource.substr(resource.rfind(' ') + 1));
  }
  const std::string marker = change.intent->body.text("marker");
  if (change.effect_class() == "C" && !marker.empty()) ids.push_back(marker);
  return ids;
}

std::vector<Family> families_of(const ChangingCalls& changes) {
  std::vector<Family> families;
  for (const auto& [step, change] : changes) {
    if (change.intent == nullptr) continue;
    const std::string operation = change.operation();
    const std::vector<std::string> ids = ids_of(change);
    auto family = std::find_if(families.begin(), families.end(), [&](const Family& known) {
      return known.operation == operation && known.ids == ids;
    });
    if (family == families.end()) {
      family = families.insert(families.end(), Family{operation, ids, {}, 0, false, {}});
    }
    family->repeatable = change.effect_class() == "I";
    family->sent_steps += change.attempts.empty() ? 0 : 1;
    for (const Attempt& attempt : change.attempts) family->sent.push_back(attempt.sent);
  }
  for (Family& family : families) {
    std::sort(family.sent.begin(), family.sent.end(),
              [](const Logged* a, const Logged* b) { return a->position < b->position; });
  }
  return families;
}

bool could_be_of(const Family& family, const Receipt& receipt) {
  if (family.operation != receipt.operation) return false;
  return std::all_of(family.ids.begin(), family.ids.end(), [&](const std::string& id) {
    return receipt.path.find(id) != std::string::npos || receipt.body.find(id) != std::string::npos;
  });
}

void check_family(const Family& family, Findings& findings) {
  std::size_t effects = 0;
  for (std::size_t i = 0; i < family.receipts.size(); ++i) {
    const Receipt& receipt = *family.receipts[i];
    effects += receipt.took_effect ? 1u : 0u;
    if (i >= family.sent.size()) {
      const std::int64_t last = family.sent.empty() ? 0 : family.sent.back()->position;
      findings.add(
          "I1", last,
          fmt::format("{} arrived {} times and was sent {} times, the last at {}", family.operation,
                      i + 1, family.sent.size(), format_iso(receipt.at)));
    } else if (receipt.at < family.sent[i]->at) {
      findings.add("I2", family.sent[i]->position,
                   fmt::format("{} arrived at {}, before the log says that it was sent",
                               family.operation, format_iso(receipt.at)));
    }
  }
  if (effects > family.sent_steps && !family.repeatable) {
    findings.add("I12", family.sent.empty() ? 0 : family.sent.back()->position,
                 fmt::format("{} took effect {} times for {} steps", family.operation, effects,
                             family.sent_steps));
  }
}

}  // namespace

void check_receipts(const ChangingCalls& changes, const std::vector<Receipt>& receipts,
                    Findings& findings) {
  std::vector<Family> families = families_of(changes);
  for (const Receipt& receipt : receipts) {
    const auto family = std::find_if(families.begin(), families.end(), [&](const Family& known) {
      return could_be_of(known, receipt);
    });
    if (family == families.end()) {
      findings.add("I2", 0,
                   fmt::format("{} {} arrived at {}, and the log knows nothing of it",
                               receipt.operation, receipt.path, format_iso(receipt.at)));
    } else {
      family->receipts.push_back(&receipt);
    }
  }
  for (const Family& family : families) check_family(family, findings);
}

}  // namespace neap::journal
