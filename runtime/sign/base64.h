// Base64 with exactly one spelling for each text (RFC 4648 section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace neap::sign {

std::string encode_base64(std::string_view bytes);
// Nothing unless `text` is what encoding the answer gives: no white space, padding in full, no
// stray bits.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace neap::sign
