// neap config, neap version: what this program goes by, and which one it is.
#include <fmt/format.h>

#include "app/cli.h"
#include "app/print_list.h"
#include "base/text.h"

namespace neap::app {

ExitCode config_command(const Invocation& invocation, bool origin) {
  json::Array rows;
  std::string text;
  for (const config::SettingRow& row : config::rows(invocation.settings)) {
    json::Object object;
    object.set("key", row.key);
    object.set("value", row.value);
    object.set("origin", row.origin);
    rows.emplace_back(std::move(object));
    text += fmt::format("{:<24} {}{}\n", row.key, printable(row.value),
                        origin ? "  (" + printable(row.origin) + ")" : "");
  }
  print_rows(invocation, list_document("neap.config/1", "settings", rows), rows, text, "");
  return ExitCode::kDone;
}

ExitCode version_command(bool as_json) {
  if (as_json) {
    json::Object document;
    document.set("format", "neap.version/1");
    document.set("version", kVersion);
    print_json(document);
  } else {
    fmt::print("neap {}\n", kVersion);
  }
  return ExitCode::kDone;
}

}  // namespace neap::app
