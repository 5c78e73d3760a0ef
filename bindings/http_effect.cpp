#include "bindings/http_effect.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "cloud/effect_story.h"
#include "journal/error_body.h"
#include "lua/replay.h"

namespace neap::bindings {
namespace {

using journal::Kind;

journal::EffectLog log_of(const lua::Call& call, const std::string& name) {
  const lua::Recorded* recorded = call.recorded();
  if (recorded == nullptr) return {};
  return {*call.host().log_of_run, recorded->step, name, recorded->digest, recorded->where};
}

json::Object body_of(const http::Response& response) {
  json::Object headers;
  for (const http::Header& header : response.headers) headers.set(header.name, header.value);
  json::Object body;
  body.set("http_status", response.status);
  body.set("headers", std::move(headers));
  body.set("body", response.body);
  return body;
}

http::Headers headers_of(const json::Object& body) {
  http::Headers headers;
  const json::Object* const rows = body.object("headers");
  if (rows == nullptr) return headers;
  for (const auto& [name, value] : *rows) {
    if (const auto* text = value.as<std::string>()) headers.add(name, *text);
  }
  return headers;
}

// The last entry of that kind, whose body the caller knows to be there.
const json::Object& last_body(const journal::EffectLog& log, Kind kind) {
  const std::vector<const journal::Entry*> history = log.history();
  const auto found = std::find_if(history.rbegin(), history.rend(),
                                  [&](const journal::Entry* entry) { return entry->kind == kind; });
  assert(found != history.rend());
  return (*found)->body;
}

// What the script is given for a request of which a person says that it took effect.
http::Response attested(std::string by) {
  http::Response response;
  response.status = 200;
  response.headers.add("X-Neap-Attested-By", std::move(by));
  return response;
}

}  // namespace

HttpEffect::HttpEffect(lua::Call& call, std::string name, lua::Resumer resume, Give give)
    : host_(call.host()),
      replay_(call.replay()),
      log_(log_of(call, name)),
      step_(call.recorded() != nullptr ? call.recorded()->step : journal::Step()),
      mark_(host_, name),
      name_(std::move(name)),
      resume_(std::move(resume)),
      give_(std::move(give)) {}

void HttpEffect::begin(http::Request request, http::Options options) {
  request_ = std::move(request);
  options_ = options;
  if (host_.guard == nullptr) return go_on();
  json::Object shown;
  shown.set("bytes", static_cast<std::int64_t>(request_.body.size()));
  admission_ =
      host_.guard->admit({name_, nullptr, std::move(shown)}, [this](Result<void> admitted) {
        if (!admitted) return resume_.fail(std::move(admitted.error()));
        go_on();
      });
}

void HttpEffect::go_on() {
  cloud::Story story = cloud::read_story(log_.history());
  attempt_ = story.attempt;
  sent_at_ = story.sent_at;
  switch (story.phase) {
    case cloud::Phase::kNew:
      if (!story.intended) intend();
      return send();
    case cloud::Phase::kFree:
      return send();
    case cloud::Phase::kSent:
      return doubt("neap ended before it was answered");
    case cloud::Phase::kDoubt:
      return doubt(story.why);
    case cloud::Phase::kAsked:
      return park(story.question);
    case cloud::Phase::kDidNot:
      return send_again();
    case cloud::Phase::kHappened:
      return close_as_attested();
    case cloud::Phase::kAccepted:
      story.answer.headers = headers_of(last_body(log_, Kind::kAccepted));
      return give(std::move(story.answer));
    case cloud::Phase::kRefused:
      return resume_.fail(story.error.value_or(Error{}));
  }
}

void HttpEffect::intend() {
  json::Object intent;
  intent.set("operation", name_);
  intent.set("class", "X");
  log_.add(Kind::kIntent, std::move(intent));
}

void HttpEffect::send() {
  json::Object body;
  body.set("attempt", ++attempt_);
  body.set("epoch", log_.epoch());
  sent_at_ = host_.loop.utc();
  body.set("sign_time", format_iso(sent_at_));
  if (!kept(log_.write(Kind::kSent, std::move(body)))) return;
  mark_.sent();
  transfer_ = host_.transport.send(request_, options_, [this](http::Outcome outcome) {
    fault::crash_point("answer.after");
    answered(std::move(outcome));
  });
  fault::crash_point("send.after");
}

void HttpEffect::answered(http::Outcome outcome) {
  switch (outcome.delivery) {
    case http::Delivery::kAnswered:
      if (!accept(outcome.response)) return;
      mark_.answered();
      return give(std::move(outcome.response));
    case http::Delivery::kNotSent:
      return refuse(outcome.error);
    case http::Delivery::kUnknown:
      json::Object body;
      body.set("attempt", attempt_);
      body.set("why", outcome.error.message);
      if (kept(log_.write(Kind::kUnknown, std::move(body)))) doubt(outcome.error.message);
  }
}

bool HttpEffect::accept(const http::Response& response) {
  json::Object body = body_of(response);
  body.set("attempt", attempt_);
  log_.add(Kind::kAccepted, std::move(body));
  json::Object evidence;
  evidence.set("http_status", response.status);
  json::Object done;
  done.set("evidence", std::move(evidence));
  return kept(log_.write(Kind::kDone, std::move(done)));
}

// Not a byte of it left: what the script makes of it is its own affair.
void HttpEffect::refuse(const Error& error) {
  json::Object body;
  body.set("attempt", attempt_);
  body.set("proof", "P1");
  body.set("error", journal::body_of(error));
  if (!kept(log_.write(Kind::kRefused, std::move(body)))) return;
  mark_.answered();
  resume_.fail(error);
}

void HttpEffect::doubt(const std::string& why) {
  if (!log_.durable()) {
    mark_.answered();
    return resume_.fail(
        Error{ErrorKind::kInDoubt,
              fmt::format("{}; the request was sent, and whether it took effect is unknown", why)});
  }
  const std::string question = fmt::format("did {} take effect? ({})", name_, why);
  json::Object body;
  body.set("attempt", attempt_);
  body.set("question", question);
  if (!kept(log_.write(Kind::kOperator, std::move(body)))) return;
  mark_.doubted({.operation = name_, .why = why, .sent_at = sent_at_});
  park(question);
}

void HttpEffect::send_again() {
  json::Object proof;
  proof.set("attempt", attempt_);
  proof.set("proof", "P4");
  log_.add(Kind::kProof, std::move(proof));
  send();
}

void HttpEffect::close_as_attested() {
  const std::string by = last_body(log_, Kind::kResolved).text("by");
  if (log_.history().back()->kind == Kind::kDone) return give(attested(by));
  json::Object evidence;
  evidence.set("attested_by", by);
  json::Object done;
  done.set("evidence", std::move(evidence));
  if (kept(log_.write(Kind::kDone, std::move(done)))) give(attested(by));
}

void HttpEffect::give(http::Response response) {
  http::Outcome outcome;
  outcome.delivery = http::Delivery::kAnswered;
  outcome.response = std::move(response);
  give_(std::move(resume_), std::move(outcome));
}

void HttpEffect::park(std::string question) {
  replay_->park(step_, Error{ErrorKind::kInDoubt, std::move(question)});
}

bool HttpEffect::kept(const Result<journal::Committed>& written) {
  if (!written) resume_.fail(written.error());
  return written.has_value();
}

}  // namespace neap::bindings
