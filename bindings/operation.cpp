#include "bindings/operation.h"

#include <optional>

#include <fmt/format.h>

#include "cloud/errors.h"
#include "json/document.h"
#include "lua/json.h"
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

EffectMark::EffectMark(Host& host, std::string operation)
    : host_(&host), operation_(std::move(operation)) {
  ++host.effects.in_flight;
  tell("effect_sent");
}

EffectMark::~EffectMark() {
  if (host_ == nullptr) return;
  Effects& effects = host_->effects;
  if (--effects.in_flight == 0 && effects.settled) effects.settled();
}

void EffectMark::answered() {
  tell("effect_answered");
}

void EffectMark::tell(const char* event) {
  json::Object fields;
  fields.set("operation", operation_);
  host_->op.tell(RunEvent{event, fields});
}

lua::Pending invoke(lua::Call& call, lua::Resumer resume) {
  const cloud::Operation& operation = operation_of(call);
  json::Object arguments = arguments_of(call);
  Host& host = call.host();
  host.grants.require_operation(operation);
  std::optional<EffectMark> mark;
  if (operation.effect != cloud::Effect::kRead) mark.emplace(host, std::string(operation.name));
  auto done = [resume = std::move(resume), mark = std::move(mark), &host,
               &operation](Result<http::Response> answer) mutable {
    if (mark) mark->answered();
    if (answer && cloud::is_asynchronous(operation)) tell_job(host, operation, *answer);
    give_answer(std::move(resume), operation.name, std::move(answer));
  };
  return lua::Pending{host.cloud.call(operation, std::move(arguments), std::move(done))};
}

void give_answer(lua::Resumer resume, std::string_view operation, Result<http::Response> answer) {
  if (!answer) return resume.fail(std::move(answer.error()));
  if (answer->body.empty()) return resume.give();
  Result<json::Document> document = json::Document::parse(answer->body);
  if (!document) return resume.fail(no_json(operation, *answer, document.error()));
  resume.give([document = std::move(*document)](lua_State* L) {
    lua::push_json(L, document);
    return 1;
  });
}

}  // namespace neap::bindings
