#include "journal/memory_inbox.h"

#include <algorithm>
#include <utility>

namespace neap::journal {
namespace {

class Service {
 public:
  explicit Service(std::shared_ptr<bool> served) : served_(std::move(served)) { *served_ = true; }
  Service(Service&&) = default;
  ~Service() {
    if (served_) *served_ = false;
  }

 private:
  std::shared_ptr<bool> served_;
};

}  // namespace

Result<std::vector<Filed>> MemoryInbox::write(std::span<const Arrival> arrivals,
                                              std::span<const HookEvent> changed,
                                              std::span<const Wish> heeded) {
  return file(*this, arrivals, changed, heeded);
}

Result<std::vector<HookEvent>> MemoryInbox::open_events() {
  std::vector<HookEvent> open;
  for (const auto& [number, event] : events_) {
    if (is_open(event.status)) open.push_back(event);
  }
  return open;
}

Result<std::vector<HookEvent>> MemoryInbox::events(std::optional<EventStatus> status,
                                                   std::size_t limit) {
  std::vector<HookEvent> found;
  for (auto it = events_.rbegin(); it != events_.rend() && found.size() < limit; ++it) {
    if (!status || it->second.status == *status) found.push_back(it->second);
  }
  return found;
}

Result<HookEvent> MemoryInbox::find_event(std::string_view name) {
  if (std::optional<HookEvent> found = event_of(name)) return *std::move(found);
  const auto found = by_id_.lower_bound(name);
  if (name.empty() || found == by_id_.end() || !found->first.starts_with(name)) {
    return tl::unexpected(no_such_event(name));
  }
  const auto next = std::next(found);
  if (found->first != name && next != by_id_.end() && next->first.starts_with(name)) {
    return tl::unexpected(ambiguous_event(name, found->first, next->first));
  }
  return events_.at(found->second);
}

Result<void> MemoryInbox::wish(const Wish& wish) {
  return leave(*this, wish);
}

Result<std::vector<Wish>> MemoryInbox::wishes() {
  std::vector<Wish> left;
  for (const auto& [event, wish] : wishes_) left.push_back(wish);
  std::stable_sort(left.begin(), left.end(),
                   [](const Wish& a, const Wish& b) { return a.at < b.at; });
  return left;
}

Result<Owner> MemoryInbox::claim_service() {
  if (*served_) return tl::unexpected(service_in_use("this process"));
  return Owner{Service(served_)};
}

Result<std::size_t> MemoryInbox::forget(UtcTime before) {
  std::size_t ended = 0;
  for (auto it = events_.begin(); it != events_.end() && ended < kForgottenAtOnce;) {
    const HookEvent& event = it->second;
    if (is_open(event.status) || event.changed >= before) {
      ++it;
      continue;
    }
    by_id_.erase(event.id);
    by_key_.erase(event.action_key);
    wishes_.erase(event.id);
    it = events_.erase(it);
    ++ended;
  }
  std::size_t received = 0;
  for (auto it = notices_.begin(); it != notices_.end() && received < kForgottenAtOnce;) {
    if (it->second.notice.received >= before) {
      ++it;
      continue;
    }
    by_message_.erase(it->second.notice.message_id);
    it = notices_.erase(it);
    ++received;
  }
  return ended + received;
}

std::optional<NoticeRow> MemoryInbox::notice(std::string_view message_id) {
  const auto found = by_message_.find(message_id);
  if (found == by_message_.end()) return std::nullopt;
  return notices_.at(found->second);
}

std::optional<HookEvent> MemoryInbox::event(std::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return events_.at(found->second);
}

std::optional<HookEvent> MemoryInbox::event_of(std::string_view action_key) {
  const auto found = by_key_.find(action_key);
  if (found == by_key_.end()) return std::nullopt;
  return events_.at(found->second);
}

void MemoryInbox::add(const NoticeRow& row) {
  by_message_[row.notice.message_id] = ++last_number_;
  notices_[last_number_] = row;
}

void MemoryInbox::add(const HookEvent& event) {
  by_id_[event.id] = ++last_number_;
  by_key_[event.action_key] = last_number_;
  events_[last_number_] = event;
}

void MemoryInbox::put(const HookEvent& event) {
  events_.at(by_id_.find(event.id)->second) = event;
}

void MemoryInbox::put(const Wish& wish) {
  wishes_[wish.event] = wish;
}

void MemoryInbox::remove(const Wish& wish) {
  const auto found = wishes_.find(wish.event);
  if (found != wishes_.end() && found->second == wish) wishes_.erase(found);
}

}  // namespace neap::journal
