// Logs made by hand: a good one passes, and each with one thing wrong breaks the rule that it
// should.
#include "journal/check.h"

#include <catch2/catch.hpp>

using namespace neap;
using namespace neap::journal;
using namespace std::chrono_literals;

namespace {

constexpr UtcTime kMorning{std::chrono::seconds{1767225600}};
const Step kFailover{"0", 3, 0};

json::Object body_of(std::vector<json::Member> members) {
  return json::Object(std::move(members));
}

// The log of a run that fails one group over, as it stands after each call.
class LogBook {
 public:
  LogBook() { add(Kind::kStarted, {{"epoch", 1}, {"how", "run"}}, {"0", 0, 0}); }

  LogBook& add(Kind kind, std::vector<json::Member> body, Step step = kFailover) {
    Logged entry;
    entry.kind = kind;
    entry.step = step;
    if (kind >= Kind::kIntent && kind <= Kind::kResolved) {
      entry.name = "sdrs:start_failover_protection_group";
      entry.digest = "d1";
    }
    entry.body = body_of(std::move(body));
    entry.position = static_cast<std::int64_t>(log.size()) + 1;
    entry.at = now;
    log.push_back(std::move(entry));
    return *this;
  }
  LogBook& record(std::uint32_t sequence) {
    return add(Kind::kRecord, {{"values", json::Array{1}}}, {"0", sequence, 0});
  }
  LogBook& intent(const char* effect_class = "G") {
    add(Kind::kLocked, {{"resource", "server_group g1"}, {"epoch", 1}}, {"0", 0, 0});
    return add(Kind::kIntent,
               {{"operation", "sdrs:start_failover_protection_group"},
                {"class", effect_class},
                {"snapshot", body_of({{"status", "protected"}, {"priority_station", "source"}})},
                {"locks", json::Array{"server_group g1"}}});
  }
  LogBook& sent(int attempt = 1) {
    const UtcTime until = now + 15min;
    return add(Kind::kSent, {{"attempt", attempt},
                             {"valid_until", format_iso(until)},
                             {"request", "r1"},
                             {"epoch", 1},
                             {"license", attempt == 1 ? "" : "P3"}});
  }
  LogBook& accepted(int attempt = 1) {
    return add(Kind::kAccepted, {{"attempt", attempt}, {"http_status", 200}, {"job_id", "j1"}});
  }
  LogBook& unknown(int attempt = 1) {
    return add(Kind::kUnknown, {{"attempt", attempt}, {"why", "no answer"}});
  }
  LogBook& seen(const char* station = "source", int attempt = 1) {
    return add(Kind::kObserved,
               {{"attempt", attempt},
                {"read_at", format_iso(now)},
                {"state", body_of({{"status", "protected"}, {"priority_station", station}})}});
  }
  LogBook& proof(const char* which, int attempt = 1) {
    return add(Kind::kProof, {{"attempt", attempt}, {"proof", which}});
  }
  LogBook& done() {
    return add(Kind::kDone,
               {{"evidence", json::Value("job j1 is SUCCESS")}, {"job_id", json::Value("j1")}});
  }
  LogBook& ended(const char* status = "done") {
    run.status = parse_status(status).value();
    return add(Kind::kEnded, {{"status", status}}, {"0", 0, 0});
  }
  LogBook& wait(std::chrono::milliseconds time) {
    now += time;
    return *this;
  }
  LogBook& arrived(bool took_effect = true) {
    witness.receipts.push_back({now, "POST /v1/p/server-groups/g1/action", "r1", took_effect});
    return *this;
  }

  std::vector<Violation> check() {
    run.epoch = std::max<std::int64_t>(run.epoch, 1);
    return check_run(run, log, witness);
  }
  // "I3 I7": each rule that was broken, once.
  std::string broken() {
    std::string rules;
    for (const Violation& violation : check()) {
      INFO(violation.rule << " at " << violation.position << ": " << violation.sentence);
      CHECK_FALSE(violation.sentence.empty());
      if (rules.find(violation.rule) == std::string::npos) {
        rules += (rules.empty() ? "" : " ") + violation.rule;
      }
    }
    return rules;
  }

  Run run;
  std::vector<Logged> log;
  Witness witness;
  UtcTime now = kMorning;
};

LogBook up_to_sent() {
  LogBook book;
  book.record(1).record(2).intent().sent().wait(20ms).arrived().wait(1s);
  return book;
}

// The answer was lost; nothing had arrived; the signature has run out.
LogBook long_lost() {
  LogBook book;
  book.record(1).record(2).intent().sent().wait(30s).unknown().wait(15min);
  return book;
}

}  // namespace

TEST_CASE("a log that kept every rule passes") {
  LogBook book = up_to_sent();
  book.accepted().record(3).wait(1min).done().record(4).ended();
  CHECK(book.broken().empty());
}

