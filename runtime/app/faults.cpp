#include "app/faults.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/catalog.h"
#include "json/document.h"
#include "json/writer.h"
#include "simulator/simulator.h"

namespace neap::app {
namespace {

std::vector<std::string> operation_names() {
  std::vector<std::string> names;
  for (const cloud::Operation& operation : cloud::catalog()) names.emplace_back(operation.name);
  return names;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<json::Object> read_fault(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const cloud::Operation* operation = cloud::find_operation("sdrs", name);
  if (equals == std::string::npos || operation == nullptr) {
    return fail(ErrorKind::kUsage,
                fmt::format("--faults: \"{}\" names no operation{}", printable(text),
                            did_you_mean(name, operation_names())),
                "write OPERATION=KIND or OPERATION=KIND:COUNT");
  }
  const std::vector<std::string_view> parts = split(std::string_view(text).substr(equals + 1), ':');
  json::Object fault;
  fault.set("operation", json::Value(operation->name));
  if (const auto status = whole_number(parts[0])) {
    fault.set("kind", "status");
    fault.set("status", *status);
  } else {
    fault.set("kind", json::Value(parts[0]));
  }
  if (parts.size() == 1) return fault;
  const auto count = whole_number(parts[1]);
  if (!count || parts.size() > 2) {
    return fail(ErrorKind::kUsage,
                fmt::format("--faults: \"{}\" has no whole number as its count", printable(text)));
  }
  fault.set("count", *count);
  return fault;
}

Result<http::Response> ask(simulator::Simulator& simulator, http::Method method, std::string body) {
  http::Request request;
  request.method = method;
  request.body = std::move(body);
  Result<simulator::Answer> answer = simulator.answer(request, "/_sim/faults");
  if (!answer) return tl::unexpected(answer.error());
  return std::move(answer->response);
}

}  // namespace

Result<void> plant_fault(simulator::Simulator& simulator, const std::string& text) {
  Result<json::Object> fault = read_fault(text);
  if (!fault) return tl::unexpected(fault.error());
  const Result<http::Response> planted =
      ask(simulator, http::Method::kPost, json::write(json::Value(std::move(*fault))));
  if (!planted) return tl::unexpected(planted.error());
  if (planted->status >= 300) {
    return fail(
        ErrorKind::kUsage,
        fmt::format("--faults: \"{}\" is no fault: {}", printable(text), printable(planted->body)),
        "docs/guide/simulator.md lists the kinds");
  }
  return {};
}

std::vector<std::string> fired_faults(simulator::Simulator& simulator) {
  std::vector<std::string> lines;
  const Result<http::Response> listed = ask(simulator, http::Method::kGet, "");
  if (!listed) return lines;
  const Result<json::Document> document = json::Document::parse(listed->body);
  if (!document) return lines;
  for (std::size_t i = 0;; ++i) {
    const std::string row = "/faults/" + std::to_string(i);
    const auto kind = document->text(row + "/kind");
    if (!kind) return lines;
    lines.push_back(fmt::format("fault {} on {} fired {} times", *kind,
                                document->text(row + "/operation").value_or("?"),
                                document->number(row + "/fired").value_or(0)));
  }
}

}  // namespace neap::app
