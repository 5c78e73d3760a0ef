// Definition files for the Lua language server: what editors need to complete, explain and check
// runbooks and handlers. Made from the surface, the catalogue and the rows of the bindings.
#pragma once

#include <string>
#include <vector>

#include "manual/surface.h"

namespace neap::manual {

struct TypeFile {
  std::string name;  // below the folder: "sdrs.lua", "recovery/moves.lua"
  std::string text;
};

std::vector<TypeFile> type_files(const Surface& surface);

// What the server is told of a project: the dialect, what scripts do not have of Lua's own library,
// and the folder of the definition files.
std::string language_server_settings(const std::string& folder);

}  // namespace neap::manual
