// UTF-8 character by character, and the columns of a terminal that each takes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace neap {

// Takes one code point off the front of a text that is not empty; nothing, and nothing taken, when
// the bytes are not UTF-8 (RFC 3629).
std::optional<char32_t> take_code_point(std::string_view& text);

// 0, 1 or 2, in every locale.
std::size_t columns_of(char32_t point);

// The longest start of the text that takes no more than so many columns; a byte that is no UTF-8
// takes one. What takes no column stays with the character before it.
std::string_view start_of(std::string_view text, std::size_t columns);

}  // namespace neap
