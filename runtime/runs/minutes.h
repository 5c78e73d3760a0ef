// What a durable run says for people while it goes on, kept in its log for the report: nothing
// depends on it, and it is never replayed.
#pragma once

#include <vector>

#include "host.h"
#include "journal/run_log.h"

namespace neap::runs {

class Minutes {
 public:
  // `log` must outlive it; what an earlier process has kept already is not kept twice.
  void open(journal::RunLog& log);
  // What the runbook's header says of itself, once in a run's life.
  void keep_header(const json::Object& description);
  // Keeps the event if it is one that people want to read later. Not to be told what is replayed.
  void keep(const RunEvent& event);

 private:
  void add(std::string_view name, json::Object body);

  journal::RunLog* log_ = nullptr;
  // Told by an earlier process behind the last that the run learnt, so the script tells it again.
  std::vector<journal::Entry> told_;
};

}  // namespace neap::runs
