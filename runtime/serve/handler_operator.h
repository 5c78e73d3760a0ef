// The operator's side of a handler's run: nobody watches, so what it says goes to the log, and what
// it asks waits for `neap approve`.
#pragma once

#include <string>

#include "base/log.h"
#include "host.h"

namespace neap::serve {

class HandlerOperator final : public Operator {
 public:
  // `log` outlives it, and names what the run is about.
  explicit HandlerOperator(Log& log) : log_(log) {}

  void tell(const RunEvent& event) override;
  // Stays open: an answer comes through the journal (bindings/question.h), or its deadline.
  Owner ask(std::string question, Function<void(Result<Answer>)> done) override;
  void print(std::string_view line) override { log_.info(line); }

 private:
  Log& log_;
};

}  // namespace neap::serve
