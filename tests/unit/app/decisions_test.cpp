// What operators may say to a run, and when.
#include "app/decisions.h"

#include <catch2/catch.hpp>

#include "runs/run_story.h"
#include "support/forwarding_store.h"
#include "unit/app/sample_run.h"

using namespace neap;
using namespace neap::app;
using journal::Kind;
using journal::Status;

namespace {

constexpr auto kMinute = std::chrono::minutes{1};

Signature anna(UtcTime at = kNoon + kMinute) {
  return {"anna@bastion", at};
}

Result<Decided> answer(SampleRun& sample, bool yes, const std::string& step = {},
                       UtcTime at = kNoon + kMinute) {
  AnswerRequest request{sample.id(), {}, yes, "checked with the data centre"};
  if (!step.empty()) request.step = *journal::parse_step(step);
  return answer_question(sample.store(), request, anna(at));
}

Result<Decided> resolve(SampleRun& sample, bool happened, UtcTime at = kNoon + 20 * kMinute,
                        bool force = false) {
  return resolve_effect(sample.store(), {sample.id(), {}, happened, "seen in the console", force},
                        anna(at));
}

void check_refused(const Result<Decided>& decided, ErrorKind kind, const std::string& words) {
  REQUIRE_FALSE(decided.has_value());
  CHECK(to_text(decided.error().kind) == to_text(kind));
  CHECK_THAT(describe(decided.error()), Catch::Contains(words));
}

// Another process takes and answers the question right before the decision is written.
class Overtaken final : public test::ForwardingStore {
 public:
  explicit Overtaken(SampleRun& sample) : ForwardingStore(sample.store()), sample_(sample) {}

  Result<journal::Committed> commit(const journal::Batch& batch) override {
    if (!std::exchange(overtaken_, true)) {
      sample_.add(Kind::kAnswered, "0#7", "host.run.ask", R"({"yes":false,"by":"bob@bastion"})");
    }
    return inner().commit(batch);
  }

 private:
  SampleRun& sample_;
  bool overtaken_ = false;
};

}  // namespace

TEST_CASE("an answer is kept with who gave it, why, and to which question") {
  SampleRun sample;
  sample.ask();
  const Result<Decided> decided = answer(sample, true);
  REQUIRE(decided.has_value());
  CHECK(decided->text == "approved by anna@bastion: Fail demo over?");
  CHECK(decided->executor.empty());
  const journal::Logged entry = sample.log().back();
  CHECK(entry.kind == Kind::kAnswered);
  CHECK(to_text(entry.step) == "0#7");
  CHECK(entry.body == object_of(R"({"yes":true,"by":"anna@bastion",
      "comment":"checked with the data centre","position":1})"));
  CHECK(sample.run().status == Status::kWaiting);
  CHECK(sample.run().waiting == "to be resumed: approved by anna@bastion: Fail demo over?");
}

TEST_CASE("a second answer is refused and told who was first") {
  SampleRun sample;
  sample.ask();
  REQUIRE(answer(sample, true).has_value());
  check_refused(answer(sample, false), ErrorKind::kConflict, "was approved by anna@bastion");
  CHECK(sample.log().size() == 2);
}

TEST_CASE("of two who answer at the same moment the later one writes nothing") {
  SampleRun sample;
  sample.ask();
  Overtaken store(sample);
  const auto decided = answer_question(store, {sample.id(), {}, true, ""}, anna());
  check_refused(decided, ErrorKind::kConflict, "was rejected by bob@bastion");
  CHECK(sample.log().size() == 2);
}

TEST_CASE("an answer goes through when the run merely went on meanwhile") {
  SampleRun sample;
  sample.ask();
  sample.add(Kind::kRecord, "0.1#3", "sdrs:show_job_status", R"({"values":[]})");
  REQUIRE(answer(sample, true).has_value());
}

TEST_CASE("after its deadline a question counts as denied") {
  SampleRun sample;
  sample.ask();
  const auto late = answer(sample, true, "", kNoon + 30 * kMinute);
  check_refused(late, ErrorKind::kPrecondition, "counts as denied");
  CHECK(sample.log().size() == 1);
}

TEST_CASE("a run that asks in several steps wants to know which is meant") {
  SampleRun sample;
  sample.ask("0.1#3", "first?");
  sample.ask("0.2#3", "second?");
  check_refused(answer(sample, true), ErrorKind::kUsage, "0.1#3, 0.2#3");
  check_refused(answer(sample, true, "0#99"), ErrorKind::kUsage, "asks nothing in step 0#99");
  REQUIRE(answer(sample, true, "0.2#3").has_value());
  // The other question still stands, so the run still says that it waits for it.
  CHECK(sample.run().waiting == "waits for approval: second?");
  REQUIRE(answer(sample, false).has_value());
}

