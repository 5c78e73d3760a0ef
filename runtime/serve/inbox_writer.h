// Writes to the inbox in groups: what comes while one write goes on shares the next.
#pragma once

#include <functional>
#include <vector>

#include "base/function.h"
#include "journal/inbox.h"
#include "loop/loop.h"

namespace neap::serve {

// Once a write has failed nobody knows what the disk holds: everything after it fails too, and
// `broken` is told once.
class InboxWriter {
 public:
  using Filed = Function<void(Result<journal::Filed>)>;
  using Written = Function<void(Result<void>)>;

  InboxWriter(Loop& loop, journal::Inbox& inbox, Function<void(const Error&)> broken);

  // Each calls back from the loop, when what was given is durable or never will be.
  void arrive(journal::Arrival arrival, Filed done);
  void change(journal::HookEvent event, Written done);
  // The wish goes with the write that makes durable what was given with it.
  void heed(journal::Wish wish);

  const std::optional<Error>& broken() const { return broken_; }
  // Arrivals that are not durable yet.
  std::size_t waiting() const { return arrivals_.size(); }

 private:
  void write_soon();
  void write();

  Loop& loop_;
  journal::Inbox& inbox_;
  Function<void(const Error&)> on_broken_;
  std::optional<Error> broken_;
  std::vector<journal::Arrival> arrivals_;
  std::vector<Filed> filed_;
  std::vector<journal::HookEvent> changes_;
  std::vector<Written> written_;
  std::vector<journal::Wish> heeded_;
  Loop::Timer soon_;
  bool posted_ = false;
};

}  // namespace neap::serve
