#include "repl/desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/check.h"
#include "json/masked.h"
#include "json/writer.h"

namespace neap::repl {
namespace {

Error read_only(const CallPreview& call) {
  Error error{ErrorKind::kPermission,
              fmt::format("{}: the session is read-only; nothing was sent", call.name),
              ":arm lets it change things for a while, after asking each time"};
  if (call.operation != nullptr) error.operation = call.operation->name;
  return error;
}

Error declined(const CallPreview& call, const std::string& why) {
  Error error{ErrorKind::kPermission, fmt::format("{}: {}; nothing was sent", call.name, why)};
  if (call.operation != nullptr) error.operation = call.operation->name;
  return error;
}

// "from protected: failing-over, then failed-over"
std::string states_of(const cloud::Operation& operation) {
  std::string text;
  for (const cloud::Transition& step : operation.transitions) {
    if (step.during.empty() && step.success.empty()) continue;
    std::string line;
    for (const std::string_view from : step.from) {
      line += (line.empty() ? "from " : " or ") + std::string(from);
    }
    if (!line.empty()) line += ": ";
    line += std::string(step.during);
    const std::string end = step.success.empty() ? "gone" : std::string(step.success.front());
    if (end != step.during) line += (step.during.empty() ? "" : ", then ") + end;
    text += "\n  " + line;
  }
  return text;
}

bool succeeded(const json::Value& row) {
  const auto* part = row.as<json::Object>();
  return part != nullptr && part->text("status") == "SUCCESS";
}

bool has_ended(std::string_view status) {
  return status == "SUCCESS" || status == "FAIL";
}

}  // namespace

struct Desk::Question {
  int statement = 0;
  std::string text;
  Function<void(Result<Answer>)> done;
};

Desk::Desk(Loop& loop, Console& console, std::string place, Function<int()> statement)
    : loop_(loop), console_(console), place_(std::move(place)), statement_(std::move(statement)) {}

void Desk::arm(Duration time) {
  armed_until_ = loop_.now() + time;
}

void Desk::disarm() {
  armed_until_.reset();
}

std::optional<Duration> Desk::armed_for() const {
  if (!armed_until_ || *armed_until_ <= loop_.now()) return std::nullopt;
  return *armed_until_ - loop_.now();
}

void Desk::attend(int statement) {
  attended_ = statement;
  ask_next();
}

bool Desk::asks(int statement) const {
  return std::any_of(questions_.begin(), questions_.end(),
                     [&](const auto& question) { return question->statement == statement; });
}

Owner Desk::queue(int statement, std::string text, Function<void(Result<Answer>)> done) {
  auto question = std::make_shared<Question>();
  question->statement = statement;
  question->text = std::move(text);
  question->done = std::move(done);
  questions_.push_back(question);
  if (statement != attended_) {
    console_.notice(fmt::format("[{0}] asks: {1}\n    :fg {0} answers it", statement,
                                question->text.substr(0, question->text.find('\n'))));
  }
  ask_next();
  // A statement that ends takes its question along.
  struct Withdrawal {
    Desk* desk;
    std::shared_ptr<Question> question;
    Withdrawal(Desk* owner, std::shared_ptr<Question> asked)
        : desk(owner), question(std::move(asked)) {}
    Withdrawal(Withdrawal&&) = default;
    Withdrawal& operator=(Withdrawal&&) = delete;
    ~Withdrawal() {
      if (!question) return;
      std::erase(desk->questions_, question);
      if (desk->asked_ != question) return;
      desk->asked_.reset();
      desk->asking_.reset();
    }
  };
  return Owner{Withdrawal(this, std::move(question))};
}

void Desk::ask_next() {
  if (asked_) return;
  const auto next = std::find_if(questions_.begin(), questions_.end(), [&](const auto& question) {
    return question->statement == attended_;
  });
  if (next == questions_.end()) return;
  asked_ = *next;
  questions_.erase(next);
  asking_ = console_.ask(asked_->text, [this](Result<Answer> answer) {
    const Owner over = std::exchange(asking_, Owner());
    const std::shared_ptr<Question> answered = std::exchange(asked_, nullptr);
    answered->done(std::move(answer));
    ask_next();
  });
}

Owner Desk::ask(std::string question, Function<void(Result<Answer>)> done) {
  return queue(statement_(), printable(question), std::move(done));
}

void Desk::used(const std::string& permission) {
  traces_[statement_()].used.insert(permission);
}

Owner Desk::refuse(Error error, Function<void(Result<void>)> done) {
  return Owner{
      loop_.after(Duration::zero(), [error = std::move(error), done = std::move(done)]() mutable {
        done(tl::unexpected(std::move(error)));
      })};
}

std::string Desk::describe(const CallPreview& call) const {
  std::string text = call.name;
  if (call.operation != nullptr) text += ": " + std::string(call.operation->summary);
  const json::Value shown = json::masked(json::Value(call.arguments));
  if (!call.arguments.empty()) text += "\n  " + printable(json::write(shown));
  if (call.operation != nullptr) text += states_of(*call.operation);
  return text + "\nSend it to " + place_ + "?";
}

Owner Desk::admit(CallPreview call, Function<void(Result<void>)> done) {
  if (call.operation != nullptr) {
    Result<void> fits = cloud::check_arguments(*call.operation, call.arguments);
    if (!fits) return refuse(std::move(fits.error()), std::move(done));
  }
  if (!armed_for()) return refuse(read_only(call), std::move(done));
  const int statement = statement_();
  std::string question = describe(call);
  return queue(statement, std::move(question),
               [this, statement, call = std::move(call),
                done = std::move(done)](const Result<Answer>& answer) mutable {
                 if (!answer) return done(tl::unexpected(declined(call, answer.error().message)));
                 if (!answer->yes) return done(tl::unexpected(declined(call, "not confirmed")));
                 // Asked in time, answered too late: what was armed is not any more.
                 if (!armed_for()) return done(tl::unexpected(read_only(call)));
                 traces_[statement].changed.push_back(call.name);
                 done({});
               });
}

void Desk::tell(const RunEvent& event) {
  const json::Object& fields = event.fields;
  if (event.name == "job_started" || event.name == "job_progress") {
    note_job(event);
  } else if (event.name == "note" || event.name == "warning") {
    console_.notice(printable((event.name == "note" ? "" : "warning: ") + fields.text("text")));
  } else if (event.name == "effect_sent") {
    unanswered_.push_back(fields.text("operation"));
  } else if (event.name == "effect_answered") {
    const auto sent = std::find(unanswered_.begin(), unanswered_.end(), fields.text("operation"));
    if (sent != unanswered_.end()) unanswered_.erase(sent);
  } else if (event.name == "effect_in_doubt") {
    console_.notice(
        printable(fmt::format("{}: its answer was lost ({}); looking whether it happened",
                              fields.text("operation"), fields.text("why"))));
  }
}

void Desk::note_job(const RunEvent& event) {
  Job& job = jobs_[event.fields.text("job_id")];
  if (job.seen == Instant{}) job.seen = loop_.now();
  job.changed = loop_.now();
  const std::string type = event.fields.text("job_type");
  if (!type.empty()) job.type = type;
  job.status = event.name == "job_started" ? "accepted" : event.fields.text("status");
  const json::Array parts = event.fields.list("sub_jobs");
  job.parts = parts.size();
  job.parts_done = static_cast<std::size_t>(std::count_if(parts.begin(), parts.end(), succeeded));
}

std::vector<std::string> Desk::unfinished_jobs() const {
  std::vector<std::string> ids;
  for (const auto& [id, job] : jobs_) {
    if (!has_ended(job.status)) ids.push_back(printable(id));
  }
  return ids;
}

std::string Desk::progress() const {
  const std::pair<const std::string, Job>* latest = nullptr;
  for (const auto& row : jobs_) {
    if (has_ended(row.second.status)) continue;
    if (latest == nullptr || row.second.changed >= latest->second.changed) latest = &row;
  }
  if (latest == nullptr) return {};
  const Job& job = latest->second;
  std::string text = fmt::format("job {}", job.status);
  if (job.parts > 0) text += fmt::format(", {} of {} sub-jobs done", job.parts_done, job.parts);
  text += fmt::format("  {}  {}", format_duration(loop_.now() - job.seen), latest->first);
  if (!job.type.empty()) text += "  " + job.type;
  return printable(text);
}

}  // namespace neap::repl
