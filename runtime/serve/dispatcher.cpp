#include "serve/dispatcher.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace neap::serve {

Dispatcher::Dispatcher(Desk& desk, std::shared_ptr<const Handlers> handlers,
                       Function<void(const journal::HookEvent&)> ended)
    : desk_(desk), handlers_(std::move(handlers)), ended_(std::move(ended)) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::take(journal::HookEvent event, bool again) {
  if (works_.contains(event.action_key)) return;
  const std::string key = event.action_key;
  const std::string group = event.group_id;
  auto work = std::make_shared<EventWork>(desk_, *this, std::move(event), handlers_);
  works_.emplace(key, work);
  by_group_[group].insert(work.get());
  work->begin(again);
}

void Dispatcher::listed(const std::string& group_id, const Result<Holds>& holds, Instant began) {
  const auto found = by_group_.find(group_id);
  if (found == by_group_.end()) return;
  // One that is over leaves the group, from a post; nothing else does.
  for (EventWork* work : found->second) work->listed(holds, began);
}

void Dispatcher::use(std::shared_ptr<const Handlers> handlers) {
  handlers_ = std::move(handlers);
  for (const auto& [key, work] : works_) work->use(handlers_);
  run_next_soon();
}

void Dispatcher::obey(const journal::Wish& wish) {
  const auto found = std::find_if(works_.begin(), works_.end(), [&](const auto& row) {
    return row.second->event().id == wish.event;
  });
  if (found != works_.end()) std::shared_ptr<EventWork>(found->second)->obey(wish);
}

void Dispatcher::drain() {
  draining_ = true;
}

bool Dispatcher::is_idle() const {
  return running_ == 0 && std::none_of(works_.begin(), works_.end(), [](const auto& row) {
           return row.second->stage() == EventWork::Stage::kAnswering || row.second->running();
         });
}

void Dispatcher::stop() {
  draining_ = true;
  for (const auto& [key, work] : works_) work->stop();
}

std::set<std::string> Dispatcher::groups() const {
  std::set<std::string> groups;
  for (const auto& [group, works] : by_group_) {
    if (!works.empty()) groups.insert(group);
  }
  return groups;
}

void Dispatcher::wants_to_run(EventWork& work) {
  const Place& place = places_[&work] =
      Place{work.handler()->name, work.event().group_id, {work.deadline(), ++serial_}};
  lanes_[place.handler].queues[place.group].emplace(place.key, &work);
  run_next_soon();
}

void Dispatcher::gives_way(EventWork& work) {
  const auto place = places_.find(&work);
  if (place == places_.end()) return;
  const auto& [handler, group, key] = place->second;
  lanes_[handler].queues[group].erase(key);
  places_.erase(place);
}

void Dispatcher::has_run(EventWork& work) {
  const auto place = places_.find(&work);
  if (place == places_.end()) return;
  Lane& lane = lanes_[place->second.handler];
  --lane.running[place->second.group];
  --lane.total;
  --running_;
  places_.erase(place);
  run_next_soon();
}

// Not from inside its own call.
void Dispatcher::is_over(EventWork& work) {
  desk_.loop().post([this, weak = work.weak_from_this()] {
    const std::shared_ptr<EventWork> over = weak.lock();
    if (!over || works_.erase(over->event().action_key) == 0) return;
    gives_way(*over);
    const auto group = by_group_.find(over->event().group_id);
    group->second.erase(over.get());
    if (group->second.empty()) by_group_.erase(group);
    ended_(over->event());
  });
}

bool Dispatcher::has_room(const Handler& handler, const Lane& lane) const {
  return running_ < desk_.serve.concurrency && lane.total < handler.concurrency;
}

// The first of all the queues that may run.
EventWork* Dispatcher::next() {
  EventWork* first = nullptr;
  Key soonest;
  for (const Handler& handler : handlers_->all) {
    const auto lane = lanes_.find(handler.name);
    if (lane == lanes_.end() || !has_room(handler, lane->second)) continue;
    for (auto& [group, queue] : lane->second.queues) {
      if (queue.empty()) continue;
      if (handler.per_group && lane->second.running[group] >= *handler.per_group) continue;
      const auto& [key, work] = *queue.begin();
      if (first != nullptr && soonest < key) continue;
      first = work;
      soonest = key;
    }
  }
  return first;
}

// One at a time: between two, the loop may look at its sockets.
void Dispatcher::run_next_soon() {
  if (std::exchange(posted_, true)) return;
  soon_ = desk_.loop().after(Duration::zero(), [this] {
    posted_ = false;
    run_next();
  });
}

void Dispatcher::run_next() {
  if (draining_) return;
  EventWork* const work = next();
  if (work == nullptr) return;
  const auto& [handler, group, key] = places_[work];
  Lane& lane = lanes_[handler];
  lane.queues[group].erase(key);
  ++lane.running[group];
  ++lane.total;
  ++running_;
  work->run();
  run_next_soon();
}

void Dispatcher::measure(Metrics& metrics) const {
  for (const Handler& handler : handlers_->all) metrics.handlers[handler.name];
  for (auto& [name, handler] : metrics.handlers) {
    handler.queued = 0;
    handler.oldest.reset();
    const auto lane = lanes_.find(name);
    handler.running = lane == lanes_.end() ? 0 : lane->second.total;
  }
  metrics.set_aside = 0;
  for (const auto& [key, work] : works_) {
    if (work->stage() == EventWork::Stage::kAside) ++metrics.set_aside;
    if (work->stage() != EventWork::Stage::kQueued) continue;
    HandlerMetrics& handler = metrics.handlers[work->handler()->name];
    ++handler.queued;
    handler.oldest = std::min(handler.oldest.value_or(Instant::max()), work->queued_since());
  }
}

}  // namespace neap::serve
