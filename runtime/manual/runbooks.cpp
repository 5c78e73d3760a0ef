#include "manual/runbooks.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/catalog.h"
#include "manual/help_page.h"
#include "manual/library.h"
#include "runs/script.h"

namespace neap::manual {
namespace {

constexpr std::size_t kStep = 2;
constexpr std::size_t kFlagColumn = 24;
constexpr std::size_t kNeedColumn = 48;

std::vector<std::string> texts_of(const json::Object& row, std::string_view name) {
  std::vector<std::string> texts;
  for (const json::Value& value : row.list(name)) {
    if (const auto* text = value.as<std::string>()) texts.push_back(*text);
  }
  return texts;
}

Runbook runbook_of(const std::string& name, const json::Object& header) {
  Runbook runbook{.name = name,
                  .summary = header.text("summary"),
                  .rto = header.text("rto"),
                  .parameters = {},
                  .needs = texts_of(header, "needs")};
  for (const json::Value& value : header.list("params")) {
    const auto* row = value.as<json::Object>();
    if (row == nullptr) continue;
    runbook.parameters.push_back({.name = row->text("name"),
                                  .type = row->text("type"),
                                  .help = row->text("help"),
                                  .fallback = row->text("default"),
                                  .choices = texts_of(*row, "choices"),
                                  .required = row->flag("required")});
  }
  return runbook;
}

Result<Runbook> describe_in(Library& library, const std::string& name) {
  const Result<runs::Script> script = runs::find_script(name);
  if (!script) return tl::unexpected(script.error());
  const Result<json::Object> header = library.describe_runbook(script->source, script->chunk);
  if (!header) return tl::unexpected(header.error());
  return runbook_of(name, *header);
}

std::string usage_of(const Runbook& runbook) {
  std::string text = "neap run " + runbook.name;
  for (const RunbookParameter& parameter : runbook.parameters) {
    const std::string flag = Runbook::flag(parameter);
    const std::string given =
        parameter.type == "boolean" ? flag : fmt::format("{} {}", flag, to_lower(parameter.type));
    text += parameter.required ? " " + given : " [" + given + "]";
  }
  return text;
}

std::string words_of(const RunbookParameter& parameter) {
  std::vector<std::string> parts;
  if (!parameter.help.empty()) parts.push_back(parameter.help);
  if (!parameter.choices.empty()) parts.push_back("one of " + join(parameter.choices, ", "));
  if (!parameter.fallback.empty()) parts.push_back("default " + parameter.fallback);
  if (parameter.required) parts.emplace_back("required");
  return fmt::format("{}; {}", parameter.type, join(parts, "; "));
}

std::string_view summary_of(const std::string& need) {
  const std::size_t colon = need.find(':');
  if (colon == std::string::npos) return {};
  const cloud::Operation* operation =
      cloud::find_operation(need.substr(0, colon), need.substr(colon + 1));
  return operation != nullptr ? operation->summary : std::string_view();
}

}  // namespace

std::string Runbook::flag(const RunbookParameter& parameter) {
  std::string flag = "--" + parameter.name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

Result<std::vector<Runbook>> bundled_runbooks() {
  Library library;
  std::vector<Runbook> all;
  for (const std::string& name : runs::bundled_runbooks()) {
    Result<Runbook> runbook = describe_in(library, name);
    if (!runbook) return tl::unexpected(runbook.error());
    all.push_back(*std::move(runbook));
  }
  return all;
}

Result<Runbook> describe_runbook(const std::string& name) {
  Library library;
  return describe_in(library, name);
}

std::string runbook_text(const Runbook& runbook, std::size_t width) {
  HelpPage page(width);
  page.entry(0, runbook.name, runbook.summary, runbook.name.size() + 2);
  page.heading("Usage");
  page.paragraph(kStep, usage_of(runbook), 2 * kStep);
  page.paragraph(kStep, fmt::format("neap rehearse {} runs it against the simulator", runbook.name),
                 2 * kStep);
  if (!runbook.parameters.empty()) page.heading("Parameters");
  for (const RunbookParameter& parameter : runbook.parameters) {
    page.entry(kStep, Runbook::flag(parameter), words_of(parameter), kFlagColumn);
  }
  if (!runbook.rto.empty()) {
    page.heading("Recovery time objective");
    page.paragraph(kStep, runbook.rto);
  }
  page.heading("Needs");
  for (const std::string& need : runbook.needs) {
    page.entry(kStep, need, summary_of(need), kNeedColumn);
  }
  return page.text();
}

json::Object runbook_json(const Runbook& runbook) {
  json::Object document;
  document.set("name", runbook.name);
  document.set("summary", runbook.summary);
  document.set("rto", runbook.rto);
  json::Array rows;
  for (const RunbookParameter& parameter : runbook.parameters) {
    json::Object row;
    row.set("name", parameter.name);
    row.set("flag", Runbook::flag(parameter));
    row.set("type", parameter.type);
    row.set("required", parameter.required);
    row.set("default", parameter.fallback);
    row.set("help", parameter.help);
    row.set("choices", json::Array(parameter.choices.begin(), parameter.choices.end()));
    rows.emplace_back(std::move(row));
  }
  document.set("params", std::move(rows));
  document.set("needs", json::Array(runbook.needs.begin(), runbook.needs.end()));
  return document;
}

}  // namespace neap::manual
