// Fuzz target: any body that is posted as an SMN message is refused with words that can be shown,
// or is a message whose signed text can be read in one way only. What is signed by nobody never
// gets further.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "http/request_reader.h"
#include "json/document.h"
#include "sign/certificate_address.h"
#include "sign/incoming_message.h"
#include "sign/signing_certificate.h"
#include "sign/subscription_link.h"

namespace {

using namespace neap;

void expect(bool holds) {
  if (!holds) std::abort();
}

void check_words(const std::string& text) {
  expect(!text.empty());
  for (const char c : text) expect(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

bool one_line(std::string_view text) {
  return text.find_first_of("\r\n") == std::string_view::npos;
}

// From its end the text is pairs of lines, which give the members back.
void check_text(const sign::IncomingMessage& message) {
  std::string text = signed_text(message);
  const auto take = [&](std::string_view name, std::string_view value) {
    const std::string pair = std::string(name) + "\n" + std::string(value) + "\n";
    expect(one_line(value) && text.ends_with(pair));
    text.resize(text.size() - pair.size());
  };
  take("type", to_text(message.type));
  take("topic_urn", message.topic_urn);
  take("timestamp", message.timestamp);
  if (!message.subject.empty()) take("subject", message.subject);
  if (message.type != sign::MessageType::kNotification) {
    take("subscribe_url", message.subscribe_url.reveal());
  }
  take("message_id", message.message_id);
  expect(text == "message\n" + message.message + "\n");
}

void check_message(const sign::IncomingMessage& message) {
  check_text(message);
  const auto there =
      sign::check_certificate_address(message.signing_cert_url, message.topic_urn, {});
  if (there) {
    expect(message.signing_cert_url.starts_with("https://smn."));
    expect(message.signing_cert_url.ends_with(".pem"));
  } else {
    check_words(there.error().detail);
  }
  sign::VerifiedMessage verified;
  verified.type = message.type;
  verified.topic_urn = message.topic_urn;
  verified.subscribe_url = message.subscribe_url;
  const auto token = sign::confirmation_token(verified, sign::console_origins());
  if (!token) check_words(token.error().message);
}

// The same bytes as a certificate: no authority stands behind them.
void check_certificate(const std::string& pem) {
  static sign::TrustStore nobody("/dev/null");
  const UtcTime now{std::chrono::seconds{1'767'225'600}};
  const auto certificate = sign::SigningCertificate::read(pem, nobody, {}, now);
  expect(!certificate);
  check_words(certificate.error().message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::IncomingRequest request;
  request.body.assign(reinterpret_cast<const char*>(data), size);
  const std::string start = request.body.substr(0, 40);
  if (size > 0 && (data[0] & 1) != 0) request.headers.add("X-SMN-MESSAGE-TYPE", start);
  static json::Parser parser;
  const auto message = sign::read_message(request, parser, 1u << 16);
  if (message) {
    check_message(*message);
  } else {
    check_words(message.error().detail);
  }
  check_certificate(request.body);
  return 0;
}
