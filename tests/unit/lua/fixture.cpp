#include "fixture.h"

#include "lua/nursery.h"

namespace neap::test {
namespace {

lua::Pending sleep(lua::Call& call, lua::Resumer resume) {
  return lua::Pending{call.host().loop.after(
      call.duration(1), [resume = std::move(resume)]() mutable { resume.give(); })};
}

lua::Pending sleep_and_fail(lua::Call& call, lua::Resumer resume) {
  return lua::Pending{
      call.host().loop.after(call.duration(1), [resume = std::move(resume)]() mutable {
        resume.fail(Error{ErrorKind::kNotFound, "no such group"});
      })};
}

lua::Pending at_once(lua::Call& call, lua::Resumer resume) {
  resume.give([text = std::string(call.text(1))](lua_State* L) {
    lua_pushlstring(L, text.data(), text.size());
    return 1;
  });
  return {};
}

lua::Pending forget(lua::Call&, lua::Resumer) {
  return {};
}

lua::Pending explode(lua::Call&, lua::Resumer) {
  throw std::runtime_error("kaboom");
}

lua::Pending bad_push(lua::Call&, lua::Resumer resume) {
  resume.give([](lua_State* L) { return luaL_error(L, "push failed"); });
  return {};
}

lua::Pending hold(lua::Call& call, lua::Resumer resume) {
  call.host().held.emplace(std::move(resume));
  struct Counter {
    int* destroyed;
    explicit Counter(int* count) : destroyed(count) {}
    Counter(Counter&& other) noexcept : destroyed(std::exchange(other.destroyed, nullptr)) {}
    ~Counter() {
      if (destroyed != nullptr) ++*destroyed;
    }
  };
  return lua::Pending{Counter{&call.host().destroyed}};
}

lua::Pending run_all(lua::Call& call, lua::Resumer resume) {
  return lua::Nursery::start(call, std::move(resume), 1, lua::Nursery::Until::kAllReturned);
}

lua::Pending run_race(lua::Call& call, lua::Resumer resume) {
  return lua::Nursery::start(call, std::move(resume), 1, lua::Nursery::Until::kOneEnded);
}

int spawn(lua::Call& call) {
  call.expect_function(1);
  call.scheduler().spawn(call.L, 0, call.scheduler().current().get(), nullptr);
  return 0;
}

int now(lua::Call& call) {
  return call.give(to_seconds(call.host().loop.now()));
}

int note(lua::Call& call) {
  call.host().notes.emplace_back(call.text(1));
  return 0;
}

int refuse(lua::Call&) {
  throw Failure(ErrorKind::kPermission, "not today", "ask tomorrow");
}

struct Probe {};

int open(lua::Call& call) {
  lua::push_object(call.L, std::make_shared<Probe>());
  return 1;
}

int hit(lua::Call& call) {
  call.object<Probe>(1);
  return call.give(std::string_view("hit"));
}

constexpr lua::Entry kEntries[] = {
    {"sleep", "(duration)", sleep},
    {"sleep_and_fail", "(duration)", sleep_and_fail},
    {"at_once", "(text) -> text", at_once},
    {"forget", "()", forget},
    {"explode", "()", explode},
    {"bad_push", "()", bad_push},
    {"hold", "()", hold},
    {"run_all", "(functions)", run_all},
    {"run_race", "(functions)", run_race},
    {"spawn", "(function)", spawn},
    {"now", "() -> seconds", now},
    {"note", "(text)", note},
    {"refuse", "()", refuse},
    {"open", "() -> Probe", open},
};
constexpr lua::Entry kProbe[] = {{"hit", "(self) -> text", hit}};

}  // namespace

World::World() {
  lua::prepare_border(state.main());
  const auto ready = lua::protect(state.main(), [&](lua_State* L) {
    lua::load_prelude(L);
    loader.install(L);
    lua::define<Probe>(L, context, "Probe", kProbe);
    lua::push_entries(L, context, kEntries);
    lua_setglobal(L, "host");
    return 0;
  });
  INFO((ready ? "" : ready.error().message));
  REQUIRE(ready.has_value());
}

World::~World() {
  CHECK(scheduler->alive() == 0);
  host.held.reset();
  loop.run();
  CHECK(loop.timers() == 0);
  CHECK(loop.watches() == 0);
  CHECK(loop.posted() == 0);
  CHECK(lua_gettop(state.main()) == 0);
  scheduler.reset();
}

std::shared_ptr<World::Run> World::start(const std::string& code) {
  auto run = std::make_shared<Run>();
  const auto started = lua::protect(state.main(), [&](lua_State* L) {
    lua::Loader::load(L, code, "@test.lua");
    run->task = scheduler->spawn(L, 0, nullptr, [run](const lua::Ended& ended) {
      run->ended = true;
      run->ok = ended.ok;
      run->error = ended.error;
      run->text = ended.ok && ended.count > 0 && lua_isstring(ended.stack, -ended.count) != 0
                      ? lua_tostring(ended.stack, -ended.count)
                      : ended.error.message;
    });
    return 0;
  });
  INFO((started ? "" : started.error().message));
  REQUIRE(started.has_value());
  return run;
}

World::Run World::run(const std::string& code) {
  const auto run = start(code);
  loop.run();
  INFO("the task never ended: " << code);
  REQUIRE(run->ended);
  return *run;
}

}  // namespace neap::test
