// The rows of a timeline, each kind of thing in its own way.
#pragma once

#include <vector>

#include "report/scale.h"
#include "report/timeline.h"

namespace neap::report {

class RowMaker {
 public:
  RowMaker(const Report& report, const Scale& scale) : report_(report), scale_(scale) {}

  Row processes() const;
  Row step(const Step& step) const;
  Row change(const Call& call) const;
  Row question(const Question& question) const;
  Row job(const Job& job) const;
  Row sub_job(const Job& job, const SubJob& sub_job) const;
  Row read(const Call& call) const;
  Row wait(const Wait& wait) const;
  // What these rows show, in one: "12 reads" of kind "calls". Bars that would touch become one.
  Row together(const char* kind, const char* what, std::vector<Row> rows) const;

 private:
  Bar bar(const Interval& time, std::string look, std::string detail) const;
  Interval interval(const Span& span) const;
  void add_doubts(Row& row, const Call& call) const;
  Interval place_of(const Job& job, const SubJob& sub_job) const;

  const Report& report_;
  const Scale& scale_;
};

}  // namespace neap::report
