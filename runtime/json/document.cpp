#include "json/document.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.h"
#include "json/big_integers.h"
#include "json/diagnose.h"
#include "json/tape_tools.h"

namespace neap::json {

struct Document::State {
  simdjson::dom::parser parser;
  std::vector<char> padded;  // simdjson reads a little beyond the end

  simdjson::error_code read(std::string_view text, std::size_t depth) {
    if (padded.size() < text.size() + simdjson::SIMDJSON_PADDING) {
      padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
    }
    std::copy(text.begin(), text.end(), padded.begin());
    // simdjson counts the level at which it stops; we count the levels there are.
    if (parser.capacity() < text.size() || parser.max_depth() != depth + 1) {
      const std::size_t capacity = std::max(parser.capacity(), text.size());
      if (const auto error = parser.allocate(capacity, depth + 1)) return error;
    }
    return parser.parse(padded.data(), text.size(), false).error();
  }

  Tape tape() const { return {parser.doc.tape.get(), parser.doc.string_buf.get()}; }
};

// States at rest. A Document out in the world keeps the pool alive.
struct Document::Pool {
  static constexpr std::size_t kMostKept = 4;
  static constexpr std::size_t kLargestKept = 1u << 20;  // bytes of text; memory is about 13 times

  Pool() { resting.reserve(kMostKept); }

  std::unique_ptr<State> take() {
    if (resting.empty()) return std::make_unique<State>();
    std::unique_ptr<State> state = std::move(resting.back());
    resting.pop_back();
    return state;
  }

  void give_back(std::unique_ptr<State> state) noexcept {
    if (resting.size() == kMostKept || state->padded.size() > kLargestKept) return;
    resting.push_back(std::move(state));
  }

  std::vector<std::unique_ptr<State>> resting;
};

namespace {

tl::unexpected<Error> refuse(std::string reason) {
  return fail(ErrorKind::kArgument, "invalid JSON: " + std::move(reason));
}

tl::unexpected<Error> explain(simdjson::error_code error, std::string_view text,
                              const Limits& limits) {
  switch (error) {
    case simdjson::DEPTH_ERROR:
      return refuse(fmt::format("it is nested deeper than {} levels", limits.depth));
    case simdjson::MEMALLOC:
      return refuse(fmt::format("there is no memory to read {} bytes", text.size()));
    default:
      return refuse(diagnose(text, to_lower(simdjson::error_message(error))));
  }
}

// Limits that only show once the text is read; nothing when all are kept.
std::optional<std::string> broken_limit(const Tape& tape, const Limits& limits) {
  // A node takes at least one word, so counting is needed only for documents near the limit.
  const std::size_t words = tape.words[0] & 0xFFFF'FFFF;
  if (words > limits.nodes && count_nodes(tape) > limits.nodes) {
    return fmt::format("it holds more than {} values and keys", limits.nodes);
  }
  if (!limits.unique_keys) return std::nullopt;
  const std::optional<std::string_view> key = repeated_key(tape);
  if (!key) return std::nullopt;
  return fmt::format("the key \"{}\" stands twice in one object", printable(*key));
}

}  // namespace

Document::Document(std::unique_ptr<State> state, std::shared_ptr<Pool> pool)
    : state_(std::move(state)), pool_(std::move(pool)) {}

Document::Document(Document&&) noexcept = default;

Document& Document::operator=(Document&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  state_ = std::move(other.state_);
  pool_ = std::move(other.pool_);
  return *this;
}

Document::~Document() {
  give_back();
}

void Document::give_back() noexcept {
  if (state_ && pool_) pool_->give_back(std::move(state_));
}

Result<Document> Document::parse(std::string_view text, const Limits& limits) {
  return Parser().parse(text, limits);
}

Tape Document::tape() const {
  return state_->tape();
}

std::optional<std::string_view> Document::text(std::string_view pointer) const {
  const Tape tape = state_->tape();
  const std::size_t at = find(tape, pointer);
  if (at == 0 || tape.type(at) != '"') return std::nullopt;
  return tape.text(at);
}

std::optional<double> Document::number(std::string_view pointer) const {
  const Tape tape = state_->tape();
  const std::size_t at = find(tape, pointer);
  if (at == 0) return std::nullopt;
  if (tape.type(at) == 'd') return tape.real(at);
  if (tape.type(at) != 'l') return std::nullopt;
  const std::int64_t n = tape.integer(at);
  if (n > kMostExact || n < -kMostExact) return std::nullopt;
  return static_cast<double>(n);
}

std::optional<bool> Document::boolean(std::string_view pointer) const {
  const Tape tape = state_->tape();
  const std::size_t at = find(tape, pointer);
  if (at == 0 || (tape.type(at) != 't' && tape.type(at) != 'f')) return std::nullopt;
  return tape.type(at) == 't';
}

bool Document::has(std::string_view pointer) const {
  return find(state_->tape(), pointer) != 0;
}

Value Document::value() const {
  return value_at(state_->tape(), Tape::kFirst);
}

Parser::Parser() : pool_(std::make_shared<Document::Pool>()) {}

Result<Document> Parser::parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) {
    return refuse(fmt::format("it has {} bytes, more than {}", text.size(), limits.bytes));
  }
  Document document(pool_->take(), pool_);
  Document::State& state = *document.state_;
  simdjson::error_code error = state.read(text, limits.depth);
  if (error == simdjson::NUMBER_ERROR) error = state.read(quote_big_integers(text), limits.depth);
  if (error) return explain(error, text, limits);
  if (auto reason = broken_limit(state.tape(), limits)) return refuse(std::move(*reason));
  return document;
}

}  // namespace neap::json
