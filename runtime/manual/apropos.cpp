#include "manual/apropos.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/catalog.h"
#include "manual/error_kinds.h"
#include "manual/runbooks.h"
#include "manual/setting_help.h"

namespace neap::manual {
namespace {

class Search {
 public:
  explicit Search(std::string_view words) {
    for (const std::string_view word : split(words, ' ')) {
      if (!word.empty()) words_.push_back(to_lower(word));
    }
  }

  void look(std::string_view kind, std::string_view name, std::string_view summary,
            std::string_view more = {}) {
    if (words_.empty()) return;
    if (holds_all(to_lower(name))) {
      named_.push_back({std::string(kind), std::string(name), std::string(summary)});
    } else if (holds_all(to_lower(fmt::format("{} {} {}", name, summary, more)))) {
      told_.push_back({std::string(kind), std::string(name), std::string(summary)});
    }
  }

  std::vector<Hit> hits() && {
    named_.insert(named_.end(), told_.begin(), told_.end());
    return std::move(named_);
  }

 private:
  bool holds_all(const std::string& text) const {
    return std::all_of(words_.begin(), words_.end(), [&](const std::string& word) {
      return text.find(word) != std::string::npos;
    });
  }

  std::vector<std::string> words_;
  std::vector<Hit> named_;
  std::vector<Hit> told_;
};

// A parameter is told once for every help it has, with one operation that takes it.
void look_at_params(Search& search, const cloud::Operation& operation,
                    std::span<const cloud::Param> params, std::set<std::string>& seen) {
  for (const cloud::Param& param : params) {
    if (seen.insert(fmt::format("{} {}", param.name, param.help)).second) {
      search.look("parameter", param.name,
                  fmt::format("{} ({})", param.help, cloud::permission_name(operation)));
    }
    look_at_params(search, operation, param.members, seen);
  }
}

}  // namespace

std::vector<Hit> search(std::string_view words, std::span<const CommandHelp> commands,
                        const Surface& surface) {
  Search search(words);
  for (const CommandHelp& command : commands) search.look("command", command.name, command.summary);
  if (const auto runbooks = bundled_runbooks()) {
    for (const Runbook& runbook : *runbooks) {
      std::string flags;
      for (const RunbookParameter& each : runbook.parameters) {
        flags += Runbook::flag(each) + " " + each.help + " ";
      }
      search.look("runbook", runbook.name, runbook.summary, flags);
    }
  }
  for (const Member& member : surface.all()) {
    search.look(member.kind, member.path, member.summary, member.text);
  }
  std::set<std::string> seen;
  for (const cloud::Operation& operation : cloud::catalog()) {
    search.look("operation", cloud::permission_name(operation), operation.summary);
    look_at_params(search, operation, operation.params, seen);
  }
  for (const cloud::ErrorCode& code : cloud::error_codes()) {
    search.look("error code", code.code, code.meaning, code.remedy);
  }
  for (const KindOf& kind : error_kinds()) {
    search.look("error kind", to_text(kind.kind), kind.meaning, kind.remedy);
  }
  for (const config::KnownSetting& setting : config::known_settings()) {
    search.look("setting", setting_name(setting), setting.about);
  }
  return std::move(search).hits();
}

}  // namespace neap::manual
