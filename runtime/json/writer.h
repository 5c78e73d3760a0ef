// Writing JSON, compact, in a deterministic order. Doubles are shortest and read back as the same
// double; integral ones up to 2^53 have no point. Bytes that are not UTF-8 become U+FFFD, so that
// writing cannot fail; who would rather refuse asks is_utf8.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "json/value.h"

namespace neap::json {

// Streams one document; the caller sees to it that starts and ends pair up.
class Writer {
 public:
  Writer();
  ~Writer();
  void null();
  void boolean(bool b);
  void integer(std::int64_t n);
  void number(double n);  // must be finite
  void string(std::string_view text);
  void key(std::string_view text);
  void start_object();
  void end_object();
  void start_array();
  void end_array();
  std::string take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

bool is_utf8(std::string_view text);

// Members in the order the value holds them.
std::string write(const Value& value);

}  // namespace neap::json
