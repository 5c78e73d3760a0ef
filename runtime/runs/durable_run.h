// A run that is kept: taken by this process, executed or carried on, and left so that any other
// process can go on from where it stands.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "journal/run_log.h"
#include "journal/store.h"
#include "lua/loader.h"
#include "runs/rewind.h"
#include "runs/script.h"
#include "runs/script_run.h"

namespace neap::runs {

class DurableRun final : public lua::Modules {
 public:
  // A new run of the script. `facts` are kept with it: journal/entry.h says which. The store and
  // the clock must outlive it. `run_id` as in journal::NewRun.
  static Result<std::unique_ptr<DurableRun>> begin(journal::Store& store, const Clock& clock,
                                                   const Script& script,
                                                   const std::string& operator_name,
                                                   json::Object facts, std::string run_id = {});
  // Takes a run that no process executes. Conflict when one does, or when the run has ended well.
  static Result<std::unique_ptr<DurableRun>> resume(journal::Store& store, const Clock& clock,
                                                    const std::string& id,
                                                    const Resumption& resumption);

  journal::RunLog& log() { return *log_; }
  const std::string& id() const { return log_->run().id; }
  // What is executed: the recorded script, or the one that the operator gave.
  const Script& script() const { return script_; }
  std::vector<std::string> words() const;
  // An operator wants the run to end, now or while nobody executed it.
  bool wants_cancel() const;

  // The script has proved to match what the run did before: from now on it is the run's script.
  void caught_up();
  // Writes how the process leaves the run, and lets go of it.
  Result<void> leave(const ScriptRun::Outcome& outcome);

  // lua::Modules
  std::optional<std::string> pinned(std::string_view name) override;
  void loaded(std::string_view name, std::string_view text) override;

 private:
  DurableRun(journal::Store& store, Script script);
  Result<void> pin(const std::vector<journal::Logged>& history, std::string script_digest,
                   const Resumption& resumption);
  Result<void> take(const Clock& clock, journal::Run run, std::vector<journal::Logged> history,
                    const std::string& owner, std::vector<journal::Entry> edits);
  journal::Change change_of(const ScriptRun::Outcome& outcome) const;

  journal::Store& store_;
  Script script_;
  bool replaced_ = false;  // `script_` is not the one on record
  Owner claim_;
  std::unique_ptr<journal::RunLog> log_;
  journal::Change before_;  // how the run stood before this process took it
  std::map<std::string, std::string, std::less<>> pins_;  // name -> text
};

}  // namespace neap::runs
