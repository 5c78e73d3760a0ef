#include "cloud/observed_job.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/job_name.h"
#include "json/document.h"
#include "json/writer.h"

namespace neap::cloud {
namespace {

constexpr std::string_view kPrefix = "observed:";
constexpr std::string_view kDone = "done";
constexpr std::string_view kHasFailed = "failed";

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What an id says.
struct Subject {
  const Operation* operation = nullptr;
  std::vector<std::string> ids;
  Progress progress = Progress::kUnderWay;
  View before;  // status and station
  const Transition* way = nullptr;
};

const Transition* way_from(const Operation& operation, std::string_view status) {
  for (const Transition& way : operation.transitions) {
    if (contains(way.from, status)) return &way;
  }
  return &operation.transitions.front();
}

std::optional<Subject> parse(std::string_view job_id) {
  const std::vector<std::string_view> parts = split(job_id, ':');
  if (parts.size() != 4 || parts[2].empty()) return std::nullopt;
  Subject subject;
  for (const std::string_view id : split(parts[2], kBetweenIds.front())) {
    subject.ids.emplace_back(id);
  }
  for (const Operation& operation : catalog()) {
    if (operation.name == parts[1] && is_asynchronous(operation)) subject.operation = &operation;
  }
  if (subject.operation == nullptr) return std::nullopt;
  if (parts[3] == kDone) subject.progress = Progress::kHappened;
  if (parts[3] == kHasFailed) subject.progress = Progress::kFailed;
  const std::size_t comma = parts[3].find(',');
  if (comma != std::string_view::npos) {
    subject.before.status = parts[3].substr(0, comma);
    subject.before.station = parts[3].substr(comma + 1);
  }
  subject.way = way_from(*subject.operation, subject.before.status);
  return subject;
}

// The status of the job, from what one of its things looks like; nothing when that fits no end of
// it.
std::optional<std::string_view> job_status(const Subject& subject, const View& now) {
  const Operation& operation = *subject.operation;
  const Transition& way = *subject.way;
  if (!now.found) {
    return way.success.empty() ? std::optional<std::string_view>("SUCCESS") : std::nullopt;
  }
  if (now.status == way.during) return "RUNNING";
  if (now.status == way.failure) return "FAIL";
  // Whatever was made since it was there has been made.
  if (operation.effect == Effect::kCreate) return "SUCCESS";
  const bool moves = operation.lookup.station != Station::kStays;
  const bool arrived =
      moves ? now.station != subject.before.station : contains(way.success, now.status);
  if (arrived) return "SUCCESS";
  // Where no status says that the work goes on, the one before does.
  const bool not_yet = way.during.empty() && contains(way.from, now.status);
  return not_yet ? std::optional<std::string_view>("RUNNING") : std::nullopt;
}

// Of a job on several things: it goes on while any of them does, and fails when any has.
std::optional<std::string_view> job_status_of_all(const Subject& subject, const View& now) {
  if (now.rows.empty()) return job_status(subject, now);
  std::string_view worst = "SUCCESS";
  for (const View& row : now.rows) {
    const std::optional<std::string_view> status = job_status(subject, row);
    if (!status) return std::nullopt;
    if (*status == "RUNNING" || (*status == "FAIL" && worst != "RUNNING")) worst = *status;
  }
  return worst;
}

bool is_about(const Subject& subject, std::string_view id) {
  return std::find(subject.ids.begin(), subject.ids.end(), id) != subject.ids.end();
}

// The failed job of this kind on this thing that began last; nothing when there is none.
const json::Object* latest_failure(const json::Array& rows, const Subject& subject) {
  const json::Object* latest = nullptr;
  for (const json::Value& value : rows) {
    const auto* row = value.as<json::Object>();
    if (row == nullptr || !is_about(subject, row->text("resource_id"))) continue;
    // Where no type is documented any may be it.
    const std::string_view type = subject.way->job_type;
    if (!type.empty() && row->text("job_type") != type) continue;
    if (latest == nullptr || latest->text("begin_time") <= row->text("begin_time")) latest = row;
  }
  return latest;
}

class Inquiry : public std::enable_shared_from_this<Inquiry> {
 public:
  Inquiry(Client& client, Loop& loop, std::string job_id, Client::Done done)
      : client_(client), loop_(loop), job_id_(std::move(job_id)), done_(std::move(done)) {}

  void start() {
    loop_.post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->begin();
    });
  }

 private:
  void begin() {
    std::optional<Subject> subject = parse(job_id_);
    if (!subject) {
      return done_(fail(ErrorKind::kArgument,
                        fmt::format("\"{}\" is no id of a job", printable(job_id_)),
                        "give the id as it was printed"));
    }
    subject_ = *std::move(subject);
    if (subject_.progress == Progress::kHappened) return answer("SUCCESS");
    call_ = look_at(client_, loop_, *subject_.operation, subject_.ids, [this](Result<Look> seen) {
      const auto self = shared_from_this();
      looked(std::move(seen));
    });
  }

