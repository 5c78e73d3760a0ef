#include "loop/loop.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <deque>
#include <map>
#include <system_error>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <sys/epoll.h>
#include <unistd.h>

namespace neap {
namespace asio = boost::asio;
namespace {

// Callbacks run between two looks at the descriptors; bounds how long posted work can starve I/O.
constexpr std::size_t kBatch = 64;

std::uint32_t to_epoll(Loop::Ready interest) {
  return (interest.readable ? static_cast<std::uint32_t>(EPOLLIN) : 0u) |
         (interest.writable ? static_cast<std::uint32_t>(EPOLLOUT) : 0u);
}

class EpollSet {
 public:
  EpollSet() : descriptor_(epoll_create1(EPOLL_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  }
  ~EpollSet() { close(descriptor_); }
  EpollSet(const EpollSet&) = delete;
  EpollSet& operator=(const EpollSet&) = delete;

  int descriptor() const { return descriptor_; }
  void change(int operation, int descriptor, std::uint32_t events, void* data) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = data;
    if (epoll_ctl(descriptor_, operation, descriptor, &event) != 0 && operation != EPOLL_CTL_DEL) {
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
  }

 private:
  int descriptor_;
};

}  // namespace

// All watched descriptors sit in one level-triggered epoll set, and Asio watches the set: a busy
// transfer then costs no epoll_ctl per wake-up, as Asio's own descriptors would.
struct Loop::State {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{io.get_executor()};
  EpollSet set;
  asio::posix::stream_descriptor set_ready{io, dup(set.descriptor())};
  std::map<Timer::Key, Function<void()>> timers;
  std::deque<Function<void()>> posted;
  std::map<Watch::State*, std::weak_ptr<Watch::State>> watches;
  std::size_t holds = 0;
  std::uint64_t serial = 0;
  bool armed = false;
  bool stopping = false;
};

struct Loop::Watch::State {
  Loop::State& loop;
  int descriptor;
  Function<void(Ready)> fn;

