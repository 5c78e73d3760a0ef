// host.log and host.run: what a script tells the operator, and asks.
#include "host.h"
#include "lua/bind.h"
#include "lua/value.h"

namespace neap::bindings {
namespace {

int write(lua::Call& call) {
  const Result<LogLevel> level = parse_log_level(call.text(1));
  if (!level) throw Failure(level.error());
  call.host().log.write(*level, call.text(2));
  return 0;
}

int print(lua::Call& call) {
  call.host().op.print(call.text(1));
  return 0;
}

int tell(lua::Call& call) {
  const std::string name(call.text(1));
  const json::Value value = call.given(2) ? lua::to_value(call.L, 2) : json::Value(json::Object());
  const auto* fields = value.as<json::Object>();
  const json::Object none;
  call.host().op.tell(RunEvent{name, fields != nullptr ? *fields : none});
  return 0;
}

lua::Pending ask(lua::Call& call, lua::Resumer resume) {
  return lua::Pending{call.host().op.ask(std::string(call.text(1)),
                                         [resume = std::move(resume)](Result<bool> answer) mutable {
                                           if (!answer)
                                             return resume.fail(std::move(answer.error()));
                                           resume.give([yes = *answer](lua_State* L) {
                                             lua_pushboolean(L, yes ? 1 : 0);
                                             return 1;
                                           });
                                         })};
}

constexpr lua::Entry kLog[] = {{"write", "(level, message)", write}};

constexpr lua::Entry kRun[] = {
    {"print", "(line)", print},
    {"tell", "(event, fields)", tell},
    {"ask", "(question) -> boolean", ask},
};

}  // namespace

extern const lua::Module log{"host.log", kLog};
extern const lua::Module run{"host.run", kRun};

}  // namespace neap::bindings
