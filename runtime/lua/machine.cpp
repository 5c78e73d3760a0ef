#include "lua/machine.h"

#include "lua/prelude.h"
#include "lua/sandbox.h"
#include "lua/value.h"

namespace neap::lua {
namespace {

// Gives scripts the standard library's globals: some at once, the modules on first use.
void install_globals(lua_State* L, Loader& loader) {
  loader.push_library(L, "globals");
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  lua_setfield(L, -2, "scope");
  lua_createtable(L, 0, 1);
  lua_getfield(L, -2, "find");
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, LUA_GLOBALSINDEX);
  lua_getfield(L, -1, "at_once");
  lua_remove(L, -2);
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, LUA_GLOBALSINDEX);
  }
  lua_pop(L, 1);
}

}  // namespace

Machine::Machine(Loop& loop, Host& host, std::span<const Module* const> modules,
                 void (*define_classes)(lua_State*, Context&), MachineOptions options)
    : state_(options.state),
      watchdog_(state_.main(), options.cpu),
      scheduler_(state_, loop, watchdog_),
      context_{&host, &scheduler_},
      loader_(std::move(options.script_folder), options.trusted, options.modules),
      modules_(modules) {
  prepare_border(state_.main());
  const Result<int> ready = protect(state_.main(), [&](lua_State* L) {
    load_prelude(L);
    make_sandbox(L);
    loader_.install(L);
    define_classes(L, context_);
    for (const Module* module : modules) loader_.add(L, context_, *module);
    install_globals(L, loader_);
    seal_library(L, "os");
    return 0;
  });
  if (!ready) throw Failure(ready.error());
}

Replay& Machine::record(journal::RunLog& log) {
  replay_.emplace(log, scheduler_, modules_);
  context_.replay = &*replay_;
  return *replay_;
}

Result<std::shared_ptr<Task>> Machine::spawn(Done done, Function<int(lua_State*)> push_call) {
  std::shared_ptr<Task> task;
  auto finished = [this, done = std::move(done)](const Ended& ended) mutable {
    Outcome outcome;
    outcome.traceback = ended.traceback;
    if (!ended.ok) {
      outcome.error = ended.error;
      return done(std::move(outcome));
    }
    const Result<int> kept = protect(state_.main(), [&](lua_State* L) {
      const auto take = [&](int back) {
        lua_pushvalue(ended.stack, -back);
        lua_xmove(ended.stack, L, 1);
        return Ref(scheduler_.liveness(), L);
      };
      if (ended.count > 0) outcome.value = take(ended.count);
      for (int back = ended.count - 1; back > 0; --back) outcome.rest.push_back(take(back));
      outcome.none = ended.count == 0;
      if (!outcome.none) return 0;
      lua_pushnil(L);
      outcome.value = Ref(scheduler_.liveness(), L);
      return 0;
    });
    if (!kept) outcome.error = kept.error();
    done(std::move(outcome));
  };
  const Result<int> started = protect(state_.main(), [&](lua_State* L) {
    const int arguments = push_call(L);
    task = scheduler_.spawn(L, arguments, nullptr, std::move(finished));
    return 0;
  });
  if (!started) return tl::unexpected(started.error());
  return task;
}

Result<std::shared_ptr<Task>> Machine::start(std::string_view source, const std::string& chunk_name,
                                             Done done) {
  return spawn(std::move(done), [&](lua_State* L) {
    Loader::load(L, source, chunk_name);
    return 0;
  });
}

Result<std::shared_ptr<Task>> Machine::start_library(std::string_view module, const char* function,
                                                     std::vector<Argument> arguments, Done done) {
  return spawn(std::move(done), [&](lua_State* L) {
    loader_.push_library(L, module);
    lua_getfield(L, -1, function);
    lua_remove(L, -2);
    for (const Argument& argument : arguments) {
      if (const auto* value = std::get_if<json::Value>(&argument)) {
        push_value(L, *value);
      } else {
        std::get<const Ref*>(argument)->push(L);
      }
    }
    return static_cast<int>(arguments.size());
  });
}

Result<void> Machine::check(std::string_view source, const std::string& chunk_name) {
  const Result<int> compiled = protect(state_.main(), [&](lua_State* L) {
    Loader::load(L, source, chunk_name);
    return 0;
  });
  if (!compiled) return tl::unexpected(compiled.error());
  return {};
}

Ref Machine::share(const Ref& value) {
  Ref shared;
  static_cast<void>(protect(state_.main(), [&](lua_State* L) {
    value.push(L);
    shared = Ref(scheduler_.liveness(), L);
    return 0;
  }));
  return shared;
}

Result<void> Machine::set_global(const char* name, const Ref& value) {
  const Result<int> set = protect(state_.main(), [&](lua_State* L) {
    lua_pushstring(L, name);
    value.push(L);
    lua_rawset(L, LUA_GLOBALSINDEX);
    return 0;
  });
  if (!set) return tl::unexpected(set.error());
  return {};
}

Result<json::Value> Machine::copy(const Ref& value) {
  json::Value copied;
  const Result<int> read = protect(state_.main(), [&](lua_State* L) {
    value.push(L);
    if (!lua_isnil(L, -1)) copied = to_value(L, -1);
    return 0;
  });
  if (!read) return tl::unexpected(read.error());
  return copied;
}

Result<Snapshot> Machine::picture(const Ref& value, const SnapshotLimits& limits) {
  Snapshot taken;
  const Result<int> looked = protect(state_.main(), [&](lua_State* L) {
    value.push(L);
    taken = take_snapshot(L, -1, limits);
    return 0;
  });
  if (!looked) return tl::unexpected(looked.error());
  return taken;
}

bool Machine::has_function(const Ref& value, const char* name) {
  bool found = false;
  const Result<int> looked = protect(state_.main(), [&](lua_State* L) {
    value.push(L);
    if (!lua_istable(L, -1)) return 0;
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    found = lua_isfunction(L, -1);
    return 0;
  });
  return looked.has_value() && found;
}

}  // namespace neap::lua
