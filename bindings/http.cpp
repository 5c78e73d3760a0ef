// host.http: requests to hosts that the operator granted (`net:HOST`).
#include <memory>

#include "bindings/http_effect.h"
#include "host.h"
#include "http/retry.h"
#include "http/url.h"
#include "lua/bind.h"
#include "lua/value.h"

namespace neap::bindings {
namespace {

// The script says that a repetition does what the first one did.
constexpr const char* kRepeatable = "repeatable";

http::Request read_request(lua::Call& call, const json::Object& options) {
  http::Request request;
  for (const auto& [name, value] : options) {
    const auto* text = value.as<std::string>();
    if (name == "url" && text != nullptr) {
      request.url = *text;
    } else if (name == "body" && text != nullptr) {
      request.body = *text;
    } else if (name == "method" && text != nullptr) {
      const auto method = http::parse_method(*text);
      if (!method) call.refuse("method must be GET, HEAD, POST, PUT, PATCH or DELETE");
      request.method = *method;
    } else if (name == "headers" && value.as<json::Object>() != nullptr) {
      for (const auto& [header, content] : *value.as<json::Object>()) {
        const auto* line = content.as<std::string>();
        if (line == nullptr) call.refuse("header " + header + " must be text");
        request.headers.add(header, *line);
      }
    } else if (name != "timeout" && (name != kRepeatable || value.as<bool>() == nullptr)) {
      call.refuse("option " + name +
                  " is unknown or has the wrong type; give url, method, headers, "
                  "body, timeout, repeatable");
    }
  }
  return request;
}

http::Options read_options(lua::Call& call, const http::Request& request,
                           const json::Object& options) {
  http::Options carried;
  const bool read = request.method == http::Method::kGet || request.method == http::Method::kHead ||
                    options.flag(kRepeatable);
  carried.profile = read ? http::Profile::kRead : http::Profile::kEffect;
  const json::Value* timeout = options.find("timeout");
  if (timeout == nullptr) return carried;
  if (const auto* text = timeout->as<std::string>()) {
    const Result<Duration> parsed = parse_duration(*text);
    if (!parsed) call.refuse("timeout: " + describe(parsed.error()));
    carried.timeout = *parsed;
  } else if (const auto* whole = timeout->as<std::int64_t>()) {
    carried.timeout = std::chrono::seconds{*whole};
  } else if (const auto* seconds = timeout->as<double>()) {
    carried.timeout = from_seconds(*seconds);
  } else {
    call.refuse("timeout must be a duration");
  }
  return carried;
}

int push_response(lua_State* L, const http::Response& response) {
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, response.status);
  lua_setfield(L, -2, "status");
  lua_pushlstring(L, response.body.data(), response.body.size());
  lua_setfield(L, -2, "body");
  lua_createtable(L, 0, static_cast<int>(response.headers.size()));
  for (const http::Header& header : response.headers) {
    lua_pushlstring(L, header.name.data(), header.name.size());
    lua_pushlstring(L, header.value.data(), header.value.size());
    lua_rawset(L, -3);
  }
  lua_setfield(L, -2, "headers");
  return 1;
}

void give_outcome(lua::Resumer resume, http::Outcome outcome) {
  if (outcome.delivery != http::Delivery::kAnswered) return resume.fail(std::move(outcome.error));
  resume.give([response = std::move(outcome.response)](lua_State* L) {
    return push_response(L, response);
  });
}

lua::Pending change(lua::Call& call, lua::Resumer resume, const std::string& host,
                    http::Request message, const http::Options& options) {
  auto effect =
      std::make_unique<HttpEffect>(call, std::string(http::to_text(message.method)) + " " + host,
                                   std::move(resume), give_outcome);
  effect->begin(std::move(message), options);
  return lua::Pending{std::move(effect)};
}

lua::Pending read(lua::Call& call, lua::Resumer resume, http::Request message,
                  const http::Options& options) {
  Host& host = call.host();
  auto make = [message = std::move(message)]() -> Result<http::Request> { return message; };
  auto done = [resume = std::move(resume)](http::Outcome outcome) mutable {
    give_outcome(std::move(resume), std::move(outcome));
  };
  return lua::Pending{http::send_with_retry(host.transport, host.loop, host.random, {},
                                            std::move(make), options, std::move(done))};
}

lua::Pending request(lua::Call& call, lua::Resumer resume) {
  call.expect_table(1);
  const json::Value value = lua::to_value(call.L, 1);
  const auto* given = value.as<json::Object>();
  if (given == nullptr) call.refuse("give a table with at least url");
  http::Request message = read_request(call, *given);
  const Result<http::Url> url = http::parse_url(message.url);
  if (!url) throw Failure(url.error());
  require_host(call.host(), url->host);
  const http::Options options = read_options(call, message, *given);
  if (options.profile == http::Profile::kEffect) {
    return change(call, std::move(resume), url->host, std::move(message), options);
  }
  return read(call, std::move(resume), std::move(message), options);
}

constexpr lua::Entry kEntries[] = {
    from(lua::Source::kPrivate,
         {"request",
          "{url, [method], [headers], [body], [timeout], [repeatable]} -> {status, headers, body}",
          request}),
};

}  // namespace

extern const lua::Module http{"host.http", kEntries};

}  // namespace neap::bindings
