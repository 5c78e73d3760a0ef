#include "crash/platform.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "base/digest.h"
#include "crash/messages.h"
#include "json/writer.h"

namespace neap::test {
namespace {

bool is_change(const http::Request& request) {
  return request.method != http::Method::kGet && request.method != http::Method::kHead;
}

// Fields that tell one world from another although the same was done in both.
bool is_accidental(std::string_view key) {
  return key == "id" || key.ends_with("_id") || key.ends_with("_ids") || key.ends_with("_at") ||
         key.ends_with("_since") || key == "begin" || key == "end" || key == "begin_time" ||
         key == "end_time" || key == "description" || key == "ends" || key == "begins" ||
         key == "thing" || key == "sequence" || key == "dr_volume" || key == "progress";
}

}  // namespace

Platform::Platform(std::uint64_t seed)
    : simulator_(clock_, simulator::Options{.seed = seed}), chance_(seed * 7919 + 17) {}

json::Document Platform::admin(http::Method method, const std::string& path,
                               const std::string& body) {
  http::Request request;
  request.method = method;
  request.body = body;
  Result<simulator::Answer> answer = simulator_.answer(request, "/_sim" + path);
  if (!answer || answer->response.status != 200) {
    throw std::runtime_error(fmt::format("{} {}: {}", path, body,
                                         answer ? answer->response.body : answer.error().message));
  }
  Result<json::Document> document = json::Document::parse(answer->response.body);
  if (!document) throw std::runtime_error(path + ": " + document.error().message);
  return std::move(*document);
}

void Platform::meddle(std::map<std::size_t, AdminCall> calls) {
  if (calls.empty()) return;
  const json::Document group = admin(http::Method::kPost, "/groups/demo/set", "{}");
  const std::string id(group.text("/server_group/id").value_or(""));
  for (auto& [number, call] : calls) call.path = "/groups/" + id + call.path;
  meddling_ = std::move(calls);
}

// What is planned before the request that is about to be answered.
void Platform::befall() {
  if (const auto act = meddling_.find(requests_); act != meddling_.end()) {
    admin(http::Method::kPost, act->second.path, act->second.body);
    ++fired_["somebody else at work"];
  }
  if (const auto jump = skews_.find(requests_); jump != skews_.end()) {
    admin(http::Method::kPost, "/clock", fmt::format(R"({{"skew_seconds":{}}})", jump->second));
    ++fired_["clock_jump"];
  }
}

Message Platform::answer(const Message& message) {
  Sent sent = read_request(message);
  ++requests_;
  arrive_until(sent.now);
  clock_.advance_to(sent.now);
  befall();
  if (is_change(sent.request)) {
    if (chance_.unit() < weather.refused) {
      ++fired_["not connected"];
      return write_not_sent();
    }
    if (chance_.unit() < weather.late) {
      ++fired_["arrives late"];
      const double delay = chance_.between(1, to_seconds(weather.lateness));
      under_way_.push_back({now() + from_seconds(delay), std::move(sent.request), sent.target});
      return write_lost();
    }
  }
  Result<simulator::Answer> answer = arrive(sent.request, sent.target);
  if (answer && is_change(sent.request) && chance_.unit() < weather.bad_gateway) {
    ++fired_["bad gateway"];
    answer->response = {502, {}, "<html><body>Bad Gateway</body></html>"};
  }
  return write_answer(answer);
}

Result<simulator::Answer> Platform::arrive(const http::Request& request,
                                           const std::string& target) {
  Result<simulator::Answer> answer = simulator_.answer(request, target);
  if (!is_change(request)) return answer;
  const json::Document rows =
      admin(http::Method::kGet, fmt::format("/receipts?after={}", receipted_));
  for (int i = 0; rows.has(fmt::format("/receipts/{}", i)); ++i) {
    const std::string row = fmt::format("/receipts/{}", i);
    receipted_ = static_cast<std::int64_t>(rows.number(row + "/seq").value_or(0));
    if (rows.text(row + "/method") == "GET") continue;
    const auto status = rows.number(row + "/status").value_or(0);
    const std::string method(http::to_text(request.method));
    receipts_.push_back({utc(), method + " " + target,
                         sha256_hex(method + " " + request.url + "\n" + request.body),
                         status >= 200 && status < 300});
  }
  return answer;
}

void Platform::arrive_until(Instant moment) {
  for (;;) {
    const auto next = std::min_element(under_way_.begin(), under_way_.end(),
                                       [](const Late& a, const Late& b) { return a.due < b.due; });
    if (next == under_way_.end() || next->due > moment) return;
    const Late late = std::move(*next);
    under_way_.erase(next);
    clock_.advance_to(late.due);
    (void)arrive(late.request, late.target);
  }
}

void Platform::pass_until(Instant moment) {
  arrive_until(moment);
  clock_.advance_to(moment);
}

void Platform::let_everything_arrive() {
  while (!under_way_.empty()) pass(std::chrono::minutes{1});
}

void Platform::settle() {
  let_everything_arrive();
  pass(std::chrono::hours{1});
  (void)admin(http::Method::kGet, "/health");
}

std::string Platform::state() {
  const json::Document whole = admin(http::Method::kGet, "/state");
  const json::Value value = whole.value();
  std::string text;
  for (const char* store : {"groups", "servers", "instances", "replications", "jobs"}) {
    std::vector<std::string> rows;
    for (const json::Value& row : value.as<json::Object>()->list(store)) {
      std::string line = std::string(store) + ":";
      std::vector<std::string> fields;
      for (const auto& [key, field] : *row.as<json::Object>()) {
        const bool plain =
            field.as<json::Array>() == nullptr && field.as<json::Object>() == nullptr;
        if (plain && !is_accidental(key)) fields.push_back(key + "=" + json::write(field));
      }
      std::sort(fields.begin(), fields.end());
      for (const std::string& field : fields) line += " " + field;
      rows.push_back(std::move(line));
    }
    std::sort(rows.begin(), rows.end());
    for (const std::string& row : rows) text += row + "\n";
  }
  return text;
}

std::map<std::string, std::uint64_t> Platform::fired() {
  std::map<std::string, std::uint64_t> counts = fired_;
  const json::Document faults = admin(http::Method::kGet, "/faults");
  for (int i = 0; faults.has(fmt::format("/faults/{}", i)); ++i) {
    const std::string row = fmt::format("/faults/{}", i);
    counts[std::string(faults.text(row + "/kind").value_or("?"))] +=
        static_cast<std::uint64_t>(faults.number(row + "/fired").value_or(0));
  }
  return counts;
}

}  // namespace neap::test
