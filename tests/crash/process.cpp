#include "crash/process.h"

#include <csignal>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/settings.h"
#include "crash/messages.h"
#include "crash/remote_transport.h"
#include "journal/store.h"
#include "runs/durable_run.h"
#include "runs/script_run.h"
#include "runs/world.h"
#include "support/fault_points.h"
#include "support/surroundings.h"

namespace neap::test {
namespace {

// A process that takes longer, of real time, hangs.
constexpr unsigned kPatience = 60;
// One that asks the platform more often does not come to an end.
constexpr std::size_t kManyRequests = 20000;

// Always the same, so that requests that carry it are the same bytes each time.
constexpr const char* kRunId = "2222222222";

// Hears what the run tells, and answers questions as ordered.
class OrderedOperator final : public Operator {
 public:
  explicit OrderedOperator(std::optional<bool> answer) : answer_(answer) {}
  void tell(const RunEvent&) override {}
  void print(std::string_view) override {}
  Owner ask(std::string, Function<void(Result<Answer>)> done) override {
    if (answer_) {
      done(Answer{*answer_, "the test", ""});
    } else {
      done(fail(ErrorKind::kCancelled, "nobody is there to be asked"));
    }
    return {};
  }

 private:
  std::optional<bool> answer_;
};

const char* to_text(runs::ScriptRun::Left left) {
  using Left = runs::ScriptRun::Left;
  switch (left) {
    case Left::kEnded:
      return "ended";
    case Left::kParked:
      return "parked";
    case Left::kStopped:
      return "stopped";
    case Left::kDiverged:
      return "diverged";
    case Left::kBroken:
      return "broken";
  }
  return "";
}

Result<std::unique_ptr<runs::DurableRun>> take(journal::Store& store, const Clock& clock,
                                               const Order& order) {
  if (!order.run.empty()) {
    runs::Resumption resumption;
    resumption.operator_name = "the test";
    return runs::DurableRun::resume(store, clock, order.run, resumption);
  }
  json::Array words;
  for (const std::string& word : order.words) words.emplace_back(word);
  json::Object facts;
  facts.set("words", std::move(words));
  return runs::DurableRun::begin(store, clock, order.script, "the test", std::move(facts), kRunId);
}

config::Settings generous_settings() {
  Place place;
  config::Settings settings = config::load_settings({}, place.surroundings()).value();
  settings.cpu_per_resume.value = std::chrono::seconds{30};
  settings.cpu_per_run.value = std::chrono::minutes{5};
  return settings;
}

void execute(const Order& order, runs::World& world, Log& log, Report& report) {
  const auto store = journal::open_sqlite(order.journal);
  if (!store) {
    report.refused = describe(store.error());
    return;
  }
  const auto run = take(**store, world.loop().clock(), order);
  if (!run) {
    report.refused = describe(run.error());
    return;
  }
  const config::Settings settings = generous_settings();
  OrderedOperator op(order.answer);
  runs::ScriptRun script_run(world, op, log, settings, (*run)->script(), {.kept = run->get()});
  const runs::ScriptRun::Outcome outcome = script_run.run((*run)->words());
  report.left = to_text(outcome.left);
  if (outcome.error) report.error = describe(*outcome.error);
  if (const Result<void> left = (*run)->leave(outcome); !left) {
    report.left = "broken";
    report.error = describe(left.error());
  }
}

Message write_report(const Report& report) {
  Message message{kReport,
                  report.refused,
                  report.left,
                  report.error,
                  std::to_string(report.now.count()),
                  std::to_string(fault::asked())};
  for (const auto& [place, count] : fault::passed()) {
    message.push_back(place);
    message.push_back(std::to_string(count));
  }
  return message;
}

Report read_report(const Message& message) {
  Report report;
  report.refused = message.at(1);
  report.left = message.at(2);
  report.error = message.at(3);
  report.now = Instant{std::stoll(message.at(4))};
  report.asked = std::stoull(message.at(5));
  for (std::size_t i = 6; i + 1 < message.size(); i += 2) {
    report.passed[message[i]] = std::stoull(message[i + 1]);
  }
  return report;
}

// What happens in the child; never returns to the test program.
[[noreturn]] void be_the_process(const Order& order, UtcTime now, int descriptor) {
  alarm(kPatience);
  fault::reset();
  fault::crash_at(order.crash.place, order.crash.count);
  fault::plant(order.bug);
  Report report;
  {
    Log log(LogLevel::kOff);
    auto clock = std::make_unique<VirtualClock>(now);
    const Clock& time = *clock;
    const auto world = runs::World::against(
        std::move(clock),
        [&](Loop& loop) { return std::make_unique<RemoteTransport>(loop, descriptor, now); },
        order.seed, log);
    execute(order, *world, log, report);
    report.now = time.utc() - VirtualClock::kStart;
  }
  const bool told = send_message(descriptor, write_report(report));
  _exit(told ? 0 : 1);
}

// Answers until the process has nothing more to ask.
Report serve(int descriptor, Platform& platform) {
  Report report;
  const std::size_t before = platform.requests();
  while (const auto message = receive_message(descriptor)) {
    if (message->at(0) == kReport) {
      report = read_report(*message);
      platform.pass_until(report.now);
      continue;
    }
    if (platform.requests() - before > kManyRequests) break;
    if (!send_message(descriptor, platform.answer(*message))) break;
  }
  return report;
}

}  // namespace

Report run_process(const Order& order, Platform& platform) {
  int ends[2] = {};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error("no socket pair");
  }
  const UtcTime now = platform.utc();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    close(ends[0]);
    be_the_process(order, now, ends[1]);
  }
  close(ends[1]);
  Report report = serve(ends[0], platform);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  report.crashed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  if (!report.crashed && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
    report.died = WIFSIGNALED(status) ? fmt::format("by signal {}", WTERMSIG(status))
                                      : fmt::format("with exit code {}", WEXITSTATUS(status));
  }
  return report;
}

}  // namespace neap::test
