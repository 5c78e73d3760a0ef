// Ten thousand tasks, each waiting for a job of its own, in virtual time.
#include <chrono>
#include <cstdio>

#include "fixture.h"

using namespace neap;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

// A job runs for two minutes of the clock, whoever asks.
http::Outcome answer_job(const Loop& loop, const http::Request& request) {
  const std::string id = request.url.substr(request.url.rfind('/') + 1);
  const char* status = loop.now() < 2min ? "RUNNING" : "SUCCESS";
  return answered(200, R"({"job_id":")" + id + R"(","job_type":"failover","status":")" + status +
                           R"(","begin_time":"2026-01-01T00:00:00.000Z","entities":{}})");
}

}  // namespace

TEST_CASE("10,000 tasks that each wait for a job all finish, and leave nothing open") {
  World world;
  world.transport.otherwise = [&](const http::Request& request) {
    return answer_job(world.loop, request);
  };
  const auto started = std::chrono::steady_clock::now();
  const std::string ended = world.run(R"(
    local waits = {}
    for i = 1, 10000 do
      waits[i] = function()
        local id = ("%032x"):format(i)
        local job = sdrs.job(id):wait()
        assert(job.id == id and job.status == "SUCCESS")
        return 1
      end
    end
    local ended = 0
    for _, one in ipairs(task.map(waits, #waits, function(wait) return wait() end)) do
      ended = ended + one
    end
    return tostring(ended))");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  CHECK(ended == "10000");
  CHECK(world.transport.most_under_way <= 64);
  std::printf("10,000 waiters: %.2f s, %zu polls, %.0f s of virtual time\n", took.count(),
              world.transport.sent.size(), to_seconds(world.loop.now()));
}

TEST_CASE("cancelling 10,000 waiting tasks ends the polling with them") {
  World world;
  world.transport.otherwise = [&](const http::Request& request) {
    return answer_job(world.loop, request);
  };
  const std::string kind = world.run(R"(
    local ids = {}
    for i = 1, 10000 do ids[i] = ("%032x"):format(i) end
    local ok, e = pcall(task.timeout, "1m", function()
      task.map(ids, #ids, function(id) sdrs.job(id):wait() end)
    end)
    return e.kind)");
  CHECK(kind == "timeout");
  CHECK(world.loop.now() < 61s);
}
