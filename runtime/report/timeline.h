// The picture of a run: rows of bars over one axis of time.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"
#include "report/scale.h"

namespace neap::report {

struct Bar {
  double x = 0;  // per cent of the width, as `width`
  double width = 0;
  std::string look;    // of its status: done, failed, doubt, open, taken-back, person
  std::string detail;  // what is said of it
};

struct Row {
  std::string kind;  // process, step, calls, change, job, subjob, wait, question
  std::string label;
  std::string took;
  std::string status;
  std::size_t depth = 0;
  std::vector<Bar> bars;
};

// A stretch in which nothing happened, drawn short.
struct Cut {
  double x = 0;
  double width = 0;
  std::string text;
};

struct Timeline {
  std::vector<Row> rows;
  std::vector<Tick> ticks;
  std::vector<Cut> cuts;
  std::string start;  // the day of its beginning, in UTC
  UtcTime begin{};
  // What a run with very much in it has not got a row of its own for; empty: everything has.
  std::string grouped;
};

Timeline draw(const Report& report);

}  // namespace neap::report
