#include "cloud/poller.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/job_name.h"

namespace neap::cloud {
namespace {

constexpr double kJitter = 0.2;
constexpr double kWeightOfLatest = 0.3;  // in the average of a type's durations

// Whether asking again may bring an answer.
bool may_pass(ErrorKind kind) {
  return kind == ErrorKind::kNetwork || kind == ErrorKind::kTimeout ||
         kind == ErrorKind::kThrottled;
}

bool is_status(const Operation& show_job, std::string_view text) {
  const Words known = statuses(show_job.resource);
  return std::find(known.begin(), known.end(), text) != known.end();
}

}  // namespace

JobPoller::JobPoller(Loop& loop, Random& random, Log& log, Client& client, PollPace pace)
    : loop_(loop), random_(random), log_(log), client_(client), pace_(pace) {}

JobPoller::~JobPoller() {
  jobs_.each([](Job& job) {
    for (Waiter* waiter = job.waiters; waiter != nullptr; waiter = waiter->next) {
      waiter->job = nullptr;
    }
  });
}

std::unique_ptr<JobPoller::Job> JobPoller::Job::make(std::string_view id) {
  void* const block = ::operator new(sizeof(Job) + id.size());
  auto job = std::unique_ptr<Job>(new (block) Job);
  job->id_size = static_cast<std::uint32_t>(id.size());
  id.copy(reinterpret_cast<char*>(job.get() + 1), id.size());
  return job;
}

JobPoller::Job& JobPoller::job_of(std::string_view id) {
  if (Job* const known = jobs_.find(id)) return *known;
  Job& job = jobs_.add(Job::make(id));
  job.started = loop_.now();
  job.pause = static_cast<float>(to_seconds(pace_.first));
  schedule(job, pace_.first);
  return job;
}

Owner JobPoller::watch(std::string_view name, OnChange on_change, Duration limit) {
  const Instant now = loop_.now();
  const Instant until = limit < Instant::max() - now ? now + limit : Instant::max();
  Job& job = job_of(name);
  job.newcomers = true;
  Owner owner = Owner::make<Waiter>(*this, job, std::move(on_change), until);
  if (until != Instant::max()) {
    deadlines_.add(*job.waiters);
    arm();
  }
  return owner;
}

std::optional<Duration> JobPoller::expected(std::string_view job_type) const {
  for (const TypeDuration& type : types_) {
    if (type.name == job_type && type.seconds > 0) return from_seconds(type.seconds);
  }
  return std::nullopt;
}

JobPoller::Waiter::Waiter(JobPoller& owner, Job& watched, OnChange told, Instant until)
    : poller(owner), job(&watched), next(watched.waiters), on_change(std::move(told)), due(until) {
  if (next != nullptr) next->previous = this;
  watched.waiters = this;
}

JobPoller::Waiter::~Waiter() {
  if (job != nullptr) poller.leave(*this);
}

void JobPoller::leave(Waiter& waiter) {
  Job& job = *waiter.job;
  if (told_ == &waiter) told_ = nullptr;
  if (next_ == &waiter) next_ = waiter.next;
  unlink(waiter);
  if (job.waiters == nullptr && !job.delivering) drop(job);
}

void JobPoller::unlink(Waiter& waiter) {
  deadlines_.remove(waiter);
  if (waiter.previous != nullptr) waiter.previous->next = waiter.next;
  if (waiter.next != nullptr) waiter.next->previous = waiter.previous;
  if (waiter.job->waiters == &waiter) waiter.job->waiters = waiter.next;
  waiter.job = nullptr;
}

void JobPoller::drop(Job& job) {
  queue_.remove(job);
  polls_.erase(&job);
  jobs_.take(job);
  arm();
}

void JobPoller::schedule(Job& job, Duration pause) {
  const double seconds = to_seconds(pause) * random_.between(1 - kJitter, 1 + kJitter);
  job.due = loop_.now() + from_seconds(seconds);
  queue_.add(job);
  arm();
}

void JobPoller::arm() {
  const bool idle = queue_.empty() || polls_.size() >= pace_.in_flight;
  Instant due = idle ? Instant::max() : queue_.first().due;
  if (!deadlines_.empty()) due = std::min(due, deadlines_.first().due);
  if (due == armed_for_) return;
  armed_for_ = due;
  timer_ =
      due == Instant::max() ? Loop::Timer{} : loop_.after(due - loop_.now(), [this] { pump(); });
}

void JobPoller::pump() {
  armed_for_ = Instant::max();
  while (!deadlines_.empty() && deadlines_.first().due <= loop_.now()) give_up(deadlines_.first());
  while (!queue_.empty() && polls_.size() < pace_.in_flight && queue_.first().due <= loop_.now()) {
    poll(queue_.first());
  }
  arm();
}

void JobPoller::give_up(Waiter& waiter) {
  const std::string id(waiter.job->id());
  const bool of_sdrs = parse_job_name(id).id == id;
  OnChange on_change = std::move(waiter.on_change);
  leave(waiter);
  Error error{
      ErrorKind::kTimeout,
      fmt::format("gave up waiting for job {}: its time is over; it goes on in the cloud",
                  printable(id)),
      of_sdrs ? fmt::format(
                    "wait for it again with: neap run -e 'return sdrs.job(\"{}\"):wait().status'",
                    printable(id))
              : std::string("look at what it works on before the next step")};
  error.job_id = id;
  on_change(tl::unexpected(std::move(error)));
}

void JobPoller::poll(Job& job) {
  queue_.remove(job);
  const JobName name = parse_job_name(job.id());
  json::Object arguments;
  arguments.set("job_id", name.id);
  polls_.emplace(&job, client_.call(*name.show, std::move(arguments),
                                    [this, &job](Result<http::Response> answer) {
                                      polled(job, std::move(answer));
                                    }));
}

void JobPoller::polled(Job& job, Result<http::Response> answer) {
  const auto poll = polls_.extract(&job);
  if (!answer) return poll_failed(job, answer.error());
  const JobName name = parse_job_name(job.id());
  JobReport report{.job_id = name.id, .at = loop_.now()};
  report.body = std::make_shared<const std::string>(std::move(answer->body));
  const Result<json::Document> document = parser_.parse(*report.body);
  if (document) report.status = document->text("/status").value_or("");
  if (!is_status(*name.show, report.status)) {
    return poll_failed(job, Error{ErrorKind::kNetwork, "the answer is not a job"});
  }
  report.job_type = document->text("/job_type").value_or("");
  report.error_code = document->text("/error_code").value_or("");
  report.fail_reason = document->text("/fail_reason").value_or("");
  take_report(job, report);
}

void JobPoller::take_report(Job& job, JobReport& report) {
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string>{}(*report.body));
  const bool changed = job.version == 0 || hash != job.body_hash;
  job.body_hash = hash;
  job.version += changed ? 1 : 0;
  job.failures = 0;
  job.type = type_index(report.job_type);
  report.version = job.version;
  if (report.ended()) {
    // Only a job that was seen running has a duration that we know.
    if (report.status == "SUCCESS" && job.version > 1) learn(job.type, report.at - job.started);
    return end(job, &report);
  }
  if (changed || job.newcomers) deliver(job, report);
  if (job.waiters == nullptr) return drop(job);
  schedule(job, next_pause(job));
}

