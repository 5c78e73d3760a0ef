#include "serve/service.h"

#include <utility>

namespace neap::serve {
namespace {

constexpr Duration kBetweenForgetting = std::chrono::minutes{10};

}  // namespace

Service::Service(const ServiceParts& parts, std::shared_ptr<const Handlers> handlers, Hooks hooks)
    : metrics_(parts.metrics),
      pulse_(parts.pulse),
      hooks_(std::move(hooks)),
      writer_(parts.world.loop(), parts.store.inbox(),
              [this](const Error& error) {
                dispatcher_.stop();
                hooks_.broken(error);
              }),
      holds_(parts.world.loop(), parts.world.client(),
             [this](const std::string& group, const Result<Holds>& holds, Instant began) {
               dispatcher_.listed(group, holds, began);
               reconciler_.listed(group, holds);
             }),
      desk_{parts.world, parts.log, parts.settings, parts.serve,
            parts.store, writer_,   holds_,         parts.metrics},
      dispatcher_(desk_, std::move(handlers),
                  [this](const journal::HookEvent& event) { hooks_.ended(event); }),
      reconciler_(desk_, {[this](journal::HookEvent event, bool again) {
                            dispatcher_.take(std::move(event), again);
                          },
                          [this](const std::string& key) { return dispatcher_.knows(key); },
                          [this] { return dispatcher_.groups(); }}),
      confirmations_(desk_, parts.console_origins),
      receiver_(desk_, parts.verifier,
                {[this](journal::HookEvent event) { dispatcher_.take(std::move(event), false); },
                 [this](const std::string& group) { holds_.want(group); },
                 [this](const sign::VerifiedMessage& message) { confirmations_.hear(message); },
                 [this](std::string_view path) { return dispatcher_.handlers().has_path(path); }}) {
}

Service::~Service() = default;

Result<void> Service::start() {
  Result<std::vector<journal::HookEvent>> open = desk_.store.inbox().open_events();
  if (!open) return tl::unexpected(std::move(open.error()));
  if (!open->empty()) {
    desk_.log.info("events of an earlier process are taken up", {{"events", open->size()}});
  }
  for (journal::HookEvent& event : *open) dispatcher_.take(std::move(event), true);
  seen_ = desk_.store.version();
  heed_wishes();
  reconciler_.start();
  turn();
  return {};
}

// Once a second: signs of life, and what other processes left in the journal for this one.
void Service::turn() {
  pulse_.turn();
  if (writer_.broken()) return;
  const std::int64_t version = desk_.store.version();
  if (version != seen_) {
    seen_ = version;
    heed_wishes();
  }
  forget_old();
  if (drained_ && dispatcher_.is_idle()) {
    limit_.cancel();
    return std::exchange(drained_, nullptr)();
  }
  turn_ = desk_.loop().after(Pulse::kEvery, [this] { turn(); });
}

// What comes of a word is written together with its going: a process that dies in between leaves
// both undone, for the next.
void Service::heed_wishes() {
  const Result<std::vector<journal::Wish>> wishes = desk_.store.inbox().wishes();
  if (!wishes) {
    desk_.log.error("what operators want could not be read: " + describe(wishes.error()));
    return;
  }
  for (const journal::Wish& wish : *wishes) {
    dispatcher_.obey(wish);
    writer_.heed(wish);
  }
}

void Service::forget_old() {
  if (desk_.loop().now() - forgot_ < kBetweenForgetting) return;
  const Result<std::size_t> gone = desk_.store.inbox().forget(desk_.utc() - journal::kRemembered);
  if (!gone) desk_.log.error("old events could not be removed: " + describe(gone.error()));
  // There may be more than goes at once.
  if (!gone || *gone == 0) forgot_ = desk_.loop().now();
}

void Service::drain(Duration limit, Function<void()> done) {
  dispatcher_.drain();
  drained_ = std::move(done);
  limit_ = desk_.loop().after(limit, [this] {
    desk_.log.warn("handlers still run; what they work on is taken up at the next start");
    if (drained_) std::exchange(drained_, nullptr)();
  });
  turn_ = desk_.loop().after(Duration::zero(), [this] { turn(); });
}

}  // namespace neap::serve
