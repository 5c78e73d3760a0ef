#include "serve/handler_operator.h"

#include <fmt/format.h>

#include "json/writer.h"

namespace neap::serve {

void HandlerOperator::tell(const RunEvent& event) {
  if (event.name == "note") return print(event.fields.text("text"));
  const bool alarming =
      event.name == "effect_in_doubt" || event.name == "warning" || event.name == "cleanup_failed";
  const LogLevel level = alarming ? LogLevel::kWarn : LogLevel::kDebug;
  if (!log_.enabled(level)) return;
  log_.write(level, fmt::format("{} {}", event.name, json::write(json::Value(event.fields))));
}

Owner HandlerOperator::ask(std::string question, Function<void(Result<Answer>)> done) {
  log_.warn("waits for neap approve or neap reject: " + question);
  return Owner{std::move(done)};  // never called
}

}  // namespace neap::serve
