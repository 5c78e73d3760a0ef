#include "bindings/operation.h"

#include <optional>

#include <fmt/format.h>

#include "cloud/check.h"
#include "cloud/errors.h"
#include "json/document.h"
#include "lua/json.h"
#include "lua/replay.h"
#include "lua/value.h"

namespace neap::bindings {
namespace {

const cloud::Operation& operation_of(const lua::Call& call) {
  const std::string_view name = call.operation();
  const std::size_t colon = name.find(':');
  const cloud::Operation* found =
      cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
  if (found == nullptr)
    throw Failure(ErrorKind::kInternal, "no catalogue entry " + std::string(name));
  return *found;
}

json::Object arguments_of(lua::Call& call) {
  if (!call.given(1)) return {};
  call.expect_table(1);
  const json::Value value = lua::to_value(call.L, 1);
  if (const auto* object = value.as<json::Object>()) return *object;
  if (const auto* list = value.as<json::Array>(); list != nullptr && list->empty()) return {};
  call.refuse("argument 1 must be a table of named parameters, got a list");
}

// The operator hears of a job before the script does: should the script end now, the job goes on.
void tell_job(Host& host, const cloud::Operation& operation, const http::Response& answer) {
  const Result<json::Document> document = json::Document::parse(answer.body);
  if (!document) return;
  const auto job_id = document->text("/job_id");
  if (!job_id) return;
  json::Object fields;
  fields.set("job_id", json::Value(*job_id));
  fields.set("operation", json::Value(operation.name));
  host.op.tell(RunEvent{"job_started", fields});
}

// What the service would silently ignore of the arguments.
void warn(Host& host, const cloud::Operation& operation, const json::Object& arguments) {
  for (std::string& ignored : cloud::warnings_of(operation, arguments)) {
    json::Object fields;
    fields.set("operation", json::Value(operation.name));
    fields.set("text", std::move(ignored));
    host.op.tell(RunEvent{"warning", fields});
  }
}

// Something between here and the platform answered in its place, or cut its answer short.
Error no_json(std::string_view operation, const http::Response& answer, const Error& problem) {
  Error error{ErrorKind::kNetwork,
              fmt::format("{}: the answer (HTTP {}) cannot be read: {}", operation, answer.status,
                          problem.message),
              "run it again; if it stays, check the endpoint and any proxy before it"};
  error.operation = operation;
  error.http_status = answer.status;
  error.request_id = cloud::request_id(answer);
  return error;
}

}  // namespace

void EffectMark::sent() {
  if (std::exchange(under_way_, true)) return;
  ++host_.effects.in_flight;
  if (!std::exchange(told_, true)) tell("effect_sent");
}

void EffectMark::settle() {
  if (!std::exchange(under_way_, false)) return;
  Effects& effects = host_.effects;
  if (--effects.in_flight == 0 && effects.settled) effects.settled();
}

void EffectMark::doubted(const cloud::Doubt& doubt) {
  json::Object fields;
  fields.set("why", doubt.why);
  fields.set("seen", doubt.seen);
  fields.set("sent_at", format_iso(doubt.sent_at));
  if (doubt.open_until) fields.set("open_until", format_iso(*doubt.open_until));
  tell("effect_in_doubt", std::move(fields));
  settle();
}

void EffectMark::answered() {
  if (told_) tell("effect_answered");
  settle();
}

void EffectMark::tell(const char* event, json::Object fields) {
  fields.set("operation", operation_);
  host_.op.tell(RunEvent{event, fields});
}

lua::Pending change(lua::Call& call, lua::Resumer resume, CallPreview preview, BeginEffect begin) {
  Host& host = call.host();
  const cloud::Operation* operation = preview.operation;
  std::string name(operation != nullptr ? operation->name : preview.name);
  journal::EffectLog log;
  std::optional<journal::Step> step;
  if (const lua::Recorded* recorded = call.recorded(); recorded != nullptr) {
    step = recorded->step;
    log = journal::EffectLog(*host.log_of_run, recorded->step, name, recorded->digest,
                             recorded->where);
  }
  // The right to answer outlives `done`: a call that is left to an operator stays unanswered.
  struct UnderWay {
    lua::Resumer resume;
    EffectMark mark;
    Owner work;
    Owner admission;
  };
  auto under_way =
      std::shared_ptr<UnderWay>(new UnderWay{std::move(resume), EffectMark{host, name}, {}, {}});
  cloud::EffectParts parts{
      host.loop, host.cloud, [at = under_way.get()] { at->mark.sent(); },
      [at = under_way.get()](const cloud::Doubt& doubt) { at->mark.doubted(doubt); },
      host.force_send};
  auto done = [at = under_way.get(), &host, operation, step, replay = call.replay(),
               name = std::move(name)](Result<http::Response> answer) {
    const bool undecided = !answer && answer.error().kind == ErrorKind::kInDoubt;
    if (undecided && step) return replay->park(*step, std::move(answer.error()));
    at->mark.answered();
    if (answer && operation != nullptr && cloud::is_asynchronous(*operation)) {
      tell_job(host, *operation, *answer);
    }
    give_answer(std::move(at->resume), name, std::move(answer));
  };
  if (host.guard == nullptr) {
    under_way->work = begin(std::move(parts), std::move(log), std::move(done));
    return lua::Pending{std::move(under_way)};
  }
  under_way->admission = host.guard->admit(
      std::move(preview),
      [at = under_way.get(), begin = std::move(begin), parts = std::move(parts),
       log = std::move(log), done = std::move(done)](Result<void> admitted) mutable {
        if (!admitted) return at->resume.fail(std::move(admitted.error()));
        at->work = begin(std::move(parts), std::move(log), std::move(done));
      });
  return lua::Pending{std::move(under_way)};
}

lua::Pending invoke(lua::Call& call, lua::Resumer resume) {
  const cloud::Operation& operation = operation_of(call);
  json::Object arguments = arguments_of(call);
  Host& host = call.host();
  require_operation(host, operation);
  warn(host, operation, arguments);
  if (operation.effect == cloud::Effect::kRead) {
    return lua::Pending{host.cloud.call(
        operation, std::move(arguments),
        [resume = std::move(resume), &operation](Result<http::Response> answer) mutable {
          give_answer(std::move(resume), operation.name, std::move(answer));
        })};
  }
  CallPreview preview{cloud::permission_name(operation), &operation, arguments};
  return change(
      call, std::move(resume), std::move(preview),
      [&operation, arguments = std::move(arguments)](
          cloud::EffectParts parts, journal::EffectLog log, cloud::Client::Done done) mutable {
        return cloud::perform(std::move(parts), operation, std::move(arguments), std::move(log),
                              std::move(done));
      });
}

void give_answer(lua::Resumer resume, std::string_view operation, Result<http::Response> answer) {
  if (!answer) return resume.fail(std::move(answer.error()));
  if (answer->body.empty()) return resume.give();
  const Result<json::Document> document = json::Document::parse(answer->body);
  if (!document) return resume.fail(no_json(operation, *answer, document.error()));
  resume.give_json(std::make_shared<const std::string>(std::move(answer->body)));
}

}  // namespace neap::bindings
