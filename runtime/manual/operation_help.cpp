#include "manual/operation_help.h"

#include <fmt/format.h>

#include "cloud/rules.h"
#include "host.h"
#include "lua/bind.h"
#include "manual/help_page.h"
#include "manual/operation_words.h"

namespace neap::manual {
namespace {

using cloud::Operation;
using cloud::Param;

constexpr std::size_t kStep = 2;         // columns that a level is indented by
constexpr std::size_t kFactColumn = 11;  // "  Answer   "
constexpr std::size_t kCodeColumn = 15;

// "host.groups.failover(parameters) -> {job_id}"; empty when no binding makes this call.
std::string binding_of(const Operation& operation) {
  const std::string name = cloud::permission_name(operation);
  for (const lua::Module* module : all_modules()) {
    for (const lua::Entry& entry : module->entries) {
      if (entry.operation == nullptr || entry.operation != name) continue;
      return fmt::format("{}.{}{}", module->name, entry.name, entry.signature);
    }
  }
  return {};
}

std::string answer_words(const Operation& operation) {
  std::string text = fmt::format("HTTP {}", operation.success);
  if (is_asynchronous(operation)) {
    return text + fmt::format(" with a job_id; {} shows the job", operation.job);
  }
  if (!operation.result.empty()) text += fmt::format(" with {}", operation.result);
  return text;
}

void add_fact(HelpPage& page, std::string_view label, std::string_view text) {
  if (!text.empty()) page.entry(kStep, label, text, kFactColumn);
}

void add_call(HelpPage& page, const Operation& operation) {
  page.heading("Call");
  add_fact(page, "Request", fmt::format("{} {}", http::to_text(operation.method), operation.path));
  if (!operation.envelope.empty()) {
    add_fact(page, "Body", fmt::format("{{\"{}\": …}}", operation.envelope));
  }
  add_fact(page, "Answer", answer_words(operation));
  add_fact(page, "Pages", paging_words(operation.paging));
  add_fact(page, "Effect", effect_words(operation.effect));
  add_fact(page, "Binding", binding_of(operation));
}

void add_params(HelpPage& page, const Operation& operation) {
  if (operation.params.empty()) return;
  page.heading("Parameters");
  for (const Param& param : operation.params) add_param(page, param, 0, true);
}

void add_rules(HelpPage& page, const Operation& operation) {
  if (operation.constraints.empty()) return;
  page.heading("Rules");
  for (const cloud::Constraint& constraint : operation.constraints) {
    page.paragraph(kStep, "- " + constraint_words(constraint), 2 * kStep);
  }
}

void add_section(HelpPage& page, std::string_view title, std::string_view text) {
  if (text.empty()) return;
  page.heading(title);
  page.paragraph(kStep, text);
}

json::Array texts(cloud::Words words) {
  json::Array array;
  for (const std::string_view word : words) array.emplace_back(word);
  return array;
}

json::Array transitions_json(const Operation& operation) {
  json::Array rows;
  for (const cloud::Transition& transition : operation.transitions) {
    json::Object row;
    row.set("from", texts(transition.from));
    row.set("during", transition.during);
    row.set("success", texts(transition.success));
    row.set("failure", transition.failure);
    row.set("job_type", transition.job_type);
    rows.emplace_back(std::move(row));
  }
  return rows;
}

json::Array errors_json(const Operation& operation) {
  json::Array rows;
  for (const std::string_view code : operation.errors) {
    const cloud::ErrorCode* known = cloud::find_error_code(code);
    json::Object row;
    row.set("code", code);
    row.set("meaning", known != nullptr ? known->meaning : std::string_view());
    rows.emplace_back(std::move(row));
  }
  return rows;
}

}  // namespace

void add_param(HelpPage& page, const cloud::Param& param, std::size_t level, bool with_place) {
  const std::size_t indent = kStep * (level + 1);
  std::string kind = type_words(param.type);
  if (level == 0 && with_place) kind = fmt::format("{} {}", place_word(param.place), kind);
  if (param.required) kind += ", required";
  page.entry(indent, param.name, kind, indent + param.name.size() + 2);
  std::string text(param.help);
  if (const std::string limits = limit_words(param); !limits.empty()) {
    text += (text.empty() ? "" : "; ") + limits;
  }
  if (!text.empty()) page.paragraph(indent + 2 * kStep, text);
  for (const cloud::Param& member : param.members) add_param(page, member, level + 1, with_place);
}

void add_states(HelpPage& page, const Operation& operation) {
  if (operation.transitions.empty() && operation.group_from.empty() &&
      operation.conditions.empty()) {
    return;
  }
  page.heading("States");
  for (const cloud::Transition& transition : operation.transitions) {
    page.paragraph(kStep, "- " + transition_words(transition), 2 * kStep);
  }
  if (!operation.group_from.empty()) {
    page.paragraph(kStep, "- its protection group must be " + either(operation.group_from),
                   2 * kStep);
  }
  for (const std::string_view condition : operation.conditions) {
    page.paragraph(kStep, "- " + std::string(condition), 2 * kStep);
  }
}

void add_errors(HelpPage& page, const Operation& operation) {
  if (operation.errors.empty()) return;
  page.heading("Errors");
  for (const std::string_view code : operation.errors) {
    const cloud::ErrorCode* known = cloud::find_error_code(code);
    page.entry(kStep, code, known != nullptr ? known->meaning : "", kCodeColumn);
  }
}

json::Array params_json(std::span<const Param> params) {
  json::Array rows;
  for (const Param& param : params) {
    json::Object row;
    row.set("name", param.name);
    row.set("place", place_word(param.place));
    row.set("type", type_words(param.type));
    row.set("required", param.required);
    row.set("help", param.help);
    if (param.rule != cloud::Rule::kAny) row.set("rule", cloud::text_rule(param.rule).text);
    if (param.min != INT64_MIN) row.set("min", param.min);
    if (param.max != INT64_MAX) row.set("max", param.max);
    if (!param.one_of.empty()) row.set("one_of", texts(param.one_of));
    if (!param.fallback.empty()) row.set("default", param.fallback);
    if (!param.constant.empty()) row.set("constant", param.constant);
    if (!param.members.empty()) row.set("members", params_json(param.members));
    rows.emplace_back(std::move(row));
  }
  return rows;
}

std::string operation_text(const Operation& operation, std::size_t width) {
  HelpPage page(width);
  const std::string name = cloud::permission_name(operation);
  std::string names = cloud::camel_case(operation.name);
  if (!operation.alias.empty()) names += fmt::format(", also {}", operation.alias);
  page.entry(0, name, names, name.size() + 2);
  page.paragraph(0, operation.summary);
  add_call(page, operation);
  add_params(page, operation);
  add_rules(page, operation);
  add_states(page, operation);
  add_errors(page, operation);
  add_section(page, "How to tell whether it happened", operation.evidence);
  add_section(page, "Where documents disagree", operation.sides);
  add_section(page, "Source", operation.source);
  return page.text();
}

json::Object operation_json(const Operation& operation) {
  json::Object document;
  document.set("service", operation.service);
  document.set("name", operation.name);
  document.set("sdk_name", cloud::camel_case(operation.name));
  document.set("alias", operation.alias);
  document.set("summary", operation.summary);
  document.set("method", http::to_text(operation.method));
  document.set("path", operation.path);
  document.set("envelope", operation.envelope);
  document.set("success", operation.success);
  document.set("result", operation.result);
  document.set("job", operation.job);
  document.set("paging", paging_words(operation.paging));
  document.set("effect", effect_word(operation.effect));
  document.set("resource", operation.resource);
  document.set("binding", binding_of(operation));
  document.set("params", params_json(operation.params));
  json::Array rules;
  for (const cloud::Constraint& constraint : operation.constraints) {
    rules.emplace_back(constraint_words(constraint));
  }
  document.set("rules", std::move(rules));
  document.set("transitions", transitions_json(operation));
  document.set("group_from", texts(operation.group_from));
  document.set("conditions", texts(operation.conditions));
  document.set("errors", errors_json(operation));
  document.set("evidence", operation.evidence);
  document.set("sides", operation.sides);
  document.set("source", operation.source);
  return document;
}

}  // namespace neap::manual
