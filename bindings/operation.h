// What the bindings of platform calls share: send one, hand its answer to Lua.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {

// Counts a changing call as under way for as long as it lives, and tells the operator when it is
// sent and when it is answered. Dropped unanswered, it leaves the operator knowing just that.
class EffectMark {
 public:
  EffectMark(Host& host, std::string operation);
  EffectMark(EffectMark&& other) noexcept
      : host_(std::exchange(other.host_, nullptr)), operation_(std::move(other.operation_)) {}
  EffectMark& operator=(EffectMark&&) = delete;
  ~EffectMark();
  void answered();

 private:
  void tell(const char* event);
  Host* host_;
  std::string operation_;
};

// The body of every row that is a catalogue operation: argument 1 is the table of its parameters,
// with the API's own names; the result is the decoded answer, nil where there is none.
lua::Pending invoke(lua::Call& call, lua::Resumer resume);

// Gives the decoded body of an answer to the caller.
void give_answer(lua::Resumer resume, std::string_view operation, Result<http::Response> answer);

}  // namespace neap::bindings
