// The services that a binding may use. One Host per run; everything in it outlives the run's state.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/random.h"
#include "cloud/client.h"
#include "cloud/poller.h"
#include "http/transport.h"
#include "json/value.h"
#include "loop/loop.h"
#include "lua/bind.h"

namespace neap {

// What a run may reach: the operations of its `needs`, and what the operator granted of what its
// header asks for. A refusal is a Failure of kind permission that says which line to add.
class Grants {
 public:
  // Everything, for code that the operator typed in person (`-e`, standard input).
  static Grants all();
  // `needs` as the header wrote them; `allowed` is what the operator grants, "net:HOST" and the
  // like.
  static Result<Grants> from_needs(const std::vector<std::string>& needs,
                                   const std::vector<std::string>& allowed);

  void require_operation(const cloud::Operation& operation) const;
  // A raw signed call that the catalogue does not know: needs "service:METHOD".
  void require_raw(std::string_view service, std::string_view method) const;
  void require_host(std::string_view host) const;

 private:
  bool unlimited_ = false;
  std::set<std::string, std::less<>> operations_;
  std::set<std::string, std::less<>> hosts_;        // asked for and granted
  std::set<std::string, std::less<>> asked_hosts_;  // asked for in the header
};

// What happens in a run, told to whoever shows or records it.
struct RunEvent {
  std::string_view name;  // "step_started", "job_progress", "note", … (docs/guide/events.md)
  const json::Object& fields;
};

// The operator's side of a run: sees what happens and is asked what only a person can answer.
class Operator {
 public:
  virtual ~Operator() = default;
  virtual void tell(const RunEvent& event) = 0;
  // Calls back with the answer; with an Error of kind cancelled when nobody can be asked.
  virtual Owner ask(std::string question, Function<void(Result<bool>)> done) = 0;
  // A line of the script's own output, for standard output.
  virtual void print(std::string_view line) = 0;
};

struct Host {
  Loop& loop;
  Random& random;
  Log& log;
  http::Transport& transport;
  cloud::Client& cloud;
  cloud::JobPoller& jobs;
  Operator& op;
  const Grants& grants;
};

// Every module of this program for scripts and the standard library; bindings/modules.cpp.
std::span<const lua::Module* const> all_modules();
// Makes the classes of the bindings known to a state.
void define_classes(lua_State* L, lua::Context& context);

}  // namespace neap
