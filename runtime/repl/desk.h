// What stands between a session's code and the world: whether it may change anything, who is asked,
// which jobs are under way.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host.h"
#include "repl/console.h"

namespace neap::repl {

// What a statement has called so far.
struct Trace {
  std::set<std::string> used;        // permissions, as `needs` names them
  std::vector<std::string> changed;  // changing calls that were let through, in order
};

// A session begins read-only. Armed, each changing call still says what it will do and asks; both
// hold for whatever the code does, background or not.
class Desk final : public Operator, public CallGuard {
 public:
  // `place` says where a call goes, for questions: "cn-north-4, the real cloud". `statement` tells
  // whose code runs right now.
  Desk(Loop& loop, Console& console, std::string place, Function<int()> statement);

  void arm(Duration time);
  void disarm();
  // How long the session may still change things; nothing: it is read-only.
  std::optional<Duration> armed_for() const;

  // Questions of this statement are asked from now on; 0: of none. Those of others wait.
  void attend(int statement);
  // The statement waits for an answer that nobody was asked for yet.
  bool asks(int statement) const;
  const Trace& trace(int statement) { return traces_[statement]; }
  void forget(int statement) { traces_.erase(statement); }

  // The job that changed last and has not ended, in a line; empty when there is none.
  std::string progress() const;
  // The ids of those that have not ended.
  std::vector<std::string> unfinished_jobs() const;
  // Changing calls that were sent and are not answered.
  const std::vector<std::string>& unanswered() const { return unanswered_; }

  void tell(const RunEvent& event) override;
  Owner ask(std::string question, Function<void(Result<Answer>)> done) override;
  void print(std::string_view line) override { console_.print(line); }

  void used(const std::string& permission) override;
  Owner admit(CallPreview call, Function<void(Result<void>)> done) override;

 private:
  struct Question;
  struct Job {
    std::string type;
    std::string status;
    std::size_t parts = 0;
    std::size_t parts_done = 0;
    Instant seen{};     // first
    Instant changed{};  // last
  };

  Owner queue(int statement, std::string text, Function<void(Result<Answer>)> done);
  Owner refuse(Error error, Function<void(Result<void>)> done);
  void ask_next();
  void note_job(const RunEvent& event);
  std::string describe(const CallPreview& call) const;

  Loop& loop_;
  Console& console_;
  std::string place_;
  Function<int()> statement_;
  std::optional<Instant> armed_until_;
  int attended_ = 0;
  std::deque<std::shared_ptr<Question>> questions_;
  std::shared_ptr<Question> asked_;  // the one that stands on the screen
  Owner asking_;
  std::map<int, Trace> traces_;
  std::map<std::string, Job> jobs_;
  std::vector<std::string> unanswered_;
};

}  // namespace neap::repl