TEST_CASE("sending again after two reads past the signature's end passes") {
  LogBook book = long_lost();
  book.seen().wait(10s).seen().proof("P3").sent(2).arrived().wait(1s);
  book.accepted(2).record(3).done().ended();
  CHECK(book.broken().empty());
}

TEST_CASE("a run that was parked in doubt and resolved by a person passes") {
  LogBook book = long_lost();
  book.add(Kind::kOperator, {{"attempt", 1}, {"question", "did it happen?"}});
  book.run.status = Status::kInDoubt;
  CHECK(book.broken().empty());
  book.add(Kind::kResolved, {{"attempt", 1}, {"happened", false}, {"by", "anna"}});
  book.add(Kind::kStarted, {{"epoch", 2}, {"how", "resume"}}, {"0", 0, 0});
  book.proof("P4");
  book.run.epoch = 2;
  book.run.status = Status::kRunning;
  CHECK(book.broken().empty());
}

TEST_CASE("a call of a group that is sent without its lock breaks I7") {
  LogBook book = up_to_sent();
  std::erase_if(book.log, [](const Logged& entry) { return entry.kind == Kind::kLocked; });
  for (std::size_t i = 0; i < book.log.size(); ++i) {
    book.log[i].position = static_cast<std::int64_t>(i) + 1;
  }
  CHECK(book.broken() == "I7");
}

TEST_CASE("positions with a gap break I4") {
  LogBook book = up_to_sent();
  book.log.back().position += 1;
  CHECK(book.broken() == "I4");
}

TEST_CASE("time that goes back breaks I11") {
  LogBook book;
  book.record(1);
  book.log.back().at -= 1ms;
  CHECK(book.broken() == "I11");
}

TEST_CASE("an epoch that does not grow breaks I7") {
  LogBook book;
  book.add(Kind::kStarted, {{"epoch", 1}}, {"0", 0, 0});
  CHECK(book.broken() == "I7");
}

TEST_CASE("a call sent in an epoch that is over breaks I7") {
  LogBook book;
  book.record(1).record(2).intent();
  book.add(Kind::kStarted, {{"epoch", 2}}, {"0", 0, 0});
  book.run.epoch = 2;
  book.sent();
  CHECK(book.broken() == "I7");
}

TEST_CASE("a step recorded twice, or out of turn, breaks I6") {
  LogBook twice;
  twice.record(1).record(1);
  CHECK(twice.broken() == "I6");
  LogBook gap;
  gap.record(1).record(3);
  CHECK(gap.broken() == "I6");
}

TEST_CASE("what was rewound is recorded anew in the next generation") {
  LogBook book;
  book.record(1).record(2).record(3);
  book.add(Kind::kRewound, {{"to", 2}}, {"0", 0, 0});
  book.add(Kind::kRecord, {{"values", json::Array{1}}}, {"0", 2, 1});
  CHECK(book.broken().empty());
}

TEST_CASE("a request that changes between attempts breaks I6") {
  LogBook book = long_lost();
  book.seen().wait(10s).seen().proof("P3").sent(2);
  book.log.back().digest = "d2";
  CHECK(book.broken() == "I6");
}

TEST_CASE("another request under the same step breaks I6") {
  LogBook book = long_lost();
  book.seen().wait(10s).seen().proof("P3").sent(2);
  book.log.back().body.set("request", "another");
  CHECK(book.broken() == "I6");
}

TEST_CASE("a creation that is found by its mark is no proof of having had no effect") {
  LogBook book;
  book.record(1).record(2).intent("C").sent().unknown().wait(15min).seen().wait(10s).seen();
  book.log.back().body.set("state", body_of({{"marked", "p1"}}));
  book.proof("P3");
  CHECK(book.broken() == "I3");
}

TEST_CASE("sending again without proof breaks I3") {
  LogBook book = long_lost();
  book.sent(2);
  CHECK(book.broken() == "I3");
}

TEST_CASE("a proof by reads that is none breaks I3") {
  SECTION("one read") {
    LogBook book = long_lost();
    book.seen().proof("P3");
    CHECK(book.broken() == "I3");
  }
  SECTION("two reads in a breath") {
    LogBook book = long_lost();
    book.seen().wait(9s).seen().proof("P3");
    CHECK(book.broken() == "I3");
  }
  SECTION("reads while the signature held") {
    LogBook book;
    book.record(1).record(2).intent().sent().unknown().seen().wait(10s).seen().proof("P3");
    CHECK(book.broken() == "I3");
  }
  SECTION("a read that found another station") {
    LogBook book = long_lost();
    book.seen().wait(10s).seen("target").proof("P3");
    CHECK(book.broken() == "I3");
  }
  SECTION("an acceptance stands against it") {
    LogBook book = up_to_sent();
    book.accepted().proof("P3");
    CHECK(book.broken() == "I3");
  }
}