  // At once, even while `fn` still runs: its caller may close the descriptor next, and the number
  // may come back for another watch.
  void leave() {
    loop.set.change(EPOLL_CTL_DEL, descriptor, 0, nullptr);
    loop.watches.erase(this);
  }
};

namespace {

// Delivers what the epoll set has; a callback may destroy any watch, its own included.
template <class LoopState, class WatchState>
void deliver(LoopState& state) {
  std::array<epoll_event, kBatch> events{};
  const int count = epoll_wait(state.set.descriptor(), events.data(), kBatch, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events.at(static_cast<std::size_t>(i));
    const auto found = state.watches.find(static_cast<WatchState*>(event.data.ptr));
    if (found == state.watches.end()) continue;
    const std::shared_ptr<WatchState> watch = found->second.lock();
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    watch->fn(Loop::Ready{broken || (event.events & EPOLLIN) != 0,
                          broken || (event.events & EPOLLOUT) != 0});
  }
}

}  // namespace

Loop::Watch::Watch(std::shared_ptr<State> state) : state_(std::move(state)) {}
Loop::Watch::Watch(Watch&&) noexcept = default;
Loop::Watch& Loop::Watch::operator=(Watch&& other) noexcept {
  std::swap(state_, other.state_);
  const Watch former = std::move(other);
  return *this;
}
Loop::Watch::~Watch() {
  if (state_) state_->leave();
}

void Loop::Watch::want(Ready interest) {
  state_->loop.set.change(EPOLL_CTL_MOD, state_->descriptor, to_epoll(interest), state_.get());
}

void Loop::Timer::cancel() noexcept {
  if (loop_ != nullptr) loop_->state_->timers.erase(key_);
  loop_ = nullptr;
}

Loop::Loop(Clock& clock) : clock_(clock), state_(std::make_unique<State>()) {}

Loop::~Loop() {
  assert(state_->watches.empty());
}

void Loop::post(Function<void()> fn) {
  state_->posted.push_back(std::move(fn));
}

void Loop::post_from_thread(Function<void()> fn) {
  auto shared = std::make_shared<Function<void()>>(std::move(fn));
  asio::post(state_->io, [shared] { (*shared)(); });
}

Loop::Timer Loop::after(Duration delay, Function<void()> fn) {
  const Duration wait = std::max(delay, Duration::zero());
  const Instant due = now() > Instant::max() - wait ? Instant::max() : now() + wait;
  const Timer::Key key{due, ++state_->serial};
  state_->timers.emplace(key, std::move(fn));
  return Timer{this, key};
}

Loop::Watch Loop::watch(int descriptor, Ready interest, Function<void(Ready)> fn) {
  auto watch = std::shared_ptr<Watch::State>(new Watch::State{*state_, descriptor, std::move(fn)});
  state_->set.change(EPOLL_CTL_ADD, descriptor, to_epoll(interest), watch.get());
  state_->watches.emplace(watch.get(), watch);
  return Watch{std::move(watch)};
}

Owner Loop::on_signal(int number, Function<void()> fn) {
  struct Listener : std::enable_shared_from_this<Listener> {
    Listener(asio::io_context& io, int signal, Function<void()> f)
        : signals(io, signal), fn(std::move(f)) {}
    void listen() {
      signals.async_wait([weak = weak_from_this()](const boost::system::error_code& error, int) {
        const auto self = weak.lock();
        if (!self || error) return;
        self->listen();
        self->fn();
      });
    }
    asio::signal_set signals;
    Function<void()> fn;
  };
  auto listener = std::make_shared<Listener>(state_->io, number, std::move(fn));
  listener->listen();
  return Owner{std::move(listener)};
}

Owner Loop::keep_alive() {
  ++state_->holds;
  struct Release {
    void operator()(State* state) const { --state->holds; }
  };
  return Owner{std::unique_ptr<State, Release>(state_.get())};
}

void Loop::stop() {
  state_->stopping = true;
}

std::size_t Loop::timers() const {
  return state_->timers.size();
}
std::size_t Loop::watches() const {
  return state_->watches.size();
}
std::size_t Loop::posted() const {
  return state_->posted.size();
}
asio::io_context& Loop::io() {
  return state_->io;
}

bool Loop::run_ready() {
  State& s = *state_;
  std::size_t ran = 0;
  while (!s.timers.empty() && s.timers.begin()->first.first <= now() && !s.stopping) {
    auto due = s.timers.extract(s.timers.begin());
    due.mapped()();
    ++ran;
  }
  for (; !s.posted.empty() && ran < kBatch && !s.stopping; ++ran) {
    Function<void()> fn = std::move(s.posted.front());
    s.posted.pop_front();
    fn();
  }
  return ran > 0;
}

std::size_t Loop::look(Duration wait) {
  State& s = *state_;
  if (!s.armed && !s.watches.empty()) {
    s.armed = true;
    s.set_ready.async_wait(asio::posix::stream_descriptor::wait_read,
                           [&s](const boost::system::error_code& error) {
                             s.armed = false;
                             if (!error) deliver<State, Watch::State>(s);
                           });
  }
  if (wait == Duration::zero()) return s.io.poll();
  if (wait == Duration::max()) return s.io.run_one();
  return s.io.run_one_for(wait);
}

void Loop::run() {
  State& s = *state_;
  auto* virtual_clock = dynamic_cast<VirtualClock*>(&clock_);
  s.stopping = false;
  while (!s.stopping) {
    const bool ran = run_ready();
    if (s.stopping) break;
    const bool outside = !s.watches.empty() || s.holds > 0;
    if (!s.posted.empty()) {
      if (outside) look(Duration::zero());
      continue;
    }
    if (ran && virtual_clock == nullptr) {
      look(Duration::zero());
      continue;
    }
    if (s.timers.empty() && !outside) {
      if (look(Duration::zero()) == 0) break;
      continue;
    }
    if (virtual_clock != nullptr && !s.timers.empty()) {
      // Nothing can run any more, so time may jump; what comes from outside still goes first.
      if (!outside || look(Duration::zero()) == 0) {
        virtual_clock->advance_to(s.timers.begin()->first.first);
      }
      continue;
    }
    look(s.timers.empty() ? Duration::max() : s.timers.begin()->first.first - now());
  }
}

}  // namespace neap
