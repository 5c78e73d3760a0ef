#include "journal/sqlite_inbox.h"

#include <algorithm>

#include "journal/chain.h"
#include "journal/sqlite_store.h"

namespace neap::journal {

Result<std::vector<Filed>> SqliteInbox::write(std::span<const Arrival> arrivals,
                                              std::span<const HookEvent> changed,
                                              std::span<const Wish> heeded) {
  if (arrivals.empty() && changed.empty() && heeded.empty()) return {};
  return store_.write([&] { return file(*this, arrivals, changed, heeded); });
}

// By what a status is not: one that a flipped bit made of another must come up, and be refused.
Result<std::vector<HookEvent>> SqliteInbox::open_events() {
  return store_.read([&]() -> Result<std::vector<HookEvent>> {
    std::vector<HookEvent> open;
    sqlite::Statement rows = db().query(
        "SELECT * FROM event WHERE status NOT IN ('answered', 'gone', 'discarded') "
        "ORDER BY number");
    while (rows.step()) open.push_back(event_row(rows));
    return open;
  });
}

Result<std::vector<HookEvent>> SqliteInbox::events(std::optional<EventStatus> status,
                                                   std::size_t limit) {
  return store_.read([&]() -> Result<std::vector<HookEvent>> {
    sqlite::Statement rows = db().query(
        "SELECT * FROM event WHERE ?1 = '' OR status = ?1 ORDER BY number DESC LIMIT ?2");
    rows.bind(1, status ? to_text(*status) : std::string_view());
    rows.bind(2, static_cast<std::int64_t>(std::min<std::size_t>(limit, INT32_MAX)));
    std::vector<HookEvent> found;
    while (rows.step()) found.push_back(event_row(rows));
    return found;
  });
}

Result<HookEvent> SqliteInbox::find_event(std::string_view name) {
  return store_.read([&]() -> Result<HookEvent> {
    if (std::optional<HookEvent> found = event_of(name)) return *std::move(found);
    // Ids are ASCII: no text that begins with one sorts behind it and this.
    const std::string end = std::string(name) + '\x7F';
    sqlite::Statement rows =
        db().query("SELECT * FROM event WHERE id >= ? AND id < ? ORDER BY id LIMIT 2");
    rows.bind(1, name);
    rows.bind(2, std::string_view(end));
    if (name.empty() || !rows.step()) return tl::unexpected(no_such_event(name));
    HookEvent found = event_row(rows);
    if (!found.id.starts_with(name)) {
      return tl::unexpected(damaged("the index of events leads to another"));
    }
    if (found.id != name && rows.step()) {
      return tl::unexpected(ambiguous_event(name, found.id, event_row(rows).id));
    }
    return found;
  });
}

Result<void> SqliteInbox::wish(const Wish& wish) {
  return store_.write([&] { return leave(*this, wish); });
}

Result<std::vector<Wish>> SqliteInbox::wishes() {
  return store_.read([&]() -> Result<std::vector<Wish>> {
    std::vector<Wish> left;
    sqlite::Statement rows = db().query("SELECT * FROM wish ORDER BY at, event");
    while (rows.step()) left.push_back(wish_of(rows));
    return left;
  });
}

Result<Owner> SqliteInbox::claim_service() {
  Result<Owner> held = store_.hold("serve");
  if (held || held.error().kind != ErrorKind::kConflict) return held;
  return tl::unexpected(service_in_use(held.error().message));
}

Result<std::size_t> SqliteInbox::forget(UtcTime before) {
  return store_.write(
      [&]() -> Result<std::size_t> { return forget_events(before) + forget_notices(before); });
}

std::size_t SqliteInbox::forget_events(UtcTime before) {
  std::vector<std::string> old;
  {
    sqlite::Statement rows = db().query(
        "SELECT * FROM event WHERE changed < ? AND status IN ('answered', 'gone', 'discarded') "
        "LIMIT ?");
    rows.bind(1, to_milliseconds(before));
    rows.bind(2, static_cast<std::int64_t>(kForgottenAtOnce));
    while (rows.step()) old.push_back(event_row(rows).id);
  }
  for (const std::string& id : old) {
    db().run("DELETE FROM wish WHERE event = ?", std::string_view(id));
    db().run("DELETE FROM event WHERE id = ?", std::string_view(id));
  }
  return old.size();
}

std::size_t SqliteInbox::forget_notices(UtcTime before) {
  std::vector<std::string> old;
  {
    sqlite::Statement rows = db().query("SELECT * FROM message WHERE received < ? LIMIT ?");
    rows.bind(1, to_milliseconds(before));
    rows.bind(2, static_cast<std::int64_t>(kForgottenAtOnce));
    while (rows.step()) old.push_back(notice_of(rows).notice.message_id);
  }
  for (const std::string& id : old) {
    db().run("DELETE FROM message WHERE id = ?", std::string_view(id));
  }
  return old.size();
}

}  // namespace neap::journal
