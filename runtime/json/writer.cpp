#include "json/writer.h"

#include <charconv>
#include <cmath>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <simdjson.h>

#include "json/tape.h"

namespace neap::json {
namespace {

// What a UTF-8 sequence with this first byte takes; 0 for a byte that starts none.
std::size_t sequence_size(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

// The text with U+FFFD in place of every byte that is not UTF-8.
std::string repair(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = sequence_size(static_cast<unsigned char>(text.front()));
    const bool good = size != 0 && size <= text.size() && is_utf8(text.substr(0, size));
    out.append(good ? text.substr(0, size) : "\xEF\xBF\xBD");
    text.remove_prefix(good ? size : 1);
  }
  return out;
}

rapidjson::SizeType size_of(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

}  // namespace

struct Writer::State {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

Writer::Writer() : state_(std::make_unique<State>()) {}

Writer::~Writer() = default;

void Writer::null() {
  state_->writer.Null();
}

void Writer::boolean(bool b) {
  state_->writer.Bool(b);
}

void Writer::integer(std::int64_t n) {
  state_->writer.Int64(n);
}

// std::to_chars is always shortest; RapidJSON's own Grisu2 is not.
void Writer::number(double n) {
  if (n == 0 && std::signbit(n)) {
    state_->writer.Double(n);  // an integer has no sign to keep
    return;
  }
  const bool small = std::abs(n) <= static_cast<double>(kMostExact);
  if (small && n == std::trunc(n)) {
    return integer(static_cast<std::int64_t>(n));
  }
  char digits[32];
  // Beyond 2^53 the exponent says that this is a double: bare digits would read as an exact
  // integer.
  const auto [end, error] =
      small ? std::to_chars(digits, std::end(digits), n)
            : std::to_chars(digits, std::end(digits), n, std::chars_format::scientific);
  const std::string_view text(digits, end);
  state_->writer.RawValue(text.data(), text.size(), rapidjson::kNumberType);
}

void Writer::string(std::string_view text) {
  if (is_utf8(text)) {
    state_->writer.String(text.data(), size_of(text));
  } else {
    const std::string repaired = repair(text);
    state_->writer.String(repaired.data(), size_of(repaired));
  }
}

void Writer::key(std::string_view text) {
  string(text);  // RapidJSON tells keys from values by their place
}

void Writer::start_object() {
  state_->writer.StartObject();
}

void Writer::end_object() {
  state_->writer.EndObject();
}

void Writer::start_array() {
  state_->writer.StartArray();
}

void Writer::end_array() {
  state_->writer.EndArray();
}

std::string Writer::take() {
  std::string text(state_->buffer.GetString(), state_->buffer.GetSize());
  state_->buffer.Clear();
  state_->writer.Reset(state_->buffer);
  return text;
}

namespace {

struct WriteValue {
  Writer& out;

  void operator()(Null) const { out.null(); }
  void operator()(bool b) const { out.boolean(b); }
  void operator()(std::int64_t n) const { out.integer(n); }
  void operator()(double n) const { out.number(n); }
  void operator()(const std::string& text) const { out.string(text); }
  void operator()(const Array& items) const {
    out.start_array();
    for (const Value& item : items) std::visit(*this, item.data());
    out.end_array();
  }
  void operator()(const Object& object) const {
    out.start_object();
    for (const auto& [key, value] : object) {
      out.key(key);
      std::visit(*this, value.data());
    }
    out.end_object();
  }
};

}  // namespace

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string write(const Value& value) {
  Writer writer;
  std::visit(WriteValue{writer}, value.data());
  return writer.take();
}

}  // namespace neap::json