  void looked(Result<Look> seen) {
    if (!seen) return done_(tl::unexpected(std::move(seen.error())));
    seen_ = *std::move(seen);
    if (subject_.progress == Progress::kFailed) return ask_why();
    const std::optional<std::string_view> status = job_status_of_all(subject_, seen_.view);
    if (!status) return lost_track();
    *status == "FAIL" ? ask_why() : answer(*status);
  }

  void lost_track() {
    Error error{
        ErrorKind::kInDoubt,
        fmt::format("job {}: {}, which is no end of {}: somebody else was at work", job_id_,
                    describe_thing(*subject_.operation, seen_.view), subject_.operation->name),
        "look at it before the next step"};
    error.operation = subject_.operation->name;
    error.job_id = job_id_;
    done_(tl::unexpected(std::move(error)));
  }

  void ask_why() {
    const Operation* list = find_operation(subject_.operation->service, "list_failure_jobs");
    if (list == nullptr) return failed({});
    json::Object filters;
    // Failures of groups themselves are listed without a group (sdrs.md section 6).
    if (subject_.operation->resource != "server_group") {
      const std::string group =
          seen_.things.empty() ? "" : seen_.things.front().text("server_group_id");
      if (!group.empty()) filters.set("server_group_id", group);
    }
    call_ = client_.call(*list, std::move(filters), [this](Result<http::Response> rows) {
      const auto self = shared_from_this();
      failed(std::move(rows));
    });
  }

  // That it failed is certain; why is told as far as the platform tells it.
  void failed(Result<http::Response> rows) {
    std::string code;
    std::string reason = describe_thing(*subject_.operation, seen_.view);
    const Result<json::Document> document = json::Document::parse(rows ? rows->body : "");
    if (document) {
      const json::Value value = document->value();
      const auto* members = value.as<json::Object>();
      const json::Object* failure =
          members != nullptr ? latest_failure(members->list("failure_jobs"), subject_) : nullptr;
      if (failure != nullptr) {
        code = failure->text("error_code");
        if (!failure->text("fail_reason").empty()) reason = failure->text("fail_reason");
      }
    }
    answer("FAIL", std::move(code), std::move(reason));
  }

  void answer(std::string_view status, std::string code = {}, std::string reason = {}) {
    json::Object job;
    job.set("status", status);
    job.set("entities", entities());
    job.set("job_id", job_id_);
    job.set("job_type", subject_.way->job_type);
    for (const char* unknown : {"begin_time", "end_time"}) job.set(unknown, json::Null());
    job.set("error_code", code.empty() ? json::Value() : json::Value(std::move(code)));
    job.set("fail_reason", reason.empty() ? json::Value() : json::Value(std::move(reason)));
    done_(http::Response{200, {}, json::write(std::move(job))});
  }

  // One thing is the job's own, several are those of sub-jobs.
  json::Object entities() const {
    json::Object entities;
    const std::string key(subject_.operation->entity);
    if (key.empty()) return entities;
    if (subject_.ids.size() == 1) {
      entities.set(key, subject_.ids.front());
      return entities;
    }
    json::Array sub_jobs;
    for (const std::string& id : subject_.ids) {
      json::Object thing;
      thing.set(key, id);
      json::Object sub_job;
      sub_job.set("entities", std::move(thing));
      sub_jobs.emplace_back(std::move(sub_job));
    }
    entities.set("sub_jobs", std::move(sub_jobs));
    return entities;
  }

  Client& client_;
  Loop& loop_;
  const std::string job_id_;
  Client::Done done_;
  Subject subject_;
  Look seen_;
  Owner call_;
};

}  // namespace

std::string observed_job_id(const Operation& operation, std::string_view resource_ids,
                            Progress progress, const View& before) {
  std::string extra(progress == Progress::kHappened ? kDone : kHasFailed);
  const View& first = before.rows.empty() ? before : before.rows.front();
  if (progress == Progress::kUnderWay) extra = first.status + "," + first.station;
  return fmt::format("{}{}:{}:{}", kPrefix, operation.name, resource_ids, extra);
}

bool is_observed_job(std::string_view job_id) {
  return job_id.starts_with(kPrefix);
}

bool asks_for_observed_job(const Operation& operation, const json::Object& arguments) {
  return is_observed_job(arguments.text("job_id")) && shows_jobs(operation);
}

Owner show_observed_job(Client& client, Loop& loop, std::string job_id, Client::Done done) {
  auto inquiry = std::make_shared<Inquiry>(client, loop, std::move(job_id), std::move(done));
  inquiry->start();
  return Owner{std::move(inquiry)};
}

}  // namespace neap::cloud
