// The parts of check_run, each judging one side of a log.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/check.h"

namespace neap::journal {

class Findings {
 public:
  void add(std::string_view rule, std::int64_t position, std::string sentence) {
    found_.push_back({std::string(rule), position, std::move(sentence)});
  }
  std::vector<Violation> take() { return std::move(found_); }

 private:
  std::vector<Violation> found_;
};

// One transmission of a changing call, as its log tells it.
struct Attempt {
  const Logged* sent = nullptr;
  const Logged* answer = nullptr;  // accepted, refused or unknown; the last of them
  std::vector<const Logged*> reads;
  std::optional<bool> happened;  // the operator's word
  bool without_effect = false;   // a proof that the checker agrees with
};

// One changing call, from its intent on.
struct ChangingCall {
  const Logged* intent = nullptr;
  const Logged* closing = nullptr;  // done or failed
  std::vector<Attempt> attempts;

  std::string effect_class() const;
  std::vector<std::string> resources() const;  // what it must hold, "server_group 5c6d…"
};

using ChangingCalls = std::map<Step, ChangingCall>;

// I1, I3, I4, I5, I6, I7 of changing calls; what it learns of them is for the receipts.
ChangingCalls check_changes(std::span<const Logged> log, Findings& findings);
// I1, I2, I12: what arrived against what the log says was sent.
void check_receipts(const ChangingCalls& changes, const std::vector<Receipt>& receipts,
                    Findings& findings);

// A time in an entry's body, written as format_iso writes it; nothing when there is none.
std::optional<UtcTime> time_in(const json::Object& body, std::string_view key);

}  // namespace neap::journal
