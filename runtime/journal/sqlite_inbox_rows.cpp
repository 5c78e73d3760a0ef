// How SqliteInbox's rows go to the file and come back, each checked against its seal. `SELECT *`
// gives the columns in the order of schema.cpp; what a later migration adds comes behind them.
#include <fmt/format.h>

#include "base/text.h"
#include "journal/chain.h"
#include "journal/sqlite_inbox.h"
#include "journal/sqlite_store.h"

namespace neap::journal {

sqlite::Database& SqliteInbox::db() {
  return store_.database();
}

NoticeRow SqliteInbox::notice_of(const sqlite::Statement& row) {
  NoticeRow found{{row.text(1), row.text(2), from_milliseconds(row.integer(3)),
                   from_milliseconds(row.integer(4))},
                  row.text(5)};
  if (store_.chain().seal(found) == row.text(6)) return found;
  throw sqlite::Refusal(damaged(fmt::format("message {}: its row is not what was written",
                                            printable(found.notice.message_id))));
}

HookEvent SqliteInbox::event_row(const sqlite::Statement& row) {
  HookEvent event;
  event.id = row.text(1);
  event.action_key = row.text(2);
  event.group_id = row.text(3);
  event.group_name = row.text(4);
  event.instance_id = row.text(5);
  event.instance_name = row.text(6);
  event.instance_ip = row.text(7);
  event.hook_name = row.text(8);
  event.hook_type = row.text(9);
  event.metadata = row.text(10);
  event.source = row.text(11);
  const std::optional<EventStatus> status = parse_event_status(row.text(12));
  event.status = status.value_or(EventStatus::kOpen);
  event.created = from_milliseconds(row.integer(13));
  event.changed = from_milliseconds(row.integer(14));
  event.deadline = from_milliseconds(row.integer(15));
  event.attempts = row.integer(16);
  event.interrupts = row.integer(17);
  event.extends = row.integer(18);
  event.result = row.text(19);
  event.error = row.text(20);
  event.notified = row.integer(21) == 1;
  const bool flag = row.integer(21) == 0 || event.notified;
  event.path = row.text(22);
  event.run = row.text(23);
  if (status && flag && store_.chain().seal(event) == row.text(24)) return event;
  throw sqlite::Refusal(
      damaged(fmt::format("event {}: its row is not what was written", printable(event.id))));
}

Wish SqliteInbox::wish_of(const sqlite::Statement& row) {
  Wish wish{row.text(0), row.text(1), row.text(2), from_milliseconds(row.integer(3))};
  if (store_.chain().seal(wish) == row.text(4)) return wish;
  throw sqlite::Refusal(damaged(
      fmt::format("the wish about event {} is not what was written", printable(wish.event))));
}

std::optional<NoticeRow> SqliteInbox::notice(std::string_view message_id) {
  sqlite::Statement row = db().query("SELECT * FROM message WHERE id = ?");
  row.bind(1, message_id);
  if (!row.step()) return std::nullopt;
  NoticeRow found = notice_of(row);
  if (found.notice.message_id == message_id) return found;
  throw sqlite::Refusal(damaged("the index of messages leads to another"));
}

std::optional<HookEvent> SqliteInbox::event(std::string_view id) {
  sqlite::Statement row = db().query("SELECT * FROM event WHERE id = ?");
  row.bind(1, id);
  if (!row.step()) return std::nullopt;
  HookEvent found = event_row(row);
  if (found.id == id) return found;
  throw sqlite::Refusal(damaged("the index of events leads to another"));
}

std::optional<HookEvent> SqliteInbox::event_of(std::string_view action_key) {
  sqlite::Statement row = db().query("SELECT * FROM event WHERE action_key = ?");
  row.bind(1, action_key);
  if (!row.step()) return std::nullopt;
  HookEvent found = event_row(row);
  if (found.action_key == action_key) return found;
  throw sqlite::Refusal(damaged("the index of action keys leads to another"));
}

void SqliteInbox::add(const NoticeRow& row) {
  const Notice& notice = row.notice;
  db().run(
      "INSERT INTO message(id, topic, received, stamped, event, seal) VALUES(?, ?, ?, ?, ?, ?)",
      std::string_view(notice.message_id), std::string_view(notice.topic_urn),
      to_milliseconds(notice.received), to_milliseconds(notice.timestamp),
      std::string_view(row.event), std::string_view(store_.chain().seal(row)));
}

void SqliteInbox::add(const HookEvent& event) {
  db().run(
      "INSERT INTO event(id, action_key, group_id, group_name, instance_id, instance_name, "
      "instance_ip, hook_name, hook_type, metadata, source, status, created, changed, deadline, "
      "attempts, interrupts, extends, result, error, notified, path, run, seal) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      std::string_view(event.id), std::string_view(event.action_key),
      std::string_view(event.group_id), std::string_view(event.group_name),
      std::string_view(event.instance_id), std::string_view(event.instance_name),
      std::string_view(event.instance_ip), std::string_view(event.hook_name),
      std::string_view(event.hook_type), std::string_view(event.metadata),
      std::string_view(event.source), to_text(event.status), to_milliseconds(event.created),
      to_milliseconds(event.changed), to_milliseconds(event.deadline), event.attempts,
      event.interrupts, event.extends, std::string_view(event.result),
      std::string_view(event.error), std::int64_t{event.notified}, std::string_view(event.path),
      std::string_view(event.run), std::string_view(store_.chain().seal(event)));
}

void SqliteInbox::put(const HookEvent& event) {
  db().run(
      "UPDATE event SET group_id = ?, group_name = ?, instance_id = ?, instance_name = ?, "
      "instance_ip = ?, hook_name = ?, hook_type = ?, metadata = ?, source = ?, status = ?, "
      "changed = ?, deadline = ?, attempts = ?, interrupts = ?, extends = ?, result = ?, error = "
      "?, notified = ?, "
      "path = ?, run = ?, seal = ? WHERE id = ?",
      std::string_view(event.group_id), std::string_view(event.group_name),
      std::string_view(event.instance_id), std::string_view(event.instance_name),
      std::string_view(event.instance_ip), std::string_view(event.hook_name),
      std::string_view(event.hook_type), std::string_view(event.metadata),
      std::string_view(event.source), to_text(event.status), to_milliseconds(event.changed),
      to_milliseconds(event.deadline), event.attempts, event.interrupts, event.extends,
      std::string_view(event.result), std::string_view(event.error), std::int64_t{event.notified},
      std::string_view(event.path), std::string_view(event.run),
      std::string_view(store_.chain().seal(event)), std::string_view(event.id));
}

void SqliteInbox::put(const Wish& wish) {
  db().run("INSERT OR REPLACE INTO wish(event, what, by, at, seal) VALUES(?, ?, ?, ?, ?)",
           std::string_view(wish.event), std::string_view(wish.what), std::string_view(wish.by),
           to_milliseconds(wish.at), std::string_view(store_.chain().seal(wish)));
}

void SqliteInbox::remove(const Wish& wish) {
  db().run("DELETE FROM wish WHERE event = ? AND seal = ?", std::string_view(wish.event),
           std::string_view(store_.chain().seal(wish)));
}

// Rows whose seals hold say what was written, so what was never written is not looked for; but a
// row that the indexes lose is.
void SqliteInbox::check(std::vector<std::string>& wrong) {
  const auto each = [&](const char* sql, auto read) {
    sqlite::Statement rows = db().query(sql);
    while (rows.step()) {
      try {
        if (std::string problem = read(rows); !problem.empty()) wrong.push_back(problem);
      } catch (const sqlite::Refusal& refusal) {
        wrong.push_back(refusal.error.message);
      }
    }
  };
  each("SELECT * FROM event ORDER BY number", [&](const sqlite::Statement& row) -> std::string {
    const HookEvent found = event_row(row);
    const std::optional<HookEvent> by_key = event_of(found.action_key);
    if (event(found.id) && by_key && by_key->id == found.id && !found.action_key.empty()) return {};
    return fmt::format("event {} cannot be found by its id and its action key", found.id);
  });
  each("SELECT * FROM message ORDER BY number", [&](const sqlite::Statement& row) -> std::string {
    const std::string id = notice_of(row).notice.message_id;
    if (notice(id)) return {};
    return fmt::format("message {} cannot be found by its id", printable(id));
  });
  each("SELECT * FROM wish ORDER BY event", [&](const sqlite::Statement& row) -> std::string {
    const Wish found = wish_of(row);
    if (is_wish(found.what) && event(found.event)) return {};
    return fmt::format("the wish about event {} is about nothing, or asks for what nobody can do",
                       printable(found.event));
  });
}

}  // namespace neap::journal
