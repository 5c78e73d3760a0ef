#include "cloud/client.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/call.h"
#include "cloud/check.h"
#include "cloud/errors.h"
#include "cloud/observed_job.h"
#include "http/url.h"

namespace neap::cloud {

// Tells an observer of every transmission, retries included.
class Client::ObservedTransport final : public http::Transport {
 public:
  ObservedTransport(Loop& loop, http::Transport& inner) : loop_(loop), inner_(inner) {}

  Owner send(http::Request request, http::Options options,
             Function<void(http::Outcome)> done) override {
    if (!observer) return inner_.send(std::move(request), options, std::move(done));
    Exchange exchange{.method = request.method, .path = path_of(request.url)};
    return inner_.send(std::move(request), options,
                       [this, exchange = std::move(exchange), sent = loop_.now(),
                        done = std::move(done)](http::Outcome outcome) mutable {
                         exchange.status = outcome.response.status;
                         exchange.took = loop_.now() - sent;
                         exchange.request_id = request_id(outcome.response);
                         observer(exchange);
                         done(std::move(outcome));
                       });
  }

  Function<void(const Exchange&)> observer;

 private:
  static std::string path_of(const std::string& url) {
    Result<http::Url> parts = http::parse_url(url);
    return parts ? std::move(parts->path) : std::string();
  }

  Loop& loop_;
  http::Transport& inner_;
};

std::string describe(const RawCall& call) {
  return fmt::format("{} {}:{}", to_text(call.method), printable(call.service),
                     printable(call.path));
}

std::string describe(const Exchange& exchange) {
  const std::string status =
      exchange.status == 0 ? std::string("no answer") : std::to_string(exchange.status);
  return fmt::format("{} {} {} {}{}{}", to_text(exchange.method), exchange.path, status,
                     format_duration(exchange.took), exchange.request_id.empty() ? "" : " ",
                     exchange.request_id);
}

Client::Client(Loop& loop, http::Transport& transport, sign::CredentialSource& credentials,
               Random& random, ClientSettings settings)
    : transport_(std::make_shared<ObservedTransport>(loop, transport)),
      parts_(new Parts{loop, *transport_, credentials, random, CallBudgets(loop),
                       std::move(settings)}) {}

Client::~Client() = default;

Owner Client::call(const Operation& operation, json::Object arguments, Done done,
                   BeforeSend before_send) {
  if (asks_for_observed_job(operation, arguments)) {
    return show_observed_job(*this, parts_->loop, arguments.text("job_id"), std::move(done));
  }
  Result<void> good = check_arguments(operation, arguments);
  Plan plan{.name = std::string(operation.name),
            .service = std::string(operation.service),
            .effect = operation.effect,
            .turn = {operation.urgency, run_},
            .operation = &operation,
            .build = [&operation, arguments = std::move(arguments)](std::string_view endpoint,
                                                                    std::string_view project_id) {
              return build_request(operation, endpoint, project_id, arguments);
            }};
  auto call =
      std::make_shared<Call>(*parts_, std::move(plan), std::move(done), std::move(before_send));
  good ? call->start() : call->refuse(std::move(good.error()));
  return Owner{std::move(call)};
}

Owner Client::raw(RawCall raw, Done done, BeforeSend before_send) {
  const bool reads = raw.method == http::Method::kGet || raw.method == http::Method::kHead;
  Plan plan{
      .name = describe(raw),
      .service = raw.service,
      .effect = reads ? Effect::kRead : Effect::kOpaque,
      .turn = {Urgency::kNormal, run_},
      .build = [raw = std::move(raw)](std::string_view endpoint, std::string_view project_id) {
        return build_request(raw, endpoint, project_id);
      }};
  auto call =
      std::make_shared<Call>(*parts_, std::move(plan), std::move(done), std::move(before_send));
  call->start();
  return Owner{std::move(call)};
}

void Client::observe(Function<void(const Exchange&)> observer) {
  transport_->observer = std::move(observer);
}

CallBudgets& Client::budgets() {
  return parts_->budgets;
}

}  // namespace neap::cloud
