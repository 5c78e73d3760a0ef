#include "cloud/effect.h"

#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "base/text.h"
#include "cloud/check.h"
#include "cloud/effect_run.h"
#include "cloud/errors.h"
#include "journal/error_body.h"
#include "json/document.h"

namespace neap::cloud {
namespace {

using journal::Kind;

// Calls of which nothing left this machine are tried again after 1 s, 2 s and 4 s.
constexpr int kMostNeverLeft = 4;
// A call that is refused for there being too many is sent again for so long.
constexpr Duration kThrottledFor = std::chrono::minutes{5};
constexpr Duration kFirstPause = std::chrono::seconds{1};

std::string_view class_letter(const Operation* operation) {
  switch (operation == nullptr ? Effect::kOpaque : operation->effect) {
    case Effect::kRead:
      return "R";
    case Effect::kIdempotent:
      return "I";
    case Effect::kGuarded:
      return "G";
    case Effect::kCreate:
      return "C";
    case Effect::kOpaque:
      return "X";
  }
  return {};
}

std::string job_id_of(const http::Response& response) {
  const Result<json::Document> document = json::Document::parse(response.body);
  return document ? std::string(document->text("/job_id").value_or("")) : std::string();
}

}  // namespace

EffectRun::EffectRun(EffectParts parts, Target target, journal::EffectLog log, Client::Done done)
    : parts_(std::move(parts)),
      target_(std::move(target)),
      log_(std::move(log)),
      done_(std::move(done)) {}

// Never from inside perform(): its caller does not hold the Owner yet.
void EffectRun::start() {
  parts_.loop.post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->put_mark();
    self->story_ = read_story(self->log_.history());
    self->carry_on();
  });
}

void EffectRun::carry_on() {
  switch (story_.phase) {
    case Phase::kNew:
      return prepare();
    case Phase::kFree:
      return send();
    case Phase::kSent:
      return doubt("the process ended before the answer");
    case Phase::kAccepted:
      if (fault::bug("effect.ignore_accepted_on_resume")) return send();
      return finish(story_.answer);
    case Phase::kRefused:
      return finish(tl::unexpected(story_.error.value_or(Error{})));
    case Phase::kDoubt:
      return begin_looking();
    case Phase::kAsked:
      return finish(tl::unexpected(undecided()));
    case Phase::kHappened:
      return confirm();
    case Phase::kDidNot:
      return prove("P4", {});
  }
}

void EffectRun::send() {
  if (!take_locks()) return;
  auto answer = [this](Result<http::Response> result) {
    const auto self = shared_from_this();
    answered(std::move(result));
  };
  auto ask_first = [this](const Transmission& transmission) { return before_send(transmission); };
  in_flight_ = false;
  call_ = target_.operation != nullptr
              ? parts_.client.call(*target_.operation, arguments_of_attempt(), std::move(answer),
                                   std::move(ask_first))
              : parts_.client.raw(target_.raw, std::move(answer), std::move(ask_first));
}

Result<void> EffectRun::before_send(const Transmission& transmission) {
  if (fault::bug("effect.no_intent_before_send")) {
    unwritten_ = transmission;
    return {};
  }
  Result<journal::Committed> written = write_sent(transmission);
  if (!written) return tl::unexpected(std::move(written.error()));
  if (parts_.sent) parts_.sent();
  return {};
}

// Intent and sent go into one durable write: an intent alone would say nothing that matters.
Result<journal::Committed> EffectRun::write_sent(const Transmission& transmission) {
  if (!story_.intended) log_.add(Kind::kIntent, intent());
  journal::Batch batch;
  if (locks_) batch.held = *locks_;
  ++story_.attempt;
  Result<journal::Committed> written =
      log_.write(Kind::kSent, sent(transmission), std::move(batch));
  if (!written) return written;
  story_.intended = true;
  story_.marked = !mark_.empty();
  story_.phase = Phase::kSent;
  story_.sent_at = transmission.sign_time;
  story_.valid_until = transmission.valid_until;
  story_.seen.reset();
  found_before_.reset();
  sent_instant_ = parts_.loop.now();
  sent_here_ = in_flight_ = true;
  return written;
}

