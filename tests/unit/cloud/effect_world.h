// A cloud of one protection group whose answers a test can lose, and a run that changes it and can
// be killed at any write of its log.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/digest.h"
#include "cloud/effect.h"
#include "cloud/poller.h"
#include "journal/check.h"
#include "journal/store.h"
#include "json/document.h"
#include "mortal_store.h"
#include "support/fault_points.h"
#include "support/scripted_transport.h"

namespace neap::test {

// What becomes of one changing request.
enum class Fate {
  kAccepted,    // it takes effect, and its answer arrives
  kAnswerLost,  // it takes effect, and its answer does not arrive
  kLost,        // it never arrives, and nobody knows
  kNotSent,     // nothing leaves this machine
  kRefused,     // the platform refuses it
  kThrottled,   // the platform refuses it for there being too many calls
  kTrouble,     // a gateway answers 503, and it never arrives
  kGarbled,     // it takes effect, and its answer is cut short
  kDelayed,     // it takes effect two minutes later, when nobody waits for it any more
};

struct EffectWorld {
  static constexpr const char* kFailover = "start_failover_protection_group";

  EffectWorld() {
    transport.otherwise = [this](const http::Request& request) { return answer(request); };
    journal::NewRun begun{.name = "test", .owner = "op@here", .facts = {}, .at = clock.utc()};
    const auto created = store->create(begun);
    REQUIRE(created);
    run_id = created->id;
    fault::reset();
    begin_process();
  }
  ~EffectWorld() {
    end_process();
    CHECK(loop.timers() == 0);
    CHECK(transport.under_way == 0);
    fault::reset();
  }

  // A process takes the run: what it knows of it is what the store holds.
  void begin_process() {
    end_process();
    mortal = std::make_unique<MortalStore>(*store);
    journal::Batch take;
    take.run = run_id;
    take.take = true;
    take.owner = "op@here";
    take.at = clock.utc();
    journal::Entry started;
    started.kind = journal::Kind::kStarted;
    started.body.set("epoch", store->find(run_id)->epoch + 1);
    take.entries.push_back(std::move(started));
    REQUIRE(store->commit(take));
    log = std::make_unique<journal::RunLog>(*mortal, clock, *store->find(run_id),
                                            *store->log(run_id));
  }
  void end_process() {
    owner.reset();
    loop.run();
    log.reset();
  }

  journal::EffectLog effect_log(const std::string& name) {
    if (!durable) return {};
    return {*log, journal::Step{"0", 1, 0}, name, "d1", "test.lua:1"};
  }
  cloud::EffectParts parts() {
    return {loop, client, [this] { ++told_sent; },
            [this](const cloud::Doubt& doubt) { doubts.push_back(doubt.seen); }, force_send};
  }

  // Begins the call and runs until nothing moves any more.
  void perform(const std::string& name = kFailover, json::Object arguments = the_group()) {
    result.reset();
    owner = cloud::perform(parts(), *cloud::find_operation("sdrs", name), std::move(arguments),
                           effect_log(name),
                           [this](Result<http::Response> r) { result = std::move(r); });
    loop.run();
  }
  void perform_raw() {
    result.reset();
    cloud::RawCall raw{
        .service = "vpc", .method = http::Method::kPost, .path = "/v1/{project_id}/vpcs"};
    owner = cloud::perform(parts(), raw, effect_log("POST vpc"),
                           [this](Result<http::Response> r) { result = std::move(r); });
    loop.run();
  }
  void resume(const std::string& name = kFailover, json::Object arguments = the_group()) {
    begin_process();
    perform(name, std::move(arguments));
  }
  // What a person says with `neap resolve`.
  void resolve(bool happened) {
    journal::Entry said;
    said.kind = journal::Kind::kResolved;
    const auto entries = *store->log(run_id);
    for (const journal::Logged& entry : entries) {
      if (entry.kind == journal::Kind::kSent) static_cast<journal::Entry&>(said) = entry;
    }
    const json::Value* attempt = said.body.find("attempt");
    json::Object body;
    if (attempt != nullptr) body.set("attempt", *attempt);
    body.set("happened", happened);
    body.set("by", "anna");
    said.kind = journal::Kind::kResolved;
    said.body = std::move(body);
    journal::Batch batch;
    batch.run = run_id;
    batch.at = clock.utc();
    batch.entries.push_back(std::move(said));
    REQUIRE(store->commit(batch));
  }

