// Keeps the digits of integers that no machine integer can hold.
#pragma once

#include <string>
#include <string_view>

namespace neap::json {

// The text with every integer value that a signed or unsigned 64-bit integer
// cannot hold put in quotes; a valid text stays valid and an invalid one invalid.
std::string quote_big_integers(std::string_view text);

}  // namespace neap::json
