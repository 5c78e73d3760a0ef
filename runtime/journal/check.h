// Whether a run kept the rules of reliability.md 2.3, told from the outside: from its log alone,
// and from what the platform says it received.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "journal/entry.h"

namespace neap::journal {

// A changing request as the platform received it.
struct Receipt {
  UtcTime at{};         // of its arrival
  std::string what;     // for people: "PUT /v1/…/server-groups/5c6d…"
  std::string request;  // SHA-256 of "METHOD URL\nBODY", as `sent` holds it
  bool took_effect = false;
};

// What is known of a run besides its log.
struct Witness {
  std::vector<Receipt> receipts;      // in the order of arrival; of this run only
  std::vector<std::string> canaries;  // secrets that must stand nowhere
};

struct Violation {
  std::string rule;           // "I3"
  std::int64_t position = 0;  // of the entry that breaks it; 0: the run as a whole
  std::string sentence;
};

// Every rule that was broken, in the order of the log; empty: none was. The log must be whole, from
// its first entry on. Judged are I1 to I7 and I10 to I12: what a webhook acknowledged is not in a
// run's log, and whether a run ends in time only who runs it can see.
std::vector<Violation> check_run(const Run& run, std::span<const Logged> log,
                                 const Witness& witness = {});

}  // namespace neap::journal
