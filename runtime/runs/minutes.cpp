#include "runs/minutes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "json/writer.h"
#include "lua/record.h"

namespace neap::runs {
namespace {

using journal::Kind;
using journal::Logged;

constexpr std::string_view kHeader = "header";
constexpr std::array<std::string_view, 4> kKept{"step_started", "step_skipped", "note",
                                                "cleanup_failed"};
constexpr std::size_t kMostText = 4096;  // bytes that are kept of one text

// Where what a resumed run does anew begins.
std::int64_t end_of_replay(const journal::RunLog& log) {
  std::int64_t end = log.records().empty() ? 0 : log.records().back().position;
  for (const Logged& entry : log.all()) {
    if (entry.kind == Kind::kRewound) end = std::max(end, entry.position);
  }
  return end;
}

json::Object shortened(const json::Object& fields) {
  json::Object body;
  for (const auto& [key, value] : fields) {
    const auto* text = value.as<std::string>();
    body.set(key, text != nullptr ? json::Value(lua::cut(*text, kMostText)) : value);
  }
  return body;
}

}  // namespace

void Minutes::open(journal::RunLog& log) {
  log_ = &log;
  const std::int64_t end = end_of_replay(log);
  for (const Logged& entry : log.all()) {
    if (entry.kind == Kind::kNoted && entry.position > end) told_.push_back(entry);
  }
}

void Minutes::keep_header(const json::Object& description) {
  if (log_ == nullptr) return;
  const std::vector<Logged>& all = log_->all();
  const bool known = std::any_of(all.begin(), all.end(), [](const Logged& entry) {
    return entry.kind == Kind::kNoted && entry.name == kHeader;
  });
  if (known) return;
  json::Object body;
  for (const char* field : {"summary", "rto"}) {
    const std::string text = description.text(field);
    if (!text.empty()) body.set(field, lua::cut(text, kMostText));
  }
  add(kHeader, std::move(body));
}

void Minutes::keep(const RunEvent& event) {
  if (log_ == nullptr) return;
  if (std::find(kKept.begin(), kKept.end(), event.name) == kKept.end()) return;
  json::Object body = shortened(event.fields);
  // As texts: what was read back has whole numbers where Lua has doubles.
  const std::string text = json::write(json::Value(body));
  const auto told = std::find_if(told_.begin(), told_.end(), [&](const journal::Entry& entry) {
    return entry.name == event.name && json::write(json::Value(entry.body)) == text;
  });
  if (told != told_.end()) {
    told_.erase(told);
    return;
  }
  add(event.name, std::move(body));
}

void Minutes::add(std::string_view name, json::Object body) {
  journal::Entry entry;
  entry.kind = Kind::kNoted;
  entry.name = name;
  entry.body = std::move(body);
  log_->add(std::move(entry));
}

}  // namespace neap::runs
