// What the bindings of platform calls share: send one, hand its answer to Lua.
#pragma once

#include <utility>

#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {

// Counts a changing call as under way for as long as it lives.
class EffectMark {
 public:
  explicit EffectMark(Effects& effects);
  EffectMark(EffectMark&& other) noexcept : effects_(std::exchange(other.effects_, nullptr)) {}
  EffectMark& operator=(EffectMark&&) = delete;
  ~EffectMark();

 private:
  Effects* effects_;
};

// The body of every row that is a catalogue operation: argument 1 is the table of its parameters,
// with the API's own names; the result is the decoded answer, nil where there is none.
lua::Pending invoke(lua::Call& call, lua::Resumer resume);

// Gives the decoded body of an answer to the caller.
void give_answer(lua::Resumer resume, Result<http::Response> answer);

}  // namespace neap::bindings
