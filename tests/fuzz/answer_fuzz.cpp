// Fuzz target: any answer of the platform becomes an error that can be shown, or a table for the
// script. The first two bytes choose operation and status, the third which headers come with it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <lua.hpp>

#include "cloud/catalog.h"
#include "cloud/errors.h"
#include "cloud/refusal.h"
#include "json/document.h"
#include "lua/json.h"

namespace {

using namespace neap;

constexpr int kStatuses[] = {200, 201, 202, 204, 400, 401, 403, 404, 409, 413,
                             429, 500, 502, 503, 504, 0,   302, 418, 599};

struct Close {
  void operator()(lua_State* L) const { lua_close(L); }
};

void expect(bool holds) {
  if (!holds) std::abort();
}

// What stands in one line of a terminal: no control character, nothing that is no text.
void check_text(const std::string& text) {
  for (const char c : text) expect(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

void check_error(const cloud::Operation& operation, const http::Response& response, UtcTime now) {
  const Error error = cloud::parse_error(operation.name, response, now);
  expect(!error.message.empty() && error.http_status == response.status);
  check_text(error.message);
  check_text(error.hint);
  check_text(error.code);
  check_text(error.request_id);
  // A job that failed had begun: its refusal cannot be proof that nothing happened.
  if (cloud::proves_no_effect(response)) expect(error.kind != ErrorKind::kJobFailed);
}

void check_table(const http::Response& response) {
  static const std::unique_ptr<lua_State, Close> state(luaL_newstate());
  json::Limits limits;
  limits.nodes = 10'000;
  const Result<json::Document> document = json::Document::parse(response.body, limits);
  if (!document) {
    expect(!document.error().message.empty());
    return;
  }
  lua::push_json(state.get(), *document);
  static_cast<void>(document->text("/job_id"));
  lua_settop(state.get(), 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto operations = cloud::catalog();
  const cloud::Operation& operation = operations[data[0] % operations.size()];
  http::Response response;
  response.status = kStatuses[data[1] % std::size(kStatuses)];
  response.body.assign(reinterpret_cast<const char*>(data + 3), size - 3);
  const std::string_view start = std::string_view(response.body).substr(0, 40);
  if ((data[2] & 1) != 0) response.headers.add("X-Request-Id", std::string(start));
  if ((data[2] & 2) != 0) response.headers.add("Date", std::string(start));
  if ((data[2] & 4) != 0) response.headers.add("Retry-After", std::string(start));
  const UtcTime now{std::chrono::seconds{1'767'225'600}};
  check_error(operation, response, now);
  static_cast<void>(cloud::clock_is_off(response, now));
  check_text(cloud::request_id(response));
  static_cast<void>(cloud::read_refusal(response.body));
  check_table(response);
  return 0;
}