void EffectRun::answered(Result<http::Response> result) {
  if (unwritten_) {
    const Transmission transmission = *std::exchange(unwritten_, std::nullopt);
    if (!durable(write_sent(transmission), "it was sent")) return;
  }
  if (result) return accepted(*std::move(result));
  Error error = std::move(result.error());
  if (!in_flight_) return finish(tl::unexpected(std::move(error)));
  in_flight_ = false;
  if (error.kind == ErrorKind::kInDoubt) {
    const std::string prefix = target_.name + ": ";
    return doubt(error.message.starts_with(prefix) ? error.message.substr(prefix.size())
                                                   : error.message);
  }
  error.http_status == 0 ? not_sent(std::move(error)) : refused(std::move(error));
}

void EffectRun::accepted(http::Response response) {
  in_flight_ = false;
  const bool asynchronous = is_asynchronous_call();
  const std::string job_id = asynchronous ? job_id_of(response) : std::string();
  json::Object body = transition();
  body.set("http_status", response.status);
  if (std::string id = request_id(response); !id.empty()) body.set("request_id", std::move(id));
  body.set("job_id", job_id);
  body.set("body", response.body);
  json::Object evidence;
  if (!asynchronous) evidence.set("http_status", response.status);
  const bool over = !asynchronous || fault::bug("effect.done_without_evidence");
  if (durable(write_accepted(std::move(body), over, std::move(evidence)),
              asynchronous ? "it was accepted as job " + job_id : "it was done")) {
    finish(std::move(response));
  }
}

// What is `over` when it is accepted has no job that will say so later.
Result<journal::Committed> EffectRun::write_accepted(json::Object body, bool over,
                                                     json::Object evidence) {
  if (!over) return log_.write(Kind::kAccepted, std::move(body));
  log_.add(Kind::kAccepted, std::move(body));
  json::Object done = transition();
  done.set("evidence", std::move(evidence));
  return log_.write(Kind::kDone, std::move(done));
}

// Too many calls: the platform did nothing, and the budget says when to send it again.
bool EffectRun::send_later(const Error& error) {
  const Instant now = parts_.loop.now();
  if (!throttled_since_) throttled_since_ = now;
  if (now - *throttled_since_ >= kThrottledFor) return false;
  json::Object body = transition();
  body.set("proof", "P2");
  body.set("again", true);
  body.set("error", journal::body_of(error));
  if (!durable(log_.write(Kind::kRefused, std::move(body)), "it was refused")) return true;
  story_.allow("P2");
  // Not from here: the next call replaces the one whose callback this is.
  timer_ = parts_.loop.after(Duration::zero(), [this] {
    const auto self = shared_from_this();
    send();
  });
  return true;
}

// What is repeated because that does no harm may be refused for the very reason that an attempt
// before has arrived after all: so it is looked at once more.
void EffectRun::refused(Error error) {
  if (error.http_status == 429 && send_later(error)) return;
  if (story_.license != "I") return write_refused(std::move(error));
  if (!can_be_looked_up()) return refused_unseen(std::move(error));
  doubtful_refusal_ = std::move(error);
  look_again();
}

// P2: the platform said so before it did anything.
void EffectRun::write_refused(Error error) {
  json::Object body = transition();
  body.set("proof", "P2");
  body.set("error", journal::body_of(error));
  if (durable(log_.write(Kind::kRefused, std::move(body)), "it was refused")) {
    finish(tl::unexpected(std::move(error)));
  }
}

// P1: nothing left this machine, so it may be tried again.
void EffectRun::not_sent(Error error) {
  json::Object body = transition();
  body.set("proof", "P1");
  body.set("error", journal::body_of(error));
  if (!durable(log_.write(Kind::kRefused, std::move(body)), "nothing was sent")) return;
  story_.allow("P1");
  if (++never_left_ >= kMostNeverLeft) return finish(tl::unexpected(std::move(error)));
  timer_ = parts_.loop.after(kFirstPause * (1 << (never_left_ - 1)), [this] {
    const auto self = shared_from_this();
    send();
  });
}

