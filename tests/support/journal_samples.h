// Runs, entries and batches that tests of journals write, in as few words as possible.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "journal/store.h"
#include "json/writer.h"

namespace neap::test {

inline constexpr UtcTime kBirth{std::chrono::seconds{1'767'225'600}};  // 2026-01-01

inline UtcTime after_birth(int seconds) {
  return kBirth + std::chrono::seconds{seconds};
}

inline journal::NewRun new_run(std::string name, std::string id = {}) {
  json::Object facts;
  facts.set("words", json::Array{"failover", "demo"});
  return {std::move(name), "anna@dr-1 (pid 4711)", std::move(facts), kBirth, std::move(id)};
}

inline journal::Entry entry(journal::Kind kind, std::uint32_t sequence, json::Object body = {}) {
  journal::Entry made;
  made.kind = kind;
  made.step.sequence = sequence;
  made.name = "sdrs:show_protection_group";
  made.digest = std::string(64, 'd');
  made.where = "failover.lua:12";
  made.body = std::move(body);
  return made;
}

inline json::Object body(std::string key, json::Value value) {
  json::Object object;
  object.set(std::move(key), std::move(value));
  return object;
}

// A record of a value.
inline journal::Entry record(std::uint32_t sequence, json::Value value) {
  return entry(journal::Kind::kRecord, sequence, body("values", json::Array{std::move(value)}));
}

inline journal::Batch batch_of(const std::string& run, std::vector<journal::Entry> entries,
                               UtcTime at = kBirth) {
  journal::Batch batch;
  batch.run = run;
  batch.entries = std::move(entries);
  batch.at = at;
  return batch;
}

// All that a run's log says, as one text.
inline std::string told(const std::vector<journal::Logged>& log) {
  std::string text;
  for (const journal::Logged& e : log) {
    text += std::to_string(e.position) + ' ' + format_iso(e.at) + ' ' +
            std::string(to_text(e.kind)) + ' ' + to_text(e.step) + ' ' + e.name + ' ' + e.digest +
            ' ' + e.where + ' ' + json::write(json::Value(e.body)) + ' ' + e.hash + '\n';
  }
  return text;
}

}  // namespace neap::test
