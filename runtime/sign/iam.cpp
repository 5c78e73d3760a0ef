#include "sign/iam.h"

#include <fmt/format.h>

#include "base/text.h"
#include "http/url.h"
#include "json/document.h"
#include "json/writer.h"
#include "sign/answer.h"
#include "sign/signer.h"

namespace neap::sign {
namespace {

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

json::Object object(const char* key, json::Value value) {
  json::Object members;
  members.set(key, std::move(value));
  return members;
}

json::Object scope_of(const Login& login) {
  if (!login.project_id.empty()) return object("project", object("id", login.project_id));
  if (!login.project_name.empty()) return object("project", object("name", login.project_name));
  return object("domain", object("name", login.domain));
}

http::Request token_request(const Login& login) {
  json::Object user;
  user.set("name", login.user);
  user.set("password", login.password.reveal());
  user.set("domain", object("name", login.domain));
  json::Object identity;
  identity.set("methods", json::Array{"password"});
  identity.set("password", object("user", std::move(user)));
  json::Object auth;
  auth.set("identity", std::move(identity));
  auth.set("scope", scope_of(login));

  http::Request request;
  request.method = http::Method::kPost;
  request.url = login.url + "/auth/tokens?nocatalog=true";
  request.headers.add("Content-Type", "application/json;charset=utf8");
  request.body = json::write(object("auth", std::move(auth)));
  return request;
}

std::string login_text(const Login& login) {
  return fmt::format("log in as user {} of domain {} ({})", printable(login.user),
                     printable(login.domain), login.source);
}

Result<Credentials> read_token(const http::Outcome& outcome, const Login& login) {
  constexpr int kCreated = 201;
  if (outcome.delivery != http::Delivery::kAnswered || outcome.response.status != kCreated) {
    Error error = iam_error(outcome, login_text(login), login.password);
    if (error.kind == ErrorKind::kAuth) {
      error.hint =
          "check HW_USER_NAME, HW_USER_PASSWORD and HW_DOMAIN_NAME; repeated wrong "
          "passwords lock the user";
    }
    return tl::unexpected(std::move(error));
  }
  Credentials credentials;
  credentials.auth_token = Secret(std::string(outcome.response.headers.get("X-Subject-Token")));
  credentials.source = login.source;
  if (const auto document = json::Document::parse(outcome.response.body)) {
    credentials.expires = parse_expiry(document->text("/token/expires_at").value_or(""));
    credentials.project_id = document->text("/token/project/id").value_or("");
  }
  if (credentials.auth_token.empty() || !credentials.expires) {
    return fail(ErrorKind::kAuth,
                fmt::format("cannot {}: the answer lacks X-Subject-Token or token.expires_at",
                            login_text(login)));
  }
  return credentials;
}

Result<std::string> read_project(const http::Outcome& outcome, const Credentials& credentials,
                                 const std::string& region) {
  constexpr int kOk = 200;
  const std::string asked = fmt::format("look up the project of region {}", printable(region));
  if (outcome.delivery != http::Delivery::kAnswered || outcome.response.status != kOk) {
    return tl::unexpected(iam_error(outcome, asked, credentials.secret_key));
  }
  const Result<json::Document> document = json::Document::parse(outcome.response.body);
  if (!document || !document->has("/projects")) {
    return fail(ErrorKind::kNetwork,
                fmt::format("cannot {}: the answer is not a project list", asked));
  }
  const auto id = document->text("/projects/0/id");
  if (!id || id->empty()) {
    return fail(
        ErrorKind::kNotFound,
        fmt::format("there is no project named {} for {}", printable(region), credentials.source),
        "check the region, or set the project with --project or HUAWEICLOUD_SDK_PROJECT_ID");
  }
  return std::string(*id);
}

}  // namespace

Result<std::optional<Login>> login_from_environment(const config::Surroundings& surroundings,
                                                    std::string_view iam_url,
                                                    std::string_view region) {
  const auto variable = [&](const char* name) { return surroundings.variable(name).value_or(""); };
  Login login;
  login.user = variable("HW_USER_NAME");
  login.password = Secret(variable("HW_USER_PASSWORD"));
  login.domain = variable("HW_DOMAIN_NAME");
  if (login.user.empty() && login.password.empty()) return std::nullopt;
  const char* missing = login.user.empty()       ? "HW_USER_NAME"
                        : login.password.empty() ? "HW_USER_PASSWORD"
                        : login.domain.empty()   ? "HW_DOMAIN_NAME"
                                                 : nullptr;
  if (missing != nullptr) {
    return fail(ErrorKind::kAuth,
                fmt::format("{} is set but {} is not",
                            login.user.empty() ? "HW_USER_PASSWORD" : "HW_USER_NAME", missing),
                fmt::format("set {}: a login takes user, password and domain", missing));
  }
  login.url = without_slash(variable("HW_AUTH_URL"));
  if (login.url.empty() && !iam_url.empty())
    login.url = without_slash(std::string(iam_url)) + "/v3";
  if (login.url.empty()) {
    return fail(ErrorKind::kConfig, "the address of IAM is not known",
                "set a region, or HW_AUTH_URL");
  }
  login.project_id = variable("HW_PROJECT_ID");
  login.project_name = variable("HW_PROJECT_NAME");
  if (login.project_name.empty()) login.project_name = region;
  login.source = "environment HW_USER_NAME";
  return login;
}

Owner log_in(http::Transport& transport, const Login& login,
             Function<void(Result<Credentials>)> done) {
  return transport.send(token_request(login), http::Options{},
                        [login, done = std::move(done)](const http::Outcome& outcome) mutable {
                          done(read_token(outcome, login));
                        });
}

ProjectLookup::ProjectLookup(Loop& loop, http::Transport& transport, std::string iam_url)
    : loop_(loop), transport_(transport), iam_url_(without_slash(std::move(iam_url))) {}

Owner ProjectLookup::get(const Credentials& credentials, const std::string& region,
                         Function<void(Result<std::string>)> done) {
  const std::string& who =
      credentials.access_key.empty() ? credentials.source : credentials.access_key;
  const std::string key = who + "\n" + region;
  if (const auto found = found_.find(key); found != found_.end()) {
    done(found->second);
    return Owner();
  }
  if (region.empty() || iam_url_.empty()) {
    done(fail(
        ErrorKind::kConfig, "the project is not known, and neither is the region to find it by",
        "set --project or --region, HUAWEICLOUD_SDK_PROJECT_ID or HUAWEICLOUD_SDK_REGION_ID"));
    return Owner();
  }
  return lookups_[key].join(std::move(done), [&](Function<void(Result<std::string>)> finish) {
    return ask(credentials, region,
               [this, key, finish = std::move(finish)](Result<std::string> id) mutable {
                 if (id) found_[key] = *id;
                 finish(std::move(id));
               });
  });
}

Owner ProjectLookup::ask(const Credentials& credentials, const std::string& region,
                         Function<void(Result<std::string>)> done) {
  http::Request request;
  request.url = iam_url_ + "/v3/projects?name=" + http::percent_encode(region);
  request.headers.add("Content-Type", "application/json");
  Credentials global = credentials;
  global.project_id.clear();  // the question is about the whole domain
  if (Result<void> ready = sign_request(request, global, loop_.utc()); !ready) {
    done(tl::unexpected(std::move(ready.error())));
    return Owner();
  }
  return transport_.send(
      std::move(request), http::Options{},
      [global = std::move(global), region, done = std::move(done)](
          const http::Outcome& outcome) mutable { done(read_project(outcome, global, region)); });
}

}  // namespace neap::sign
