#include "manual/help.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/catalog.h"
#include "manual/apropos.h"
#include "manual/error_kinds.h"
#include "manual/help_page.h"
#include "manual/member_help.h"
#include "manual/operation_help.h"
#include "manual/runbooks.h"
#include "manual/setting_help.h"
#include "manual/surface.h"
#include "runs/script.h"

namespace neap::manual {
namespace {

using cloud::ErrorCode;
using cloud::Operation;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kNameColumn = 14;
constexpr std::size_t kFactColumn = 15;
constexpr std::size_t kOperationColumn = 44;

json::Object document_of(std::string_view kind, std::string_view topic) {
  json::Object document;
  document.set("format", "neap.help/1");
  document.set("kind", kind);
  document.set("topic", topic);
  return document;
}

json::Object row_of(std::string_view name, std::string_view summary) {
  json::Object row;
  row.set("name", name);
  row.set("summary", summary);
  return row;
}

std::vector<std::string> service_names() {
  std::vector<std::string> names;
  for (const Operation& operation : cloud::catalog()) {
    const std::string name(operation.service);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::size_t count_operations(std::string_view service) {
  const auto of_service = [&](const Operation& operation) { return operation.service == service; };
  return static_cast<std::size_t>(
      std::count_if(cloud::catalog().begin(), cloud::catalog().end(), of_service));
}

bool is_top(const CommandHelp& command) {
  return command.name.find(' ') == std::string::npos;
}

Help topics_help(std::span<const CommandHelp> commands, std::size_t width) {
  HelpPage page(width);
  json::Array command_rows;
  json::Array service_rows;
  page.paragraph(0, "neap help TOPIC, where TOPIC is one of these:");
  page.heading("Commands");
  for (const CommandHelp& command : commands) {
    command_rows.emplace_back(row_of(command.name, command.summary));
    if (is_top(command)) page.entry(kIndent, command.name, command.summary, kNameColumn);
  }
  page.heading("Runbooks");
  page.paragraph(kIndent, join(runs::bundled_runbooks(), ", "));
  page.heading("What scripts call");
  page.paragraph(kIndent, "such as sdrs, sdrs.groups or sdrs.groups.failover; ctx, job and event");
  page.heading("Services: what they can do");
  for (const std::string& service : service_names()) {
    const std::string summary = fmt::format("{} operations", count_operations(service));
    page.entry(kIndent, service, summary, kNameColumn);
    service_rows.emplace_back(row_of(service, summary));
  }
  page.heading("Operations: parameters, states, errors");
  page.paragraph(kIndent, "such as sdrs:start_failover_protection_group, or the SDK's name");
  page.heading("Error codes: meaning and next step");
  page.paragraph(kIndent,
                 fmt::format("such as SDRS.1013; {} are known; or the kind of an error, in_doubt",
                             cloud::error_codes().size()));
  page.heading("Settings: what they are, and where to say them");
  page.paragraph(kIndent, "such as region or limits.cpu_per_run; neap help settings lists them");
  page.heading("Anything else");
  page.paragraph(kIndent, "neap help --apropos WORD searches all names and summaries");
  Help help{page.text(), document_of("topics", "")};
  help.document.set("commands", std::move(command_rows));
  help.document.set("services", std::move(service_rows));
  help.document.set("error_codes", static_cast<std::int64_t>(cloud::error_codes().size()));
  return help;
}

Help command_help(const CommandHelp& command) {
  Help help{command.text, document_of("command", command.name)};
  help.document.set("summary", command.summary);
  help.document.set("text", command.text);
  return help;
}

Help service_help(const std::string& service, std::size_t width) {
  HelpPage page(width);
  json::Array rows;
  page.paragraph(0, fmt::format("{}: {} operations", service, count_operations(service)));
  page.heading("Operations");
  for (const Operation& operation : cloud::catalog()) {
    if (operation.service != service) continue;
    page.entry(kIndent, operation.name, operation.summary, kOperationColumn);
    rows.emplace_back(row_of(operation.name, operation.summary));
  }
  Help help{page.text(), document_of("service", service)};
  help.document.set("operations", std::move(rows));
  return help;
}

// What can answer the code, where the catalogue names no operation.
std::string usual_source(std::string_view code) {
  if (code.starts_with("APIG")) {
    return "any operation: the gateway answers before the service sees the call";
  }
  const std::string service = to_lower(code.substr(0, code.find('.')));
  if (service == "common") return "any operation of ecs";
  return fmt::format("any operation of {} that has to do with it", service);
}

std::vector<std::string> operations_answering(std::string_view code) {
  std::vector<std::string> names;
  for (const Operation& operation : cloud::catalog()) {
    const bool answers =
        std::find(operation.errors.begin(), operation.errors.end(), code) != operation.errors.end();
    if (answers) names.push_back(cloud::permission_name(operation));
  }
  return names;
}

Help code_help(const ErrorCode& code, std::size_t width) {
  const std::vector<std::string> operations = operations_answering(code.code);
  HelpPage page(width);
  page.entry(0, code.code, code.meaning, code.code.size() + 2);
  page.heading("Error");
  page.entry(kIndent, "Next step", code.remedy, kFactColumn);
  page.entry(kIndent, "Kind", to_text(code.kind), kFactColumn);
  page.entry(kIndent, "HTTP status", fmt::format("{}", code.http_status), kFactColumn);
  page.heading("Answered by");
  for (const std::string& operation : operations) page.paragraph(kIndent, operation);
  if (operations.empty()) page.paragraph(kIndent, usual_source(code.code));
  Help help{page.text(), document_of("error_code", code.code)};
  help.document.set("meaning", code.meaning);
  help.document.set("remedy", code.remedy);
  help.document.set("error_kind", to_text(code.kind));
  help.document.set("http_status", code.http_status);
  help.document.set("operations", json::Array(operations.begin(), operations.end()));
  return help;
}

Help operation_help(const Operation& operation, std::size_t width) {
  Help help{operation_text(operation, width),
            document_of("operation", cloud::permission_name(operation))};
  for (const auto& [key, value] : operation_json(operation)) help.document.set(key, value);
  return help;
}

const ErrorCode* find_code(const std::string& topic) {
  for (const ErrorCode& code : cloud::error_codes()) {
    if (equals_ignoring_case(code.code, topic)) return &code;
  }
  return cloud::find_error_code(topic);
}

// All that the topic may name: "show_job" is an operation of one service or of several.
std::vector<const Operation*> find_operations(const std::string& topic) {
  std::vector<const Operation*> found;
  const std::size_t colon = topic.find(':');
  for (const std::string& service : service_names()) {
    const bool named = colon != std::string::npos;
    if (named && to_lower(topic.substr(0, colon)) != service) continue;
    const Operation* operation =
        cloud::find_operation(service, named ? topic.substr(colon + 1) : topic);
    if (operation != nullptr) found.push_back(operation);
  }
  return found;
}

Error several(const std::string& topic, std::span<const Operation* const> operations) {
  std::vector<std::string> names;
  for (const Operation* operation : operations) names.push_back(cloud::permission_name(*operation));
  return {ErrorKind::kUsage,
          fmt::format("\"{}\" is an operation of several services", printable(topic)),
          "say which: " + join(names, " or ")};
}

Help kind_help(const KindOf& kind, std::size_t width) {
  const std::string name(to_text(kind.kind));
  HelpPage page(width);
  page.entry(0, name, kind.meaning, name.size() + 2);
  page.heading("Error kind");
  page.entry(kIndent, "Next step", kind.remedy, kFactColumn);
  page.heading("Codes of this kind");
  json::Array codes;
  for (const ErrorCode& code : cloud::error_codes()) {
    if (code.kind != kind.kind) continue;
    page.entry(kIndent, code.code, code.meaning, kFactColumn);
    codes.emplace_back(code.code);
  }
  if (codes.empty()) page.paragraph(kIndent, "none: it comes from neap itself");
  Help help{page.text(), document_of("error_kind", name)};
  help.document.set("meaning", kind.meaning);
  help.document.set("remedy", kind.remedy);
  help.document.set("codes", std::move(codes));
  return help;
}

Help runbook_help(const Runbook& runbook, std::size_t width) {
  Help help{runbook_text(runbook, width), document_of("runbook", runbook.name)};
  for (const auto& [key, value] : runbook_json(runbook)) help.document.set(key, value);
  return help;
}

Help setting_help(const config::KnownSetting& setting, std::size_t width) {
  Help help{setting_text(setting, width), document_of("setting", setting_name(setting))};
  for (const auto& [key, value] : setting_json(setting)) help.document.set(key, value);
  return help;
}

Help settings_help(std::size_t width) {
  Help help{settings_text(width), document_of("settings", "settings")};
  help.document.set("settings", settings_json());
  return help;
}

// The module `cloud` has the name of a setting: both are told of.
Help member_help(const Surface& surface, const std::string& path, std::size_t width) {
  Help help{member_text(surface, path, width), document_of("member", path)};
  for (const auto& [key, value] : member_json(surface, path)) help.document.set(key, value);
  if (const auto* setting = find_setting(path)) {
    help.text += "\n" + setting_text(*setting, width);
    help.document.set("setting", setting_json(*setting));
  }
  return help;
}

bool is_service(const std::string& name) {
  const std::vector<std::string> services = service_names();
  return std::find(services.begin(), services.end(), name) != services.end();
}

// A module that has a service's name is told of together with the operations of the service.
Help module_and_service_help(const Surface& surface, const std::string& name, std::size_t width) {
  Help help = service_help(name, width);
  if (surface.find(name).empty()) return help;
  help.text = member_text(surface, name, width) + "\n" + help.text;
  for (const auto& [key, value] : member_json(surface, name)) help.document.set(key, value);
  return help;
}

bool leads_somewhere(const Surface& surface, const std::string& path) {
  return !surface.find(path).empty() || !surface.members(path).empty();
}

// "groups.failover": what the end of one path alone says.
std::string by_its_end(const Surface& surface, const std::string& topic) {
  const std::string end = "." + topic;
  std::string found;
  for (const Member& member : surface.all()) {
    if (!member.path.ends_with(end) || member.path == found) continue;
    if (!found.empty()) return {};
    found = member.path;
  }
  return found;
}

Error unknown_topic(const std::string& topic, std::span<const CommandHelp> commands,
                    const Surface& surface) {
  Error error{ErrorKind::kUsage, fmt::format("there is no topic \"{}\"", printable(topic)),
              "neap help lists the topics; neap help --apropos WORD searches them"};
  std::vector<std::string> known = service_names();
  for (const CommandHelp& command : commands) known.push_back(command.name);
  for (const std::string& runbook : runs::bundled_runbooks()) known.push_back(runbook);
  for (const ErrorCode& code : cloud::error_codes()) known.emplace_back(code.code);
  for (const KindOf& kind : error_kinds()) known.emplace_back(to_text(kind.kind));
  known.emplace_back("settings");
  for (const auto& setting : config::known_settings()) known.push_back(setting_name(setting));
  for (const Member& member : surface.all()) known.push_back(member.path);
  const bool named = topic.find(':') != std::string::npos;
  for (const Operation& operation : cloud::catalog()) {
    known.push_back(named ? cloud::permission_name(operation) : std::string(operation.name));
  }
  error.message += did_you_mean(topic, known);
  return error;
}

// What can be told without looking at the library; nothing when the topic is of another kind.
std::optional<Result<Help>> plain_help(const std::string& topic,
                                       std::span<const CommandHelp> commands, std::size_t width) {
  if (topic.empty()) return topics_help(commands, width);
  for (const CommandHelp& command : commands) {
    if (command.name == topic) return command_help(command);
  }
  const std::vector<std::string> runbooks = runs::bundled_runbooks();
  if (std::find(runbooks.begin(), runbooks.end(), topic) != runbooks.end()) {
    const Result<Runbook> runbook = describe_runbook(topic);
    if (!runbook) return tl::unexpected(runbook.error());
    return runbook_help(*runbook, width);
  }
  if (const ErrorCode* code = find_code(topic)) return code_help(*code, width);
  const std::vector<const Operation*> operations = find_operations(topic);
  if (operations.size() == 1) return operation_help(*operations.front(), width);
  if (operations.size() > 1) return tl::unexpected(several(topic, operations));
  return std::nullopt;
}

}  // namespace

Result<Help> find_help(const std::string& topic, std::span<const CommandHelp> commands,
                       const Surface& surface, std::size_t width) {
  if (auto help = plain_help(topic, commands, width)) return *std::move(help);
  if (const std::string lower = to_lower(topic); is_service(lower)) {
    return module_and_service_help(surface, lower, width);
  }
  if (leads_somewhere(surface, topic)) return member_help(surface, topic, width);
  if (const KindOf* kind = find_error_kind(topic)) return kind_help(*kind, width);
  if (topic == "settings") return settings_help(width);
  if (const auto* setting = find_setting(topic)) return setting_help(*setting, width);
  if (const std::string path = by_its_end(surface, topic); !path.empty()) {
    return member_help(surface, path, width);
  }
  return tl::unexpected(unknown_topic(topic, commands, surface));
}

Result<Help> find_help(const std::string& topic, std::span<const CommandHelp> commands,
                       std::size_t width) {
  if (auto help = plain_help(topic, commands, width)) return *std::move(help);
  const Result<Surface> surface = Surface::load();
  if (!surface) return tl::unexpected(surface.error());
  return find_help(topic, commands, *surface, width);
}

Result<Help> apropos(const std::string& words, std::span<const CommandHelp> commands,
                     const Surface& surface, std::size_t width) {
  const std::vector<Hit> hits = search(words, commands, surface);
  if (hits.empty()) {
    return fail(ErrorKind::kNotFound,
                fmt::format("nothing has to do with \"{}\"", printable(words)),
                "try a shorter word, in English");
  }
  HelpPage page(width);
  json::Array rows;
  for (const Hit& hit : hits) {
    page.entry(0, hit.name, fmt::format("{}: {}", hit.kind, hit.summary), kOperationColumn);
    json::Object row = row_of(hit.name, hit.summary);
    row.set("kind", hit.kind);
    rows.emplace_back(std::move(row));
  }
  Help help{page.text(), document_of("apropos", words)};
  help.document.set("hits", std::move(rows));
  return help;
}

Result<Help> apropos(const std::string& words, std::span<const CommandHelp> commands,
                     std::size_t width) {
  const Result<Surface> surface = Surface::load();
  if (!surface) return tl::unexpected(surface.error());
  return apropos(words, commands, *surface, width);
}

}  // namespace neap::manual
