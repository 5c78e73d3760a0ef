// Which members of an SMN message its signature covers, in which order (smn.md section 4).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace neap::sign {

// Of that type; none for an unknown one. A subject that is empty or absent is not covered.
std::span<const std::string_view> signed_members(std::string_view type);

// One member as it stands in the text that is signed: name and value on lines of their own.
inline void append_signed(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append("\n").append(value).append("\n");
}

}  // namespace neap::sign
