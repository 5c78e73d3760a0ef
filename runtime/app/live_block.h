// What moves at the bottom of the screen while a run goes on: its step, the job that the step waits
// for with its sub-jobs, and how the run stands.
#pragma once

#include <string>
#include <vector>

#include "app/run_facts.h"
#include "show/terminal.h"

namespace neap::app {

struct Screen {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool color = false;
  bool unicode = true;
  std::size_t frame = 0;  // of what turns
};

struct LiveLine {
  std::string text;
  std::size_t width = 0;  // columns, less than the screen has
};

// Fewer lines than the screen has; none when no step runs.
std::vector<LiveLine> live_block(const RunFacts& facts, Instant now, const Screen& screen);

// The line that stays of a step that has ended.
std::string ended_line(const RunFacts& facts, const SeenStep& step, const Screen& screen);

}  // namespace neap::app
