// host.jobs: asking for a job, and waiting for its end (sdrs.md section 6, ecs.md section 5).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "bindings/operation.h"
#include "cloud/job_name.h"
#include "json/document.h"
#include "lua/json.h"

namespace neap::bindings {
namespace {

json::Value text_or_null(std::string_view text) {
  return text.empty() ? json::Value(json::Null()) : json::Value(text);
}

// The sub-jobs as the operator's screen needs them.
json::Array sub_jobs_of(const json::Value& body) {
  json::Array rows;
  const auto* job = body.as<json::Object>();
  const json::Object* entities = job != nullptr ? job->object("entities") : nullptr;
  if (entities == nullptr) return rows;
  for (const json::Value& row : entities->list("sub_jobs")) {
    const auto* sub_job = row.as<json::Object>();
    if (sub_job == nullptr) continue;
    json::Object shown;
    for (const char* field : {"job_id", "job_type", "status"}) {
      if (const json::Value* value = sub_job->find(field)) shown.set(field, *value);
    }
    rows.emplace_back(std::move(shown));
  }
  return rows;
}

void tell_progress(Host& host, const cloud::JobReport& report) {
  json::Object fields;
  fields.set("job_id", json::Value(report.job_id));
  fields.set("status", json::Value(report.status));
  fields.set("job_type", text_or_null(report.job_type));
  if (const auto body = json::Document::parse(*report.body)) {
    fields.set("sub_jobs", sub_jobs_of(body->value()));
  }
  host.op.tell(RunEvent{"job_progress", fields});
}

// The changing call that the job belongs to has come to its end, in a durable run.
void close_effect(Host& host, const cloud::JobReport& report) {
  if (host.log_of_run == nullptr) return;
  std::optional<journal::Entry> call = host.log_of_run->effect_of_job(report.job_id);
  if (!call) return;
  const bool good = report.status == "SUCCESS";
  call->kind = good ? journal::Kind::kDone : journal::Kind::kFailed;
  call->body = {};
  call->body.set("evidence", fmt::format("job {} is {}", report.job_id, report.status));
  call->body.set("job_id", report.job_id);
  if (!good) {
    call->body.set("code", report.error_code);
    call->body.set("reason", report.fail_reason);
  }
  host.log_of_run->add(*std::move(call));
}

void give_report(lua::Resumer resume, const cloud::JobReport& report) {
  resume.give_json(report.body);
}

// How long the script is still willing to wait: a run that was resumed has waited before.
Duration left_of(const lua::Call& call, Duration limit) {
  const lua::Recorded* recorded = call.recorded();
  if (recorded == nullptr || limit == Duration::max()) return limit;
  return std::max(limit - recorded->waited, Duration::zero());
}

// The name of the job to wait for, which the run must be allowed to ask for.
std::string_view allowed_job(lua::Call& call) {
  const std::string_view name = call.text(1);
  require_operation(call.host(), *cloud::parse_job_name(name).show);
  return name;
}

// Wakes the caller at the job's end.
lua::Pending wait(lua::Call& call, lua::Resumer resume) {
  const std::string_view job = allowed_job(call);
  const Duration limit = call.given(2) ? call.duration(2) : Duration::max();
  auto changed = [resume = std::move(resume),
                  &host = call.host()](const Result<const cloud::JobReport*>& report) mutable {
    if (!report) return resume.fail(report.error());
    tell_progress(host, **report);
    if (!(*report)->ended()) return;
    close_effect(host, **report);
    give_report(std::move(resume), **report);
  };
  return call.host().jobs.watch(job, std::move(changed), left_of(call, limit));
}

// Wakes the caller at the first answer that differs from the version it has seen.
lua::Pending next_change(lua::Call& call, lua::Resumer resume) {
  const std::string_view job = allowed_job(call);
  const auto seen = static_cast<std::uint64_t>(call.number(2));
  const Duration limit = call.duration(3);
  auto changed = [resume = std::move(resume), seen,
                  &host = call.host()](const Result<const cloud::JobReport*>& report) mutable {
    if (!report) return resume.fail(report.error());
    if ((*report)->version <= seen && !(*report)->ended()) return;
    tell_progress(host, **report);
    if ((*report)->ended()) close_effect(host, **report);
    resume.give([body = (*report)->body, version = (*report)->version](lua_State* L) {
      lua::decode_json(L, *body);
      lua_pushnumber(L, static_cast<double>(version));
      return 2;
    });
  };
  return call.host().jobs.watch(job, std::move(changed), left_of(call, limit));
}

constexpr lua::Entry kEntries[] = {
    {"show", "(parameters) -> job", invoke, "sdrs:show_job_status"},
    from(lua::Source::kTimed, {"wait", "(job_name, [limit]) -> job", wait, "sdrs:show_job_status"}),
    from(lua::Source::kTimed, {"next_change", "(job_name, seen_version, limit) -> job, version",
                               next_change, "sdrs:show_job_status"}),
};

}  // namespace

extern const lua::Module jobs{"host.jobs", kEntries};

}  // namespace neap::bindings