TEST_CASE("a run that has ended takes no decision") {
  SampleRun sample;
  sample.ask();
  sample.change(Status::kDone);
  check_refused(answer(sample, true), ErrorKind::kConflict, "is done since");
  check_refused(resolve(sample, true), ErrorKind::kConflict, "is done since");
  check_refused(ask_to_cancel(sample.store(), sample.id(), "", anna()), ErrorKind::kConflict,
                "is done since");
  CHECK(sample.log().size() == 1);
}

TEST_CASE("a run in doubt that asks nothing says what it waits for instead") {
  SampleRun sample;
  sample.lose_failover();
  check_refused(answer(sample, true), ErrorKind::kConflict, "step 0#12 is in doubt");
}

TEST_CASE("a run that nobody knows is named, and where runs are listed") {
  SampleRun sample;
  const auto decided = ask_to_cancel(sample.store(), "zz\x1b[31m", "", anna());
  check_refused(decided, ErrorKind::kNotFound, "neap runs ls");
  CHECK(decided.error().message.find('\x1b') == std::string::npos);
}

TEST_CASE("a word on a call in doubt names the attempt, and is of the same request") {
  SampleRun sample;
  sample.lose_failover();
  const Result<Decided> decided = resolve(sample, true);
  REQUIRE(decided.has_value());
  const journal::Logged entry = sample.log().back();
  CHECK(entry.kind == Kind::kResolved);
  CHECK(to_text(entry.step) == "0#12");
  CHECK(entry.name == "start_failover_protection_group");
  CHECK(entry.digest == "d1");
  CHECK(entry.body == object_of(R"({"happened":true,"by":"anna@bastion",
      "why":"seen in the console","attempt":1})"));
  check_refused(resolve(sample, false), ErrorKind::kConflict, "nothing of run");
}

TEST_CASE("did-not is refused while the call may still take effect, unless forced") {
  SampleRun sample;
  sample.lose_failover();
  check_refused(resolve(sample, false, kNoon + kMinute), ErrorKind::kPrecondition,
                "may still take effect");
  REQUIRE(sample.log().size() == 3);
  SECTION("it is accepted once the call can take effect no more") {
    REQUIRE(resolve(sample, false, kNoon + 15 * kMinute).has_value());
  }
  SECTION("happened needs no waiting") {
    REQUIRE(resolve(sample, true, kNoon + kMinute).has_value());
  }
  SECTION("force is the operator's own risk") {
    REQUIRE(resolve(sample, false, kNoon + kMinute, true).has_value());
  }
}

TEST_CASE("only what is in doubt can be resolved, and only with a reason") {
  SampleRun sample;
  check_refused(resolve(sample, true), ErrorKind::kConflict, "is in doubt");
  sample.lose_failover();
  const journal::Step other{"0", 99, 0};
  check_refused(resolve_effect(sample.store(), {sample.id(), other, true, "x"}, anna()),
                ErrorKind::kUsage, "has no changing call 0#99");
  check_refused(resolve_effect(sample.store(), {sample.id(), {}, true, "  "}, anna()),
                ErrorKind::kUsage, "--why");
  sample.add(Kind::kProof, "0#12", "start_failover_protection_group",
             R"({"attempt":1,"proof":"P3"})");
  const journal::Step step{"0", 12, 0};
  check_refused(resolve_effect(sample.store(), {sample.id(), step, true, "x"}, anna()),
                ErrorKind::kConflict, "is not in doubt: had no effect");
}

TEST_CASE("a call whose answer a living process awaits is not in doubt yet") {
  SampleRun sample;
  sample.lose_failover();
  sample.add(Kind::kProof, "0#12", "start_failover_protection_group",
             R"({"attempt":1,"proof":"P3"})");
  sample.add(Kind::kSent, "0#12", "start_failover_protection_group", R"({"attempt":2})");
  Result<Owner> executing = sample.store().claim(sample.id());
  REQUIRE(executing.has_value());
  check_refused(resolve(sample, true), ErrorKind::kConflict, "waits for its answer");
  executing->reset();
  const Result<Decided> decided = resolve(sample, true);
  REQUIRE(decided.has_value());
  CHECK(sample.log().back().body.number("attempt") == 2);
}

TEST_CASE("a run that another process executes is left to it, and its row is not touched") {
  SampleRun sample;
  sample.ask();
  const Result<Owner> executing = sample.store().claim(sample.id());
  REQUIRE(executing.has_value());
  const Result<Decided> decided = answer(sample, true);
  REQUIRE(decided.has_value());
  CHECK(decided->executor == "anna@dr-1 (pid 4711)");
  CHECK(sample.run().waiting == "waits for approval: Fail demo over?");
}

TEST_CASE("the wish to end a run is kept with who and why") {
  SampleRun sample;
  sample.ask();
  const auto decided = ask_to_cancel(sample.store(), "7k2m", "not today", anna());
  REQUIRE(decided.has_value());
  const auto log = sample.log();
  CHECK(log.back().kind == Kind::kCancel);
  CHECK(log.back().body == object_of(R"({"by":"anna@bastion","why":"not today"})"));
  REQUIRE(runs::tell_story(log).cancel != nullptr);
}
