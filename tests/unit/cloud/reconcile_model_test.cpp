// Every order of events around a failover whose answer may be lost (reliability.md 2.4): requests
// that are delayed, answers that are lost, crashes, an operator who protects the group again, a
// transport that repeats a request by itself. Which ways to go on can make two failovers of one?
#include <array>
#include <deque>
#include <iostream>
#include <set>
#include <tuple>

#include <catch2/catch.hpp>

#include "cloud/reconcile.h"

using namespace neap;
using namespace neap::cloud;
using namespace std::chrono_literals;

namespace {

constexpr int kSends = 3;
constexpr int kCrashes = 2;

enum class Client { kReady, kWaits, kDoubts, kEnded };
enum class Request { kNone, kOnItsWay, kGone };  // gone: it arrived, or its signature ran out
enum class Answer { kNone, kAccepted, kRefused };

struct World {
  bool is_protected = true;
  bool at_target = false;  // production
  int changes = 0;         // what updated_at tells
  int effects = 0;
  Client client = Client::kReady;
  int sends = 0;
  int crashes = 0;
  bool read_past_fence = false;  // the client has read once after the signature ran out
  std::array<Request, kSends> requests{};
  std::array<Request, kSends> copies{};  // made by the transport
  std::array<bool, kSends> expired{};
  std::array<Answer, kSends> answers{};

  auto key() const {
    return std::tie(is_protected, at_target, changes, effects, client, sends, crashes,
                    read_past_fence, requests, copies, expired, answers);
  }
  bool operator<(const World& other) const { return key() < other.key(); }
};

struct Rules {
  bool reprotect = false;
  bool hidden_retry = false;
};

// What the client does when it is in doubt; false: it takes the failover for done, or asks.
enum class Choice { kResend, kLookAgain, kEnd };
using Policy = Choice (*)(const World&);

Choice resend(const World&) {
  return Choice::kResend;
}
Choice by_status(const World& world) {
  return world.is_protected ? Choice::kResend : Choice::kEnd;
}
Choice by_station(const World& world) {
  return world.is_protected && !world.at_target ? Choice::kResend : Choice::kEnd;
}
Choice by_expiry(const World& world) {
  if (by_station(world) == Choice::kEnd) return Choice::kEnd;
  return world.expired.at(static_cast<std::size_t>(world.sends - 1)) ? Choice::kResend
                                                                     : Choice::kLookAgain;
}
Choice never(const World&) {
  return Choice::kEnd;
}

// The product's own: what it reads, judged and decided as perform() does it.
Choice product(const World& world) {
  const Operation& failover = *find_operation("sdrs", "start_failover_protection_group");
  const auto view = [](bool is_protected, bool at_target, int changes) {
    View seen;
    seen.status = is_protected ? "protected" : "failed-over";
    seen.station = at_target ? "target" : "source";
    seen.updated_at = std::to_string(changes);
    return seen;
  };
  const UtcTime sent_at{1000s};
  const bool expired = world.expired.at(static_cast<std::size_t>(world.sends - 1));
  Standing standing{.effect = failover.effect, .sent_at = sent_at, .valid_until = sent_at + 16min};
  standing.read_at = sent_at + (expired ? 17min : 1min);
  if (world.read_past_fence) standing.found_before = standing.read_at - 10s;
  const Finding finding = judge(failover, {}, view(true, false, 0),
                                view(world.is_protected, world.at_target, world.changes), false);
  switch (decide(finding.verdict, standing)) {
    case Next::kSendAgain:
      return Choice::kResend;
    case Next::kLookAgain:
      return Choice::kLookAgain;
    default:
      return Choice::kEnd;
  }
}

// All worlds that one event leads to.
class Step {
 public:
  Step(const Rules& rules, Policy policy) : rules_(rules), policy_(policy) {}

  std::vector<World> from(const World& world) {
    next_.clear();
    client_moves(world);
    for (std::size_t i = 0; i < kSends; ++i) network_moves(world, i);
    operator_moves(world);
    return std::move(next_);
  }

 private:
  template <class Change>
  void add(World world, Change change) {
    change(world);
    next_.push_back(world);
  }

  static void send(World& world) {
    world.requests.at(static_cast<std::size_t>(world.sends++)) = Request::kOnItsWay;
    world.client = Client::kWaits;
    world.read_past_fence = false;
  }

  void client_moves(const World& world) {
    if (world.client == Client::kReady) add(world, send);
    if (world.client == Client::kWaits) {
      add(world, [](World& w) { w.client = Client::kDoubts; });  // it gave up, or the line broke
    }
    if (world.client == Client::kWaits && world.crashes < kCrashes) {
      add(world, [](World& w) {
        w.client = Client::kDoubts;
        ++w.crashes;
      });
    }
    if (world.client == Client::kDoubts) look(world);
  }

