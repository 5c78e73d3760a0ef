// How `neap serve` was told to serve.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace neap::serve {

struct ServeSettings {
  std::string handlers;             // path of the file
  std::vector<std::string> topics;  // URNs whose messages count; no other's
  std::vector<std::string> armed;   // of these the ones whose subscription is confirmed
  std::vector<std::string> groups;  // ids or names that are watched; empty: every group that scales
  Duration interval = std::chrono::seconds{30};  // between two looks at what is held
  std::size_t concurrency = 200;                 // handlers at once, of all kinds together
  Duration drain = std::chrono::seconds{60};     // how long running handlers may go on at the end
  // Messages that are being looked at or stored; more are told to come again.
  std::size_t backlog = 4096;
  // Messages a second of one topic (reliability.md T7); kBurst times as many at once, which is more
  // than scaling out brings. Beyond that they are told to come again, and what is held is found by
  // looking all the same.
  static constexpr double kBurst = 200;
  int topic_rate = 50;
};

}  // namespace neap::serve
