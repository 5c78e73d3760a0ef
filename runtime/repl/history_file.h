// Statements of earlier sessions, with the time at which they were typed; never those with secrets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "base/time.h"

namespace neap::repl {

struct Remembered {
  UtcTime at{};
  std::string text;
};

// A file of one JSON object a line, for its owner's eyes only. Several sessions may add to it at
// once.
class HistoryFile {
 public:
  // `secrets` are texts that must not be kept wherever they stand.
  HistoryFile(std::string path, std::vector<Secret> secrets)
      : path_(std::move(path)), secrets_(std::move(secrets)) {}

  // The latest statements, oldest first; lines that cannot be read are passed over. When the file
  // has grown long its older half is dropped. Kind config when it cannot be read; no file is none.
  Result<std::vector<Remembered>> load();

  enum class Kept { kYes, kSecret, kUnwanted };
  // Adds a statement, unless it seems to hold a secret or begins with a blank. Kind config when it
  // cannot be written.
  Result<Kept> add(std::string_view text, UtcTime at);

 private:
  bool seems_secret(std::string_view text) const;
  std::string path_;
  std::vector<Secret> secrets_;
};

}  // namespace neap::repl
