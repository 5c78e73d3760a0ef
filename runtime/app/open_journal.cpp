#include "app/open_journal.h"

#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"

namespace neap::app {
namespace {

bool can_be_written(const std::string& directory) {
  return ::access(directory.c_str(), W_OK) == 0;
}

}  // namespace

Result<std::unique_ptr<journal::Store>> open_journal(const config::Settings& settings,
                                                     Access access) {
  const std::string& directory = settings.state_dir.value;
  if (access == Access::kWrite) return journal::open_sqlite(directory);
  std::error_code problem;
  const bool there =
      std::filesystem::exists(std::filesystem::path(directory) / "journal.db", problem);
  // Where no run was ever kept there are none to show; where one cannot look, opening says why.
  if (!there && !problem) return journal::make_memory_store();
  return journal::open_sqlite(directory,
                              {.read_only = access == Access::kLook && !can_be_written(directory)});
}

Result<journal::Run> find_run(journal::Store& store, std::string_view id) {
  Result<journal::Run> run = store.find(id);
  if (run || run.error().kind != ErrorKind::kNotFound) return run;
  return fail(ErrorKind::kNotFound, fmt::format("there is no run \"{}\"", printable(id)),
              "neap runs ls lists them");
}

journal::Run with_fate(journal::Store& store, journal::Run run) {
  // Whoever executes a run holds it; where nothing can be held, nothing can be said.
  const bool gone = run.status == journal::Status::kRunning && store.claim(run.id).has_value();
  if (gone && run.waiting.empty()) run.waiting = "to be resumed: its process is gone";
  return run;
}

}  // namespace neap::app
