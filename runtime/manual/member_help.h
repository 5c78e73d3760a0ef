// The page of help about what goes by a path of the surface, and the same as JSON.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"
#include "manual/surface.h"

namespace neap::manual {

// `path` must lead to something: see Surface::find.
std::string member_text(const Surface& surface, std::string_view path, std::size_t width);
json::Object member_json(const Surface& surface, std::string_view path);

}  // namespace neap::manual
