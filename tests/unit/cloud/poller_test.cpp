// Polling for jobs: shared, adaptive, jittered, cheap, and never taking a failed poll for a failed
// job.
#include "cloud/poller.h"

#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <malloc.h>

#include "support/scripted_transport.h"
#include "support/seed.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

std::string job_answer(std::string_view status, std::string_view rest = "") {
  return R"({"job_id":"j","job_type":"failoverProtectionGroupNoCG","status":")" +
         std::string(status) + "\"" + std::string(rest) + "}";
}

// Jobs that start when first asked about and take `duration` each.
struct World {
  explicit World(std::uint64_t seed = 1, PollPace pace = {}) : random(seed), pace_(pace) {
    transport.otherwise = [this](const http::Request& request) {
      const std::string id = request.url.substr(request.url.rfind('/') + 1);
      ++polls[id];
      const bool over =
          loop.now() - started.try_emplace(id, Duration::zero()).first->second >= duration;
      return answered(200, job_answer(over ? "SUCCESS" : "RUNNING"));
    };
  }
  ~World() {
    CHECK(poller.jobs() == 0);
    CHECK(poller.in_flight() == 0);
    CHECK(loop.timers() == 0);
    CHECK(transport.under_way == 0);
  }

  VirtualClock clock;
  Loop loop{clock};
  ScriptedTransport transport{loop};
  ScriptedCredentials credentials;
  Random random;
  Log log{LogLevel::kOff};
  Client client{loop,
                transport,
                credentials,
                random,
                {.endpoint = [](std::string_view) -> Result<std::string> {
                  return "https://sdrs.example.com";
                }}};
  Duration duration = 30s;
  std::map<std::string, int> polls;
  std::map<std::string, Instant> started;

 private:
  PollPace pace_;

 public:
  JobPoller poller{loop, random, log, client, pace_};
};

// Collects what one waiter is told.
struct Told {
  std::vector<std::string> statuses;
  std::vector<Instant> times;
  std::optional<Error> error;
  JobPoller::OnChange listen() {
    return [this](Result<const JobReport*> news) {
      if (!news) {
        error = news.error();
        return;
      }
      statuses.emplace_back((*news)->status);
      times.push_back((*news)->at);
    };
  }
};

using Statuses = std::vector<std::string>;

}  // namespace

TEST_CASE("a waiter is told of the first answer, of each change and of the end") {
  World world;
  for (const char* answer : {"INIT", "INIT", "RUNNING", "RUNNING", "RUNNING", "SUCCESS"}) {
    world.transport.then(answered(200, job_answer(answer)));
  }
  Told told;
  const Owner owner = world.poller.watch("j", told.listen());
  world.loop.run();
  CHECK(told.statuses == Statuses{"INIT", "RUNNING", "SUCCESS"});
  CHECK(world.transport.sent.size() == 6);
}

TEST_CASE("a job of another service is asked for there, under the id that the service knows") {
  World world;
  for (const char* answer : {"INIT", "PENDING_PAYMENT", "RUNNING", "SUCCESS"}) {
    world.transport.then(answered(200, job_answer(answer)));
  }
  Statuses statuses;
  std::string id;
  const Owner owner = world.poller.watch("ecs:j-1", [&](Result<const JobReport*> report) {
    REQUIRE(report);
    statuses.emplace_back((*report)->status);
    id = (*report)->job_id;
  });
  world.loop.run();
  CHECK(statuses == Statuses{"INIT", "PENDING_PAYMENT", "RUNNING", "SUCCESS"});
  CHECK(id == "j-1");
  CHECK(world.transport.sent.front().request.url.ends_with("/jobs/j-1"));
  Told told;
  const Owner unpaid = world.poller.watch("j-2", told.listen(), 10s);
  world.transport.then(answered(200, job_answer("PENDING_PAYMENT")));  // no status of SDRS
  world.loop.run();
  CHECK(told.statuses == Statuses{"RUNNING"});
}