void JobPoller::poll_failed(Job& job, const Error& error) {
  if (!may_pass(error.kind)) return end(job, tl::unexpected(error));
  const double slower = std::pow(2, std::min<int>(job.failures, 10));
  const Duration pause =
      std::min(pace_.slowest_after_failure, from_seconds(to_seconds(pace_.first) * 2 * slower));
  const LogLevel level = job.failures == 0 ? LogLevel::kWarn : LogLevel::kDebug;
  if (log_.enabled(level)) {
    log_.write(level, fmt::format("job {}: a poll failed, which says nothing about the job ({}); "
                                  "asking again in {}",
                                  job.id(), describe(error), format_duration(pause)));
  }
  if (job.failures < UINT8_MAX) ++job.failures;
  schedule(job, pause);
}

// Callbacks may drop any waiter, their own included, and add some: those come in at the front.
void JobPoller::deliver(Job& job, const JobReport& report) {
  job.newcomers = false;
  job.delivering = true;
  for (Waiter* waiter = job.waiters; waiter != nullptr; waiter = next_) {
    next_ = waiter->next;
    if (waiter->seen != report.version) tell(*waiter, report);
  }
  job.delivering = false;
}

void JobPoller::tell(Waiter& waiter, const JobReport& report) {
  waiter.seen = report.version;
  told_ = &waiter;
  OnChange on_change = std::move(waiter.on_change);
  on_change(&report);
  if (told_ != nullptr) waiter.on_change = std::move(on_change);
  told_ = nullptr;
}

// The job leaves the list first: whoever watches it from now on begins a stream of its own.
void JobPoller::end(Job& job, const Result<const JobReport*>& last) {
  const std::unique_ptr<Job> owned = jobs_.take(job);
  arm();
  job.delivering = true;
  while (job.waiters != nullptr) {
    Waiter& waiter = *job.waiters;
    unlink(waiter);
    OnChange on_change = std::move(waiter.on_change);
    on_change(last);
  }
}

Duration JobPoller::next_pause(Job& job) const {
  const Duration learnt = from_seconds(types_[job.type].seconds);
  const Duration left = learnt - (loop_.now() - job.started);
  if (learnt > Duration::zero() && left > Duration::zero()) {
    return std::clamp(left / 2, pace_.first, pace_.slowest_learnt);
  }
  const Duration pause = from_seconds(job.pause * pace_.growth);
  job.pause = static_cast<float>(to_seconds(std::min(pause, pace_.slowest)));
  return from_seconds(job.pause);
}

std::uint16_t JobPoller::type_index(std::string_view name) {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i].name == name) return static_cast<std::uint16_t>(i);
  }
  constexpr std::size_t kMost = 1000;  // the platform has 19; more come from a broken answer
  if (types_.size() >= kMost) return 0;
  types_.push_back({std::string(name), 0});
  return static_cast<std::uint16_t>(types_.size() - 1);
}

void JobPoller::learn(std::uint16_t index, Duration took) {
  if (index == 0) return;
  double& average = types_[index].seconds;
  const double seconds = to_seconds(took);
  average = average == 0 ? seconds : average + kWeightOfLatest * (seconds - average);
}

}  // namespace neap::cloud
