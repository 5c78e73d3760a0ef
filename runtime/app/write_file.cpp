#include "app/write_file.h"

#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace neap::app {

Result<void> write_file(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::error_code problem;
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  std::filesystem::permissions(
      part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, problem);
  file << text;
  file.close();
  if (file && !problem) std::filesystem::rename(part, path, problem);
  if (file && !problem) return {};
  std::filesystem::remove(part, problem);
  return fail(ErrorKind::kConfig, "cannot write " + printable(path));
}

}  // namespace neap::app
