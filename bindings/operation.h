// What the bindings of platform calls share: send one, hand its answer to Lua.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cloud/effect.h"
#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {

// One changing call as the operator sees it: sent, in doubt, answered. Counts as under way from
// when it is sent until it is answered or known to be in doubt.
class EffectMark {
 public:
  EffectMark(Host& host, std::string operation) : host_(host), operation_(std::move(operation)) {}
  EffectMark(const EffectMark&) = delete;
  EffectMark& operator=(const EffectMark&) = delete;
  ~EffectMark() { settle(); }

  void sent();
  void doubted(const cloud::Doubt& doubt);
  void answered();

 private:
  void settle();
  void tell(const char* event, json::Object fields = {});
  Host& host_;
  std::string operation_;
  bool under_way_ = false;
  bool told_ = false;  // that it was sent
};

// Carries a changing call through its protocol, once the guard has admitted it, and hands its
// answer to the script, or leaves the run to an operator. `begin` starts cloud::perform with what
// it is given.
using BeginEffect =
    Function<Owner(cloud::EffectParts, journal::EffectLog, cloud::Client::Done done)>;
lua::Pending change(lua::Call& call, lua::Resumer resume, CallPreview preview, BeginEffect begin);

// The body of every row that is a catalogue operation: argument 1 is the table of its parameters,
// with the API's own names; the result is the decoded answer, nil where there is none.
lua::Pending invoke(lua::Call& call, lua::Resumer resume);

// Gives the decoded body of an answer to the caller.
void give_answer(lua::Resumer resume, std::string_view operation, Result<http::Response> answer);

}  // namespace neap::bindings
