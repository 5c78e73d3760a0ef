// One thread, one queue: what runs, what waits for time, for a file descriptor, for a signal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/function.h"
#include "base/owner.h"
#include "loop/clock.h"

namespace boost::asio {
class io_context;
}

namespace neap {

// Callbacks run from run(), never from inside post(), after() or watch(). Single-threaded: only
// post_from_thread may be called from elsewhere.
class Loop {
 private:
  struct State;

 public:
  // Cancels its callback when destroyed; must not outlive the loop.
  class [[nodiscard]] Timer {
   public:
    Timer() = default;
    Timer(Timer&& other) noexcept
        : loop_(std::exchange(other.loop_, nullptr)), key_(std::move(other.key_)) {}
    Timer& operator=(Timer&& other) noexcept {
      cancel();
      loop_ = std::exchange(other.loop_, nullptr);
      key_ = other.key_;
      return *this;
    }
    ~Timer() { cancel(); }
    void cancel() noexcept;

   private:
    friend class Loop;
    using Key = std::pair<Instant, std::uint64_t>;  // due time, then order of arming
    Timer(Loop* loop, Key key) : loop_(loop), key_(key) {}
    Loop* loop_ = nullptr;
    Key key_{};
  };

  struct Ready {
    bool readable = false;
    bool writable = false;
  };

  // Calls back whenever the descriptor is ready, until destroyed. Does not own the descriptor:
  // destroy the watch before closing it.
  class [[nodiscard]] Watch {
   public:
    Watch() = default;
    Watch(Watch&&) noexcept;
    Watch& operator=(Watch&&) noexcept;
    ~Watch();
    // Changes what is waited for; both false pauses the watch.
    void want(Ready interest);

   private:
    friend class Loop;
    struct State;
    explicit Watch(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
  };

  // The loop moves a VirtualClock itself; any other clock it only reads.
  explicit Loop(Clock& clock);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void post(Function<void()> fn);
  void post_from_thread(Function<void()> fn);
  Timer after(Duration delay, Function<void()> fn);
  Watch watch(int descriptor, Ready interest, Function<void(Ready)> fn);
  // Calls back each time the process receives the signal, until the Owner is destroyed.
  Owner on_signal(int number, Function<void()> fn);

  // Keeps run() from returning while held: for work that goes through io().
  Owner keep_alive();

  // Runs until stop(), or until nothing is posted, armed, watched or kept alive.
  void run();
  void stop();

  Instant now() const { return clock_.now(); }
  UtcTime utc() const { return clock_.utc(); }
  const Clock& clock() const { return clock_; }

  // What is still open; tests assert that all three are 0.
  std::size_t timers() const;
  std::size_t watches() const;
  std::size_t posted() const;

  // For Boost.Beast in http/server.cpp only: it reads sockets through Asio itself.
  boost::asio::io_context& io();

 private:
  bool run_ready();                 // runs due timers and a batch of posts; false: there were none
  std::size_t look(Duration wait);  // lets Asio run what is ready, waiting at most that long

  Clock& clock_;
  std::unique_ptr<State> state_;
};

}  // namespace neap