json::Object EffectRun::transition() const {
  json::Object body;
  body.set("attempt", story_.attempt);
  return body;
}

json::Object EffectRun::intent() const {
  json::Object body;
  body.set("operation", target_.name);
  body.set("class", class_letter(target_.operation));
  body.set("snapshot", to_json(story_.before));
  body.set("marker", mark_);
  json::Array locks;
  if (target_.operation != nullptr) {
    for (std::string& name : locks_of(*target_.operation, target_.arguments)) {
      locks.emplace_back(std::move(name));
    }
  }
  body.set("locks", std::move(locks));
  return body;
}

json::Object EffectRun::sent(const Transmission& transmission) const {
  json::Object body = transition();
  body.set("sign_time", format_iso(transmission.sign_time));
  if (transmission.valid_until) body.set("valid_until", format_iso(*transmission.valid_until));
  body.set("send_deadline", format_iso(transmission.send_deadline));
  body.set("request", transmission.request);
  body.set("epoch", log_.epoch());
  if (!story_.license.empty()) body.set("license", story_.license);
  return body;
}

// Lets a creation be told from any other of the same name. The caller's text stays, and where both
// together break a rule of the platform there is no mark.
void EffectRun::put_mark() {
  arguments_ = target_.arguments;
  if (target_.operation == nullptr || target_.operation->lookup.mark.empty()) return;
  const std::string mark = log_.marker();
  if (mark.empty()) return;
  const std::string field(target_.operation->lookup.mark);
  const std::string text = target_.arguments.text(field);
  json::Object marked = target_.arguments;
  marked.set(field, fmt::format("{}{}[{}]", text, text.empty() ? "" : " ", mark));
  if (!check_arguments(*target_.operation, marked)) return;
  arguments_ = std::move(marked);
  mark_ = mark;
}

json::Object EffectRun::arguments_of_attempt() const {
  json::Object arguments = arguments_;
  if (story_.attempt == 0 || !fault::bug("effect.new_arguments_on_retry")) return arguments;
  const std::string name = arguments.text("name");
  if (!name.empty()) arguments.set("name", name + "-again");
  const std::string station = arguments.text("priority_station");
  if (!station.empty()) {
    arguments.set("priority_station", station == "source" ? "target" : "source");
  }
  return arguments;
}

bool EffectRun::can_be_looked_up() const {
  return target_.operation != nullptr && cloud::can_be_looked_up(*target_.operation);
}

bool EffectRun::is_asynchronous_call() const {
  return target_.operation != nullptr && is_asynchronous(*target_.operation);
}

bool EffectRun::durable(const Result<journal::Committed>& written, std::string_view what) {
  if (written) return true;
  Error error = written.error();
  error.message =
      fmt::format("{}; the journal does not know of {} that {}", error.message, target_.name, what);
  error.operation = target_.name;
  finish(tl::unexpected(std::move(error)));
  return false;
}

void EffectRun::finish(Result<http::Response> result) {
  Client::Done done = std::move(done_);
  done(std::move(result));
}

Owner perform(EffectParts parts, const Operation& operation, json::Object arguments,
              journal::EffectLog log, Client::Done done) {
  assert(operation.effect != Effect::kRead);
  Target target{.operation = &operation,
                .arguments = std::move(arguments),
                .raw = {},
                .name = std::string(operation.name)};
  auto run = std::make_shared<EffectRun>(std::move(parts), std::move(target), std::move(log),
                                         std::move(done));
  run->start();
  return Owner{std::move(run)};
}

Owner perform(EffectParts parts, RawCall call, journal::EffectLog log, Client::Done done) {
  std::string name = describe(call);
  Target target{
      .operation = nullptr, .arguments = {}, .raw = std::move(call), .name = std::move(name)};
  auto run = std::make_shared<EffectRun>(std::move(parts), std::move(target), std::move(log),
                                         std::move(done));
  run->start();
  return Owner{std::move(run)};
}

}  // namespace neap::cloud
