#include "bench/inbox_bench.h"

#include <array>
#include <chrono>
#include <span>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "bench/bare_sqlite.h"
#include "bench/commits.h"
#include "journal/inbox.h"
#include "journal/store.h"

namespace neap::bench {
namespace {

using namespace neap::journal;

constexpr double kSinglePerSecond = 3'000;
constexpr double kGroupedPerSecond = 15'000;
constexpr double kSmallestShare = 0.4;  // of what bare SQLite does
constexpr double kMostOpenMs = 500;

// As the platform's ids are: no order in them.
std::string random_hex(Random& random) {
  std::array<unsigned char, 16> bytes{};
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random.bits());
  return to_hex(bytes);
}

Arrival sample(Random& random) {
  HookEvent event;
  event.action_key = random_hex(random);
  event.group_id = "fe376277-50a6-4e36-bdb0-685da85f1a82";
  event.group_name = "as-group-wyz01";
  event.instance_id = random_hex(random);
  event.instance_name = "as-config-kxeg_RM6OCREY";
  event.instance_ip = "192.168.0.202";
  event.hook_name = "warmup";
  event.hook_type = "INSTANCE_LAUNCHING";
  event.source = "message";
  const UtcTime now = std::chrono::floor<UtcTime::duration>(std::chrono::system_clock::now());
  event.created = now;
  return {Notice{random_hex(random), "urn:smn:cn-north-1:93075aa73f6a4fc0a3209490cc57181a:hooks",
                 now, now},
          event};
}

std::vector<Arrival> samples(int count, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<Arrival> made;
  made.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) made.push_back(sample(random));
  return made;
}

std::span<const Arrival> next_of(const std::vector<Arrival>& all, std::size_t& at, int count) {
  const auto size = static_cast<std::size_t>(count);
  at += size;
  return std::span(all).subspan(at - size, size);
}

Rate ours(int commits, int group) {
  const Directory directory;
  const auto store = good(open_sqlite(directory.path()));
  const std::vector<Arrival> all = samples(commits * group);
  std::size_t at = 0;
  return measure(commits, group, [&](int count) {
    const auto arrivals = next_of(all, at, count);
    for (const Filed& filed : good(store->inbox().write(arrivals, {}))) {
      if (filed.filing != Filing::kNew) throw std::runtime_error("an arrival was not new");
    }
  });
}

// The same texts, each message and each key once: no seals, no ids, no times.
Rate bare(int commits, int group) {
  const Directory directory;
  BareSqlite peer(directory.path() + "/peer.db");
  peer.execute("CREATE TABLE message(id TEXT UNIQUE, topic TEXT) STRICT");
  peer.execute(
      "CREATE TABLE event(action_key TEXT UNIQUE, group_id TEXT, group_name TEXT, instance_id "
      "TEXT, instance_name TEXT, instance_ip TEXT, hook_name TEXT, hook_type TEXT) STRICT");
  sqlite3_stmt* message = peer.prepare("INSERT OR IGNORE INTO message VALUES(?, ?)");
  sqlite3_stmt* event = peer.prepare("INSERT OR IGNORE INTO event VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  const std::vector<Arrival> all = samples(commits * group);
  std::size_t at = 0;
  return measure(commits, group, [&](int count) {
    const auto arrivals = next_of(all, at, count);
    peer.begin();
    for (const auto& [notice, e] : arrivals) {
      BareSqlite::run(message, notice->message_id, notice->topic_urn);
      BareSqlite::run(event, e->action_key, e->group_id, e->group_name, e->instance_id,
                      e->instance_name, e->instance_ip, e->hook_name, e->hook_type);
    }
    peer.commit();
  });
}

// What a service reads before it does anything: `open` events, and ten times as many that ended.
double take_up_seconds(std::size_t open) {
  const Directory directory;
  {
    const auto store = good(open_sqlite(directory.path()));
    for (std::uint64_t i = 0; i < 11; ++i) {
      std::vector<Arrival> arrivals = samples(static_cast<int>(open), i);
      for (Arrival& each : arrivals) {
        if (i > 0) each.event->status = EventStatus::kAnswered;
      }
      good(store->inbox().write(arrivals, {}));
    }
  }
  const auto start = Timer::now();
  const auto store = good(open_sqlite(directory.path()));
  const auto found = good(store->inbox().open_events()).size();
  const double seconds = seconds_since(start);
  if (found != open) throw std::runtime_error("events are missing");
  return seconds;
}

}  // namespace

bool measure_inbox() {
  bool met = true;
  print_head("arrivals");
  for (const int group : {1, 64, 256}) {
    const int commits = group == 1 ? 2'000 : 40'000 / group;
    Rate mine;
    Rate peer;
    for (int round = 0; round < kRounds; ++round) {
      mine = better(mine, ours(commits, group));
      peer = better(peer, bare(commits, group));
    }
    print_row(group, mine, peer);
    const std::string what = fmt::format("durable arrivals, {} to a write", group);
    met &= report(what, mine.per_second, "/s", group == 1 ? kSinglePerSecond : kGroupedPerSecond,
                  true);
    met &= report(what + ", share of bare SQLite's", mine.per_second / peer.per_second, "",
                  kSmallestShare, true);
  }
  met &= report("open with 10,000 open events among 110,000, and read them",
                take_up_seconds(10'000) * 1e3, "ms", kMostOpenMs, false);
  return met;
}

}  // namespace neap::bench
