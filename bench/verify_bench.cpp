// CPU per SMN message that is verified: body read, certificate known, signature checked, answer
// given from the loop. Beside it the bare RSA check by OpenSSL. Exits 1 when the bar is missed.
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/resource.h>

#include "json/writer.h"
#include "loop/loop.h"
#include "sign/base64.h"
#include "sign/message_key.h"
#include "sign/message_verifier.h"

namespace {

using namespace neap;

constexpr int kMessages = 200;  // different ones, in turn
constexpr int kChecks = 20'000;
constexpr double kBar = 10'000;  // messages a second
constexpr std::string_view kOrigin = "http://127.0.0.1:8780";
constexpr std::string_view kTopic = "urn:smn:cn-north-4:b53e5554fad0494d96206fb84296510b:hooks";

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Has the one certificate there is.
class CertificateHost final : public http::Transport {
 public:
  CertificateHost(Loop& loop, std::string pem) : loop_(loop), pem_(std::move(pem)) {}
  Owner send(http::Request, http::Options, Function<void(http::Outcome)> done) override {
    return Owner(loop_.after(Duration::zero(), [this, done = std::move(done)]() mutable {
      done({http::Delivery::kAnswered, {200, {}, pem_}, {}});
    }));
  }

 private:
  Loop& loop_;
  std::string pem_;
};

// As Auto Scaling writes it, some 1,600 bytes.
sign::Message hook_message(int number, const sign::MessageKey& key) {
  const std::string url =
      fmt::format("{}/smn/SMN_cn-north-4_{}.pem", kOrigin, key.certificate_id());
  sign::Message message = {
      {"type", "Notification"},
      {"message_id", fmt::format("{:032x}", number)},
      {"topic_urn", std::string(kTopic)},
      {"subject", "lifecycle hook"},
      {"message",
       fmt::format(R"({{"service":"AutoScaling","tenant_id":"93075aa73f6a4fc0a3209490cc57181a",)"
                   R"("lifecycle_hook_type":"INSTANCE_LAUNCHING","lifecycle_hook_name":"warmup",)"
                   R"("lifecycle_action_key":"4c76c562-9688-45c6-b685-{:012}",)"
                   R"("notification_metadata":"","scaling_instance":{{"instance_id":"{:032x}"}}}})",
                   number, number)},
      {"timestamp", "2026-01-01T00:00:00Z"},
      {"signature_version", "v1"},
      {"signing_cert_url", url},
      {"unsubscribe_url", "https://console.huaweicloud.com/smn/subscription/unsubscribe?x=y"}};
  message["signature"] = key.sign(sign::message_text(message).value());
  return message;
}

std::vector<http::IncomingRequest> requests_of(const std::vector<sign::Message>& messages) {
  std::vector<http::IncomingRequest> requests;
  for (const sign::Message& message : messages) {
    json::Writer writer;
    writer.start_object();
    for (const auto& [name, value] : message) {
      writer.key(name);
      writer.string(value);
    }
    writer.end_object();
    requests.push_back({"POST", "/smn", {}, writer.take(), "192.0.2.1"});
  }
  return requests;
}

// Seconds of CPU for kChecks verdicts, each asked for when the one before has come.
double verify_all(Loop& loop, sign::MessageVerifier& verifier,
                  const std::vector<http::IncomingRequest>& requests) {
  int accepted = 0;
  int asked = 0;
  Owner work;
  Function<void()> next;
  next = [&] {
    const auto& request = requests[static_cast<std::size_t>(asked++) % requests.size()];
    work = verifier.verify(request, [&](const sign::MessageVerifier::Verdict& verdict) {
      accepted += verdict ? 1 : 0;
      if (asked < kChecks) loop.post([&] { next(); });
    });
  };
  const double before = cpu_seconds();
  loop.post([&] { next(); });
  loop.run();
  const double taken = cpu_seconds() - before;
  if (accepted != kChecks) throw std::runtime_error("a message was refused");
  return taken;
}

double check_bare(const std::string& pem, const std::vector<sign::Message>& messages) {
  BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto bytes = [](const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  const double before = cpu_seconds();
  for (int i = 0; i < kChecks; ++i) {
    const sign::Message& message = messages[static_cast<std::size_t>(i) % messages.size()];
    const std::string text = sign::message_text(message).value();
    const std::string signature = sign::decode_base64(message.at("signature")).value();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(certificate));
    if (EVP_DigestVerify(context, bytes(signature), signature.size(), bytes(text), text.size()) !=
        1) {
      throw std::runtime_error("a signature is wrong");
    }
  }
  const double taken = cpu_seconds() - before;
  EVP_MD_CTX_free(context);
  X509_free(certificate);
  BIO_free(memory);
  return taken;
}

}  // namespace

int main() {
  VirtualClock clock;
  Loop loop(clock);
  const sign::MessageKey key("SMN of the bench", clock.utc());
  CertificateHost host(loop, key.certificate_pem());
  sign::VerifierSettings settings;
  settings.topics = {std::string(kTopic)};
  settings.places.simulator_origin = kOrigin;
  const auto verifier = sign::MessageVerifier::open(loop, host, settings);
  if (!verifier) throw std::runtime_error(verifier.error().message);
  std::vector<sign::Message> messages;
  messages.reserve(kMessages);
  for (int i = 0; i < kMessages; ++i) messages.push_back(hook_message(i, key));
  const double whole = verify_all(loop, **verifier, requests_of(messages));
  const double bare = check_bare(key.certificate_pem(), messages);
  const double rate = kChecks / whole;
  const auto micros = [](double seconds) { return seconds / kChecks * 1e6; };
  fmt::print("verified SMN message    {:6.1f} us CPU, {:.0f} a second\n", micros(whole), rate);
  fmt::print("text and RSA check only {:6.1f} us CPU\n", micros(bare));
  const bool met = rate >= kBar;
  fmt::print("bar {}: {:.0f} verified messages a second, at least {:.0f}\n",
             met ? "met" : "not met", rate, kBar);
  return met ? 0 : 1;
}
