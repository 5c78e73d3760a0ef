#include "simulator/simulator.h"

#include <map>

#include "base/text.h"
#include "host.h"
#include "lua/loader.h"
#include "lua/prelude.h"
#include "lua/ref.h"
#include "lua/state.h"
#include "sign/verify.h"

namespace neap::simulator {
namespace {

constexpr std::string_view kModules[] = {"host.catalog", "host.json"};

void set_text(lua_State* L, const char* name, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
  lua_setfield(L, -2, name);
}

std::string take_text(lua_State* L, int table, const char* name) {
  lua_getfield(L, table, name);
  std::size_t length = 0;
  const char* text = lua_tolstring(L, -1, &length);
  std::string out = text != nullptr ? std::string(text, length) : std::string();
  lua_pop(L, 1);
  return out;
}

double take_number(lua_State* L, int table, const char* name) {
  lua_getfield(L, table, name);
  const double number = lua_tonumber(L, -1);
  lua_pop(L, 1);
  return number;
}

void push_request(lua_State* L, const http::Request& request, std::string_view target) {
  const std::size_t mark = target.find('?');
  lua_createtable(L, 0, 5);
  set_text(L, "method", http::to_text(request.method));
  set_text(L, "path", target.substr(0, mark));
  set_text(L, "query",
           mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
  set_text(L, "body", request.body);
  lua_createtable(L, 0, static_cast<int>(request.headers.size()));
  for (const http::Header& header : request.headers) {
    set_text(L, to_lower(header.name).c_str(), header.value);
  }
  lua_setfield(L, -2, "headers");
}

Answer read_answer(lua_State* L, int table) {
  Answer answer;
  answer.response.status = static_cast<int>(take_number(L, table, "status"));
  answer.response.body = take_text(L, table, "body");
  answer.delay = from_seconds(take_number(L, table, "delay"));
  const std::string drop = take_text(L, table, "drop");
  if (drop == "before") answer.drop = Answer::Drop::kBefore;
  if (drop == "after") answer.drop = Answer::Drop::kAfter;
  lua_getfield(L, table, "headers");
  if (!lua_istable(L, -1)) return answer;
  const int headers = lua_gettop(L);
  std::map<std::string, std::string> sorted;  // the order of a Lua table is another in every run
  lua_pushnil(L);
  while (lua_next(L, headers) != 0) {
    lua_pushvalue(L, -2);
    sorted[lua_tostring(L, -1)] = lua_tostring(L, -2);
    lua_pop(L, 2);
  }
  for (auto& [name, value] : sorted) answer.response.headers.add(name, std::move(value));
  return answer;
}

std::map<std::string, std::string> take_texts(lua_State* L, int table, const char* name) {
  std::map<std::string, std::string> texts;
  lua_getfield(L, table, name);
  const int from = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, from) != 0) {
    lua_pushvalue(L, -2);
    std::size_t length = 0;
    const char* text = lua_tolstring(L, -2, &length);
    if (text != nullptr) texts[lua_tostring(L, -1)] = std::string(text, length);
    lua_pop(L, 2);
  }
  lua_pop(L, 1);
  return texts;
}

Delivery read_delivery(lua_State* L, int table) {
  Delivery delivery;
  delivery.id = take_text(L, table, "id");
  delivery.url = take_text(L, table, "url");
  delivery.subscription_urn = take_text(L, table, "subscription_urn");
  delivery.headers = take_texts(L, table, "headers");
  delivery.members = take_texts(L, table, "members");
  return delivery;
}

}  // namespace

struct Simulator::State {
  const Clock& clock;
  Options options;
  Instant started;
  UtcTime started_utc;
  lua::State machine{{.memory_limit = 0, .jit = true}};
  lua::Context context;
  lua::Loader loader{""};
  lua::Liveness liveness = std::make_shared<lua_State*>(machine.main());
  lua::Ref world;                          // its functions, by name
  const http::Request* current = nullptr;  // whose signature `verify` checks

  double now() const { return to_seconds(clock.now() - started) * options.time_scale; }
  Duration unscaled(double seconds) const { return from_seconds(seconds / options.time_scale); }

  void push_function(lua_State* L, const char* name) const {
    world.push(L);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
  }
};

