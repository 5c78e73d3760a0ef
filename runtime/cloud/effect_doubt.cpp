// A changing call whose answer was lost: looking until it is known what became of it, or until only
// a person can tell.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "base/text.h"
#include "cloud/effect_run.h"
#include "cloud/observed_job.h"
#include "json/document.h"
#include "json/writer.h"

namespace neap::cloud {
namespace {

using journal::Kind;

constexpr Duration kBetweenLooks = std::chrono::seconds{5};
constexpr Duration kSlowest = std::chrono::seconds{60};  // between looks that fail
constexpr int kMostRefusedLooks = 3;                     // in a row
constexpr std::int64_t kMostFailures = 1000;             // in one list (sdrs.md section 7)

// Neither the key nor the clock nor a right comes back by waiting.
bool is_refusal_for_good(const Error& error) {
  return error.kind == ErrorKind::kAuth || error.kind == ErrorKind::kPermission;
}

// The answer that the call would have had, of what was seen of its thing.
http::Response answer_of(const Operation* operation, const Look& look, const std::string& id) {
  if (operation == nullptr) return {200, {}, {}};
  http::Response response{operation->success, {}, {}};
  constexpr int kNoContent = 204;
  if (response.status == kNoContent) return response;
  const std::string_view field = resource_of(*operation).id;
  for (const json::Object& thing : look.things) {
    if (!id.empty() && plain_text(thing, field) != id) continue;
    json::Object body = thing;
    if (!operation->result.empty()) {
      body = {};
      body.set(std::string(operation->result), thing);
    }
    response.body = json::write(std::move(body));
    break;
  }
  return response;
}

Progress progress_of(Verdict verdict) {
  if (verdict == Verdict::kUnderWay) return Progress::kUnderWay;
  return verdict == Verdict::kFailed ? Progress::kFailed : Progress::kHappened;
}

}  // namespace

void EffectRun::doubt(std::string why) {
  json::Object body = transition();
  body.set("why", why);
  if (!durable(log_.write(Kind::kUnknown, std::move(body)), "it is in doubt")) return;
  story_.phase = Phase::kDoubt;
  story_.why = std::move(why);
  if (fault::bug("effect.resend_on_unknown")) return send();
  begin_looking();
}

void EffectRun::begin_looking() {
  tell("it has not been looked at yet");
  look_again();
}

void EffectRun::look_again() {
  if (!can_be_looked_up()) return repeat_unseen();
  look_ = look(parts_.client, parts_.loop, *target_.operation, target_.arguments, mark_,
               [this](Result<Look> seen) {
                 const auto self = shared_from_this();
                 looked(std::move(seen));
               });
}

// Nothing tells, so a person must, unless repeating it changes nothing more.
void EffectRun::repeat_unseen() {
  const bool repeatable =
      target_.operation != nullptr && target_.operation->effect == Effect::kIdempotent;
  if (repeatable &&
      decide(Verdict::kUnchanged, standing({.view = {}, .at = parts_.loop.utc(), .things = {}})) ==
          Next::kSendAgain) {
    return prove("I", {});
  }
  ask("nothing that can be read tells whether it happened");
}

// The refusal of a repeated call of which nothing can be read: what is to be deleted and is not
// there is what was wanted, for an attempt before may have arrived after all.
void EffectRun::refused_unseen(Error error) {
  const bool deletes = target_.operation->method == http::Method::kDelete;
  if (!deletes || error.kind != ErrorKind::kNotFound) return write_refused(std::move(error));
  adopt({}, {Verdict::kHappened, "what it deletes is not there: " + error.message, {}});
}

// No answer says nothing about the thing: nothing follows from it.
void EffectRun::not_seen(const Error& error) {
  refused_looks_ = is_refusal_for_good(error) ? refused_looks_ + 1 : 0;
  if (refused_looks_ >= kMostRefusedLooks) return look_refused(error);
  pause_ = std::clamp(pause_ * 2, kBetweenLooks, kSlowest);
  tell(fmt::format("it cannot be looked at now: {}", error.message));
  timer_ = parts_.loop.after(pause_, [this] { look_again(); });
}

// Looking is refused, and not for a reason that goes away while we wait. The call is left in doubt
// as it stands: whoever carries the run on looks again, with other credentials or another clock.
void EffectRun::look_refused(const Error& error) {
  Error left{ErrorKind::kInDoubt,
             fmt::format("{}: sent at {}, and {}: it may have happened, and looking is refused: {}",
                         target_.name, format_iso(story_.sent_at), story_.why, error.message),
             error.hint};
  const std::string marker = log_.marker();
  const std::string again = "then neap resume it, which looks again";
  left.hint += (left.hint.empty() ? "" : "; ") +
               (marker.empty() ? std::string("then look whether it happened") : again);
  left.operation = target_.name;
  finish(tl::unexpected(std::move(left)));
}

void EffectRun::looked(Result<Look> result) {
  if (heard_from_operator()) return carry_on();
  if (!result) return not_seen(result.error());
  refused_looks_ = 0;
  pause_ = kBetweenLooks;
  if (story_.phase == Phase::kHappened) return confirmed(*result);
  const Finding finding =
      judge(*target_.operation, target_.arguments, story_.before, result->view, !mark_.empty());
  if (doubtful_refusal_) {
    Error refusal = *std::exchange(doubtful_refusal_, std::nullopt);
    const bool so = decide(finding.verdict, {}) == Next::kAdopt;
    return so ? adopt(*result, finding) : write_refused(std::move(refusal));
  }
  Standing now = standing(*result);
  now.touched = finding.touched;
  const Next next = decide(finding.verdict, now);
  note(*result, finding, next != Next::kLookAgain || (past_fence(now) && !found_before_));
  if (past_fence(now) && !found_before_) found_before_ = now.read_at;
  switch (next) {
    case Next::kAdopt:
      return adopt(*result, finding);
    case Next::kSendAgain:
      return now.effect == Effect::kIdempotent ? prove("I", now.read_at)
                                               : look_for_failures(*result, now.read_at);
    case Next::kAsk:
      return ask(finding.why);
    case Next::kLookAgain:
      break;
  }
  tell(finding.why);
  timer_ = parts_.loop.after(pause_, [this] { look_again(); });
}

// An error of the log shows when it is written next.
bool EffectRun::heard_from_operator() {
  if (story_.phase == Phase::kHappened || !log_.refresh().value_or(false)) return false;
  const Story now = read_story(log_.history());
  if (now.phase != Phase::kHappened && now.phase != Phase::kDidNot) return false;
  story_.phase = now.phase;
  return true;
}

void EffectRun::tell(std::string seen) {
  if (!parts_.doubted) return;
  parts_.doubted(
      Doubt{target_.name, story_.why, std::move(seen), story_.sent_at, story_.valid_until});
}

Standing EffectRun::standing(const Look& look) const {
  UtcTime at = look.at;
  // Our own clock may have been set meanwhile; the one that only goes on was not.
  if (sent_here_) {
    const auto since =
        std::chrono::floor<std::chrono::milliseconds>(parts_.loop.now() - sent_instant_);
    at = std::min(at, story_.sent_at + since);
  }
  return {.effect = target_.operation->effect,
          .sent_at = story_.sent_at,
          .valid_until = story_.valid_until,
          .proved = story_.proved,
          .read_at = at,
          .found_before = found_before_};
}

// Looks are written when they show something new, and when something follows from them.
void EffectRun::note(const Look& look, const Finding& finding, bool decides) {
  if (!decides && story_.seen == look.view) return;
  story_.seen = look.view;
  json::Object body = transition();
  body.set("read_at", format_iso(standing(look).read_at));
  body.set("state", to_json(look.view));
  body.set("verdict", to_text(finding.verdict));
  log_.add(Kind::kObserved, std::move(body));
}

void EffectRun::adopt(const Look& look, const Finding& finding) {
  http::Response response = answer_of(target_.operation, look, finding.id);
  json::Object body = transition();
  if (is_asynchronous_call()) {
    const Operation& operation = *target_.operation;
    const std::string ids =
        finding.id.empty() ? join(ids_of(operation, target_.arguments), kBetweenIds) : finding.id;
    const std::string job_id =
        observed_job_id(operation, ids, progress_of(finding.verdict), story_.before);
    json::Object answer;
    answer.set("job_id", job_id);
    response.body = json::write(std::move(answer));
    body.set("job_id", job_id);
  }
  body.set("http_status", response.status);
  body.set("body", response.body);
  body.set("adopted", true);
  json::Object evidence;
  evidence.set("observed", finding.why);
  if (durable(write_accepted(std::move(body), !is_asynchronous_call(), std::move(evidence)),
              "it happened")) {
    finish(std::move(response));
  }
}

// What looks untouched may have failed at the call and been put back: the failed-job centre would
// know (reliability.md 2.2, P3). It lists the failures of groups themselves without a group, those
// inside one with it (sdrs.md section 6).
void EffectRun::look_for_failures(const Look& look, UtcTime read_at) {
  const Operation& operation = *target_.operation;
  const Operation* list = find_operation(operation.service, "list_failure_jobs");
  json::Object filters;
  if (operation.resource == "server_group") {
    filters.set("resource_type", "server_groups");
  } else if (!look.things.empty()) {
    const std::string group = look.things.front().text("server_group_id");
    if (!group.empty()) filters.set("server_group_id", group);
  }
  const bool told = list != nullptr && is_asynchronous_call() && !filters.empty();
  if (!told || operation.effect == Effect::kCreate) return prove("P3", read_at);
  filters.set("limit", kMostFailures);
  look_ =
      parts_.client.call(*list, std::move(filters), [this, read_at](Result<http::Response> answer) {
        const auto self = shared_from_this();
        if (answer) return read_failures(*answer, read_at);
        tell(fmt::format("failed jobs cannot be looked at now: {}", answer.error().message));
        timer_ = parts_.loop.after(pause_, [this] { look_again(); });
      });
}

void EffectRun::read_failures(const http::Response& answer, UtcTime read_at) {
  const Result<json::Document> document = json::Document::parse(answer.body);
  const json::Value value = document ? document->value() : json::Value();
  const auto* members = value.as<json::Object>();
  if (members == nullptr || members->find("failure_jobs") == nullptr) {
    tell("the list of failed jobs cannot be read");
    timer_ = parts_.loop.after(pause_, [this] { look_again(); });
    return;
  }
  const std::vector<std::string> ids = ids_of(*target_.operation, target_.arguments);
  for (const json::Value& row : members->list("failure_jobs")) {
    const auto* failure = row.as<json::Object>();
    if (failure == nullptr) continue;
    const std::string of = failure->text("resource_id");
    if (std::find(ids.begin(), ids.end(), of) == ids.end()) continue;
    // Both are ISO 8601 in UTC, which sorts by time.
    if (failure->text("begin_time") < format_iso(story_.sent_at)) continue;
    return ask(fmt::format("a job of it has failed since ({}, {})", failure->text("job_type"),
                           failure->text("begin_time")));
  }
  prove("P3", read_at);
}

// The attempt had no effect and will have none, or none that matters: it may be sent again.
void EffectRun::prove(std::string_view proof, std::optional<UtcTime> read_at) {
  json::Object body = transition();
  body.set("proof", proof);
  if (read_at) body.set("read_at", format_iso(*read_at));
  if (!durable(log_.write(Kind::kProof, std::move(body)), "it had no effect")) return;
  story_.phase = Phase::kFree;
  story_.license = proof;
  if (proof != "P4") ++story_.proved;
  send();
}

void EffectRun::ask(std::string_view because) {
  story_.question = fmt::format("{}: sent at {}, and {}: it may have happened; {}", target_.name,
                                format_iso(story_.sent_at), story_.why, because);
  json::Object body = transition();
  body.set("question", story_.question);
  if (!durable(log_.write(Kind::kOperator, std::move(body)), "a person must say")) return;
  story_.phase = Phase::kAsked;
  finish(tl::unexpected(undecided()));
}

Error EffectRun::undecided() const {
  Error error{ErrorKind::kInDoubt, story_.question};
  error.operation = target_.name;
  const std::string marker = log_.marker();
  if (const std::size_t space = marker.find(' '); space != std::string::npos) {
    error.hint =
        fmt::format("look, then say what you know: neap resolve {} --happened or --did-not",
                    marker.substr(space + 1));
  } else {
    error.hint = "look before sending it again";
    if (target_.operation != nullptr) {
      error.hint += fmt::format(": it happened if {}", target_.operation->evidence);
    }
  }
  return error;
}

// A person said that it happened: what can be seen of it only tells how it goes on.
void EffectRun::confirm() {
  if (can_be_looked_up()) return look_again();
  adopt(Look{}, {Verdict::kHappened, "a person said that it happened", {}});
}

void EffectRun::confirmed(const Look& look) {
  Finding finding =
      judge(*target_.operation, target_.arguments, story_.before, look.view, !mark_.empty());
  const bool creation = target_.operation->effect == Effect::kCreate;
  if (creation && finding.id.empty()) {
    return finish(
        fail(ErrorKind::kPrecondition,
             fmt::format("{}: it is said to have happened, and {}", target_.name, finding.why),
             "find the new one and go on from there by hand"));
  }
  if (creation) finding.verdict = Verdict::kUnderWay;
  const bool told = finding.verdict == Verdict::kUnderWay || finding.verdict == Verdict::kFailed;
  if (!told) finding.verdict = Verdict::kHappened;
  adopt(look, finding);
}

}  // namespace neap::cloud
