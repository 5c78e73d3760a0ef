// Words for a text that is not JSON: what is wrong and where. Slow path only.
#pragma once

#include <string>
#include <string_view>

namespace neap::json {

// One line such as "missing a comma or '}' after an object member at line 3, column 7 (byte 41)",
// or `otherwise` when no place can be named.
std::string diagnose(std::string_view text, std::string_view otherwise);

}  // namespace neap::json
