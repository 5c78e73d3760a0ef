// host.cloud: any signed call, and the catalogue as scripts see it.
#include "base/text.h"
#include "bindings/operation.h"
#include "lua/value.h"

namespace neap::bindings {
namespace {

std::string_view text_member(lua::Call& call, const json::Object& options, const char* name) {
  const json::Value* value = options.find(name);
  const auto* text = value != nullptr ? value->as<std::string>() : nullptr;
  if (text == nullptr || text->empty()) call.refuse(std::string(name) + " must be given, as text");
  return *text;
}

lua::Pending request(lua::Call& call, lua::Resumer resume) {
  call.expect_table(1);
  const json::Value value = lua::to_value(call.L, 1);
  const auto* options = value.as<json::Object>();
  if (options == nullptr) call.refuse("give service, method, path and, where needed, query, body");
  cloud::RawCall raw;
  raw.service = text_member(call, *options, "service");
  raw.path = text_member(call, *options, "path");
  const auto method = http::parse_method(text_member(call, *options, "method"));
  if (!method) call.refuse("method must be GET, HEAD, POST, PUT, PATCH or DELETE");
  raw.method = *method;
  if (const json::Value* query = options->find("query")) {
    if (const auto* members = query->as<json::Object>()) raw.query = *members;
  }
  if (const json::Value* body = options->find("body")) raw.body = *body;
  Host& host = call.host();
  require_raw(host, raw);
  const bool read = raw.method == http::Method::kGet || raw.method == http::Method::kHead;
  std::string name = std::string(http::to_text(raw.method)) + " " + printable(raw.path);
  if (!read) {
    json::Object shown;
    shown.set("service", raw.service);
    if (raw.body) shown.set("body", *raw.body);
    return change(call, std::move(resume), {std::move(name), nullptr, std::move(shown)},
                  [raw = std::move(raw)](cloud::EffectParts parts, journal::EffectLog log,
                                         cloud::Client::Done done) mutable {
                    return cloud::perform(std::move(parts), std::move(raw), std::move(log),
                                          std::move(done));
                  });
  }
  return lua::Pending{host.cloud.raw(
      std::move(raw),
      [resume = std::move(resume), name = std::move(name)](Result<http::Response> answer) mutable {
        give_answer(std::move(resume), name, std::move(answer));
      })};
}

constexpr lua::Entry kEntries[] = {
    from(lua::Source::kOutside,
         {"request", "{service, method, path, [query], [body]} -> answer", request}),
};

}  // namespace

extern const lua::Module cloud_module{"host.cloud", kEntries};

}  // namespace neap::bindings
