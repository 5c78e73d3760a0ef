// The head of an answer, line by line: kept within limits and checked for honest framing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace neap::http {

// Interim answers (1xx) are dropped, but count against the limits: a flood of them is an attack.
class AnswerHead {
 public:
  static constexpr std::size_t kMaxBytes = 64u << 10;
  static constexpr std::size_t kMaxLines = 200;

  // Takes the next line with its line end. False: the answer is refused, and fault() says why.
  bool add(std::string_view line);

  const std::string& fault() const { return fault_; }
  // All lines of a final answer are there.
  bool complete() const { return ended_ && status_ >= 200; }
  int status() const { return status_; }
  // What the answer declares; nothing when it does not.
  std::optional<std::uint64_t> content_length() const { return length_; }
  // Is the end of the body known other than by the end of the connection? If not, an answer that
  // was cut short looks whole (reliability.md 2.5, F8).
  bool delimited(Method method) const;
  Headers take_headers() { return std::move(headers_); }

 private:
  bool refuse(std::string fault);
  bool start(std::string_view line);
  bool add_field(std::string_view line);
  bool check_framing();

  Headers headers_;
  std::string fault_;
  std::optional<std::uint64_t> length_;
  std::size_t bytes_ = 0;
  std::size_t lines_ = 0;
  int status_ = 0;
  bool framed_by_protocol_ = false;  // HTTP/2: frames say where the body ends
  bool chunked_ = false;
  bool ended_ = false;
};

}  // namespace neap::http
