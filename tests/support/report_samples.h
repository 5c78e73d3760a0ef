// Runs whose logs are made by hand, for tests of what is reported of runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "journal/store.h"
#include "json/document.h"
#include "report/report.h"

namespace neap::test {

// A run in a store in memory; its clock stands still unless it is moved.
class SampleLog {
 public:
  // Begun at 2026-01-01T12:00:00Z by anna@dr-1; `facts` besides words and operator, as JSON.
  explicit SampleLog(const std::string& name = "failover", const std::string& facts = "{}");

  // So many seconds after the beginning.
  SampleLog& at(double seconds);
  SampleLog& add(journal::Kind kind, const std::string& step, const std::string& name,
                 const std::string& body);
  SampleLog& add(journal::Kind kind, const std::string& body) { return add(kind, "", "", body); }

  // A process takes the run.
  SampleLog& taken(int epoch, const std::string& owner, const std::string& how);

  // One call to the outside: the next of its task, answered with `values` or decoded `answer`.
  SampleLog& begin_step(int number, const std::string& name, const std::string& expect = "");
  SampleLog& end_step(int number, bool good = true);
  SampleLog& read(const std::string& name, const std::string& request, const std::string& answer);
  SampleLog& read_fails(const std::string& name, const std::string& error);
  SampleLog& note(const std::string& text);
  // The step of the next call, "2.1#7"; it is spent.
  std::string next_step();
  // The entries from here on are not: the process that made them is gone, and so is what it
  // counted.
  void rewind_to(std::uint32_t sequence, std::uint32_t generation);
  std::uint32_t calls() const { return calls_; }

  SampleLog& change(journal::Status status, const std::string& waiting = {},
                    const std::string& error = {});
  std::int64_t position() { return run().position; }
  journal::Run run() { return *store_->find(kId); }
  std::vector<journal::Logged> log() { return *store_->log(kId); }
  UtcTime now() const { return now_; }
  report::Report report() { return report::make_report(run(), log(), {}, now_); }

  static constexpr const char* kId = "7k2m9qx4ab";

 private:
  SampleLog& record(const std::string& name, const std::string& body);

  std::unique_ptr<journal::Store> store_ = journal::make_memory_store();
  UtcTime now_{};
  std::uint32_t calls_ = 0;
  std::uint32_t generation_ = 0;
};

// A failover with everything in it: approved by somebody else forty minutes later, in doubt and
// found under way, its process killed, its job failed, resumed with a step left out, and done.
SampleLog eventful_run();
// A failover that goes on: its job is running.
SampleLog running_run();
// One that an operator cancelled while it asked.
SampleLog cancelled_run();
// Every name and text tries to break out of the page.
SampleLog hostile_run();
// So many reads in steps within steps, and a changing call in each hundredth.
SampleLog crowded_run(int reads);

}  // namespace neap::test
