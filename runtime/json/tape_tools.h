// Questions asked of a whole tape: what a pointer names, how much it holds, what it is as a Value.
#pragma once

#include <optional>
#include <string_view>

#include "json/tape.h"
#include "json/value.h"

namespace neap::json {

// The place of the value that a JSON pointer (RFC 6901) names; 0 when there is none.
std::size_t find(const Tape& tape, std::string_view pointer);

std::size_t count_nodes(const Tape& tape);  // values and keys

// A key that stands twice in one object; nothing when there is none.
std::optional<std::string_view> repeated_key(const Tape& tape);

Value value_at(const Tape& tape, std::size_t at);

}  // namespace neap::json
