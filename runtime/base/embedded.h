// A file that the build put into the binary (embed_lua in CMakeLists.txt).
#pragma once

#include <span>
#include <string_view>

namespace neap {

struct EmbeddedText {
  const char* begin;
  const char* end;
  std::string_view view() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

struct EmbeddedFile {
  std::string_view name;  // path below the embedded folder, "sim/groups.lua"
  EmbeddedText text;
};

}  // namespace neap
