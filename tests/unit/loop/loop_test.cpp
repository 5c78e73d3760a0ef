// What the loop promises about order, time, descriptors and what it leaves open.
#include "loop/loop.h"

#include <csignal>
#include <optional>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

using namespace neap;
using namespace std::chrono_literals;

TEST_CASE("virtual time jumps to the next timer only when nothing can run") {
  VirtualClock clock;
  Loop loop{clock};
  std::vector<std::string> order;
  auto hour = loop.after(1h, [&] { order.push_back("hour"); });
  auto minute = loop.after(1min, [&] {
    order.push_back("minute");
    loop.post([&] { order.push_back(loop.now() == 1min ? "posted in time" : "posted late"); });
  });
  loop.run();
  CHECK(order == std::vector<std::string>{"minute", "posted in time", "hour"});
  CHECK(clock.now() == 1h);
  CHECK(loop.timers() == 0);
}

TEST_CASE("a dropped timer never fires, not even when already due") {
  VirtualClock clock;
  Loop loop{clock};
  bool fired = false;
  Loop::Timer second;
  auto first = loop.after(1s, [&] { second = Loop::Timer{}; });
  second = loop.after(1s, [&] { fired = true; });
  {
    auto never = loop.after(1ms, [&] { fired = true; });
  }
  loop.run();
  CHECK_FALSE(fired);
  CHECK(loop.timers() == 0);
}

TEST_CASE("timers due at the same instant fire in the order of arming") {
  VirtualClock clock;
  Loop loop{clock};
  std::vector<int> order;
  std::vector<Loop::Timer> timers;
  for (int i = 0; i < 5; ++i) timers.push_back(loop.after(1s, [&, i] { order.push_back(i); }));
  loop.run();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("a watch reports readiness and may end itself from its callback") {
  SystemClock clock;
  Loop loop{clock};
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
  int calls = 0;
  {
    std::optional<Loop::Watch> watch;
    watch = loop.watch(ends[0], {.readable = true}, [&](Loop::Ready ready) {
      CHECK(ready.readable);
      ++calls;
      watch.reset();
    });
    loop.post([&] { CHECK(write(ends[1], "x", 1) == 1); });
    loop.run();
  }
  CHECK(calls == 1);
  CHECK(loop.watches() == 0);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("a watch that ends in its callback leaves its descriptor's number to the next watch") {
  SystemClock clock;
  Loop loop(clock);
  int first[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, first) == 0);
  REQUIRE(write(first[1], "x", 1) == 1);
  int second[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, second) == 0);
  REQUIRE(write(second[1], "x", 1) == 1);
  bool reported = false;
  {
    std::optional<Loop::Watch> watch;
    std::optional<Loop::Watch> next;
    watch = loop.watch(first[0], {.readable = true}, [&](Loop::Ready) {
      watch.reset();
      REQUIRE(dup2(second[0], first[0]) == first[0]);  // closes the old one, takes its number
      next = loop.watch(first[0], {.readable = true}, [&](Loop::Ready) {
        reported = true;
        loop.stop();
      });
    });
    const auto patience = loop.after(std::chrono::seconds{2}, [&] { loop.stop(); });
    loop.run();
  }
  CHECK(reported);
  CHECK(loop.watches() == 0);
  for (const int descriptor : {first[0], first[1], second[0], second[1]}) close(descriptor);
}

TEST_CASE("work posted without end does not starve a watch") {
  SystemClock clock;
  Loop loop{clock};
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
  REQUIRE(write(ends[1], "x", 1) == 1);
  {
    auto watch = loop.watch(ends[0], {.readable = true}, [&](Loop::Ready) { loop.stop(); });
    struct Again {
      Loop& loop;
      void operator()() const { loop.post(Again{loop}); }
    };
    loop.post(Again{loop});
    loop.run();
  }
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("another thread can wake the loop") {
  SystemClock clock;
  Loop loop{clock};
  bool woken = false;
  Owner hold = loop.keep_alive();
  std::thread other([&] {
    loop.post_from_thread([&] {
      woken = true;
      hold.reset();
    });
  });
  loop.run();
  other.join();
  CHECK(woken);
}

TEST_CASE("a signal reaches its listener, and no longer once the listener is gone") {
  SystemClock clock;
  Loop loop{clock};
  int received = 0;
  Owner hold = loop.keep_alive();
  Owner listener = loop.on_signal(SIGUSR1, [&] {
    ++received;
    hold.reset();
  });
  loop.post([] { raise(SIGUSR1); });
  loop.run();
  CHECK(received == 1);
}