TEST_CASE("progress in the sub-jobs is a change although the status is the same") {
  World world;
  world.transport.then(answered(200, job_answer("RUNNING", R"(,"entities":{"sub_jobs":[1]})")));
  world.transport.then(answered(200, job_answer("RUNNING", R"(,"entities":{"sub_jobs":[1,2]})")));
  world.transport.then(answered(
      200, job_answer("FAIL", R"(,"error_code":"EVS.2024","fail_reason":"volume is error")")));
  std::vector<std::uint32_t> versions;
  std::string failure;
  std::shared_ptr<const std::string> body;
  const Owner owner = world.poller.watch("j", [&](Result<const JobReport*> news) {
    const JobReport& report = **news;
    versions.push_back(report.version);
    CHECK(report.job_type == "failoverProtectionGroupNoCG");
    if (report.ended())
      failure = std::string(report.error_code) + " " + std::string(report.fail_reason);
    body = report.body;
  });
  world.loop.run();
  CHECK(versions == std::vector<std::uint32_t>{1, 2, 3});
  CHECK(failure == "EVS.2024 volume is error");
  CHECK(body->find("EVS.2024") != std::string::npos);
}

TEST_CASE("all who wait for one job share its polls, and each is told its own first answer") {
  World world;
  Told first;
  Told second;
  Owner late;
  const Owner owner = world.poller.watch("j", first.listen());
  const auto timer =
      world.loop.after(10s, [&] { late = world.poller.watch("j", second.listen()); });
  world.loop.run();
  CHECK(first.statuses == Statuses{"RUNNING", "SUCCESS"});
  CHECK(second.statuses == Statuses{"RUNNING", "SUCCESS"});
  CHECK(first.times.back() == second.times.back());

  World alone;
  Told told;
  const Owner one = alone.poller.watch("j", told.listen());
  alone.loop.run();
  CHECK(world.polls["j"] == alone.polls["j"]);
}

TEST_CASE("pauses begin at 1 s, grow by half up to 10 s, and vary by 20 %") {
  const std::uint64_t seed = test::seed_of_run();
  INFO("NEAP_SEED=" << seed);
  World world{seed};
  world.duration = 5min;
  Told told;
  const Owner owner = world.poller.watch("j", told.listen());
  world.loop.run();
  double expected = 1;
  Instant before{0};
  std::set<double> ratios;
  for (const auto& sent : world.transport.sent) {
    const double pause = to_seconds(sent.at - before);
    INFO("a pause of " << pause << " s around " << expected);
    CHECK(pause >= expected * 0.8 - 1e-6);
    CHECK(pause <= expected * 1.2 + 1e-6);
    ratios.insert(pause / expected);
    before = sent.at + world.transport.latency;
    expected = std::min(10.0, expected * 1.5);
  }
  CHECK(ratios.size() > world.transport.sent.size() / 2);
}

TEST_CASE("once a type's duration is learnt, a job takes fewer polls and is seen sooner to end") {
  const std::uint64_t seed = test::seed_of_run();
  INFO("NEAP_SEED=" << seed);
  World world{seed};
  world.duration = 4min;
  CHECK_FALSE(world.poller.expected("failoverProtectionGroupNoCG"));
  for (int i = 0; i < 3; ++i) {
    world.started["job-" + std::to_string(i)] = world.loop.now();
    Told told;
    const Owner owner = world.poller.watch("job-" + std::to_string(i), told.listen());
    world.loop.run();
  }
  CHECK(world.polls["job-1"] < world.polls["job-0"]);
  const Duration learnt = world.poller.expected("failoverProtectionGroupNoCG").value();
  CHECK(learnt > 230s);
  CHECK(learnt < 270s);
  std::cout << "polls of a 4 min job: unlearnt " << world.polls["job-0"] << ", learnt "
            << world.polls["job-1"] << " (seed " << seed << ")\n";
}

TEST_CASE("a failed poll is not a failed job: the stream goes on, slower") {
  World world;
  Told told;
  world.transport.then(answered(200, job_answer("RUNNING")));
  for (int i = 0; i < 5; ++i) world.transport.then(lost("connection reset"));  // one read
  for (int i = 0; i < 5; ++i) world.transport.then(answered(503, ""));
  for (int i = 0; i < 5; ++i) world.transport.then(answered(429, "{}"));
  world.transport.then(answered(200, "not JSON"));
  world.transport.then(answered(200, R"({"status":"DREAMING"})"));
  world.transport.then(answered(200, job_answer("SUCCESS")));
  const Owner owner = world.poller.watch("j", told.listen());
  world.loop.run();
  CHECK(told.statuses == Statuses{"RUNNING", "SUCCESS"});
  CHECK_FALSE(told.error);
}

