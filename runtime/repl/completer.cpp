#include "repl/completer.h"

#include <algorithm>

#include "base/text.h"

namespace neap::repl {
namespace {

// Of the machine alone, without the platform.
constexpr Duration kOwnBudget = std::chrono::seconds{1};

using Kind = CursorContext::Kind;

bool is_call(std::string_view step) {
  return step.ends_with("()");
}

std::string name_of(std::string_view step) {
  return std::string(is_call(step) ? step.substr(0, step.size() - 2) : step);
}

// Sorted, each once, and only those that go on as the word does.
std::vector<Candidate> fitting(std::vector<Candidate> all, std::string_view word) {
  std::erase_if(all, [&](const Candidate& each) { return !each.text.starts_with(word); });
  std::sort(all.begin(), all.end(),
            [](const Candidate& a, const Candidate& b) { return a.text < b.text; });
  const auto same = [](const Candidate& a, const Candidate& b) { return a.text == b.text; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

// The parameters that may be written in the table, those of objects within them not.
std::vector<const cloud::Param*> open_parameters(const cloud::Operation& operation) {
  std::vector<const cloud::Param*> open;
  for (const cloud::Param& param : operation.params) {
    if (param.constant.empty()) open.push_back(&param);
  }
  return open;
}

}  // namespace

Completer::Completer(Session& session, Function<const manual::Surface*()> surface,
                     std::vector<Candidate> commands, Duration budget)
    : session_(session),
      surface_(std::move(surface)),
      commands_(std::move(commands)),
      budget_(budget) {}

void Completer::saw(const std::string& what, const std::string& name, const std::string& help) {
  seen_[what][name] = help;
}

Completion Completer::complete(const std::string& before, std::string_view line,
                               std::size_t cursor) {
  const CursorContext context = context_at(before + std::string(line.substr(0, cursor)));
  Completion completion;
  if (context.start < before.size()) return completion;
  completion.start = context.start - before.size();
  completion.candidates = fitting(candidates(context), context.word);
  return completion;
}

std::vector<Candidate> Completer::candidates(const CursorContext& context) {
  switch (context.kind) {
    case Kind::kNothing:
      return {};
    case Kind::kCommand:
      return commands_;
    case Kind::kMember:
      return members(context);
    case Kind::kParameter:
      return parameters(context);
    case Kind::kChoice:
      return choices(context);
    case Kind::kName:
      return names(context);
  }
  return {};
}

std::optional<json::Value> Completer::ask(const char* function,
                                          const std::vector<std::string>& path) {
  json::Array steps(path.begin(), path.end());
  return session_.ask_library(function, {json::Value(std::move(steps))}, kOwnBudget);
}

std::string Completer::place_of(const std::vector<std::string>& path) {
  if (path.empty()) return {};
  if (!is_call(path.back())) {
    const std::optional<json::Value> place = ask("place", path);
    const auto* text = place ? place->as<std::string>() : nullptr;
    return text != nullptr ? *text : std::string();
  }
  // The call is not made: what it would give is known by its type.
  for (const manual::Member* member : called(path)) {
    if (member->returns.empty()) continue;
    const manual::ClassOf* type = surface_()->find_class(member->returns.front());
    if (type != nullptr) return type->path;
  }
  return {};
}

std::vector<const manual::Member*> Completer::called(const std::vector<std::string>& path) {
  const manual::Surface* surface = surface_();
  if (surface == nullptr || path.empty()) return {};
  const std::string owner = place_of({path.begin(), path.end() - 1});
  if (owner.empty() && path.size() > 1) return {};
  return surface->find(owner + (owner.empty() ? "" : ".") + name_of(path.back()));
}

std::string Completer::summary_of(const std::string& place, const std::string& name) {
  const manual::Surface* surface = surface_();
  if (surface == nullptr) return {};
  const auto found = surface->find(place.empty() ? name : place + "." + name);
  return found.empty() ? std::string() : found.front()->summary;
}

std::vector<Candidate> Completer::members(const CursorContext& context) {
  const std::string place = place_of(context.path);
  std::vector<Candidate> all;
  if (std::any_of(context.path.begin(), context.path.end(), is_call)) {
    if (place.empty()) return all;
    for (const manual::Member* member : surface_()->members(place)) {
      if (!member->owner.empty()) all.push_back({member->name, member->summary});
    }
    return all;
  }
  const std::optional<json::Value> found = ask("members", context.path);
  const auto* rows = found ? found->as<json::Array>() : nullptr;
  if (rows == nullptr) return all;
  const bool told = context.path.empty() || !place.empty();
  for (const json::Value& value : *rows) {
    const auto* row = value.as<json::Object>();
    const std::string name = row->text("name");
    // Methods are called with a colon; a dot is for fields, and for functions of a module.
    const bool function = row->text("kind") == "function";
    if (context.method ? !function : function && !row->flag("own")) continue;
    all.push_back({name, told ? summary_of(place, name) : std::string()});
  }
  return all;
}

std::vector<const cloud::Operation*> Completer::operations(const std::vector<std::string>& path) {
  std::vector<const cloud::Operation*> found;
  for (const manual::Member* member : called(path)) {
    for (const std::string& name : member->operations) {
      const std::size_t colon = name.find(':');
      const cloud::Operation* operation =
          cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
      if (operation != nullptr) found.push_back(operation);
    }
  }
  return found;
}

std::vector<Candidate> Completer::parameters(const CursorContext& context) {
  std::vector<Candidate> all;
  for (const cloud::Operation* operation : operations(context.path)) {
    for (const cloud::Param* param : open_parameters(*operation)) {
      const bool given =
          std::find(context.given.begin(), context.given.end(), param->name) != context.given.end();
      if (given) continue;
      const std::string needed = param->required ? "required: " : "";
      all.push_back({std::string(param->name) + " = ", needed + std::string(param->help)});
    }
  }
  return all;
}

std::vector<Candidate> Completer::choices(const CursorContext& context) {
  std::vector<Candidate> all;
  for (const cloud::Operation* operation : operations(context.path)) {
    for (const cloud::Param* param : open_parameters(*operation)) {
      if (param->name != context.parameter) continue;
      for (const std::string_view choice : param->one_of) {
        all.push_back({std::string(choice), choice == param->fallback ? "the default" : ""});
      }
    }
  }
  return all;
}

std::vector<Candidate> Completer::names(const CursorContext& context) {
  const std::vector<std::string> owner(context.path.begin(), context.path.end() - 1);
  if (owner.empty()) return {};
  const std::optional<json::Value> things = ask("things", owner);
  const auto* what = things ? things->as<std::string>() : nullptr;
  if (what == nullptr) return {};
  json::Array steps(owner.begin(), owner.end());
  static_cast<void>(session_.ask_library("fetch", {json::Value(std::move(steps))}, budget_));
  std::vector<Candidate> all;
  const std::optional<json::Value> fetched =
      session_.ask_library("fetched", {json::Value(*what)}, kOwnBudget);
  if (const auto* rows = fetched ? fetched->as<json::Array>() : nullptr) {
    for (const json::Value& value : *rows) {
      const auto* row = value.as<json::Object>();
      all.push_back({row->text("name"), row->text("help")});
    }
  }
  for (const auto& [name, help] : seen_[*what]) all.push_back({name, help});
  return all;
}

}  // namespace neap::repl
