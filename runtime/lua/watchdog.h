// Stops Lua code that uses too much CPU, however it is written, without touching the code path.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <pthread.h>

#include "base/error.h"
#include "base/time.h"

struct lua_Debug;
struct lua_State;

namespace neap::lua {

// CPU time of the loop's thread; zero means no limit (reliability.md 5a).
struct CpuBudget {
  Duration per_resume = std::chrono::milliseconds(100);  // from one wait to the next
  Duration per_run = std::chrono::seconds(10);           // of all entries together
};

enum class Expired { kNone, kResume, kRun, kInterrupt };

// Watches the entries of one thread, the loop's, into one state with the JIT off. While entries are
// active its own thread looks at the loop thread's CPU clock every few milliseconds; otherwise
// it sleeps, and is started by the first entry.
//
// When a budget is spent it sets a debug hook that throws at every instruction until the entry
// has returned, so a pcall gains a script nothing. What throws is a C++ exception, which Lua
// code sees as the text "C++ exception": a Lua error would call the handler of an xpcall, and
// handlers run with hooks off, out of reach. When four more budgets pass and the entry has
// still not returned, a C function is stuck: the process says so and exits with status 70.
class Watchdog {
 public:
  // `main` must outlive the watchdog, and not be run once the watchdog is gone.
  explicit Watchdog(lua_State* main, CpuBudget budget = {});
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Lives around one entry into Lua (lua_resume, lua_pcall); inside another it does nothing.
  class [[nodiscard]] Guard {
   public:
    explicit Guard(Watchdog& dog) : dog_(dog.enter() ? &dog : nullptr) {}
    ~Guard() {
      if (dog_ != nullptr) dog_->leave();
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Watchdog* dog_;
  };
  Guard watch() { return Guard(*this); }

  // Stops the entry under way, if there is one. For any thread and for signal handlers.
  void interrupt();

  // Why the last entry was stopped. A failed entry must be reported with take_expiry() first: the
  // error value that it left says nothing.
  Expired expired() const { return expired_; }
  // The same as an error with the line that was running, once; nothing when nothing expired.
  std::optional<Error> take_expiry();

  // CPU time spent in entries, sampled: right in the long run, blind to what is over in a tick.
  Duration cpu_used() const { return Duration(used_.load(std::memory_order_relaxed)); }

 private:
  static void on_hook(lua_State* L, lua_Debug* event);
  bool enter();
  void leave();
  void start();
  void wake();
  void run();
  void rest(std::unique_lock<std::mutex>& lock);
  void tick();
  Expired judge(std::uint64_t entry, Duration cpu) const;
  void kick(std::uint64_t entry);
  Duration loop_cpu() const;

  lua_State* const L_;
  const CpuBudget budget_;

  // The loop's thread.
  bool inside_ = false;
  std::uint64_t entries_ = 0;
  Expired expired_ = Expired::kNone;
  std::string where_;

  // Both threads. `entry_` is the number of the entry under way, 0 between entries.
  std::atomic<std::uint64_t> entry_ = 0;
  std::atomic<std::uint64_t> interrupted_ = 0;
  std::atomic<std::uint64_t> fired_ = 0;
  std::atomic<bool> hooked_ = false;
  std::atomic<bool> asleep_ = false;
  std::atomic<Expired> reason_ = Expired::kNone;
  std::atomic<Duration::rep> used_ = 0;

  // The watchdog's thread, under the mutex.
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  clockid_t clock_ = 0;
  Duration last_cpu_{};
  Duration began_{};
  Duration kicked_{};
  std::uint64_t watched_ = 0;
  std::uint64_t fired_before_ = 0;
  int idle_ticks_ = 0;
  std::thread thread_;
};

}  // namespace neap::lua
