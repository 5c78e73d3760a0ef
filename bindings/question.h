// A question to the operator, which stays open until a person or its deadline has answered it.
#pragma once

#include <optional>
#include <string>

#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {

// In a durable run the question and its answer are entries of the log, written before the script
// learns of them; an answer that another process writes counts as well. When nobody can be asked
// here, the run is parked with the question open.
class Question {
 public:
  Question(lua::Call& call, lua::Resumer resume, std::string text);
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  // Begins to ask. `limit` counts from when the question was first asked, maybe by another process.
  void open(Duration limit);

 private:
  bool asked() const;
  std::optional<Answer> in_log() const;
  Result<void> write(journal::Kind kind, json::Object body);
  Result<void> write_question();
  void look_every_second();
  void hear(Result<Answer> answer);
  void settle(const Answer& answer);
  void give(Answer answer);

  Host& host_;
  lua::Replay* replay_;
  journal::RunLog* log_ = nullptr;  // of a durable run
  journal::Entry head_;             // step, name, digest and where of both entries
  Duration left_{};
  std::string text_;
  lua::Resumer resume_;
  Owner asking_;
  Loop::Timer deadline_;
  Loop::Timer next_look_;
};

}  // namespace neap::bindings
