#include "model/platform.h"

#include <stdexcept>

#include "cloud/errors.h"
#include "cloud/request.h"
#include "sign/signer.h"

namespace neap::model {
namespace {

constexpr std::string_view kOrigin = "https://simulator";

sign::Credentials credentials(bool stranger) {
  sign::Credentials out;
  out.access_key = stranger ? "STRANGER" : std::string(simulator::kAccessKey);
  out.secret_key = Secret(std::string(simulator::kSecretKey));
  out.project_id = std::string(simulator::kProjectId);
  return out;
}

}  // namespace

const json::Object& Seen::object() const {
  static const json::Object kNone;
  const auto* found = value.as<json::Object>();
  return found != nullptr ? *found : kNone;
}

const cloud::Operation& operation_of(std::string_view service, std::string_view name) {
  const cloud::Operation* found = cloud::find_operation(service, name);
  if (found == nullptr) throw std::logic_error("no operation " + std::string(name));
  return *found;
}

Platform::Platform(std::uint64_t seed, const Tampering& tampering)
    : simulator_(clock_, {.seed = seed}), tampering_(tampering) {}

Seen Platform::ask(http::Request& request) {
  ++requests_;
  const Result<simulator::Answer> answer =
      simulator_.answer(request, std::string_view(request.url).substr(kOrigin.size()));
  if (!answer) throw std::runtime_error("the simulator failed: " + answer.error().message);
  Seen seen;
  seen.dropped = answer->drop != simulator::Answer::Drop::kNone;
  seen.status = answer->response.status;
  seen.body = answer->response.body;
  if (const Result<json::Document> document = parser_.parse(seen.body)) {
    seen.value = document->value();
  }
  if (seen.status >= 300) seen.code = cloud::parse_error("", answer->response, clock_.utc()).code;
  return seen;
}

Seen Platform::call(const cloud::Operation& operation, json::Object arguments, bool stranger) {
  if (tampering_.before) tampering_.before(operation, arguments);
  Result<http::Request> request =
      cloud::build_request(operation, kOrigin, simulator::kProjectId, arguments);
  if (!request) throw std::logic_error("cannot be sent: " + request.error().message);
  const Result<void> ready = sign::sign_request(*request, credentials(stranger), clock_.utc());
  if (!ready) throw std::logic_error("cannot be signed: " + ready.error().message);
  Seen seen = ask(*request);
  if (tampering_.after) tampering_.after(*this, operation, arguments, seen);
  return seen;
}

json::Value Platform::admin(http::Method method, const std::string& path, const std::string& body) {
  http::Request request;
  request.method = method;
  request.url = std::string(kOrigin).append("/_sim").append(path);
  request.body = body;
  Seen seen = ask(request);
  --requests_;
  if (!seen.accepted()) throw std::logic_error(path + ": " + seen.body);
  return std::move(seen.value);
}

}  // namespace neap::model
