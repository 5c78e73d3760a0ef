// Reading JSON: a text becomes a Document only when the whole of it is proved well-formed and
// within limits, so that nothing can fail half-way through using it.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "json/tape.h"
#include "json/value.h"

namespace neap::json {

struct Limits {
  std::size_t bytes = 16u << 20;
  std::size_t depth = 64;         // levels of objects and arrays that hold something
  std::size_t nodes = 2'000'000;  // values and keys
  bool unique_keys = false;       // refuse an object that holds a key twice (signed envelopes)
};

// Where a key stands twice, the last one counts, here as in every view of a Document. An integer
// beyond 64 bits is a text of its digits.
class Document {
 public:
  // Kind argument; the message says what is wrong and at which line, column and byte.
  // Who reads many texts keeps a Parser instead.
  static Result<Document> parse(std::string_view text, const Limits& limits = {});

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  // What stands at a JSON pointer ("/server_group/status"); nothing when absent or of another type.
  // The text lives as long as the Document.
  std::optional<std::string_view> text(std::string_view pointer) const;
  // Nothing, too, for an integer beyond 2^53, which a double would round; value() has its digits.
  std::optional<double> number(std::string_view pointer) const;
  std::optional<bool> boolean(std::string_view pointer) const;
  bool has(std::string_view pointer) const;  // null counts as something

  Tape tape() const;
  Value value() const;

 private:
  friend class Parser;
  struct State;
  struct Pool;
  Document(std::unique_ptr<State> state, std::shared_ptr<Pool> pool);
  void give_back() noexcept;
  std::unique_ptr<State> state_;
  std::shared_ptr<Pool> pool_;
};

// Reads one text after another in memory it keeps, which makes a short answer several times
// cheaper. Its Documents may outlive it. For one thread.
class Parser {
 public:
  Parser();
  Result<Document> parse(std::string_view text, const Limits& limits = {});

 private:
  std::shared_ptr<Document::Pool> pool_;
};

}  // namespace neap::json
