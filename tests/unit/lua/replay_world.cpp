#include "replay_world.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "json/writer.h"
#include "lua/json.h"
#include "lua/nursery.h"
#include "lua/value.h"
#include "support/forwarding_store.h"

namespace neap::test {
namespace {

using lua::Call;
using lua::Pending;
using lua::Resumer;

Outside& outside(Call& call) {
  return *call.host().outside;
}

// What a call asks for, as text.
std::string asked(Call& call) {
  return lua_isnoneornil(call.L, 1) ? std::string() : lua::encode_json(call.L, 1);
}

void begin(Call& call, const std::string& what) {
  Outside& world = outside(call);
  if (call.replay()->replaying()) ++world.too_early;
  world.begun.push_back(what);
  ++world.asked;
}

// Answers now, as soon as possible, or after a while.
Pending some_time(Outside& world, Function<void()> answer) {
  const auto choice = world.random.bits() % 4;
  if (choice == 0) {
    answer();
    return {};
  }
  if (choice == 1) {
    auto shared = std::make_shared<Function<void()>>(std::move(answer));
    world.loop.post([weak = std::weak_ptr(shared)] {
      if (const auto fn = weak.lock()) (*fn)();
    });
    return Pending{std::move(shared)};
  }
  const auto pause = std::chrono::milliseconds{world.random.bits() % 5000};
  return Pending{world.loop.after(pause, std::move(answer))};
}

Pending read(Call& call, Resumer resume) {
  const std::string what = asked(call);
  begin(call, "read " + what);
  return some_time(outside(call),
                   [resume = std::move(resume), what, number = outside(call).asked]() mutable {
                     resume.give([what, number](lua_State* L) {
                       lua_createtable(L, 0, 2);
                       lua_pushnumber(L, static_cast<double>(number));
                       lua_setfield(L, -2, "number");
                       lua_pushlstring(L, what.data(), what.size());
                       lua_setfield(L, -2, "what");
                       return 1;
                     });
                   });
}

Pending fail(Call& call, Resumer resume) {
  begin(call, "fail " + asked(call));
  return some_time(outside(call), [resume = std::move(resume),
                                   number = outside(call).asked]() mutable {
    Error error{ErrorKind::kNotFound, fmt::format("no such group, {} asked", number), "look again"};
    error.operation = "show_group";
    error.code = "SDRS.0216";
    error.http_status = 404;
    error.request_id = "r-1";
    error.job_id = "j-1";
    resume.fail(std::move(error));
  });
}

Pending text(Call& call, Resumer resume) {
  begin(call, "text");
  auto raw = std::make_shared<const std::string>(call.text(1));
  return some_time(outside(call), [resume = std::move(resume), raw = std::move(raw)]() mutable {
    resume.give_json(std::move(raw));
  });
}

Pending secret(Call& call, Resumer resume) {
  begin(call, "secret");
  return some_time(outside(call), [resume = std::move(resume)]() mutable { resume.give(); });
}

Pending forbidden(Call& call, Resumer) {
  begin(call, "forbidden");
  throw Failure(ErrorKind::kPermission, "not today", "ask tomorrow");
}

Pending useless(Call& call, Resumer resume) {
  begin(call, "useless");
  resume.give([](lua_State* L) {
    lua_pushcfunction(L, [](lua_State*) { return 0; });
    return 1;
  });
  return {};
}

// Answers only in a life in which somebody allows it.
Pending approval(Call& call, Resumer resume) {
  begin(call, "approval");
  if (std::string_view(lua_tostring(call.L, 1)) == "given") {
    resume.give();
  } else {
    call.replay()->park(call.recorded()->step, Error{ErrorKind::kConflict, call.text(1).data()});
  }
  return {};
}

Pending never(Call& call, Resumer resume) {
  begin(call, "never");
  return Pending{std::move(resume)};
}

int ticks(Call& call) {
  begin(call, "ticks");
  return call.give(static_cast<double>(outside(call).asked));
}

// Values that do not survive a careless trip through JSON.
int oddities(Call& call) {
  begin(call, "oddities");
  lua_State* L = call.L;
  lua_pushnil(L);
  lua_pushnumber(L, 1e16);
  lua_pushnumber(L, -0.0);
  lua_pushnumber(L, 0.1);
  lua_pushboolean(L, 0);
  lua_pushliteral(L, "grün\n");
  lua::decode_json(L, R"({"a":[],"o":{},"n":null,"big":12345678901234567890,"x":[1,[2.5,null]]})");
  lua::push_json_null(L);
  lua_newtable(L);
  lua_pushnil(L);
  return 10;
}

int broken(Call& call) {
  begin(call, "broken");
  throw Failure(ErrorKind::kNetwork, "no clock here");
}

int note(Call& call) {
  Outside& world = outside(call);
  world.notes.emplace_back(call.text(1));
  if (call.replay()->replaying()) ++world.repeated;
  return 0;
}

int now(Call& call) {
  return call.give(to_seconds(call.host().loop.now()));
}

Pending sleep(Call& call, Resumer resume) {
  begin(call, "sleep");
  const Duration waited = call.recorded() != nullptr ? call.recorded()->waited : Duration{};
  return Pending{call.host().loop.after(call.duration(1) - waited,
                                        [resume = std::move(resume)]() mutable { resume.give(); })};
}

int print(Call&) {
  return 0;
}

int spawn(Call& call) {
  call.expect_function(1);
  call.scheduler().spawn(call.L, lua_gettop(call.L) - 1, call.scheduler().current().get(), nullptr);
  return 0;
}

Pending run_all(Call& call, Resumer resume) {
  return lua::Nursery::start(call, std::move(resume), 1, lua::Nursery::Until::kAllReturned);
}

Pending run_until_one_ends(Call& call, Resumer resume) {
  return lua::Nursery::start(call, std::move(resume), 1, lua::Nursery::Until::kOneEnded);
}

using enum lua::Source;

constexpr lua::Entry kWorld[] = {
    from(kOutside, {"read", "(what) -> {number, what}", read}),
    from(kOutside, {"fail", "(what)", fail}),
    from(kOutside, {"text", "(json) -> value", text}),
    from(kPrivate, {"secret", "(password)", secret}),
    from(kOutside, {"forbidden", "()", forbidden}),
    from(kOutside, {"useless", "() -> function", useless}),
    from(kOutside, {"approval", "(word)", approval}),
    from(kOutside, {"never", "()", never}),
    from(kOutside, {"ticks", "() -> number", ticks}),
    from(kOutside, {"oddities", "() -> values", oddities}),
    from(kOutside, {"broken", "()", broken}),
    {"note", "(text)", note},
};
constexpr lua::Entry kTimer[] = {
    from(kOutside, {"now", "() -> seconds", now}),
    from(kOutside, {"utc", "() -> seconds", now}),
    from(kTimed, {"sleep", "(duration)", sleep}),
};
constexpr lua::Entry kRun[] = {{"print", "(line)", print}};
constexpr lua::Entry kTask[] = {
    {"spawn", "(function, ...)", spawn},
    {"run_all", "(functions)", run_all},
    {"run_until_one_ends", "(functions)", run_until_one_ends},
};

const lua::Module kWorldModule{"host.world", kWorld};
const lua::Module kTimerModule{"host.timer", kTimer};
const lua::Module kRunModule{"host.run", kRun};
const lua::Module kTaskModule{"host.task", kTask};
const lua::Module* const kModules[] = {&kWorldModule, &kTimerModule, &kRunModule, &kTaskModule};

// Passes everything on until the disk is full.
class FullStore final : public ForwardingStore {
 public:
  FullStore(journal::Store& store, std::uint64_t commits)
      : ForwardingStore(store), left_(commits) {}
  Result<journal::Committed> commit(const journal::Batch& batch) override {
    if (left_ == 0) return neap::fail(ErrorKind::kClosed, "the disk is full");
    --left_;
    return inner().commit(batch);
  }

