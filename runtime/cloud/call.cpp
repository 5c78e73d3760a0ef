#include "cloud/call.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/fault_points.h"
#include "cloud/errors.h"
#include "http/retry.h"
#include "json/document.h"
#include "sign/signer.h"

namespace neap::cloud {
namespace {

// How long the gateway takes a signature for good (auth.md section 1), and how far we believe its
// clock from ours at most: when both have passed, what was not taken will not be.
constexpr auto kSignatureValidity = std::chrono::minutes{15};
constexpr auto kSkew = std::chrono::minutes{1};
// How old a signature may be when it is sent: a process that was stopped in between must not send
// what others may have taken over.
constexpr auto kSendWithin = std::chrono::seconds{60};

// How long a read is asked again that is refused for there being too many.
constexpr auto kThrottledFor = std::chrono::minutes{5};

bool is_success(const http::Response& response) {
  return response.status >= 200 && response.status < 300;
}

bool same(const sign::Credentials& a, const sign::Credentials& b) {
  return a.access_key == b.access_key && a.secret_key.reveal() == b.secret_key.reveal() &&
         a.security_token.reveal() == b.security_token.reveal() &&
         a.auth_token.reveal() == b.auth_token.reveal();
}

void mask(std::string& text, const Secret& secret) {
  constexpr std::size_t kShortest = 8;  // a shorter one is no secret, and might be a common word
  const std::string_view hidden = secret.reveal();
  if (hidden.size() < kShortest) return;
  for (std::size_t at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at)) {
    text.replace(at, hidden.size(), "***");
  }
}

// A server may echo what it was sent; our secrets go no further than here.
void mask_secrets(Error& error, const sign::Credentials& credentials) {
  for (std::string* text : {&error.message, &error.hint, &error.code, &error.request_id}) {
    mask(*text, credentials.secret_key);
    mask(*text, credentials.security_token);
    mask(*text, credentials.auth_token);
  }
}

}  // namespace

Call::Call(Client::Parts& parts, Plan plan, Client::Done done, Client::BeforeSend before_send)
    : parts_(parts),
      plan_(std::move(plan)),
      done_(std::move(done)),
      before_send_(std::move(before_send)) {}

void Call::start() {
  starting_ = true;
  look_up_credentials();
  starting_ = false;
}

void Call::refuse(Error error) {
  starting_ = true;
  finish(tl::unexpected(std::move(error)));
  starting_ = false;
}

void Call::look_up_credentials() {
  look_up_ = parts_.credentials.get([this](Result<sign::Credentials> found) {
    const auto self = shared_from_this();
    have_credentials(std::move(found));
  });
}

void Call::have_credentials(Result<sign::Credentials> found) {
  // Sending the same again would only bring the key nearer to being locked (auth.md section 1).
  if (refused_ && (!found || same(*found, credentials_))) {
    return finish(tl::unexpected(*std::move(refused_)));
  }
  if (!found) return finish(tl::unexpected(std::move(found.error())));
  credentials_ = *std::move(found);
  if (!parts_.settings.project_id.empty()) credentials_.project_id = parts_.settings.project_id;

  Result<std::string> endpoint = parts_.settings.endpoint(plan_.service);
  if (!endpoint) return finish(tl::unexpected(std::move(endpoint.error())));
  Result<http::Request> request = plan_.build(*endpoint, credentials_.project_id);
  if (!request) return finish(tl::unexpected(std::move(request.error())));
  request_ = *std::move(request);
  request_.headers.set("User-Agent", "neap");
  budget_ = &parts_.budgets.of(*endpoint, credentials_.access_key);
  wait_for_turn();
}

// Signed only then, for a signature is good for a while.
void Call::wait_for_turn() {
  if (budget_->take(plan_.turn)) return send();
  turn_ = budget_->wait(plan_.turn, [this] {
    const auto self = shared_from_this();
    send();
  });
}

