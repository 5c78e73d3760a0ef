#include "sign/metadata.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "json/document.h"
#include "sign/answer.h"

namespace neap::sign {
namespace {

constexpr std::string_view kPlace = "ECS metadata 169.254.169.254";

Finding skip(std::string_view why) {
  return Finding{{}, fmt::format("{}: {}", kPlace, why), {}};
}

// The keys in an answer of /openstack/latest/securitykey. Says what is missing, never what is
// there.
Finding read_security_key(std::string_view body) {
  const Result<json::Document> document = json::Document::parse(body);
  if (!document) return skip("the answer is not valid JSON");
  const auto text = [&](const char* pointer) {
    return std::string(document->text(pointer).value_or(""));
  };
  Credentials credentials;
  credentials.access_key = text("/credential/access");
  credentials.secret_key = Secret(text("/credential/secret"));
  credentials.security_token = Secret(text("/credential/securitytoken"));
  credentials.expires = parse_expiry(text("/credential/expires_at"));
  credentials.source = "ECS metadata (agency of this server)";
  if (credentials.access_key.empty() || credentials.secret_key.empty() ||
      credentials.security_token.empty() || !credentials.expires) {
    return skip("the answer lacks access, secret, securitytoken or expires_at");
  }
  return Finding{std::move(credentials), {}, {}};
}

class MetadataLook {
 public:
  MetadataLook(http::Transport& transport, Function<void(Finding)> done)
      : transport_(transport), done_(std::move(done)) {}

  void ask_for_session() {
    http::Request request;
    request.method = http::Method::kPut;
    request.url = "http://169.254.169.254/meta-data/latest/api/token";
    request.headers.add("X-Metadata-Token-Ttl-Seconds", "21600");
    send(std::move(request), [this](const http::Outcome& outcome) { on_session(outcome); });
  }

 private:
  void send(http::Request request, Function<void(http::Outcome)> then) {
    const http::Options options{.timeout = std::chrono::seconds{3}, .body_limit = 64u << 10};
    transfer_ = transport_.send(std::move(request), options, std::move(then));
  }

  void on_session(const http::Outcome& outcome) {
    if (outcome.delivery != http::Delivery::kAnswered) {
      return finish(skip("no answer, so this is probably no ECS"));
    }
    const int status = outcome.response.status;
    if (status == 200) {
      session_ = Secret(std::string(trim(outcome.response.body)));
    } else if (status != 404 && status != 405 && status != 503) {  // these: an older service
      return finish(skip(fmt::format("HTTP {} for a session token", status)));
    }
    ask_for_key();
  }

  void ask_for_key() {
    http::Request request;
    request.url = "http://169.254.169.254/openstack/latest/securitykey";
    if (!session_.empty()) {
      request.headers.add("X-Metadata-Token", std::string(session_.reveal()));
    }
    send(std::move(request), [this](const http::Outcome& outcome) { on_key(outcome); });
  }

  void on_key(const http::Outcome& outcome) {
    if (outcome.delivery != http::Delivery::kAnswered)
      return finish(skip("no answer for the keys"));
    const int status = outcome.response.status;
    if (status == 401 && !std::exchange(renewed_, true)) return ask_for_session();
    if (status == 404) return finish(skip("this ECS has no agency"));
    if (status != 200) return finish(skip(fmt::format("HTTP {} for the keys", status)));
    finish(read_security_key(outcome.response.body));
  }

  // Whoever is called may drop this object.
  void finish(Finding finding) {
    Function<void(Finding)> done = std::move(done_);
    done(std::move(finding));
  }

  http::Transport& transport_;
  Function<void(Finding)> done_;
  Owner transfer_;
  Secret session_;
  bool renewed_ = false;  // the session token was refused once and asked for again
};

}  // namespace

Owner look_in_metadata(http::Transport& transport, Function<void(Finding)> done) {
  auto look = std::make_unique<MetadataLook>(transport, std::move(done));
  look->ask_for_session();
  return Owner(std::move(look));
}

}  // namespace neap::sign
