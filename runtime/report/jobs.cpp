#include "report/jobs.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "cloud/catalog.h"
#include "cloud/job_name.h"
#include "json/document.h"

namespace neap::report {
namespace {

using journal::Kind;
using journal::Logged;

// Clocks that are further apart than this are not the same.
constexpr std::chrono::seconds kSameClock{30};

bool shows_a_job(const Logged& record) {
  const std::size_t colon = record.name.find(':');
  if (record.kind != Kind::kRecord || colon == std::string::npos) return false;
  const cloud::Operation* operation =
      cloud::find_operation(record.name.substr(0, colon), record.name.substr(colon + 1));
  return operation != nullptr && cloud::shows_jobs(*operation);
}

// The job as it was answered: decoded text, or the first of several values.
std::optional<json::Object> answer_of(const Logged& record) {
  json::Value value;
  if (const json::Array& values = record.body.list("values"); !values.empty()) {
    value = values.front();
  } else if (const auto parsed = json::Document::parse(record.body.text("json"))) {
    value = parsed->value();
  }
  const auto* job = value.as<json::Object>();
  return job != nullptr ? std::optional(*job) : std::nullopt;
}

// The id that was asked for: `["ff8080…",1800]` or `[{"job_id":"ff8080…"}]`.
std::string id_asked(const Logged& record) {
  const Result<json::Document> parsed = json::Document::parse(record.body.text("request"));
  const json::Value value = parsed ? parsed->value() : json::Value();
  const auto* list = value.as<json::Array>();
  if (list == nullptr || list->empty()) return {};
  if (const auto* name = list->front().as<std::string>()) {
    return std::string(cloud::parse_job_name(*name).id);
  }
  const auto* parameters = list->front().as<json::Object>();
  return parameters != nullptr ? parameters->text("job_id") : std::string();
}

std::optional<UtcTime> platform_time(const json::Object& job, std::string_view key) {
  const Result<PlatformTime> time = parse_platform_time(job.text(key));
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(*time);
}

std::string about(const json::Object* entities) {
  std::vector<std::string> parts;
  if (entities == nullptr) return {};
  for (const auto& [key, value] : *entities) {
    const auto* id = value.as<std::string>();
    if (id != nullptr && !id->empty()) parts.push_back(key + " " + *id);
  }
  return join(parts, ", ");
}

void take(SubJob& job, const json::Object& answer) {
  if (std::string id = answer.text("job_id"); !id.empty()) job.id = std::move(id);
  job.type = answer.text("job_type");
  job.status = answer.text("status");
  job.begin = platform_time(answer, "begin_time");
  job.end = platform_time(answer, "end_time");
  job.error_code = answer.text("error_code");
  job.reason = answer.text("fail_reason");
  job.about = about(answer.object("entities"));
}

bool has_ended(const std::string& status) {
  return status == "SUCCESS" || status == "FAIL";
}

bool within(const std::optional<UtcTime>& time, const Span& span) {
  return !time ||
         (*time >= span.begin - kSameClock && (!span.end || *time <= *span.end + kSameClock));
}

class JobReader {
 public:
  void hear(const Logged& entry, const Context& context) {
    if (entry.kind == Kind::kAccepted) return accepted(entry, context);
    if (!shows_a_job(entry)) return;
    const std::optional<json::Object> answer = answer_of(entry);
    if (!answer || answer->text("status").empty()) return;
    std::string id = id_asked(entry);
    if (id.empty()) id = answer->text("job_id");
    Job& job = find(id, context.since, context);
    take(job, *answer);
    job.id = id;
    job.sub_jobs.clear();
    if (const json::Object* entities = answer->object("entities")) {
      for (const json::Value& row : entities->list("sub_jobs")) add_sub_job(job, row);
    }
    if (has_ended(job.status) && !job.span.end) job.span.end = entry.at;
  }

  std::vector<Job> take_all() {
    for (Job& job : jobs_) {
      job.same_clock = within(job.begin, job.span) && within(job.end, job.span);
    }
    return std::move(jobs_);
  }

 private:
  void accepted(const Logged& entry, const Context& context) {
    const std::string id = entry.body.text("job_id");
    if (!id.empty()) find(id, entry.at, context).operation = entry.name;
  }

  Job& find(const std::string& id, UtcTime begin, const Context& context) {
    const auto [found, fresh] = places_.emplace(id, jobs_.size());
    if (!fresh) return jobs_[found->second];
    Job job;
    job.id = id;
    job.span.begin = begin;
    job.in_step = context.step;
    jobs_.push_back(std::move(job));
    return jobs_.back();
  }

  static void add_sub_job(Job& job, const json::Value& row) {
    const auto* answer = row.as<json::Object>();
    if (answer == nullptr) return;
    SubJob sub_job;
    take(sub_job, *answer);
    job.sub_jobs.push_back(std::move(sub_job));
  }

  std::vector<Job> jobs_;
  std::map<std::string, std::size_t> places_;
};

}  // namespace

std::vector<Job> read_jobs(std::span<const Logged> log, const std::vector<Context>& contexts) {
  JobReader reader;
  for (std::size_t i = 0; i < log.size(); ++i) reader.hear(log[i], contexts[i]);
  return reader.take_all();
}

}  // namespace neap::report