void Call::send() {
  plan_.effect == Effect::kRead ? send_read() : send_effect();
}

Result<http::Request> Call::signed_request() {
  http::Request request = request_;
  Result<void> done = sign::sign_request(request, credentials_, parts_.loop.utc());
  if (!done) return tl::unexpected(std::move(done.error()));
  return request;
}

void Call::send_read() {
  const http::Options options{.profile = http::Profile::kRead, .timeout = parts_.settings.timeout};
  transfer_ = http::send_with_retry(
      parts_.transport, parts_.loop, parts_.random, http::RetryPolicy{.throttled = false},
      [this] { return signed_request(); }, options,
      [this](http::Outcome outcome) {
        const auto self = shared_from_this();
        read_answered(std::move(outcome));
      });
}

void Call::read_answered(http::Outcome outcome) {
  if (outcome.delivery != http::Delivery::kAnswered) {
    Error error = std::move(outcome.error);
    error.message = fmt::format("{}: {}", plan_.name, error.message);
    if (error.hint.empty()) error.hint = "check the network and the endpoint, then run it again";
    return finish(tl::unexpected(std::move(error)));
  }
  const http::Response& response = outcome.response;
  budget_->learn(response);
  if (is_success(response)) return finish(std::move(outcome.response));
  if (response.status == 429 && may_wait()) {
    // Not from here: the next transfer replaces the one whose callback this is.
    return parts_.loop.post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->wait_for_turn();
    });
  }
  Error error = error_of(response);
  const bool others_may_do = response.status == 401 && !clock_is_off(response, parts_.loop.utc());
  if (!others_may_do || refused_) return finish(tl::unexpected(std::move(error)));
  refused_ = std::move(error);
  parts_.credentials.refused(credentials_);
  // Not from here: the next transfer replaces the one whose callback this is.
  parts_.loop.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->look_up_credentials();
  });
}

// A read is asked again for as long as that is worth it; the budget says when.
bool Call::may_wait() {
  const Instant now = parts_.loop.now();
  if (!throttled_since_) throttled_since_ = now;
  return now - *throttled_since_ < kThrottledFor;
}

void Call::send_effect() {
  const UtcTime sign_time = parts_.loop.utc();
  Result<http::Request> request = signed_request();
  if (!request) return finish(tl::unexpected(std::move(request.error())));
  if (Result<void> clear = clear_to_send(sign_time); !clear) {
    return finish(tl::unexpected(std::move(clear.error())));
  }
  transmit(*std::move(request));
}

Result<void> Call::clear_to_send(UtcTime sign_time) {
  const Instant signed_at = parts_.loop.now();
  Transmission transmission{.sign_time = sign_time, .send_deadline = sign_time + kSendWithin};
  if (credentials_.auth_token.empty()) {
    transmission.valid_until = sign_time + kSignatureValidity + kSkew;
  }
  transmission.request =
      sha256_hex(fmt::format("{} {}\n{}", to_text(request_.method), request_.url, request_.body));
  if (before_send_) {
    if (Result<void> agreed = before_send_(transmission); !agreed) return agreed;
  }
  const Duration since =
      std::max<Duration>(parts_.loop.now() - signed_at, parts_.loop.utc() - sign_time);
  if (since <= kSendWithin || fault::bug("effect.ignore_send_deadline")) return {};
  return fail(ErrorKind::kNetwork,
              fmt::format("{}: nothing was sent: the process was stopped for {}", plan_.name,
                          format_duration(since)),
              "it is safe to run again");
}

void Call::transmit(http::Request request) {
  const auto answered = [this](http::Outcome outcome) {
    const auto self = shared_from_this();
    fault::crash_point("answer.after");
    effect_answered(std::move(outcome));
  };
  http::Options options{.profile = http::Profile::kEffect, .timeout = parts_.settings.timeout};
  if (fault::bug("effect.reuse_connection")) {
    options.profile = http::Profile::kRead;
    transfer_ = http::send_with_retry(
        parts_.transport, parts_.loop, parts_.random, http::RetryPolicy{},
        [this] { return signed_request(); }, options, answered);
  } else {
    transfer_ = parts_.transport.send(std::move(request), options, answered);
  }
  fault::crash_point("send.after");
}