TEST_CASE("an unknown job, a refusal and an impossible id end the stream with their error") {
  World world;
  const auto end_of = [&](std::string_view id, http::Outcome outcome) {
    Told told;
    world.transport.then(std::move(outcome));
    const Owner owner = world.poller.watch(id, told.listen());
    world.loop.run();
    REQUIRE(told.error);
    CHECK(told.statuses.empty());
    return told.error->kind;
  };
  CHECK(end_of("j", answered(404, R"({"itemNotFound":{"code":"404","message":"m"}})")) ==
        ErrorKind::kNotFound);
  CHECK(end_of("j", answered(403, R"({"error_code":"APIGW.0302","error_msg":"m"})")) ==
        ErrorKind::kPermission);
  CHECK(end_of("j", answered(401, R"({"error_code":"APIGW.0301","error_msg":"m"})")) ==
        ErrorKind::kAuth);
  CHECK(end_of("a/b", answered(200, "")) == ErrorKind::kArgument);
}

TEST_CASE("a job that nobody waits for any more is not polled") {
  World world;
  Told told;
  Owner first = world.poller.watch("j", told.listen());
  Owner second = world.poller.watch("j", told.listen());
  const auto one = world.loop.after(3s, [&] { first.reset(); });
  const auto both = world.loop.after(6s, [&] {
    second.reset();
    CHECK(world.poller.jobs() == 0);
  });
  world.loop.run();
  CHECK(world.clock.now() == 6s);
  CHECK(told.statuses == Statuses{"RUNNING", "RUNNING"});
}

TEST_CASE("dropping the last waiter while its poll is under way cancels the poll") {
  World world;
  world.transport.latency = 1h;
  Told told;
  Owner owner = world.poller.watch("j", told.listen());
  const auto timer = world.loop.after(10s, [&] {
    CHECK(world.poller.in_flight() == 1);
    owner.reset();
  });
  world.loop.run();
  CHECK(world.clock.now() == 10s);
  CHECK(told.statuses.empty());
}

TEST_CASE("a callback may drop its own wait and others', and begin new ones") {
  World world;
  std::vector<Owner> owners(4);
  Told again;
  Owner fresh;
  int calls = 0;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    owners[i] = world.poller.watch("j", [&](Result<const JobReport*>) {
      ++calls;
      for (Owner& owner : owners) owner.reset();
      fresh = world.poller.watch("j", again.listen());
    });
  }
  world.loop.run();
  CHECK(calls == 1);
  CHECK(again.statuses == Statuses{"RUNNING", "SUCCESS"});
  int ends = 0;
  world.duration = 0s;
  for (Owner& owner : owners) {
    owner = world.poller.watch("k", [&](Result<const JobReport*>) {
      ++ends;
      for (Owner& other : owners) other.reset();
    });
  }
  world.loop.run();
  CHECK(ends == 1);
}

TEST_CASE("a waiter may outlive the poller") {
  Told told;
  Owner owner;
  {
    World world;
    Owner short_lived = world.poller.watch("j", told.listen());
    short_lived.reset();
    JobPoller other{world.loop, world.random, world.log, world.client};
    owner = other.watch("j", told.listen());
  }
  owner.reset();
  CHECK(told.statuses.empty());
}

TEST_CASE("10,000 jobs are waited for with at most 64 polls under way") {
  const std::uint64_t seed = test::seed_of_run();
  INFO("NEAP_SEED=" << seed);
  World world{seed};
  world.duration = 2min;
  constexpr int kJobs = 10'000;
  std::vector<Owner> owners;
  owners.reserve(kJobs);
  int ended = 0;
  const std::size_t before = mallinfo2().uordblks;
  for (int i = 0; i < kJobs; ++i) {
    char id[33];
    std::snprintf(id, sizeof id, "ff8080826adfae02016ae2d1%08x", static_cast<unsigned>(i));
    owners.push_back(world.poller.watch(id, [&ended](Result<const JobReport*> news) {
      ended += news && (*news)->ended() ? 1 : 0;
    }));
  }
  [[maybe_unused]] const std::size_t bytes = (mallinfo2().uordblks - before) / kJobs;
  world.loop.run();
  CHECK(ended == kJobs);
  CHECK(world.transport.most_under_way == 64);
#ifndef NEAP_SANITIZE  // its allocator tells mallinfo nothing
  std::cout << "10,000 jobs: " << world.transport.sent.size() << " polls, " << bytes
            << " bytes per waiting job (with a 32-byte closure)\n";
  CHECK(bytes <= 320);
#endif
}
