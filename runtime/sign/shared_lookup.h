// One look-up under way, however many wait for it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/function.h"
#include "base/owner.h"

namespace neap::sign {

// Whoever joins gets the result of the look-up under way, or starts one. It is cancelled when the
// last waiter lets go of its Owner.
template <class T>
class SharedLookup {
 public:
  using Done = Function<void(Result<T>)>;

  // `start(Done)` begins the work and returns its Owner; it may call Done from inside.
  template <class Start>
  Owner join(Done done, Start start) {
    const std::uint64_t id = state_->next_id++;
    state_->waiting.emplace(id, std::move(done));
    Owner ticket(Ticket{state_, id});
    if (state_->running) return ticket;
    state_->running = true;
    const std::uint64_t run = ++state_->run;
    Owner work = start([weak = std::weak_ptr(state_)](Result<T> result) {
      if (const auto state = weak.lock()) finish(*state, std::move(result));
    });
    if (state_->running && state_->run == run) state_->work = std::move(work);
    return ticket;
  }

 private:
  struct State {
    std::map<std::uint64_t, Done> waiting;  // in the order of joining
    std::uint64_t next_id = 0;
    std::uint64_t run = 0;
    bool running = false;
    Owner work;
  };

  class Ticket {
   public:
    Ticket(const std::shared_ptr<State>& state, std::uint64_t id) : state_(state), id_(id) {}
    Ticket(Ticket&& other) noexcept : state_(std::exchange(other.state_, {})), id_(other.id_) {}
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      const auto state = state_.lock();
      if (!state) return;
      const bool left = state->waiting.erase(id_) > 0;
      if (!left || !state->waiting.empty()) return;
      state->running = false;
      state->work.reset();
    }

   private:
    std::weak_ptr<State> state_;
    std::uint64_t id_;
  };

  // A callback may join anew, which starts another run, or let go of waiters not called yet.
  static void finish(State& state, Result<T> result) {
    state.running = false;
    const Owner work = std::exchange(state.work, Owner());
    const std::uint64_t end = state.next_id;
    while (!state.waiting.empty() && state.waiting.begin()->first < end) {
      Done done = std::move(state.waiting.begin()->second);
      state.waiting.erase(state.waiting.begin());
      done(result);
    }
  }

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace neap::sign