void Call::effect_answered(http::Outcome outcome) {
  const http::Response& response = outcome.response;
  switch (outcome.delivery) {
    case http::Delivery::kNotSent:
      return finish(fail(ErrorKind::kNetwork,
                         fmt::format("{}: nothing was sent: {}", plan_.name, outcome.error.message),
                         "it is safe to run again"));
    case http::Delivery::kUnknown:
      if (fault::bug("effect.timeout_as_not_sent")) {
        return finish(fail(ErrorKind::kNetwork, plan_.name + ": " + outcome.error.message));
      }
      return finish(
          tl::unexpected(in_doubt(fmt::format("the answer was lost ({})", outcome.error.message))));
    case http::Delivery::kAnswered:
      break;
  }
  budget_->learn(response);
  if (is_success(response) && is_accepted(response)) return finish(std::move(outcome.response));
  Error error = error_of(response);
  if (is_refused(response)) {
    if (response.status == 401 && !clock_is_off(response, parts_.loop.utc())) {
      parts_.credentials.refused(credentials_);
    }
    return finish(tl::unexpected(std::move(error)));
  }
  Error doubt = in_doubt(
      is_success(response)
          ? fmt::format("the answer (HTTP {}) does not say what came of it", response.status)
          : fmt::format("the answer proves nothing ({})", error.message));
  doubt.code = std::move(error.code);
  doubt.http_status = error.http_status;
  doubt.request_id = std::move(error.request_id);
  finish(tl::unexpected(std::move(doubt)));
}

bool Call::is_accepted(const http::Response& response) const {
  if (plan_.operation == nullptr) return true;
  const bool asynchronous = is_asynchronous(*plan_.operation);
  if (!asynchronous && plan_.operation->result.empty()) return true;
  const Result<json::Document> answer = json::Document::parse(response.body);
  if (!answer) return false;
  if (!asynchronous) return answer->has("/" + std::string(plan_.operation->result));
  const std::optional<std::string_view> job_id = answer->text("/job_id");
  return job_id && !job_id->empty();
}

bool Call::is_refused(const http::Response& response) const {
  if (fault::bug("effect.treat_5xx_as_refused") && response.status >= 500) return true;
  if (fault::bug("effect.bad_json_as_failed") && is_success(response)) return true;
  return proves_no_effect(response);
}

Error Call::in_doubt(std::string_view why) const {
  Error error{ErrorKind::kInDoubt, fmt::format("{}: {}", plan_.name, why)};
  error.hint = plan_.operation == nullptr
                   ? "it may have happened: look at the cloud before sending it again"
                   : fmt::format("it may have happened: look before sending it again, it did if {}",
                                 plan_.operation->evidence);
  return error;
}

Error Call::error_of(const http::Response& response) const {
  const UtcTime now = parts_.loop.utc();
  Error error = parse_error(plan_.name, response, now);
  const bool blames_credentials = error.kind == ErrorKind::kAuth && !clock_is_off(response, now);
  if (blames_credentials && !credentials_.source.empty()) {
    error.hint += "; these came from " + credentials_.source;
  }
  return error;
}

void Call::finish(Result<http::Response> result) {
  if (!result) {
    if (plan_.operation != nullptr) result.error().operation = plan_.operation->name;
    mask_secrets(result.error(), credentials_);
  }
  if (!starting_) {
    Client::Done done = std::move(done_);
    return done(std::move(result));
  }
  // Never from inside call(): its caller does not hold the Owner yet.
  parts_.loop.post([weak = weak_from_this(), result = std::move(result)]() mutable {
    if (const auto self = weak.lock()) self->finish(std::move(result));
  });
}

}  // namespace neap::cloud