  static json::Object the_group() {
    json::Object arguments;
    arguments.set("server_group_id", "g-1");
    return arguments;
  }

  // "intent sent accepted": the transitions in the log.
  std::string kinds() {
    std::string text;
    const auto entries = *store->log(run_id);
    for (const journal::Logged& entry : entries) {
      if (entry.kind < journal::Kind::kIntent || entry.kind > journal::Kind::kResolved) continue;
      text += (text.empty() ? "" : " ") + std::string(to_text(entry.kind));
      const std::string proof = entry.body.text("proof");
      if (!proof.empty()) text += ":" + proof;
    }
    return text;
  }
  journal::Logged last(journal::Kind kind) {
    std::optional<journal::Logged> found;
    const auto entries = *store->log(run_id);
    for (const journal::Logged& entry : entries) {
      if (entry.kind == kind) found = entry;
    }
    REQUIRE(found);
    return *found;
  }
  // What a checker that knows only the log and the receipts has against the run.
  std::string violations() {
    std::string text;
    const auto entries = *store->log(run_id);
    for (const auto& wrong : journal::check_run(*store->find(run_id), entries, {receipts, {}})) {
      text += wrong.rule + ": " + wrong.sentence + "\n";
    }
    return text;
  }
  std::string body() {
    REQUIRE(result);
    if (!*result) return "error: " + describe(result->error());
    return (*result)->body;
  }
  Error error() {
    REQUIRE(result);
    REQUIRE_FALSE(*result);
    return result->error();
  }

  // The cloud.
  std::string status = "protected";
  std::string station = "source";
  std::string name = "demo";
  int changes = 0;
  bool exists = true;
  std::vector<std::pair<std::string, std::string>> created;  // ids and descriptions
  std::deque<Fate> fates;                                    // of changing requests, then kAccepted
  int reads_fail = 0;                                        // so many reads from now on
  int reads = 0;
  int effects = 0;
  std::function<void()> on_read;  // before each read is answered
  Duration works_for = std::chrono::seconds{20};
  Duration their_clock{};  // how far it is ahead of ours
  bool tells_time = false;
  std::vector<journal::Receipt> receipts;
  std::string failed_at = "2020-01-01T00:00:00.000Z";  // of the group's last failed job

  // This side.
  VirtualClock clock;
  Loop loop{clock};
  ScriptedTransport transport{loop};
  ScriptedCredentials credentials;
  Random random{1};
  cloud::Client client{loop,
                       transport,
                       credentials,
                       random,
                       {.endpoint = [](std::string_view) -> Result<std::string> {
                         return std::string("https://sdrs.example.com");
                       }}};
  std::unique_ptr<journal::Store> store = journal::make_memory_store();
  std::unique_ptr<MortalStore> mortal;
  std::unique_ptr<journal::RunLog> log;
  std::string run_id;
  bool durable = true;
  bool force_send = false;
  Owner owner;
  std::optional<Result<http::Response>> result;
  std::vector<std::string> doubts;
  int told_sent = 0;

  void set(std::string new_status, std::string new_station = "") {
    status = std::move(new_status);
    if (!new_station.empty()) station = std::move(new_station);
    ++changes;
  }
  std::size_t sends() const {
    std::size_t count = 0;
    for (const auto& sent : transport.sent) count += sent.request.method != http::Method::kGet;
    return count;
  }

 private:
  http::Headers headers() {
    if (!tells_time) return {};
    return {{"Date", format_http_date(std::chrono::floor<std::chrono::milliseconds>(clock.utc() +
                                                                                    their_clock))}};
  }

  http::Outcome answer(const http::Request& request) {
    return request.method == http::Method::kGet ? read(request) : change(request);
  }

