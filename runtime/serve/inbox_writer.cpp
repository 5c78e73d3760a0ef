#include "serve/inbox_writer.h"

#include <utility>

namespace neap::serve {

InboxWriter::InboxWriter(Loop& loop, journal::Inbox& inbox, Function<void(const Error&)> broken)
    : loop_(loop), inbox_(inbox), on_broken_(std::move(broken)) {}

void InboxWriter::arrive(journal::Arrival arrival, Filed done) {
  arrivals_.push_back(std::move(arrival));
  filed_.push_back(std::move(done));
  write_soon();
}

void InboxWriter::change(journal::HookEvent event, Written done) {
  changes_.push_back(std::move(event));
  written_.push_back(std::move(done));
  write_soon();
}

void InboxWriter::heed(journal::Wish wish) {
  heeded_.push_back(std::move(wish));
  write_soon();
}

// Behind whatever else is ready: that may have something to write as well.
void InboxWriter::write_soon() {
  if (std::exchange(posted_, true)) return;
  soon_ = loop_.after(Duration::zero(), [this] {
    posted_ = false;
    write();
  });
}

void InboxWriter::write() {
  const std::vector<journal::Arrival> arrivals = std::exchange(arrivals_, {});
  const std::vector<journal::HookEvent> changes = std::exchange(changes_, {});
  const std::vector<journal::Wish> heeded = std::exchange(heeded_, {});
  std::vector<Filed> filed = std::exchange(filed_, {});
  std::vector<Written> written = std::exchange(written_, {});
  Result<std::vector<journal::Filed>> done =
      broken_ ? tl::unexpected(*broken_) : inbox_.write(arrivals, changes, heeded);
  const bool breaks = !done && !broken_;
  if (breaks) broken_ = done.error();
  // A callback may give more to write, which then goes into the next one.
  for (std::size_t i = 0; i < filed.size(); ++i) {
    filed[i](done ? Result<journal::Filed>(std::move((*done)[i])) : tl::unexpected(*broken_));
  }
  for (Written& told : written) told(done ? Result<void>() : tl::unexpected(*broken_));
  if (breaks && on_broken_) on_broken_(*broken_);
}

}  // namespace neap::serve
