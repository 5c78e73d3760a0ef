#include "simulator/deliveries.h"

#include <utility>

#include "json/writer.h"

namespace neap::simulator {
namespace {

constexpr Duration kPatience = std::chrono::seconds{5};
constexpr std::size_t kAtOnce = 64;
constexpr std::string_view kRegion = "cn-north-4";
// Where an administrator finds the certificate without knowing its name.
constexpr std::string_view kAdminPath = "/_sim/smn/certificate.pem";
// Undocumented; a subscriber has to take any (smn.md section 8).
constexpr std::string_view kContentTypes[] = {"application/json; charset=utf-8", "text/plain"};

std::string body_of(const sign::Message& message) {
  json::Writer writer;
  writer.start_object();
  for (const auto& [name, value] : message) {
    writer.key(name);
    writer.string(value);
  }
  writer.end_object();
  return writer.take();
}

std::string text_of(const sign::Message& message, const std::string& name) {
  const auto member = message.find(name);
  return member == message.end() ? std::string() : member->second;
}

}  // namespace

Deliveries::Deliveries(Loop& loop, Simulator& simulator, http::Transport& transport,
                       std::string origin, Function<void(Error)> broken,
                       std::shared_ptr<const sign::MessageKey> key)
    : loop_(loop),
      simulator_(simulator),
      transport_(transport),
      origin_(std::move(origin)),
      broken_(std::move(broken)),
      key_(key ? std::move(key)
               : std::make_shared<const sign::MessageKey>("SMN of the simulator", loop.utc())) {}

void Deliveries::look() {
  Result<std::vector<Delivery>> due = simulator_.take_deliveries(origin_);
  if (!due) return broken_(due.error());
  for (Delivery& delivery : *due) waiting_.push_back(std::move(delivery));
  start_waiting();
  const Result<std::optional<Duration>> next = simulator_.next_due();
  if (!next) return broken_(next.error());
  timer_ = *next ? loop_.after(**next, [this] { look(); }) : Loop::Timer();
}

void Deliveries::start_waiting() {
  while (!waiting_.empty() && under_way_.size() < kAtOnce) {
    Delivery next = std::move(waiting_.front());
    waiting_.pop_front();
    carry(next);
  }
}

void Deliveries::carry(const Delivery& delivery) {
  const std::uint64_t serial = ++serial_;
  http::Options options;
  options.profile = http::Profile::kEffect;
  options.timeout = kPatience;
  auto done = [this, serial, id = delivery.id](const http::Outcome& outcome) {
    finished(serial, id, outcome);
  };
  under_way_.emplace(serial, transport_.send(signed_request(delivery), options, std::move(done)));
}

void Deliveries::finished(std::uint64_t serial, const std::string& id,
                          const http::Outcome& outcome) {
  const bool answered = outcome.delivery == http::Delivery::kAnswered;
  const Result<void> noted = simulator_.delivered(
      id, answered ? std::optional<int>(outcome.response.status) : std::nullopt);
  if (!noted) return broken_(noted.error());
  // Not from inside the callback of the transfer that this releases.
  over_.push_back(serial);
  sweep_ = loop_.after(Duration::zero(), [this] {
    for (const std::uint64_t done : std::exchange(over_, {})) under_way_.erase(done);
    look();
  });
}

http::Request Deliveries::signed_request(const Delivery& delivery) {
  sign::Message message = delivery.members;
  // Members that the world always gives; a text without signature is a bug that receivers show.
  const Result<std::string> text = sign::message_text(message);
  message["signature"] = text ? key_->sign(*text) : std::string();
  message["signature_version"] = "v1";
  message["signing_cert_url"] =
      origin_ + "/smn/SMN_" + std::string(kRegion) + "_" + key_->certificate_id() + ".pem";
  http::Request request;
  request.method = http::Method::kPost;
  request.url = delivery.url;
  request.headers.add("Content-Type", std::string(kContentTypes[serial_ % 2]));
  request.headers.add("X-SMN-MESSAGE-TYPE", text_of(message, "type"));
  request.headers.add("X-SMN-MESSAGE-ID", text_of(message, "message_id"));
  request.headers.add("X-SMN-TOPIC-URN", text_of(message, "topic_urn"));
  if (text_of(message, "type") != "SubscriptionConfirmation") {
    request.headers.add("X-SMN-SUBSCRIPTION-URN", delivery.subscription_urn);
  }
  for (const auto& [name, value] : delivery.headers) request.headers.set(name, value);
  request.body = body_of(message);
  return request;
}

std::optional<http::Response> Deliveries::certificate(std::string_view path) const {
  const std::string& id = key_->certificate_id();
  const std::string file = "SMN_" + std::string(kRegion) + "_" + id + ".pem";
  if (path != kAdminPath && path != "/smn/" + file && path != "/smn/" + id &&
      path != "/v2/notifications/certifications/download/" + id) {
    return std::nullopt;
  }
  http::Response response;
  response.status = 200;
  response.headers.add("Content-Type", "application/x-pem-file");
  response.body = key_->certificate_pem();
  return response;
}

}  // namespace neap::simulator
