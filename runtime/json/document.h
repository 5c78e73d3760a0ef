// Reading JSON: a text becomes a Document only when the whole of it is proved well-formed and
// within limits, so that nothing can fail half-way through using it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace neap::json {

struct Limits {
  std::size_t bytes = 16u << 20;
  std::size_t depth = 64;
  std::size_t nodes = 2'000'000;  // values and keys
};

// simdjson's tape: 64-bit words, the type in the top byte (simdjson doc/tape.md).
struct Tape {
  const std::uint64_t* words = nullptr;  // words[0] is the root word, words[1] the first value
  const unsigned char* strings = nullptr;
};

class Document {
 public:
  // Kind argument; the message says what is wrong and where it can.
  static Result<Document> parse(std::string_view text, const Limits& limits = {});

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  // What stands at a JSON pointer ("/server_group/status"); nothing when absent or of another type.
  // The text lives as long as the Document.
  std::optional<std::string_view> text(std::string_view pointer) const;
  std::optional<double> number(std::string_view pointer) const;
  bool has(std::string_view pointer) const;

  Tape tape() const;
  Value value() const;

 private:
  struct State;
  explicit Document(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace neap::json
