// The inbox in the file that SqliteStore keeps, and through its one connection.
#pragma once

#include "journal/inbox_rules.h"
#include "journal/sqlite.h"

namespace neap::journal {

class SqliteStore;

class SqliteInbox final : public Inbox, private InboxRows {
 public:
  explicit SqliteInbox(SqliteStore& store) : store_(store) {}

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

  // What is wrong with its tables, one line each. Throws sqlite::Refusal where it cannot go on.
  void check(std::vector<std::string>& wrong);

 private:
  // InboxRows; each throws sqlite::Refusal.
  std::optional<NoticeRow> notice(std::string_view message_id) override;
  std::optional<HookEvent> event(std::string_view id) override;
  std::optional<HookEvent> event_of(std::string_view action_key) override;
  void add(const NoticeRow& notice) override;
  void add(const HookEvent& event) override;
  void put(const HookEvent& event) override;
  void put(const Wish& wish) override;
  void remove(const Wish& wish) override;

  sqlite::Database& db();
  // Whole rows, each checked against its seal.
  NoticeRow notice_of(const sqlite::Statement& row);
  HookEvent event_row(const sqlite::Statement& row);
  Wish wish_of(const sqlite::Statement& row);
  std::size_t forget_events(UtcTime before);
  std::size_t forget_notices(UtcTime before);

  SqliteStore& store_;
};

}  // namespace neap::journal
