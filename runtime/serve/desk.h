// What everybody who works on events shares.
#pragma once

#include "base/log.h"
#include "config/settings.h"
#include "journal/store.h"
#include "runs/world.h"
#include "serve/holds.h"
#include "serve/inbox_writer.h"
#include "serve/metrics.h"
#include "serve/settings.h"

namespace neap::serve {

struct Desk {
  runs::World& world;
  Log& log;
  const config::Settings& settings;
  const ServeSettings& serve;
  journal::Store& store;
  InboxWriter& inbox;
  HoldLists& holds;
  Metrics& metrics;

  Loop& loop() const { return world.loop(); }
  UtcTime utc() const { return world.loop().utc(); }
};

// The answer must be with the platform this long before the hold ends.
inline constexpr Duration kMargin = std::chrono::seconds{15};
// How much longer an EXTEND makes a hold, whatever its hook says (as.md section 4.3).
inline constexpr std::chrono::hours kExtension{1};

}  // namespace neap::serve
