// One event of a lifecycle hook, from when it is heard of until nothing more can come of it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "serve/answerer.h"
#include "serve/handler_run.h"
#include "serve/handlers.h"
#include "serve/hold_keeper.h"

namespace neap::serve {

class EventWork;

// Who decides when a handler may run.
class Floor {
 public:
  virtual ~Floor() = default;
  virtual void wants_to_run(EventWork& work) = 0;
  // It wants to no more, though it did not get to.
  virtual void gives_way(EventWork& work) = 0;
  virtual void has_run(EventWork& work) = 0;
  // Nothing more will come of it: it may be forgotten, but not from inside this call.
  virtual void is_over(EventWork& work) = 0;
};

// The hold is looked at first: messages are hints, what the platform lists is the truth (as.md
// section 13). While it hangs it is kept from running out; the handler runs when it is its turn,
// and again when it failed; its answer, or the one for failures, is given and read back.
class EventWork final : public Hold, public std::enable_shared_from_this<EventWork> {
 public:
  enum class Stage {
    kLooking,    // whether it is held at all
    kUnclaimed,  // no handler is for it
    kQueued,
    kRunning,
    kResting,  // before the next attempt
    kAside,    // waits for an operator
    kAnswering,
    kOver,
  };

  EventWork(Desk& desk, Floor& floor, journal::HookEvent event,
            std::shared_ptr<const Handlers> handlers);
  ~EventWork() override;

  // `again`: an earlier process had it.
  void begin(bool again);
  // What a listing of its group said; see HoldLists.
  void listed(const Result<Holds>& holds, Instant began);
  // It is its turn.
  void run();
  // Other handlers are in force; a handler that runs goes on.
  void use(std::shared_ptr<const Handlers> handlers);
  // An operator's word. What is to be kept of what comes of it is saved before this returns.
  void obey(const journal::Wish& wish);
  // Leaves everything as it stands, for the process that comes next.
  void stop();

  const journal::HookEvent& event() const { return event_; }
  Stage stage() const { return stage_; }
  // nullptr: none is for it.
  const Handler* handler() const { return handler_; }
  Instant queued_since() const { return queued_since_; }
  bool running() const { return run_ != nullptr; }
  UtcTime deadline() const override { return keeper_.deadline(); }

 private:
  void look();
  void not_there();
  void held(const HeldInstance& hold);
  void choose();
  void queue();
  void claim_attempt();
  void complete_then_start();
  void take_server(std::string_view body);
  void start();
  void attempt_ended(Result<std::string> answer);
  void leave_floor();
  void failed(Error error);
  void exhausted();
  void set_aside();
  void decide(const std::string& result);
  void last_call();
  void lost(const std::string& why);
  void finish(journal::EventStatus status, const std::string& why);
  void over();
  void save(InboxWriter::Written done);
  void interrupt(ErrorKind kind, const std::string& why);
  void say(LogLevel level, const std::string& message);

  Desk& desk_;
  Floor& floor_;
  journal::HookEvent event_;
  std::shared_ptr<const Handlers> handlers_;
  const Handler* handler_ = nullptr;
  Stage stage_ = Stage::kLooking;
  HoldKeeper keeper_;
  Answerer answerer_;
  std::unique_ptr<HandlerRun> run_;
  bool again_ = false;
  bool on_floor_ = false;  // has its turn
  bool finished_ = false;  // how it ended is durable
  int looks_ = 0;
  Instant look_since_{};
  Instant queued_since_{};
  Instant started_{};
  Owner lookup_;
  Loop::Timer timer_;
};

}  // namespace neap::serve
