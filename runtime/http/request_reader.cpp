#include "http/request_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

#include "base/text.h"

namespace neap::http {
namespace beast = boost::beast;
using boost::beast::error_code;

namespace {

constexpr std::size_t kFirstRoom =
    4u << 10;  // most headers fit; it grows when one does not, or for a body
// "0\r\n\r\n": no chunk header can be followed by less than this, itself included. Beast asserts
// that it is there when it takes up a last chunk again.
constexpr std::size_t kShortestEnd = 5;

Refusal explain(const error_code& error) {
  using Code = beast::http::error;
  if (error == Code::bad_content_length || error == Code::multiple_content_length ||
      error == Code::bad_transfer_encoding) {
    return {400, "framing", "Content-Length and Transfer-Encoding contradict each other"};
  }
  if (error == Code::bad_chunk || error == Code::bad_chunk_extension) {
    return {400, "framing", "a chunk of the body is malformed"};
  }
  if (error == Code::body_limit) {
    return {413, "body_too_large", "the request body is too large"};
  }
  if (error == Code::header_limit) return {431, "header_too_large", "too many trailers"};
  if (error == Code::bad_version) return {400, "malformed", "the version must be HTTP/1.0 or 1.1"};
  if (error == Code::bad_method) return {400, "malformed", "the method is malformed"};
  if (error == Code::bad_target) return {400, "target", "the request target is malformed"};
  return {400, "malformed", "a header line is malformed"};
}

}  // namespace

// Writes straight into our types; Beast's own container would be filled only to be copied from.
class RequestReader::Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(const RequestLimits& limits) : most_trailers_(limits.header_count) {
    // Both were counted, or will be checked, by our rules: before the head is accepted a limit here
    // would only change which rule is named.
    header_limit(std::uint32_t{0xFFFF'FFFF});
    body_limit(boost::none);
  }

  RequestHead head;
  std::string body;
  // Where the trailers begin in the bytes that were put last, which hold all of them; null when
  // there are none.
  const char* trailers = nullptr;

 private:
  using View = beast::string_view;

  void on_request_impl(beast::http::verb, View method, View target, int version,
                       error_code&) override {
    head.method.assign(method.data(), method.size());
    head.target.assign(target.data(), target.size());
    head.version = version;
  }
  void on_response_impl(int, View, int, error_code&) override {}
  // Trailers are dropped: merging them would let a body change what the header said.
  void on_field_impl(beast::http::field, View name, View value, error_code& error) override {
    if (!is_header_done()) {
      head.headers.add(std::string(name), std::string(value));
      return;
    }
    if (trailers == nullptr) trailers = name.data();
    if (++trailer_count_ > most_trailers_) error = beast::http::error::header_limit;
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    body.reserve(static_cast<std::size_t>(length.value_or(0)));
  }
  std::size_t on_body_impl(View bytes, error_code&) override {
    body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  // Nobody needs chunk extensions, and readers differ in where they see their end.
  void on_chunk_header_impl(std::uint64_t, View extensions, error_code& error) override {
    if (!extensions.empty()) error = beast::http::error::bad_chunk_extension;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code&) override {
    body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_finish_impl(error_code&) override {}

  std::size_t most_trailers_;
  std::size_t trailer_count_ = 0;
};

RequestReader::RequestReader(const RequestLimits& limits)
    : limits_(limits),
      buffer_(std::min(kFirstRoom, limits.header_bytes)),
      scanner_(limits),
      parser_(std::make_unique<Parser>(limits)) {}

RequestReader::~RequestReader() = default;

std::span<char> RequestReader::room() {
  if (filled_ == buffer_.size() || stage_ == Stage::kBody) buffer_.resize(limits_.header_bytes);
  return std::span(buffer_).subspan(filled_);
}

void RequestReader::received(std::size_t count) {
  filled_ += count;
  read();
}

void RequestReader::read() {
  if (stage_ == Stage::kHead) read_head();
  if (stage_ == Stage::kBody) read_body();
}

void RequestReader::read_head() {
  const std::string_view news(buffer_.data() + scanned_, filled_ - scanned_);
  if (const auto refusal = scanner_.scan(news)) return refuse(*refusal);
  scanned_ = filled_;
  if (!scanner_.done()) return;

  error_code error;
  const std::size_t used = parser_->put({buffer_.data(), scanner_.size()}, error);
  if (error || used != scanner_.size()) return refuse(explain(error));
  if (const auto refusal = check_head(parser_->head, limits_)) return refuse(*refusal);
  consume(used);
  parser_->body_limit(limits_.body_bytes);
  stage_ = parser_->is_done() ? Stage::kDone : Stage::kBody;
}

void RequestReader::read_body() {
  if (in_chunk_header_ && filled_ < kShortestEnd) return;
  in_chunk_header_ = false;
  std::size_t used = 0;
  while (used < filled_ && !parser_->is_done()) {
    error_code error;
    used += parser_->put({buffer_.data() + used, filled_ - used}, error);
    in_chunk_header_ = error == beast::http::error::need_more;
    if (in_chunk_header_) break;
    if (error) return refuse(explain(error));
  }
  // Beast unfolds lines; what a header may not be, trailers may not either.
  if (parser_->is_done() && parser_->trailers != nullptr) {
    const char* const end = buffer_.data() + used;
    const std::string_view lines(parser_->trailers,
                                 static_cast<std::size_t>(end - parser_->trailers));
    if (const auto refusal = HeadScanner(limits_).scan(lines)) return refuse(*refusal);
  }
  consume(used);
  if (parser_->is_done()) {
    stage_ = Stage::kDone;
  } else if (filled_ == limits_.header_bytes) {
    refuse({431, "header_too_large", "a chunk header or the trailers are too large"});
  }
}

void RequestReader::refuse(Refusal refusal) {
  refusal_ = refusal;
  stage_ = Stage::kRefused;
}

void RequestReader::consume(std::size_t count) {
  filled_ -= count;
  if (filled_ > 0) std::memmove(buffer_.data(), buffer_.data() + count, filled_);
}

bool RequestReader::waits_for_continue() const {
  return stage_ == Stage::kBody && filled_ == 0 && parser_->body.empty() &&
         parser_->head.version == 11 && parser_->head.headers.has("Expect");
}

bool RequestReader::keep_alive() const {
  return stage_ == Stage::kDone && parser_->head.version == 11 && parser_->keep_alive();
}

bool RequestReader::head_request() const {
  return stage_ == Stage::kDone && parser_->head.method == "HEAD";
}

IncomingRequest RequestReader::take() {
  RequestHead& head = parser_->head;
  return {
      head.method, origin_form(head.target), std::move(head.headers), std::move(parser_->body), {}};
}

void RequestReader::next() {
  parser_ = std::make_unique<Parser>(limits_);
  scanner_ = HeadScanner(limits_);
  scanned_ = 0;
  in_chunk_header_ = false;
  stage_ = Stage::kHead;
  read();
}

}  // namespace neap::http