  http::Outcome read(const http::Request& request) {
    ++reads;
    if (reads_fail > 0 && reads_fail-- > 0) return not_sent("no route");
    if (on_read) on_read();
    if (request.url.find("failure-jobs") != std::string::npos) {
      return answered(200,
                      R"({"count":1,"failure_jobs":[{"resource_id":"g-1",)"
                      R"("job_type":"failoverProtectionGroupNoCG","begin_time":")" +
                          failed_at +
                          R"(",)"
                          R"("error_code":"SDRS.1030","fail_reason":"no quorum"}]})",
                      headers());
    }
    if (request.url.find("name=") != std::string::npos) {
      const bool pairs = request.url.find("/replications") != std::string::npos;
      return list(pairs ? "replications" : "server_groups");
    }
    if (!exists) {
      return answered(400, R"({"error":{"code":"SDRS.1013","message":"m"}})", headers());
    }
    return answered(200,
                    fmt::format(R"({{"server_group":{{"id":"g-1","name":"{}","status":"{}",)"
                                R"("priority_station":"{}","updated_at":"{}"}}}})",
                                name, status, station, changes),
                    headers());
  }

  http::Outcome list(const std::string& key) {
    std::string rows;
    for (const auto& [id, description] : created) {
      rows += fmt::format(R"({}{{"id":"{}","name":"demo","description":"{}"}})",
                          rows.empty() ? "" : ",", id, description);
    }
    return answered(200, R"({"count":1,")" + key + R"(":[)" + rows + "]}", headers());
  }

  http::Outcome change(const http::Request& request) {
    Fate fate = Fate::kAccepted;
    if (!fates.empty()) {
      fate = fates.front();
      fates.pop_front();
    }
    switch (fate) {
      case Fate::kNotSent:
        return not_sent("connection refused");
      case Fate::kLost:
        return lost("connection reset");
      case Fate::kThrottled:
        receive(request, false);
        return answered(429, R"({"error_code":"APIGW.0308","error_msg":"too many"})");
      case Fate::kTrouble:
        return answered(503, R"({"error":{"code":"SDRS.1013","message":"m"}})");
      case Fate::kRefused:
        receive(request, false);
        return answered(400, R"({"error":{"code":"SDRS.1002","message":"busy"}})");
      case Fate::kDelayed:
        late_.push_back(loop.after(std::chrono::minutes{2}, [this, request] { take(request); }));
        return lost("connection reset");
      case Fate::kAnswerLost:
        take(request);
        return lost("connection reset");
      case Fate::kGarbled:
        take(request);
        return answered(200, R"({"job_)");
      case Fate::kAccepted:
        break;
    }
    return take(request);
  }

  void receive(const http::Request& request, bool took_effect) {
    const std::string what = std::string(to_text(request.method)) + " " + request.url;
    receipts.push_back({clock.utc(), what, sha256_hex(what + "\n" + request.body), took_effect});
  }

  http::Outcome take(const http::Request& request) {
    const bool failover = request.url.ends_with("/action");
    const bool allowed = !failover || status == "protected" || status == "error-failing-over";
    receive(request, allowed);
    if (!allowed) return answered(400, R"({"error":{"code":"SDRS.1002","message":"busy"}})");
    ++effects;
    const Result<json::Document> asked = json::Document::parse(request.body);
    if (request.method == http::Method::kPut) {
      name = asked->text("/server_group/name").value_or("");
      return answered(200, R"({"server_group":{"name":")" + name + "\"}}");
    }
    if (request.method == http::Method::kDelete) {
      exists = false;
    } else if (failover) {
      set("failing-over");
      late_.push_back(loop.after(works_for, [this] { set("failed-over", "target"); }));
    } else if (request.url.ends_with("/server-groups")) {
      created.emplace_back(fmt::format("new-{}", created.size()),
                           asked->text("/server_group/description").value_or(""));
    }
    return answered(200, R"({"job_id":"job-1"})");
  }

  std::vector<Loop::Timer> late_;
};

inline bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline json::Object named(std::string name) {
  json::Object arguments = EffectWorld::the_group();
  arguments.set("name", std::move(name));
  return arguments;
}

inline json::Object new_group(std::string description = "") {
  json::Object arguments;
  arguments.set("name", "demo");
  if (!description.empty()) arguments.set("description", std::move(description));
  arguments.set("source_availability_zone", "a");
  arguments.set("target_availability_zone", "b");
  arguments.set("domain_id", "d");
  arguments.set("source_vpc_id", "v");
  return arguments;
}

inline constexpr const char* kCreate = "create_protection_group";
inline constexpr const char* kRename = "update_protection_group_name";
inline constexpr const char* kDelete = "delete_protection_group";

}  // namespace neap::test
