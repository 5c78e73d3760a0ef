// The services that a binding may use. One Host per run; everything in it outlives the run's state.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "cloud/catalog.h"
#include "cloud/client.h"
#include "cloud/poller.h"
#include "http/transport.h"
#include "journal/run_log.h"
#include "json/value.h"
#include "loop/loop.h"
#include "lua/bind.h"

namespace neap {

// What a run may reach: the operations of its `needs`, and what the operator granted of what its
// header asks for. A refusal is a Failure of kind permission that says which line to add.
class Grants {
 public:
  // Every operation, for code that the operator typed in person (`-e`, standard input).
  static Grants all(const std::vector<std::string>& allowed);
  // `needs` as the header wrote them; `allowed` is what the operator grants, "net:HOST" and the
  // like.
  static Result<Grants> from_needs(const std::vector<std::string>& needs,
                                   const std::vector<std::string>& allowed);

  void require_operation(const cloud::Operation& operation) const;
  // A raw signed call: needs "service:METHOD", "vpc:GET".
  void require_raw(const cloud::RawCall& call) const;
  void require_host(std::string_view host) const;

 private:
  bool unlimited_ = false;
  std::set<std::string, std::less<>> operations_;  // "sdrs:show_job_status", "vpc:GET"
  std::set<std::string, std::less<>> asked_;       // "net:HOST" of the header
  std::set<std::string, std::less<>> allowed_;     // "net:HOST" of the operator
};

// What happens in a run, told to whoever shows or records it.
struct RunEvent {
  std::string_view name;  // "step_started", "job_progress", "note", … (docs/guide/events.md)
  const json::Object& fields;
};

// A person's word, and whose it is: "anna@bastion", or "-y" on the command line.
struct Answer {
  bool yes = false;
  std::string by;
  std::string comment;
};

// The operator's side of a run: sees what happens and is asked what only a person can answer.
class Operator {
 public:
  virtual ~Operator() = default;
  virtual void tell(const RunEvent& event) = 0;
  // Calls back with the answer; with an Error of kind cancelled when nobody can be asked.
  virtual Owner ask(std::string question, Function<void(Result<Answer>)> done) = 0;
  // A line of the script's own output, for standard output.
  virtual void print(std::string_view line) = 0;
};

// A changing call, as a person is told of it before it is sent.
struct CallPreview {
  std::string name;  // "sdrs:stop_protection_group", "POST hooks.example"
  const cloud::Operation* operation = nullptr;  // nothing for a call outside the catalogue
  json::Object arguments;
};

// Stands between a script and the world where a person decides call by call: at the prompt.
class CallGuard {
 public:
  virtual ~CallGuard() = default;
  // The script uses this permission now, to read or to change: "sdrs:show_job_status", "vpc:GET",
  // "net:hooks.example".
  virtual void used(const std::string& permission) = 0;
  // Calls back once, when it is decided whether the call may be sent; the error is the script's.
  virtual Owner admit(CallPreview call, Function<void(Result<void>)> done) = 0;
};

// What a lifecycle hook holds while a handler of `neap serve` works on it.
class Hold {
 public:
  virtual ~Hold() = default;
  // When the platform decides by itself; moves while the hold is extended.
  virtual UtcTime deadline() const = 0;
};

// Changing calls that are under way. A run that is asked to stop waits for their answers first.
struct Effects {
  std::size_t in_flight = 0;
  Function<void()> settled;  // called when the last one is answered or dropped
};

struct Host {
  Loop& loop;
  Random& random;
  Log& log;
  http::Transport& transport;
  cloud::Client& cloud;
  cloud::JobPoller& jobs;
  Operator& op;
  Grants grants;
  Effects effects;
  journal::RunLog* log_of_run = nullptr;  // of a durable run
  bool force_send = false;                // the service decides what a state allows, not we
  const Hold* hold = nullptr;             // of a handler's run
  CallGuard* guard = nullptr;             // of a session at the prompt
};

// Grants as above, and a guard that is told: throw Failure of kind permission.
void require_operation(const Host& host, const cloud::Operation& operation);
void require_raw(const Host& host, const cloud::RawCall& call);
void require_host(const Host& host, std::string_view name);

// Every module of this program for scripts and the standard library; bindings/modules.cpp.
std::span<const lua::Module* const> all_modules();
// Makes the classes of the bindings known to a state.
void define_classes(lua_State* L, lua::Context& context);

}  // namespace neap
