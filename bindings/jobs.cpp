// host.jobs: asking for a job, and waiting for its end (sdrs.md section 6).
#include <fmt/format.h>

#include "base/text.h"
#include "bindings/operation.h"
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

void give_report(lua::Resumer resume, const cloud::JobReport& report) {
  resume.give([body = report.body](lua_State* L) {
    lua::decode_json(L, *body);
    return 1;
  });
}

const cloud::Operation& show_job() {
  return *cloud::find_operation("sdrs", "show_job_status");
}

// Wakes the caller at the job's end.
lua::Pending wait(lua::Call& call, lua::Resumer resume) {
  const std::string_view job_id = call.text(1);
  const Duration limit = call.given(2) ? call.duration(2) : Duration::max();
  call.host().grants.require_operation(show_job());
  auto changed = [resume = std::move(resume),
                  &host = call.host()](const Result<const cloud::JobReport*>& report) mutable {
    if (!report) return resume.fail(report.error());
    tell_progress(host, **report);
    if ((*report)->ended()) give_report(std::move(resume), **report);
  };
  return call.host().jobs.watch(job_id, std::move(changed), limit);
}

// Wakes the caller at the first answer that differs from the version it has seen.
lua::Pending next_change(lua::Call& call, lua::Resumer resume) {
  const std::string_view job_id = call.text(1);
  const auto seen = static_cast<std::uint64_t>(call.number(2));
  const Duration limit = call.duration(3);
  call.host().grants.require_operation(show_job());
  auto changed = [resume = std::move(resume), seen,
                  &host = call.host()](const Result<const cloud::JobReport*>& report) mutable {
    if (!report) return resume.fail(report.error());
    if ((*report)->version <= seen && !(*report)->ended()) return;
    tell_progress(host, **report);
    resume.give([body = (*report)->body, version = (*report)->version](lua_State* L) {
      lua::decode_json(L, *body);
      lua_pushnumber(L, static_cast<double>(version));
      return 2;
    });
  };
  return call.host().jobs.watch(job_id, std::move(changed), limit);
}

constexpr lua::Entry kEntries[] = {
    {"show", "(parameters) -> job", invoke, "sdrs:show_job_status"},
    {"wait", "(job_id, [limit]) -> job", wait, "sdrs:show_job_status"},
    {"next_change", "(job_id, seen_version, limit) -> job, version", next_change,
     "sdrs:show_job_status"},
    {"failures", "(filters) -> {count, failure_jobs}", invoke, "sdrs:list_failure_jobs"},
};

}  // namespace

extern const lua::Module jobs{"host.jobs", kEntries};

}  // namespace neap::bindings
