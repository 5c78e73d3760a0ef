#include "repl/text_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::repl {

Result<std::string> text_of_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  // A directory opens, and says what it is only when it is read.
  if (file && file.peek() != std::ifstream::traits_type::eof()) {
    text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (file.is_open() && !file.bad()) return text;
  return fail(ErrorKind::kUsage, fmt::format("cannot read {}: {}", printable(path),
                                             std::strerror(errno == 0 ? EIO : errno)));
}

}  // namespace neap::repl
