// Memory of a task that waits for a job, the pauses that many of them cause, and the cost of waking
// them, through the whole stack: stdlib, bindings, poller, client, with a transport that answers
// from memory. Exits 1 when a bar is missed.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <lua.hpp>
#include <malloc.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "cloud/client.h"
#include "cloud/poller.h"
#include "host.h"
#include "lua/machine.h"

namespace {

using namespace neap;
using namespace std::chrono_literals;

constexpr double kMostBytes = 1300;      // of a waiter, at 100,000
constexpr double kLongestPauseMs = 2.0;  // with 10,000 waiters
constexpr int kSleepRounds = 10;

// Answers every poll after 5 ms with a job that runs until `over` is set.
class JobsInMemory final : public http::Transport {
 public:
  explicit JobsInMemory(Loop& loop) : loop_(loop) {}

  Owner send(http::Request request, http::Options, Function<void(http::Outcome)> done) override {
    return Owner{
        loop_.after(5ms, [this, id = id_of(request.url), done = std::move(done)]() mutable {
          ++answers;
          http::Outcome outcome{http::Delivery::kAnswered, {200, {}, answer(id)}, {}};
          if (on_answer) on_answer();
          Function<void(http::Outcome)> last = std::move(done);
          last(std::move(outcome));
        })};
  }

  bool over = false;
  std::size_t answers = 0;
  Function<void()> on_answer;

 private:
  static std::string id_of(std::string_view url) {
    return std::string(url.substr(url.rfind('/') + 1));
  }
  std::string answer(const std::string& id) const {
    return fmt::format(
        R"({{"job_id":"{}","job_type":"failoverProtectionGroupNoCG","status":"{}",)"
        R"("begin_time":"2026-11-21T10:00:00.123Z","error_code":null,"fail_reason":null,)"
        R"("entities":{{"server_group_id":"decf224c-ad86-437f-b76e-c2aee2c4e1d7"}}}})",
        id, over ? "SUCCESS" : "RUNNING");
  }

  Loop& loop_;
};

class FixedCredentials final : public sign::CredentialSource {
 public:
  FixedCredentials() {
    known_.access_key = "AKBENCH";
    known_.secret_key = Secret(std::string("bench-secret"));
    known_.project_id = "0123456789abcdef0123456789abcdef";
  }
  Owner get(Function<void(Result<sign::Credentials>)> done) override {
    done(known_);
    return {};
  }
  void refused(const sign::Credentials&) override {}

 private:
  sign::Credentials known_;
};

class SilentOperator final : public Operator {
 public:
  void tell(const RunEvent&) override {}
  Owner ask(std::string, Function<void(Result<Answer>)> done) override {
    done(Answer{true, "bench", {}});
    return {};
  }
  void print(std::string_view line) override { fmt::print("{}\n", line); }
};

// No limits: spawning 100,000 tasks in one go is no script's business.
lua::MachineOptions options() {
  lua::MachineOptions options;
  options.state.memory_limit = 0;
  options.cpu = {Duration::zero(), Duration::zero()};
  return options;
}

struct World {
  explicit World(Clock& clock) : loop(clock) {}

  // Runs the script; returns when it has ended or somebody stopped the loop.
  void start(const std::string& script) {
    const auto task = machine.start(script, "=waiters", [this](lua::Machine::Outcome outcome) {
      if (outcome.error && outcome.error->kind != ErrorKind::kCancelled) {
        throw std::runtime_error(outcome.error->message);
      }
      ended = true;
      loop.stop();
    });
    if (!task) throw std::runtime_error(task.error().message);
    loop.run();
  }
  lua_State* state() { return machine.scheduler().main(); }

