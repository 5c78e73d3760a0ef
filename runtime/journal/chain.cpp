#include "journal/chain.h"

#include <cmath>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "base/text.h"
#include "json/writer.h"

namespace neap::journal {
namespace {

constexpr std::size_t kDeepest = 500;  // levels of a body; the reader takes more
constexpr json::Limits kReadable{std::size_t{1} << 30, kDeepest + 100, std::size_t{1} << 30, false};

bool can_be_read_back(const json::Value& value, std::size_t levels) {
  if (const auto* number = value.as<double>()) return std::isfinite(*number);
  if (const auto* items = value.as<json::Array>()) {
    if (levels == 0) return false;
    for (const json::Value& item : *items) {
      if (!can_be_read_back(item, levels - 1)) return false;
    }
  }
  if (const auto* object = value.as<json::Object>()) {
    if (levels == 0) return false;
    for (const auto& [key, member] : *object) {
      if (!can_be_read_back(member, levels - 1)) return false;
    }
  }
  return true;
}

EntryRow row_of(const Entry& entry, std::string body) {
  EntryRow row;
  row.kind = to_text(entry.kind);
  row.task = entry.step.task;
  row.sequence = entry.step.sequence;
  row.generation = entry.step.generation;
  row.name = entry.name;
  row.digest = entry.digest;
  row.where = entry.where;
  row.body = std::move(body);
  return row;
}

}  // namespace

Result<std::string> storable(const json::Object& object, std::string_view what) {
  const json::Value value(object);
  if (can_be_read_back(value, kDeepest)) return json::write(value);
  return fail(
      ErrorKind::kArgument,
      fmt::format("{} cannot be kept: it is nested deeper than {} levels, or holds a number "
                  "that is not finite",
                  what, kDeepest),
      "return a smaller part of it, or a text");
}

Error damaged(std::string_view what) {
  return Error{ErrorKind::kInternal, fmt::format("the journal is damaged: {}", what),
               "neap doctor lists all that is wrong; restore the journal from a copy"};
}

// Every field with its length before it, so that no two rows have one canonical text.
Chain& Chain::add(std::string_view field) {
  const fmt::format_int size(field.size());
  canonical_.append(size.data(), size.size());
  canonical_ += ':';
  canonical_.append(field);
  return *this;
}

Chain& Chain::add(std::int64_t number) {
  const fmt::format_int digits(number);
  canonical_.append(digits.data(), digits.size());
  canonical_ += ';';
  return *this;
}

std::string Chain::take() {
  std::string hash = to_hex(sha_.digest(canonical_));
  canonical_.clear();
  return hash;
}

std::string Chain::beginning(const RunRow& row) {
  const Run& run = row.run;
  return add("run")
      .add(run.id)
      .add(run.name)
      .add(to_milliseconds(run.created))
      .add(row.facts)
      .take();
}

std::string Chain::seal(const RunRow& row) {
  const Run& run = row.run;
  add("seal").add(run.id).add(run.name).add(to_text(run.status)).add(run.epoch);
  add(to_milliseconds(run.created)).add(to_milliseconds(run.changed)).add(run.owner);
  add(run.waiting).add(run.error).add(run.position).add(run.hash).add(row.facts);
  return take();
}

std::string Chain::seal(const Lock& lock) {
  add("lock").add(lock.resource).add(lock.run).add(lock.run_name).add(lock.owner);
  return add(to_milliseconds(lock.since)).add(lock.epoch).take();
}

std::string Chain::seal(const HookEvent& event) {
  add("event").add(event.id).add(event.action_key).add(event.group_id).add(event.group_name);
  add(event.instance_id).add(event.instance_name).add(event.instance_ip).add(event.hook_name);
  add(event.hook_type).add(event.metadata).add(event.source).add(to_text(event.status));
  add(to_milliseconds(event.created)).add(to_milliseconds(event.changed));
  add(to_milliseconds(event.deadline))
      .add(event.attempts)
      .add(event.interrupts)
      .add(event.extends)
      .add(event.result);
  add(event.error).add(std::int64_t{event.notified}).add(event.path).add(event.run);
  return take();
}

std::string Chain::seal(const NoticeRow& row) {
  const Notice& notice = row.notice;
  add("message").add(notice.message_id).add(notice.topic_urn).add(to_milliseconds(notice.received));
  return add(to_milliseconds(notice.timestamp)).add(row.event).take();
}

std::string Chain::seal(const Wish& wish) {
  add("wish").add(wish.event).add(wish.what).add(wish.by);
  return add(to_milliseconds(wish.at)).take();
}

std::string Chain::link(std::string_view previous, std::string_view run, const EntryRow& entry) {
  add(previous).add(run).add(entry.position).add(entry.at).add(entry.kind).add(entry.task);
  add(entry.sequence).add(entry.generation).add(entry.name).add(entry.digest).add(entry.where);
  return add(entry.body).take();
}

Result<std::vector<EntryRow>> Chain::append(RunRow& row, const std::vector<Entry>& entries,
                                            UtcTime at) {
  std::vector<EntryRow> rows;
  rows.reserve(entries.size());
  for (const Entry& entry : entries) {
    Result<std::string> body = storable(entry.body, entry.name.empty() ? "an entry" : entry.name);
    if (!body) return tl::unexpected(std::move(body.error()));
    EntryRow& next = rows.emplace_back(row_of(entry, *std::move(body)));
    next.position = row.run.position + (fault::bug("journal.gap") ? 2 : 1);
    next.at = to_milliseconds(at);
    next.hash = link(fault::bug("journal.unlinked_hash") ? "" : row.run.hash, row.run.id, next);
    row.run.position = next.position;
    row.run.hash = next.hash;
  }
  return rows;
}

Result<Logged> Chain::interpret(EntryRow row) {
  const std::optional<Kind> kind = parse_kind(row.kind);
  Result<json::Document> body = parser_.parse(row.body, kReadable);
  if (!kind || !body) {
    return tl::unexpected(damaged(kind ? "its body is no JSON" : "its kind is unknown"));
  }
  json::Value value = body->value();
  const auto* members = value.as<json::Object>();
  if (members == nullptr) return tl::unexpected(damaged("its body is no object"));
  Logged logged;
  logged.kind = *kind;
  logged.step = {std::move(row.task), static_cast<std::uint32_t>(row.sequence),
                 static_cast<std::uint32_t>(row.generation)};
  logged.name = std::move(row.name);
  logged.digest = std::move(row.digest);
  logged.where = std::move(row.where);
  logged.body = *members;
  logged.position = row.position;
  logged.at = from_milliseconds(row.at);
  logged.hash = std::move(row.hash);
  return logged;
}

Result<std::vector<Logged>> Chain::read(const RunRow& row, std::string previous,
                                        std::int64_t position, std::vector<EntryRow> rows) {
  const auto wrong = [&](std::string_view what) {
    return tl::unexpected(damaged(fmt::format("run {}, entry {}: {}", row.run.id, position, what)));
  };
  std::vector<Logged> entries;
  entries.reserve(rows.size());
  for (EntryRow& next : rows) {
    ++position;
    if (next.position != position) {
      return wrong(fmt::format("it is missing, and {} follows", next.position));
    }
    if (link(previous, row.run.id, next) != next.hash) {
      return wrong("it does not have the hash that it was written with");
    }
    previous = next.hash;
    Result<Logged> entry = interpret(std::move(next));
    if (!entry) return wrong(entry.error().message);
    entries.push_back(*std::move(entry));
  }
  if (position != row.run.position) {
    return wrong(fmt::format("it is the last, and the run ends with {}", row.run.position));
  }
  if (previous != row.run.hash) return wrong("it is not the one that the run ended with");
  return entries;
}

Salvage Chain::salvage(const RunRow& row, std::vector<EntryRow> rows) {
  Salvage found;
  std::string previous = beginning(row);
  std::int64_t position = 0;
  const auto wrong = [&](std::string_view what) {
    found.damage.push_back(fmt::format("entry {}: {}", position, what));
  };
  for (EntryRow& next : rows) {
    ++position;
    if (next.position != position) {
      wrong(fmt::format("it is missing, and {} follows", next.position));
      position = next.position;
    } else if (link(previous, row.run.id, next) != next.hash) {
      wrong("it does not have the hash that it was written with");
    }
    previous = next.hash;
    Result<Logged> entry = interpret(std::move(next));
    if (!entry) {
      wrong(entry.error().message);
      continue;
    }
    found.entries.push_back(*std::move(entry));
  }
  if (position != row.run.position || previous != row.run.hash) {
    wrong(fmt::format("it is the last, and the run ended with {}", row.run.position));
  }
  return found;
}

Result<Run> Chain::read(const RunRow& row) {
  const Result<json::Document> facts = parser_.parse(row.facts, kReadable);
  const json::Value value = facts ? facts->value() : json::Value();
  const auto* members = value.as<json::Object>();
  if (members == nullptr) {
    return tl::unexpected(damaged(fmt::format("run {}: its facts are no object", row.run.id)));
  }
  Run run = row.run;
  run.facts = *members;
  return run;
}

}  // namespace neap::journal
