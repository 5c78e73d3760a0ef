// Bytes of a terminal as characters, and what a terminal says about pasted text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace neap::repl {

// Fed with bytes as they come. Bracketed paste (ESC [200~ … ESC [201~) is taken out: what is pasted
// comes as if it were typed, except that a tab is a blank.
class KeyReader {
 public:
  void feed(std::string_view bytes) { bytes_ += bytes; }
  // The next character; nothing when more bytes are needed. `patient`: the beginning of a sequence
  // may still become one, so it is held back.
  std::optional<char32_t> next(bool patient);
  // Some bytes wait for others.
  bool holds_back() const { return !bytes_.empty(); }
  bool pasting() const { return pasting_; }
  // The end of a paste is next; it is taken out.
  bool paste_ends();
  // What was pasted and not yet read is forgotten.
  void drop() {
    bytes_.clear();
    pasting_ = false;
  }

 private:
  bool take_mark(bool patient);
  std::string bytes_;
  bool pasting_ = false;
};

}  // namespace neap::repl
