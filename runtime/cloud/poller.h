// Waiting for jobs: one stream of polls for each job, shared by all who wait for it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/function.h"
#include "base/log.h"
#include "base/owner.h"
#include "base/random.h"
#include "base/time.h"
#include "cloud/client.h"
#include "cloud/due_queue.h"
#include "cloud/id_table.h"
#include "json/document.h"
#include "loop/loop.h"

namespace neap::cloud {

// What a poll said about a job.
struct JobReport {
  std::string_view job_id;                  // as its service knows it
  std::string_view status;                  // INIT, RUNNING, SUCCESS, FAIL, PENDING_PAYMENT
  std::string_view job_type;                // "failoverProtectionGroupNoCG"
  std::string_view error_code;              // of a failed job, else empty
  std::string_view fail_reason;             // likewise
  std::shared_ptr<const std::string> body;  // the whole answer
  std::uint32_t version = 0;                // counts the changes seen
  Instant at{};                             // when the answer came

  bool ended() const { return status == "SUCCESS" || status == "FAIL"; }
};

// How quickly jobs are asked about. Pauses vary by ±20 % so that jobs started together drift apart.
struct PollPace {
  Duration first = std::chrono::seconds{1};
  double growth = 1.5;
  Duration slowest = std::chrono::seconds{10};
  // For a type whose duration is known: half of what is left of it, within these.
  Duration slowest_learnt = std::chrono::seconds{30};
  Duration slowest_after_failure = std::chrono::seconds{60};
  std::size_t in_flight = 64;  // polls at a time
};

// A poll that fails says nothing about the job: the stream goes on, slower, when the network or the
// platform has trouble, and ends with that error when asking again would not help (the job is
// unknown, access is refused).
class JobPoller {
 public:
  // The report lives for the call only; its body may be kept.
  using OnChange = Function<void(Result<const JobReport*>)>;

  JobPoller(Loop& loop, Random& random, Log& log, Client& client, PollPace pace = {});
  ~JobPoller();
  JobPoller(const JobPoller&) = delete;
  JobPoller& operator=(const JobPoller&) = delete;

  // Calls back from the loop with the first answer, with every one that differs from the one before
  // and with the last one or an error, after which it is silent. Dropping the Owner, from inside
  // the call too, ends it; a job that nobody waits for is not polled. After `limit` the last thing
  // it hears is kind timeout, which says nothing about the job either. `name` is as in job_name.h.
  Owner watch(std::string_view name, OnChange on_change, Duration limit = Duration::max());

  // How long jobs of this type have taken lately; nothing until one was seen to succeed.
  std::optional<Duration> expected(std::string_view job_type) const;

  std::size_t jobs() const { return jobs_.size(); }
  std::size_t in_flight() const { return polls_.size(); }

 private:
  struct Job;

  // One who waits; its Owner holds it and its job lists it. Kept small, like Job: there may be
  // 100,000 of each.
  struct Waiter {
    Waiter(JobPoller& owner, Job& watched, OnChange told, Instant until);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    JobPoller& poller;  // gone when `job` is nullptr
    Job* job;           // nullptr: told the last time
    Waiter* next;
    Waiter* previous = nullptr;
    OnChange on_change;
    Instant due;             // when it gives up
    std::uint32_t seen = 0;  // version told last
    std::uint32_t place = DueQueue<Waiter>::kNowhere;
  };

  struct Job {
    static std::unique_ptr<Job> make(std::string_view id);
    static void operator delete(void* block) { ::operator delete(block); }
    // The text stands behind the job, in the same block.
    std::string_view id() const { return {reinterpret_cast<const char*>(this + 1), id_size}; }

    Instant due{};
    Instant started{};
    Waiter* waiters = nullptr;
    Job* chained = nullptr;
    std::uint32_t id_size = 0;
    std::uint32_t body_hash = 0;
    float pause = 0;  // seconds, before jitter
    std::uint32_t place = DueQueue<Job>::kNowhere;
    std::uint32_t version = 0;
    std::uint16_t type = 0;  // in types_
    std::uint8_t failures = 0;
    bool newcomers : 1 = false;   // somebody waits who was told nothing yet
    bool delivering : 1 = false;  // so it stays although the last waiter leaves
  };

  struct TypeDuration {
    std::string name;
    double seconds = 0;  // averaged; 0: none seen yet
  };

  Job& job_of(std::string_view id);
  void leave(Waiter& waiter);
  void unlink(Waiter& waiter);
  void drop(Job& job);
  void schedule(Job& job, Duration pause);
  void arm();
  void pump();
  void give_up(Waiter& waiter);
  void poll(Job& job);
  void polled(Job& job, Result<http::Response> answer);
  void take_report(Job& job, JobReport& report);
  void poll_failed(Job& job, const Error& error);
  void deliver(Job& job, const JobReport& report);
  void tell(Waiter& waiter, const JobReport& report);
  void end(Job& job, const Result<const JobReport*>& last);
  Duration next_pause(Job& job) const;
  std::uint16_t type_index(std::string_view name);
  void learn(std::uint16_t type, Duration took);

  Loop& loop_;
  Random& random_;
  Log& log_;
  Client& client_;
  PollPace pace_;
  json::Parser parser_;
  IdTable<Job> jobs_;
  DueQueue<Job> queue_;         // jobs that are not being polled
  DueQueue<Waiter> deadlines_;  // of those who do not wait for ever
  std::unordered_map<const Job*, Owner> polls_;
  std::vector<TypeDuration> types_{{}};  // the first stands for "not known yet"
  Waiter* told_ = nullptr;               // whose callback is running
  Waiter* next_ = nullptr;               // who is told after it
  Instant armed_for_ = Instant::max();
  Loop::Timer timer_;
};

}  // namespace neap::cloud