 private:
  std::uint64_t left_;
};

// A store that holds the run as its last life left it.
std::unique_ptr<journal::Store> restore(const History& history, journal::Run& run) {
  auto store = journal::make_memory_store();
  journal::NewRun wanted;
  wanted.name = "test";
  wanted.owner = "anna";
  wanted.at = VirtualClock::kStart;
  wanted.id = "7k2m9qx4ab";
  auto made = store->create(wanted);
  REQUIRE(made.has_value());
  run = *made;
  for (const journal::Logged& entry : history) {
    journal::Batch batch;
    batch.run = run.id;
    batch.epoch = run.epoch;
    batch.at = entry.at;
    batch.entries = {entry};
    REQUIRE(store->commit(batch).has_value());
  }
  return store;
}

constexpr const char* kPrelude =
    "local world, timer, task = require 'host.world', require 'host.timer', require 'task' ";

}  // namespace

std::size_t Life::records() const {
  return static_cast<std::size_t>(std::count_if(
      history.begin(), history.end(),
      [](const journal::Logged& entry) { return entry.kind == journal::Kind::kRecord; }));
}

bool Life::operator==(const Life& other) const {
  const auto message = [](const Life& life) { return life.error ? describe(*life.error) : ""; };
  return ended == other.ended && result == other.result && notes == other.notes &&
         message(*this) == message(other);
}

Life live(const std::string& code, const History& history, Circumstances how) {
  journal::Run run;
  const auto store = restore(history, run);
  const UtcTime last = history.empty() ? VirtualClock::kStart : history.back().at;
  VirtualClock clock{last + std::chrono::duration_cast<std::chrono::milliseconds>(how.asleep)};
  Loop loop{clock};
  Outside world{loop, Random{how.seed}, static_cast<std::int64_t>(history.size()), {}, {}, 0, 0};
  Host host{loop, std::nullopt, {}, 0, &world};
  std::optional<FullStore> full;
  if (how.commits_until_failure != 0) full.emplace(*store, how.commits_until_failure);
  journal::Store& used = full ? static_cast<journal::Store&>(*full) : *store;
  journal::RunLog log{used, clock, run, *store->log(run.id)};
  Life life;
  bool over = false;  // what ends now is ended by the machine's own end
  {
    lua::MachineOptions options;
    options.trusted = true;
    options.modules = how.modules;
    options.script_folder = how.folder;
    lua::Machine machine{loop, host, kModules, [](lua_State*, lua::Context&) {}, options};
    lua::Replay& replay = machine.record(log);
    lua::Replay::Hooks hooks;
    hooks.diverged = [&](const Error& error) { life.diverged = error; };
    hooks.parked = [&](const Error& error) { life.parked = error; };
    hooks.broken = [&](const Error& error) { life.broken = error; };
    hooks.caught_up = [&] { ++life.caught_up; };
    replay.listen(std::move(hooks));
    const auto task = machine.start(kPrelude + code, "@test.lua", [&](auto outcome) {
      if (over) return;
      life.ended = true;
      life.error = outcome.error;
      if (outcome.error) return;
      const auto value = machine.copy(outcome.value);
      life.result = value ? json::write(*value) : value.error().message;
    });
    INFO((task ? "" : task.error().message));
    REQUIRE(task.has_value());
    const Loop::Timer meanwhile = how.meanwhile ? how.meanwhile(loop, replay) : Loop::Timer();
    loop.run();
    life.unused = replay.unused();
    life.clock = to_seconds(loop.now());
    over = true;
  }
  loop.run();
  if (!full) REQUIRE(log.commit().has_value());
  life.begun = world.begun;
  life.notes = world.notes;
  life.repeated = world.repeated;
  life.too_early = world.too_early;
  life.history = *store->log(run.id);
  return life;
}

History first(const History& history, std::size_t count) {
  return {history.begin(), history.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::string to_text(const History& history) {
  std::string text;
  for (const journal::Logged& entry : history) {
    text += fmt::format("{} {} {} {} {} {}\n", to_text(entry.kind), to_text(entry.step), entry.name,
                        entry.digest, entry.where, json::write(entry.body));
  }
  return text;
}

}  // namespace neap::test
