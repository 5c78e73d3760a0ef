// How the catalogue's kinds are called in Lua, where more than one module says them.
#pragma once

#include <array>
#include <string_view>

#include "cloud/catalog.h"

namespace neap::bindings {

// "start_number"
inline std::string_view to_word(cloud::Paging paging) {
  constexpr std::array<std::string_view, 5> kWords = {"none", "offset", "start_number",
                                                      "page_number", "body"};
  return kWords.at(static_cast<std::size_t>(paging));
}

}  // namespace neap::bindings