namespace {

// Functions that the world calls back; upvalue 1 is the Simulator::State.
template <class State>
State& state_of(lua_State* L) {
  return *static_cast<State*>(lua_touserdata(L, lua_upvalueindex(1)));
}

template <class State>
int now_entry(lua_State* L) {
  lua_pushnumber(L, state_of<State>(L).now());
  return 1;
}

template <class State>
int gateway_entry(lua_State* L) {
  lua_pushnumber(L, to_seconds(state_of<State>(L).clock.utc().time_since_epoch()));
  return 1;
}

std::optional<Secret> secret_of(std::string_view access_key) {
  if (access_key != kAccessKey) return std::nullopt;
  return Secret(std::string(kSecretKey));
}

// verify(request, gateway_now): nil, or what the gateway refuses the signature with.
template <class State>
int verify_entry(lua_State* L) {
  const UtcTime now{
      std::chrono::milliseconds{static_cast<std::int64_t>(lua_tonumber(L, 2) * 1000)}};
  Result<void> verified = sign::verify_signature(*state_of<State>(L).current, secret_of, now);
  if (verified) return 0;
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, verified.error().http_status);
  lua_setfield(L, -2, "http_status");
  set_text(L, "code", verified.error().code);
  set_text(L, "message", verified.error().message);
  return 1;
}

template <class State>
void set_callback(lua_State* L, const char* name, State* state, lua_CFunction function) {
  lua_pushlightuserdata(L, state);
  lua_pushcclosure(L, function, 1);
  lua_setfield(L, -2, name);
}

}  // namespace

Simulator::Simulator(const Clock& clock, Options options)
    : state_(new State{clock, options, clock.now(), clock.utc()}) {
  State& state = *state_;
  lua::prepare_border(state.machine.main());
  const Result<int> opened = lua::protect(state.machine.main(), [&](lua_State* L) {
    lua::load_prelude(L);
    state.loader.install(L);
    for (const lua::Module* module : all_modules()) {
      for (const std::string_view wanted : kModules) {
        if (wanted == module->name) state.loader.add(L, state.context, *module);
      }
    }
    state.loader.push_library(L, "sim.host");
    lua_getfield(L, -1, "open");
    lua_createtable(L, 0, 5);
    lua_pushnumber(L, static_cast<double>(state.options.seed));
    lua_setfield(L, -2, "seed");
    lua_pushnumber(L, to_seconds(state.started_utc.time_since_epoch()));
    lua_setfield(L, -2, "utc0");
    set_callback(L, "now", &state, now_entry<State>);
    set_callback(L, "gateway_clock", &state, gateway_entry<State>);
    set_callback(L, "verify", &state, verify_entry<State>);
    lua_call(L, 1, 1);
    state.world = lua::Ref(state.liveness, L);
    return 0;
  });
  if (!opened) throw Failure(opened.error());
}

Simulator::~Simulator() {
  state_->liveness.reset();
}

Result<Answer> Simulator::answer(const http::Request& request, std::string_view target) {
  Answer answer;
  state_->current = &request;
  const Result<int> answered = lua::protect(state_->machine.main(), [&](lua_State* L) {
    state_->push_function(L, "answer");
    push_request(L, request, target);
    lua_call(L, 1, 1);
    answer = read_answer(L, lua_gettop(L));
    return 0;
  });
  if (!answered) return tl::unexpected(answered.error());
  answer.delay = state_->unscaled(to_seconds(answer.delay));
  return answer;
}

Result<std::optional<Duration>> Simulator::next_due() {
  std::optional<Duration> due;
  const Result<int> asked = lua::protect(state_->machine.main(), [&](lua_State* L) {
    state_->push_function(L, "next_due");
    lua_call(L, 0, 1);
    if (!lua_isnil(L, -1)) due = state_->unscaled(lua_tonumber(L, -1));
    return 0;
  });
  if (!asked) return tl::unexpected(asked.error());
  return due;
}

Result<std::vector<Delivery>> Simulator::take_deliveries(std::string_view console) {
  std::vector<Delivery> deliveries;
  const Result<int> taken = lua::protect(state_->machine.main(), [&](lua_State* L) {
    state_->push_function(L, "take");
    lua_pushlstring(L, console.data(), console.size());
    lua_call(L, 1, 1);
    const int rows = lua_gettop(L);
    const int count = static_cast<int>(lua_objlen(L, rows));
    for (int index = 1; index <= count; ++index) {
      lua_rawgeti(L, rows, index);
      deliveries.push_back(read_delivery(L, lua_gettop(L)));
      lua_pop(L, 1);
    }
    return 0;
  });
  if (!taken) return tl::unexpected(taken.error());
  return deliveries;
}

Result<void> Simulator::delivered(const std::string& id, std::optional<int> status) {
  const Result<int> noted = lua::protect(state_->machine.main(), [&](lua_State* L) {
    state_->push_function(L, "delivered");
    lua_pushlstring(L, id.data(), id.size());
    if (status) {
      lua_pushinteger(L, *status);
    } else {
      lua_pushnil(L);
    }
    lua_call(L, 2, 0);
    return 0;
  });
  if (!noted) return tl::unexpected(noted.error());
  return {};
}

}  // namespace neap::simulator
