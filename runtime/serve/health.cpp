#include "serve/health.h"

#include <string_view>
#include <utility>

#include "json/writer.h"
#include "serve/metrics.h"

namespace neap::serve {
namespace {

http::Response page(int status, std::string_view type, std::string body) {
  return {status,
          {{"Content-Type", std::string(type)}, {"Cache-Control", "no-store"}},
          std::move(body)};
}

constexpr std::string_view kText = "text/plain; charset=utf-8";

}  // namespace

Health::Health(const Pulse& pulse, std::vector<ReadyCheck> checks, Function<std::string()> metrics)
    : pulse_(pulse), checks_(std::move(checks)), metrics_(std::move(metrics)) {}

std::optional<http::Exchange> Health::answer(http::Exchange exchange) {
  const http::IncomingRequest& request = exchange.request();
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  if (path != "/healthz" && path != "/readyz" && path != "/metrics") return exchange;
  http::Response response;
  if (request.method != "GET" && request.method != "HEAD") {
    response = page(405, kText, "only GET and HEAD are answered here\n");
    response.headers.add("Allow", "GET, HEAD");
  } else if (path == "/healthz") {
    response = healthz();
  } else {
    response = path == "/readyz" ? readyz() : metrics();
  }
  // Nothing that is answered here breaks the rules for responses.
  static_cast<void>(exchange.respond(std::move(response)));
  return std::nullopt;
}

http::Response Health::healthz() const {
  const Duration age = pulse_.age();
  if (age <= kStuck) return page(200, kText, "ok\n");
  return page(503, kText, "the work has not come round for " + format_duration(age) + "\n");
}

http::Response Health::readyz() {
  json::Object checks;
  bool ready = true;
  for (ReadyCheck& check : checks_) {
    const Result<void> found = check.look();
    checks.set(check.name, found ? std::string("ok") : found.error().message);
    ready = ready && found;
  }
  json::Object answer;
  answer.set("ready", ready);
  answer.set("checks", std::move(checks));
  return page(ready ? 200 : 503, "application/json", json::write(std::move(answer)) + "\n");
}

http::Response Health::metrics() {
  return page(200, kExpositionType, metrics_());
}

}  // namespace neap::serve
