// The inbox of the store in memory: the rows of the real one in plain containers, under the same
// rules.
#pragma once

#include <map>
#include <memory>

#include "journal/inbox_rules.h"

namespace neap::journal {

class MemoryInbox final : public Inbox, private InboxRows {
 public:
  Result<std::vector<Filed>> write(std::span<const Arrival> arrivals,
                                   std::span<const HookEvent> changed,
                                   std::span<const Wish> heeded) override;
  Result<std::vector<HookEvent>> open_events() override;
  Result<std::vector<HookEvent>> events(std::optional<EventStatus> status,
                                        std::size_t limit) override;
  Result<HookEvent> find_event(std::string_view name) override;
  Result<void> wish(const Wish& wish) override;
  Result<std::vector<Wish>> wishes() override;
  Result<Owner> claim_service() override;
  Result<std::size_t> forget(UtcTime before) override;

 private:
  std::optional<NoticeRow> notice(std::string_view message_id) override;
  std::optional<HookEvent> event(std::string_view id) override;
  std::optional<HookEvent> event_of(std::string_view action_key) override;
  void add(const NoticeRow& notice) override;
  void add(const HookEvent& event) override;
  void put(const HookEvent& event) override;
  void put(const Wish& wish) override;
  void remove(const Wish& wish) override;

  // By number, which grows from one to the next.
  std::map<std::int64_t, NoticeRow> notices_;
  std::map<std::int64_t, HookEvent> events_;
  std::map<std::string, std::int64_t, std::less<>> by_message_;
  std::map<std::string, std::int64_t, std::less<>> by_id_;
  std::map<std::string, std::int64_t, std::less<>> by_key_;
  std::map<std::string, Wish, std::less<>> wishes_;
  std::int64_t last_number_ = 0;
  std::shared_ptr<bool> served_ = std::make_shared<bool>(false);
};

}  // namespace neap::journal