  Loop loop;
  JobsInMemory transport{loop};
  FixedCredentials credentials;
  Random random{1};
  Log log{LogLevel::kOff};
  cloud::Client client{loop,
                       transport,
                       credentials,
                       random,
                       {.endpoint = [](std::string_view) -> Result<std::string> {
                         return "https://sdrs.example.com";
                       }}};
  cloud::JobPoller jobs{loop, random, log, client};
  SilentOperator op;
  Host host{loop, random, log, transport, client, jobs, op, Grants::all({}), {}};
  lua::Machine machine{loop, host, all_modules(), define_classes, options()};
  bool ended = false;
};

// A poll loop as scripts write it: three frames of the script's own and a pcall above the wait, an
// id and a table of options for each.
std::string waiting_script(int waiters) {
  return fmt::format(R"lua(
    local function f(id, options)
      local job = sdrs.job(id):wait(options)
      return job
    end
    local function wait_job(id, options)
      local ok, job = pcall(f, id, options)
      if not ok then error(job, 0) end
      return job
    end
    local function get(id)
      local job = wait_job(id, {{ timeout = "2h" }})
      assert(job.status == "SUCCESS")
      return true
    end
    local ids = {{}}
    for i = 1, {} do ids[i] = ("ff8080826adfae02016ae2d1%08x"):format(i) end
    task.map(ids, #ids, get)
  )lua",
                     waiters);
}

struct Memory {
  double resident = 0;
  double lua = 0;
  double cpp = 0;  // malloc's, without Lua's
};

// What each of `waiters` costs, in bytes, between two looks.
Memory per_waiter(const Memory& before, const Memory& after, int waiters) {
  return {(after.resident - before.resident) / waiters, (after.lua - before.lua) / waiters,
          (after.cpp - before.cpp) / waiters};
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

Memory look(World& world) {
  lua_gc(world.state(), LUA_GCCOLLECT, 0);
  lua_gc(world.state(), LUA_GCCOLLECT, 0);
  malloc_trim(0);
  const double lua = static_cast<double>(lua::account_of(world.state()).used);
  const struct mallinfo2 heap = mallinfo2();
  return {resident_bytes(), lua, static_cast<double>(heap.uordblks + heap.hblkhd) - lua};
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// CPU time of the longest step of one whole cycle of the collector, in milliseconds.
double longest_gc_step(lua_State* L) {
  double longest = 0;
  lua_gc(L, LUA_GCCOLLECT, 0);
  for (bool cycle_ended = false; !cycle_ended;) {
    const double before = cpu_seconds();
    cycle_ended = lua_gc(L, LUA_GCSTEP, 0) != 0;
    longest = std::max(longest, (cpu_seconds() - before) * 1e3);
  }
  return longest;
}

// All tasks are parked, and every job has been polled about twice.
Memory measure_parked(int waiters, double& gc_step) {
  VirtualClock clock;
  World world(clock);
  const Memory before = look(world);
  world.transport.on_answer = [&] {
    if (world.transport.answers == 2 * static_cast<std::size_t>(waiters)) world.loop.stop();
  };
  world.start(waiting_script(waiters));
  if (world.machine.scheduler().alive() < static_cast<std::size_t>(waiters)) {
    throw std::runtime_error("some tasks do not wait");
  }
  const Memory parked = look(world);
  gc_step = longest_gc_step(world.state());
  world.transport.on_answer = nullptr;
  world.transport.over = true;
  world.loop.run();
  if (!world.ended) throw std::runtime_error("not every job was seen to end");
  return per_waiter(before, parked, waiters);
}

// In real time, polls going on: CPU time between two looks of the loop at its descriptors.
double longest_pause(int waiters, Duration how_long) {
  SystemClock clock;
  World world(clock);
  const int always_ready = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
  double last = 0;
  double longest = 0;
  Loop::Watch watch;
  Loop::Timer end;
  // Once all tasks are parked: spawning them is one script's own long step.
  const Loop::Timer begin = world.loop.after(1s, [&] {
    last = cpu_seconds();
    watch = world.loop.watch(always_ready, {.readable = true}, [&](Loop::Ready) {
      const double now = cpu_seconds();
      longest = std::max(longest, (now - last) * 1e3);
      last = now;
    });
    end = world.loop.after(how_long, [&] { world.loop.stop(); });
  });
  world.start(waiting_script(waiters));
  watch = {};
  close(always_ready);
  if (world.transport.answers < static_cast<std::size_t>(waiters)) {
    throw std::runtime_error("too few polls to judge by");
  }
  world.machine.scheduler().cancel_all();
  return longest;
}

// CPU time of one return from a sleep and going back to it, in nanoseconds.
double wake_cost(int sleepers) {
  VirtualClock clock;
  World world(clock);
  const std::string script = fmt::format(R"lua(
    local function sleeper() while true do task.sleep(1) end end
    for _ = 1, {} do task.spawn(sleeper) end
  )lua",
                                         sleepers);
  const Loop::Timer begin = world.loop.after(500ms, [&] { world.loop.stop(); });
  world.start(script);
  const double before = cpu_seconds();
  const Loop::Timer end =
      world.loop.after(std::chrono::seconds{kSleepRounds}, [&] { world.loop.stop(); });
  world.loop.run();
  const double used = cpu_seconds() - before;
  world.machine.scheduler().cancel_all();
  return used / kSleepRounds / sleepers * 1e9;
}

// Resident bytes of an asyncio task in the same three frames, by the peer itself; 0 without one.
double asyncio_bytes(int waiters) {
  const std::string command = fmt::format(R"(/usr/bin/python3 -c '
import asyncio, os
def resident(): return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGESIZE")
async def f(id, options): await asyncio.sleep(options["timeout"])
async def wait_job(id, options): return await f(id, options)
async def get(id): return await wait_job(id, dict(timeout=7200))
async def main():
    before = resident()
    tasks = [asyncio.create_task(get("ff8080826adfae02016ae2d1%08x" % i)) for i in range({0})]
    await asyncio.sleep(1)
    print((resident() - before) / {0}, flush=True)
    os._exit(0)
asyncio.run(main())' 2>/dev/null)",
                                          waiters);
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return 0;
  double bytes = 0;
  const int read = std::fscanf(pipe, "%lf", &bytes);
  pclose(pipe);
  return read == 1 ? bytes : 0;
}

bool report(const char* what, double value, const char* unit, double bar) {
  const bool met = value <= bar;
  fmt::print("{}: {:.2f} {} (bar <= {}): bar {}\n", what, value, unit, bar,
             met ? "met" : "not met");
  return met;
}

bool measure() {
  fmt::print("one task waiting for a job, bytes\n{:<10}{:>10}{:>10}{:>10}{:>18}\n", "waiters",
             "RSS", "Lua heap", "C++ heap", "longest GC step");
  Memory many;
  for (const int waiters : {10'000, 100'000}) {
    double gc_step = 0;
    many = measure_parked(waiters, gc_step);
    fmt::print("{:<10}{:>10.0f}{:>10.0f}{:>10.0f}{:>15.2f} ms\n", waiters, many.resident, many.lua,
               many.cpp, gc_step);
  }
  if (const double peer = asyncio_bytes(100'000); peer > 0) {
    fmt::print("{:<10}{:>10.0f}   python3 asyncio, three frames in a sleep\n", 100'000, peer);
  }
  fmt::print("wake and sleep again, 100,000 tasks: {:.0f} ns\n", wake_cost(100'000));
  bool met = report("bytes of a waiter, 100,000 of them",
                    std::max(many.resident, many.lua + many.cpp), "B", kMostBytes);
  met &= report("longest pause of the loop, 10,000 waiters", longest_pause(10'000, 5s), "ms",
                kLongestPauseMs);
  return met;
}

}  // namespace

int main() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  try {
    return measure() ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_waiters: {}\n", error.what());
    return 2;
  }
}
