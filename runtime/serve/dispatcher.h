// Every open event, and whose turn it is: limits for each handler, each group and all together.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "serve/event_work.h"

namespace neap::serve {

class Dispatcher final : public Floor {
 public:
  // `ended` hears of each event once nothing more can come of it.
  Dispatcher(Desk& desk, std::shared_ptr<const Handlers> handlers,
             Function<void(const journal::HookEvent&)> ended);
  ~Dispatcher() override;

  // A new one, or one that an earlier process had. One that is known already is left alone.
  void take(journal::HookEvent event, bool again);
  bool knows(const std::string& action_key) const { return works_.contains(action_key); }
  // Tells the events of the group what a listing said.
  void listed(const std::string& group_id, const Result<Holds>& holds, Instant began);
  void use(std::shared_ptr<const Handlers> handlers);
  void obey(const journal::Wish& wish);

  // No handler begins any more; those that run go on, and answers are given.
  void drain();
  // Nothing runs, and no answer is on its way.
  bool is_idle() const;
  // Leaves everything as it stands.
  void stop();

  std::size_t open() const { return works_.size(); }
  const Handlers& handlers() const { return *handlers_; }
  // The groups of open events.
  std::set<std::string> groups() const;
  void measure(Metrics& metrics) const;

  void wants_to_run(EventWork& work) override;
  void gives_way(EventWork& work) override;
  void has_run(EventWork& work) override;
  void is_over(EventWork& work) override;

 private:
  // The nearest deadline first, as it was when the event queued; then whichever came first.
  using Key = std::pair<UtcTime, std::uint64_t>;
  using Queue = std::map<Key, EventWork*>;
  struct Place {
    std::string handler;
    std::string group;
    Key key;
  };
  struct Lane {                           // of one handler, by name: it outlives a reload
    std::map<std::string, Queue> queues;  // by group
    std::map<std::string, std::size_t> running;
    std::size_t total = 0;
  };

  bool has_room(const Handler& handler, const Lane& lane) const;
  EventWork* next();
  void run_next_soon();
  void run_next();

  Desk& desk_;
  std::shared_ptr<const Handlers> handlers_;
  Function<void(const journal::HookEvent&)> ended_;
  std::unordered_map<std::string, std::shared_ptr<EventWork>> works_;  // by action key
  std::map<std::string, std::set<EventWork*>> by_group_;
  std::map<std::string, Lane> lanes_;
  std::unordered_map<const EventWork*, Place> places_;  // of those that queue or run
  std::uint64_t serial_ = 0;
  std::size_t running_ = 0;
  bool draining_ = false;
  Loop::Timer soon_;
  bool posted_ = false;
};

}  // namespace neap::serve
