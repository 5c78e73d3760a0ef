// A run whose log is made by hand, for tests of what is said about runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "journal/store.h"
#include "json/document.h"

namespace neap::app {

inline constexpr UtcTime kNoon{std::chrono::seconds{1767268800}};  // 2026-01-01T12:00:00Z

inline json::Object object_of(const std::string& text) {
  const Result<json::Document> document = json::Document::parse(text);
  REQUIRE(document.has_value());
  return *document->value().as<json::Object>();
}

inline journal::Entry entry_of(journal::Kind kind, const std::string& step, const std::string& name,
                               const std::string& body) {
  journal::Entry entry;
  entry.kind = kind;
  if (!step.empty()) entry.step = *journal::parse_step(step);
  entry.name = name;
  entry.where = name.empty() ? "" : "failover.lua:12";
  entry.digest = name.empty() ? "" : "d1";
  entry.body = object_of(body);
  return entry;
}

// In a store in memory; each entry a second after the one before, from kNoon on.
class SampleRun {
 public:
  explicit SampleRun(const std::string& name = "failover") {
    journal::NewRun run;
    run.id = "7k2m9qx4ab";
    run.name = name;
    run.owner = "anna@dr-1 (pid 4711)";
    run.at = kNoon;
    run.facts = object_of(R"({"words":["--group","demo"],"operator":"anna@dr-1",
        "endpoint":"https://sdrs.example.com","region":"cn-north-4","project":"p1",
        "script":"0123456789abcdef0123456789abcdef"})");
    REQUIRE(store_->create(run).has_value());
  }

  void add(journal::Kind kind, const std::string& step, const std::string& name,
           const std::string& body) {
    journal::Batch batch;
    batch.run = id();
    batch.at = kNoon + std::chrono::seconds{++seconds_};
    batch.entries = {entry_of(kind, step, name, body)};
    const auto committed = store_->commit(batch);
    INFO((committed ? std::string() : committed.error().message));
    REQUIRE(committed.has_value());
  }
  void change(journal::Status status, const std::string& waiting = {},
              const std::string& error = {}) {
    journal::Batch batch;
    batch.run = id();
    batch.at = kNoon + std::chrono::seconds{seconds_};
    batch.change = journal::Change{status, waiting, error};
    REQUIRE(store_->commit(batch).has_value());
  }

  journal::Store& store() { return *store_; }
  std::string id() const { return "7k2m9qx4ab"; }
  journal::Run run() { return *store_->find(id()); }
  std::vector<journal::Logged> log() { return *store_->log(id()); }

  // A failover that was sent and never answered; it may take effect until 12:15:00.
  void lose_failover() {
    const std::string name = "start_failover_protection_group";
    add(journal::Kind::kIntent, "0#12", name,
        R"({"operation":"start_failover_protection_group","class":"G",
            "snapshot":{"name":"demo","status":"protected","priority_station":"source"}})");
    add(journal::Kind::kSent, "0#12", name,
        R"({"attempt":1,"sign_time":"2026-01-01T12:00:02.000Z",
            "valid_until":"2026-01-01T12:15:00.000Z"})");
    add(journal::Kind::kUnknown, "0#12", name,
        R"j({"attempt":1,"why":"the answer was lost (the connection was closed)"})j");
    change(journal::Status::kInDoubt, "start_failover_protection_group is in doubt");
  }
  // A question that stands until 12:30:00.
  void ask(const std::string& step = "0#7", const std::string& question = "Fail demo over?") {
    add(journal::Kind::kAsked, step, "host.run.ask",
        R"({"question":")" + question + R"(","deadline":"2026-01-01T12:30:00.000Z"})");
    change(journal::Status::kWaiting, "waits for approval: " + question);
  }

 private:
  std::unique_ptr<journal::Store> store_ = journal::make_memory_store();
  int seconds_ = 0;
};

}  // namespace neap::app
