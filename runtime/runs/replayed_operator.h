// The operator of a run that is resumed: hears nothing again of what was told before.
#pragma once

#include "host.h"
#include "lua/replay.h"
#include "runs/minutes.h"

namespace neap::runs {

// Passes everything on, except, while the run is being replayed, what an earlier process has shown:
// lines, notes and cleanups. Steps are passed on as `replayed`, so that a view can list them.
class ReplayedOperator final : public Operator {
 public:
  explicit ReplayedOperator(Operator& inner) : inner_(inner) {}
  // Replay that decides, and the log that keeps what is told; none for a run that is not recorded.
  // Both must outlive the operator's use.
  void follow(const lua::Replay& replay, journal::RunLog& log) {
    replay_ = &replay;
    minutes_.open(log);
  }
  void keep_header(const json::Object& description) { minutes_.keep_header(description); }

  void tell(const RunEvent& event) override {
    if (!replaying()) {
      minutes_.keep(event);
      return inner_.tell(event);
    }
    if (!event.name.starts_with("step_")) return;
    json::Object fields = event.fields;
    fields.set("replayed", true);
    inner_.tell(RunEvent{event.name, fields});
  }
  Owner ask(std::string question, Function<void(Result<Answer>)> done) override {
    return inner_.ask(std::move(question), std::move(done));
  }
  void print(std::string_view line) override {
    if (!replaying()) inner_.print(line);
  }

 private:
  bool replaying() const { return replay_ != nullptr && replay_->replaying(); }

  Operator& inner_;
  const lua::Replay* replay_ = nullptr;
  Minutes minutes_;
};

}  // namespace neap::runs
