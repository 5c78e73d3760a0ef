// Replay against random programs of tasks: each is cut behind every entry of its log.
#include <fmt/format.h>

#include "replay_world.h"
#include "support/seed.h"

using namespace neap;
using test::Life;
using test::live;

namespace {

#ifdef NEAP_SANITIZE
constexpr int kPrograms = 50;
#else
constexpr int kPrograms = 300;
#endif

// Writes programs whose tasks read, fail, sleep, spawn, race, map and give up at random.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_(seed) {}

  std::string program() { return "local shared = 0\n" + block(3) + block(3) + "return shared\n"; }

 private:
  std::uint64_t below(std::uint64_t n) { return random_.bits() % n; }
  int fresh() { return ++serial_; }

  std::string block(int depth) {
    std::string text;
    for (std::uint64_t left = 1 + below(3); left > 0; --left) text += statement(depth);
    return text;
  }

  std::string function(int depth) { return "function()\n" + block(depth - 1) + "end"; }

  std::string functions(int depth) {
    std::string text;
    for (std::uint64_t left = 1 + below(3); left > 0; --left) text += function(depth) + ",\n";
    return "{ " + text + " }";
  }

  std::string statement(int depth) {
    const int id = fresh();
    switch (below(depth > 0 ? 13 : 7)) {
      case 0:
      case 1:
        return fmt::format(
            "world.note('{0} ' .. world.read({{ id = {0}, shared = shared }}).number)\n", id);
      case 2:
        return fmt::format("shared = shared + world.ticks() world.note('{} ' .. shared)\n", id);
      case 3:
        return fmt::format("timer.sleep({}) world.note('{} slept')\n", below(6), id);
      case 4:
        return fmt::format("world.note('{0} ' .. select(2, pcall(world.fail, {0})).message)\n", id);
      case 5:
        return below(4) == 0 ? fmt::format("world.fail({})\n", id)
                             : fmt::format("shared = shared + {}\n", id);
      case 6:
        return fmt::format("world.note(world.text('[{}, \"{}\"]')[2])\n", below(10), id);
      case 7:
        return fmt::format("task.spawn({})\n", function(depth));
      case 8:
        return fmt::format("world.note('{} ' .. tostring(pcall(task.all, {})))\n", id,
                           functions(depth));
      case 9:
        return fmt::format("world.note('{} ' .. tostring(pcall(task.race, {})))\n", id,
                           functions(depth));
      case 10:
        return fmt::format(
            "task.map({{ 'p', 'q', 'r' }}, {}, function(item) world.note(item)\n{}end)\n",
            1 + below(3), block(depth - 1));
      case 11:
        return fmt::format("world.note('{} ' .. tostring(pcall(task.timeout, {}, {})))\n", id,
                           below(6), function(depth));
      default:
        return fmt::format("world.note('{} ' .. tostring(pcall({})))\n", id, function(depth));
    }
  }

  Random random_;
  int serial_ = 0;
};

}  // namespace

TEST_CASE("random programs repeat themselves from every cut of their logs") {
  const std::uint64_t seed = test::seed_of_run() % 1'000'000'000;
  std::size_t cuts = 0;
  std::size_t records = 0;
  std::size_t interrupted = 0;
  for (int program = 0; program < kPrograms; ++program) {
    Random random{seed + static_cast<std::uint64_t>(program)};
    const std::string code = Writer{random.bits()}.program();
    test::Circumstances how;
    how.seed = random.bits();
    if (program % 3 == 0) {
      how.meanwhile = [&](Loop& loop, lua::Replay& replay) {
        const auto pause = std::chrono::milliseconds{random.bits() % 4000};
        return loop.after(pause, [&] { replay.interrupt(Error{ErrorKind::kCancelled, "stop"}); });
      };
    }
    const Life whole = live(code, {}, how);
    INFO("NEAP_SEED=" << seed << ", program " << program << "\n" << code);
    INFO(test::to_text(whole.history));
    REQUIRE(whole.ended);
    records += whole.records();
    for (const journal::Logged& entry : whole.history) interrupted += entry.name == "interrupt";
    for (std::size_t cut = 0; cut <= whole.history.size(); ++cut, ++cuts) {
      test::Circumstances next;
      next.seed = random.bits();
      next.asleep = std::chrono::milliseconds{random.bits() % 3000};
      const Life second = live(code, test::first(whole.history, cut), next);
      INFO("cut after " << cut << "; second life\n" << test::to_text(second.history));
      INFO((second.diverged ? second.diverged->message : ""));
      REQUIRE_FALSE(second.diverged);
      REQUIRE_FALSE(second.unused);
      REQUIRE(second.ended);
      REQUIRE(second.too_early == 0);
      REQUIRE(second.repeated <= whole.notes.size());
      const auto common = second.notes.begin() + static_cast<std::ptrdiff_t>(second.repeated);
      REQUIRE(std::equal(second.notes.begin(), common, whole.notes.begin()));
      if (cut == whole.history.size()) REQUIRE(second == whole);
      const Life third = live(code, second.history);
      REQUIRE_FALSE(third.diverged);
      REQUIRE(third == second);
      REQUIRE(third.begun.empty());
    }
  }
  WARN("replay: seed " << seed << ", " << kPrograms << " programs, " << interrupted
                       << " of them interrupted, " << records << " records, " << cuts << " cuts");
}
