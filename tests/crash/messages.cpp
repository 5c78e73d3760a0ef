#include "crash/messages.h"

#include <charconv>

namespace neap::test {
namespace {

constexpr Duration kLatency = std::chrono::milliseconds{20};

std::int64_t to_number(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void add_headers(Message& message, const http::Headers& headers) {
  for (const http::Header& header : headers) {
    message.push_back(header.name);
    message.push_back(header.value);
  }
}

http::Headers headers_from(const Message& message, std::size_t first) {
  http::Headers headers;
  for (std::size_t i = first; i + 1 < message.size(); i += 2) {
    headers.add(message[i], message[i + 1]);
  }
  return headers;
}

Heard nothing_heard(http::Delivery delivery, ErrorKind kind, const char* message, Duration after) {
  Heard heard;
  heard.outcome.delivery = delivery;
  heard.outcome.error = Error{kind, message};
  heard.after = after;
  return heard;
}

}  // namespace

Message write_request(const Sent& sent) {
  Message message{kRequest,
                  std::to_string(sent.now.count()),
                  std::string(http::to_text(sent.request.method)),
                  sent.request.url,
                  sent.target,
                  sent.request.body};
  add_headers(message, sent.request.headers);
  return message;
}

Sent read_request(const Message& message) {
  Sent sent;
  sent.now = Instant{to_number(message.at(1))};
  sent.request.method = http::parse_method(message.at(2)).value();
  sent.request.url = message.at(3);
  sent.target = message.at(4);
  sent.request.body = message.at(5);
  sent.request.headers = headers_from(message, 6);
  return sent;
}

Message write_answer(const Result<simulator::Answer>& answer) {
  if (!answer) return {"broken", answer.error().message};
  if (answer->drop != simulator::Answer::Drop::kNone) return {"closed"};
  Message message{"answer", std::to_string(answer->delay.count()),
                  std::to_string(answer->response.status), answer->response.body};
  add_headers(message, answer->response.headers);
  return message;
}

Message write_not_sent() {
  return {"not sent"};
}

Message write_lost() {
  return {"lost"};
}

bool is_closed(const Message& answer) {
  return answer.at(0) == "closed";
}

Heard read_answer(const Message& message, const http::Options& options) {
  using http::Delivery;
  const std::string& kind = message.at(0);
  if (kind == "not sent") {
    return nothing_heard(Delivery::kNotSent, ErrorKind::kNetwork, "connection refused", kLatency);
  }
  if (kind == "closed") {
    return nothing_heard(Delivery::kUnknown, ErrorKind::kNetwork,
                         "the connection was closed without an answer", kLatency);
  }
  if (kind == "broken") {
    return nothing_heard(Delivery::kUnknown, ErrorKind::kInternal, message.at(1).c_str(), kLatency);
  }
  const Duration wait =
      kind == "answer" ? kLatency + Duration{to_number(message.at(1))} : options.timeout + kLatency;
  if (wait > options.timeout) {
    return nothing_heard(Delivery::kUnknown, ErrorKind::kTimeout, "no answer came in time",
                         options.timeout);
  }
  Heard heard;
  heard.after = wait;
  heard.outcome.delivery = Delivery::kAnswered;
  heard.outcome.response.status = static_cast<int>(to_number(message.at(2)));
  heard.outcome.response.body = message.at(3);
  heard.outcome.response.headers = headers_from(message, 4);
  return heard;
}

}  // namespace neap::test
