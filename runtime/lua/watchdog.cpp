#include "lua/watchdog.h"

#include <csignal>
#include <ctime>
#include <string_view>

#include <fmt/format.h>
#include <lua.hpp>
#include <unistd.h>

#include "lua/call.h"

namespace neap::lua {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(2);
constexpr int kIdleTicks = 25;  // until the thread goes to sleep: waking it costs a system call
constexpr int kStuckBudgets = 4;
constexpr int kExitStuck = 70;
const char kRegistryKey = 0;

// Not a std::exception: nothing between the hook and the entry may take it for its own.
struct Stop {};

bool spent(Duration used, Duration budget) {
  return budget > Duration::zero() && used >= budget;
}

[[noreturn]] void exit_stuck(Duration after) {
  const std::string line = fmt::format(
      "neap: stopped: a built-in function did not return within {}\n", format_duration(after));
  // Nobody is left to tell when this fails.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(kExitStuck);
}

int remember(lua_State* L) {
  lua_pushlightuserdata(L, const_cast<char*>(&kRegistryKey));
  lua_insert(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
  return 0;
}

}  // namespace

Watchdog::Watchdog(lua_State* main, CpuBudget budget) : L_(main), budget_(budget) {
  if (lua_cpcall(L_, remember, this) != 0) {
    lua_pop(L_, 1);
    throw Failure(ErrorKind::kInternal, "not enough memory to watch a Lua state");
  }
}

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

// The two threads agree without a lock: each stores its own flag first and reads the other's
// after, so that at least one of them notices (here entry_ and asleep_, below entry_ and hooked_).
bool Watchdog::enter() {
  if (inside_) return false;
  inside_ = true;
  expired_ = Expired::kNone;
  entry_.store(++entries_);
  if (!thread_.joinable()) {
    start();
  } else if (asleep_.load()) {
    wake();
  }
  return true;
}

void Watchdog::leave() {
  entry_.store(0);
  inside_ = false;
  if (!hooked_.load()) return;
  const std::lock_guard lock(mutex_);
  lua_sethook(L_, nullptr, 0, 0);
  hooked_.store(false);
}

void Watchdog::start() {
  pthread_getcpuclockid(pthread_self(), &clock_);
  last_cpu_ = loop_cpu();
  // Signals are for the loop's thread.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Watchdog::wake() {
  {
    const std::lock_guard lock(mutex_);
    asleep_.store(false);
  }
  changed_.notify_one();
}

void Watchdog::interrupt() {
  interrupted_.store(entry_.load());
}

std::optional<Error> Watchdog::take_expiry() {
  const Expired why = std::exchange(expired_, Expired::kNone);
  if (why == Expired::kNone) return std::nullopt;
  Error error{.kind = ErrorKind::kScript, .where = std::move(where_)};
  if (why == Expired::kResume) {
    error.message = fmt::format(
        "used more than {} ms of CPU without waiting",
        std::chrono::duration_cast<std::chrono::milliseconds>(budget_.per_resume).count());
    error.hint = "let long loops wait now and then: task.sleep(0)";
  } else if (why == Expired::kRun) {
    error.message =
        fmt::format("used more than {} of CPU in one run", format_duration(budget_.per_run));
  } else {
    error.kind = ErrorKind::kCancelled;
    error.message = "interrupted";
  }
  return error;
}

Duration Watchdog::loop_cpu() const {
  timespec now{};
  clock_gettime(clock_, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (idle_ticks_ >= kIdleTicks) rest(lock);
    changed_.wait_for(lock, kTick, [this] { return stopping_; });
    tick();
  }
}

void Watchdog::rest(std::unique_lock<std::mutex>& lock) {
  asleep_.store(true);
  if (entry_.load() != 0) asleep_.store(false);
  changed_.wait(lock, [this] { return stopping_ || !asleep_.load(); });
  idle_ticks_ = 0;
  last_cpu_ = loop_cpu();
}

void Watchdog::tick() {
  const std::uint64_t entry = entry_.load();
  const Duration cpu = loop_cpu();
  const Duration since = cpu - std::exchange(last_cpu_, cpu);
  if (entry == 0) {
    ++idle_ticks_;
    return;
  }
  idle_ticks_ = 0;
  used_.fetch_add(since.count(), std::memory_order_relaxed);
  if (entry != watched_) {
    watched_ = entry;
    began_ = cpu;
    reason_.store(Expired::kNone);
  }
  if (reason_.load() == Expired::kNone) {
    const Expired why = judge(entry, cpu);
    if (why == Expired::kNone) return;
    reason_.store(why);
    kicked_ = cpu;
    fired_before_ = fired_.load();
    return kick(entry);
  }
  if (spent(cpu - kicked_, budget_.per_resume * kStuckBudgets)) {
    exit_stuck(budget_.per_resume * (kStuckBudgets + 1));
  }
  // Setting the hook while it runs could overwrite LuaJIT's note that it does. Once it has fired
  // it stays; before that the note is not in play.
  if (fired_.load() == fired_before_) kick(entry);
}

Expired Watchdog::judge(std::uint64_t entry, Duration cpu) const {
  if (interrupted_.load() == entry) return Expired::kInterrupt;
  if (spent(cpu - began_, budget_.per_resume)) return Expired::kResume;
  if (spent(cpu_used(), budget_.per_run)) return Expired::kRun;
  return Expired::kNone;
}

// lua_sethook is the one call that LuaJIT allows beside the running thread. Under the mutex it
// cannot cross the removal in leave().
void Watchdog::kick(std::uint64_t entry) {
  hooked_.store(true);
  if (entry_.load() == entry) lua_sethook(L_, on_hook, LUA_MASKCOUNT, 1);
}

void Watchdog::on_hook(lua_State* L, lua_Debug*) {
  lua_pushlightuserdata(L, const_cast<char*>(&kRegistryKey));
  lua_rawget(L, LUA_REGISTRYINDEX);
  auto& dog = *static_cast<Watchdog*>(lua_touserdata(L, -1));
  lua_pop(L, 1);
  dog.fired_.fetch_add(1);
  if (dog.expired_ == Expired::kNone) {
    dog.expired_ = dog.reason_.load();
    dog.where_ = caller_of(L);
  }
  throw Stop{};
}

}  // namespace neap::lua