TEST_CASE("an operator's proof without a word of the operator's breaks I3") {
  LogBook book = long_lost();
  book.proof("P4");
  CHECK(book.broken() == "I3");
}

TEST_CASE("only a harmless call may be repeated for being harmless") {
  LogBook guarded = long_lost();
  guarded.proof("I");
  CHECK(guarded.broken() == "I3");
  LogBook harmless;
  harmless.record(1).record(2).intent("I").sent().unknown().proof("I").sent(2);
  CHECK(harmless.broken().empty());
}

TEST_CASE("a refusal that proves nothing breaks I3") {
  LogBook book = up_to_sent();
  book.add(Kind::kRefused, {{"attempt", 1}, {"error", "503"}});
  CHECK(book.broken() == "I3");
}

TEST_CASE("transitions out of order break I4") {
  SECTION("sent without an intent") {
    LogBook book;
    book.sent();
    CHECK(book.broken() == "I4");
  }
  SECTION("an answer to nothing") {
    LogBook book;
    book.intent().accepted();
    CHECK(book.broken() == "I4");
  }
  SECTION("two answers") {
    LogBook book = up_to_sent();
    book.accepted().unknown();
    CHECK(book.broken() == "I4");
  }
  SECTION("two ends") {
    LogBook book = up_to_sent();
    book.accepted().done().done();
    CHECK(book.broken() == "I4");
  }
  SECTION("resolved although it was accepted") {
    LogBook book = up_to_sent();
    book.accepted();
    book.add(Kind::kResolved, {{"attempt", 1}, {"happened", true}});
    CHECK(book.broken() == "I4");
  }
}

TEST_CASE("a call sent while a question of its task is open breaks I4") {
  LogBook book;
  book.record(1).add(Kind::kAsked, {{"question", "sure?"}}, {"0", 2, 0}).intent().sent();
  CHECK(book.broken() == "I4");
}

TEST_CASE("going on with an answer that nobody gave breaks I4") {
  LogBook book;
  book.record(1).add(Kind::kAsked, {{"question", "sure?"}}, {"0", 2, 0}).record(2);
  CHECK(book.broken() == "I4");
}

TEST_CASE("a proof of no effect that the platform contradicts breaks I3") {
  LogBook book = up_to_sent();
  book.add(Kind::kRefused, {{"attempt", 1}, {"proof", "P2"}});
  CHECK(book.broken() == "I3");
}

TEST_CASE("done without evidence, or against it, breaks I5") {
  LogBook bare = up_to_sent();
  bare.accepted().add(Kind::kDone, {});
  CHECK(bare.broken() == "I5");
  LogBook against = up_to_sent();
  against.accepted().add(
      Kind::kDone, {{"evidence", json::Value("job j1 is FAIL")}, {"job_id", json::Value("j1")}});
  CHECK(against.broken() == "I5");
  LogBook unknown = long_lost();
  unknown.done();
  CHECK(unknown.broken() == "I5");
}

TEST_CASE("an end that is not the run's, or not the last word, breaks I4") {
  LogBook other;
  other.ended("done");
  other.run.status = Status::kFailed;
  CHECK(other.broken() == "I4");
  LogBook on;
  on.ended("done").record(1);
  CHECK(on.broken() == "I4");
  LogBook in_doubt = long_lost();
  in_doubt.ended("done");
  CHECK(in_doubt.broken() == "I4");
}

TEST_CASE("a failed run that is taken up again passes") {
  LogBook book;
  book.record(1).ended("failed").add(Kind::kStarted, {{"epoch", 2}}, {"0", 0, 0});
  book.run.epoch = 2;
  book.run.status = Status::kRunning;
  CHECK(book.broken().empty());
}

TEST_CASE("a request that arrived once more than it was sent breaks I1") {
  LogBook book = up_to_sent();
  book.arrived(false);
  CHECK(book.broken() == "I1");
}

TEST_CASE("a request that arrived before it was logged, or never was, breaks I2") {
  LogBook early;
  early.record(1).record(2).intent().arrived().wait(1s).sent();
  CHECK(early.broken() == "I2");
  LogBook stray;
  stray.record(1).arrived();
  CHECK(stray.broken() == "I2");
}

TEST_CASE("two effects of one step break I12") {
  LogBook book = long_lost();
  book.arrived().seen().wait(10s).seen().proof("P3").sent(2).arrived();
  CHECK(book.broken() == "I3 I12");
}

TEST_CASE("a secret anywhere breaks I10") {
  LogBook book;
  book.record(1);
  book.witness.canaries = {"hunter2"};
  CHECK(book.broken().empty());
  book.add(Kind::kRecord, {{"values", json::Array{"it was hunter2!"}}}, {"0", 2, 0});
  CHECK(book.broken() == "I10");
}