  void look(const World& world) {
    switch (policy_(world)) {
      case Choice::kResend:
        if (world.sends < kSends) add(world, send);
        return;
      case Choice::kLookAgain:
        if (world.expired.at(static_cast<std::size_t>(world.sends - 1))) {
          add(world, [](World& w) { w.read_past_fence = true; });
        }
        // A new process knows nothing of the reads of the one before.
        if (world.read_past_fence && world.crashes < kCrashes) {
          add(world, [](World& w) {
            w.read_past_fence = false;
            ++w.crashes;
          });
        }
        return;
      case Choice::kEnd:
        add(world, [](World& w) { w.client = Client::kEnded; });
        return;
    }
  }

  static void arrive(World& world, std::size_t i) {
    if (!world.is_protected) {
      world.answers.at(i) = Answer::kRefused;
      return;
    }
    world.is_protected = false;
    world.at_target = !world.at_target;
    ++world.changes;
    ++world.effects;
    world.answers.at(i) = Answer::kAccepted;
  }

  void network_moves(const World& world, std::size_t i) {
    for (auto group : {&World::requests, &World::copies}) {
      if ((world.*group).at(i) != Request::kOnItsWay) continue;
      add(world, [&](World& w) {
        (w.*group).at(i) = Request::kGone;
        arrive(w, i);
      });
    }
    const bool sent = world.requests.at(i) != Request::kNone;
    const bool earlier_expired = i == 0 || world.expired.at(i - 1);
    if (sent && !world.expired.at(i) && earlier_expired) {
      add(world, [&](World& w) {
        w.expired.at(i) = true;
        if (w.requests.at(i) == Request::kOnItsWay) w.requests.at(i) = Request::kGone;
        if (w.copies.at(i) == Request::kOnItsWay) w.copies.at(i) = Request::kGone;
      });
    }
    if (world.answers.at(i) == Answer::kNone) return;
    add(world, [&](World& w) { w.answers.at(i) = Answer::kNone; });  // lost
    const bool heard = world.client == Client::kWaits && static_cast<int>(i) == world.sends - 1;
    if (heard) add(world, [](World& w) { w.client = Client::kEnded; });
    if (rules_.hidden_retry && world.copies.at(i) == Request::kNone && !world.expired.at(i)) {
      add(world, [&](World& w) {
        w.answers.at(i) = Answer::kNone;
        w.copies.at(i) = Request::kOnItsWay;
      });
    }
  }

  void operator_moves(const World& world) {
    if (!rules_.reprotect || world.is_protected || world.changes >= 3) return;
    add(world, [](World& w) {
      w.is_protected = true;
      ++w.changes;
    });
  }

  const Rules rules_;
  const Policy policy_;
  std::vector<World> next_;
};

struct Explored {
  int effects = 0;  // the most that any order of events led to
  std::size_t states = 0;
};

Explored explore(Policy policy, Rules rules) {
  Explored result;
  std::set<World> seen{World{}};
  std::deque<World> open{World{}};
  Step step(rules, policy);
  while (!open.empty()) {
    const World world = open.front();
    open.pop_front();
    result.effects = std::max(result.effects, world.effects);
    for (const World& next : step.from(world)) {
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  result.states = seen.size();
  return result;
}

}  // namespace

TEST_CASE("only status, station and the end of the signature together allow one failover at most") {
  constexpr Rules kAlone{};
  constexpr Rules kReprotected{.reprotect = true};
  constexpr Rules kRepeated{.reprotect = true, .hidden_retry = true};
  struct Row {
    const char* name;
    Policy policy;
    int alone, reprotected, repeated;  // failovers at most
  };
  const Row rows[] = {
      {"send again at once", resend, 1, 2, 2},
      {"send again if the status is as before", by_status, 1, 2, 2},
      {"and production, too", by_station, 1, 2, 2},
      {"and the signature has run out", by_expiry, 1, 1, 2},
      {"never send again", never, 1, 1, 2},
      {"what neap does", product, 1, 1, 2},
  };
  std::size_t states = 0;
  for (const Row& row : rows) {
    INFO(row.name);
    const auto at_most = [&](Rules rules) {
      const Explored explored = explore(row.policy, rules);
      states += explored.states;
      return std::min(explored.effects, 2);
    };
    CHECK(at_most(kAlone) == row.alone);
    CHECK(at_most(kReprotected) == row.reprotected);
    CHECK(at_most(kRepeated) == row.repeated);
  }
  std::cout << "model of a failover in doubt: " << states << " states, of them "
            << explore(product, kReprotected).states << " of neap's own way with reprotection\n";
}
