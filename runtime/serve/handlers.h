// The handlers that a file registers (stdlib/hooks.lua), and which of them an event is for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "config/settings.h"
#include "host.h"
#include "journal/inbox.h"
#include "runs/script.h"
#include "runs/world.h"

namespace neap::serve {

// What happens to a hold whose handler failed every time.
enum class OnError { kContinue, kAbandon, kHold };

struct Handler {
  std::int64_t index = 0;  // in the file, from 1
  std::string name;
  std::string type;                 // INSTANCE_LAUNCHING or INSTANCE_TERMINATING
  std::vector<std::string> groups;  // ids or names; empty: any
  std::vector<std::string> hooks;   // names; empty: any
  std::string path;                 // of messages; empty: any
  std::vector<std::string> needs;
  std::size_t concurrency = 0;
  std::optional<std::size_t> per_group;
  std::int64_t attempts = 0;
  std::optional<Duration> timeout;  // of one attempt
  Duration extend_up_to{};          // how long a hold may last in all
  OnError on_error = OnError::kAbandon;

  bool fits(const journal::HookEvent& event) const;
};

// One version of the file.
struct Handlers {
  runs::Script script;
  std::vector<Handler> all;

  // The first that fits; nullptr when none does.
  const Handler* find(const journal::HookEvent& event) const;
  bool has_path(std::string_view path) const;
};

// Reads the file and runs it once, for what it registers. `done` is called once, from the loop; the
// error says what is wrong with the file. It may not wait, and has some seconds in all.
Owner load_handlers(runs::World& world, Log& log, const config::Settings& settings,
                    const std::string& path,
                    Function<void(Result<std::shared_ptr<const Handlers>>)> done);

// What a handler may reach: what it needs, of which the operator grants hosts.
Result<Grants> grants_of(const Handler& handler, const config::Settings& settings);

}  // namespace neap::serve
