// How long things usually take, learnt from journals made by hand.
#include "runs/history.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "json/document.h"

using namespace neap;
using namespace neap::runs;
using journal::Kind;
using std::chrono::seconds;

namespace {

constexpr UtcTime kNoon{seconds{1767268800}};
constexpr const char* kFailover = "sdrs:start_failover_protection_group";

class Journal {
 public:
  // A run whose entries follow each other as add() is told.
  void begin(const std::string& name) {
    now_ += seconds{10'000};
    begun_ = now_;
    journal::NewRun run;
    run.name = name;
    run.owner = "anna@dr-1 (pid 1)";
    run.at = now_;
    id_ = store_->create(run)->id;
    add(0, Kind::kStarted, "{}");
  }
  void add(int at, Kind kind, const std::string& body, const std::string& name = "") {
    journal::Batch batch;
    batch.run = id_;
    now_ = begun_ + seconds{at};
    batch.at = now_;
    journal::Entry entry;
    entry.kind = kind;
    entry.step = {"0", ++sequence_, 0};
    if (kind == Kind::kAccepted || kind == Kind::kDone || kind == Kind::kAnswered) {
      entry.step.sequence = --sequence_;
    }
    entry.name = name;
    const Result<json::Document> document = json::Document::parse(body);
    REQUIRE(document.has_value());
    entry.body = *document->value().as<json::Object>();
    batch.entries = {entry};
    REQUIRE(store_->commit(batch).has_value());
  }
  void step(int from, int to, int number, const std::string& name, bool good = true) {
    add(from, Kind::kRecord, fmt::format(R"({{"request":"[{},\"{}\"]"}})", number, name),
        "host.run.begin_step");
    add(to, Kind::kRecord, fmt::format(R"({{"request":"[{},{}]"}})", number, good),
        "host.run.end_step");
  }
  void end(int at, journal::Status status = journal::Status::kDone) {
    add(at, Kind::kEnded, "{}");
    journal::Batch batch;
    batch.run = id_;
    batch.at = now_;
    batch.change = journal::Change{status, {}, {}};
    REQUIRE(store_->commit(batch).has_value());
  }
  History learn(const std::string& name = "failover") { return learn_history(*store_, name); }

 private:
  std::unique_ptr<journal::Store> store_ = journal::make_memory_store();
  UtcTime now_ = kNoon;
  UtcTime begun_{};
  std::string id_;
  std::uint32_t sequence_ = 0;
};

}  // namespace

TEST_CASE("a journal without runs of the name teaches nothing") {
  Journal journal;
  journal.begin("drill");
  journal.step(0, 5, 1, "a");
  journal.end(5);
  const History history = journal.learn();
  CHECK(history.runs == 0);
  CHECK_FALSE(history.whole);
  CHECK(history.steps.empty());
}

TEST_CASE("the median of the runs that ended well counts, steps in the order of the latest") {
  Journal journal;
  for (const int took : {100, 300, 200}) {
    journal.begin("failover");
    journal.step(0, 10, 1, "find the group");
    journal.step(10, took, 2, "fail over");
    journal.end(took);
  }
  journal.begin("failover");
  journal.step(0, 9000, 1, "fail over", false);
  journal.end(9000, journal::Status::kFailed);
  const History history = journal.learn();
  CHECK(history.runs == 3);
  CHECK(history.whole == seconds{200});
  REQUIRE(history.steps.size() == 2);
  CHECK(history.steps[0].name == "find the group");
  CHECK(history.step("fail over") == seconds{190});
  CHECK_FALSE(history.step("verify"));
}

TEST_CASE("waiting for a person is no part of a step, and a run that was resumed does not count") {
  Journal journal;
  journal.begin("failover");
  journal.add(0, Kind::kRecord, R"({"request":"[1,\"confirm\"]"})", "host.run.begin_step");
  journal.add(10, Kind::kAsked, R"({"question":"Sure?"})", "host.run.ask");
  journal.add(500, Kind::kAnswered, R"({"yes":true})", "host.run.ask");
  journal.add(510, Kind::kRecord, R"({"request":"[1,true]"})", "host.run.end_step");
  journal.end(520);
  CHECK(journal.learn().step("confirm") == seconds{20});
  CHECK(journal.learn().whole == seconds{30});
  journal.begin("failover");
  journal.add(4000, Kind::kStarted, "{}");
  journal.end(8000);
  CHECK(journal.learn().runs == 1);
}

TEST_CASE("jobs are learnt by operation, from every runbook") {
  Journal journal;
  journal.begin("drill");
  journal.add(0, Kind::kIntent, "{}", kFailover);
  journal.add(1, Kind::kAccepted, R"({"job_id":"j1"})", kFailover);
  journal.add(121, Kind::kDone, R"({"job_id":"j1"})", kFailover);
  journal.end(122);
  const History history = journal.learn();
  REQUIRE(history.jobs.size() == 1);
  CHECK(history.jobs.find("start_failover_protection_group")->second == seconds{120});
}

TEST_CASE("a step within another is known to be, so that its time counts once") {
  Journal journal;
  journal.begin("failover");
  journal.add(0, Kind::kRecord, R"({"request":"[1,\"all\"]"})", "host.run.begin_step");
  journal.step(1, 5, 2, "part");
  journal.add(9, Kind::kRecord, R"({"request":"[1,true]"})", "host.run.end_step");
  journal.end(9);
  const History history = journal.learn();
  REQUIRE(history.steps.size() == 2);
  CHECK(history.steps[0].top);
  CHECK_FALSE(history.steps[1].top);
}

TEST_CASE("twenty runs are enough") {
  Journal journal;
  for (int i = 0; i < 30; ++i) {
    journal.begin("failover");
    journal.end(i < 10 ? 5000 : 50);
  }
  CHECK(journal.learn().runs == 20);
  CHECK(journal.learn().whole == seconds{50});
}
