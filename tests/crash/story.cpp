#include "crash/story.h"

#include <algorithm>
#include <filesystem>
#include <regex>

#include <fmt/format.h>

#include "app/decisions.h"
#include "crash/adoption.h"
#include "crash/truth.h"
#include "journal/store.h"
#include "json/writer.h"

namespace neap::test {
namespace {

// A run that is not over after so many processes never will be.
constexpr std::size_t kMostProcesses = 40;
constexpr Duration kLongest = std::chrono::hours{72};
// Stands in headers and bodies of requests; in a log it has no business.
const char* const kCanary = "simulator-secret-key-known-to-everyone";

class Telling {
 public:
  Telling(const Story& story, const std::string& journal)
      : story_(story), journal_(journal), platform_(story.seed) {}
  ~Telling() { clear_journal(); }
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

  Ending tell() {
    clear_journal();
    story_.scenario->prepare(platform_);
    for (const AdminCall& call : story_.planted) {
      platform_.admin(http::Method::kPost, call.path, call.body);
    }
    platform_.weather = story_.weather;
    platform_.meddle(story_.meddling);
    platform_.let_clock_jump(story_.clock_jumps);
    while (ending_.problems.empty() && !over()) next_process();
    ending_.took = platform_.now();
    platform_.settle();
    conclude();
    return std::move(ending_);
  }

 private:
  bool over() {
    if (ending_.processes.size() >= kMostProcesses) {
      problem("I9: it is not over after {} processes", kMostProcesses);
    } else if (platform_.now() > kLongest) {
      problem("I9: it is not over after {}", format_duration(platform_.now()));
    }
    return journal::has_ended(ending_.run.status) && !ending_.run.id.empty();
  }

  void next_process() {
    const std::size_t number = ending_.processes.size();
    if (story_.cancel == number && !ending_.run.id.empty()) cancel();
    Order order;
    order.journal = journal_;
    order.run = ending_.run.id;
    order.script = story_.scenario->script;
    order.words = story_.scenario->words;
    order.seed = story_.seed * 1000 + number;
    order.bug = story_.bug;
    if (story_.at_the_terminal) order.answer = story_.approves;
    const auto crash = story_.crashes.find(number);
    if (crash != story_.crashes.end()) order.crash = crash->second;
    ending_.processes.push_back(run_process(order, platform_));
    const Report& report = ending_.processes.back();
    if (report.crashed) ++ending_.crashes;
    look_at_journal();
    judge(report);
    platform_.pass_until(std::max(platform_.now(), last_written()) + story_.downtime);
  }

  void cancel() {
    const auto store = journal::open_sqlite(journal_);
    if (!store) return problem("the journal cannot be opened: {}", describe(store.error()));
    const auto said =
        app::ask_to_cancel(**store, ending_.run.id, "for the test", {"the test", platform_.utc()});
    if (!said) problem("the run cannot be cancelled: {}", describe(said.error()));
  }

  template <class... Args>
  void problem(fmt::format_string<Args...> text, Args&&... args) {
    ending_.problems.push_back(fmt::format(text, std::forward<Args>(args)...));
  }

  void judge(const Report& report) {
    if (report.crashed) return;
    if (!report.died.empty()) return problem("the process died {}", report.died);
    if (!report.refused.empty()) return problem("the run was refused: {}", report.refused);
    if (report.left == "diverged" || report.left == "broken") {
      return problem("the process left the run {}: {}", report.left, report.error);
    }
    if (!journal::has_ended(ending_.run.status) && ending_.problems.empty()) answer_questions();
  }

  // What the next process, and the checker at the end, will find.
  void look_at_journal() {
    const auto store = journal::open_sqlite(journal_);
    if (!store) return problem("the journal cannot be opened: {}", describe(store.error()));
    const auto runs = (*store)->runs();
    if (!runs) return problem("the runs cannot be read: {}", describe(runs.error()));
    if (runs->size() > 1) return problem("there are {} runs", runs->size());
    if (runs->empty()) return;
    ending_.run = runs->front();
    auto log = (*store)->log(ending_.run.id);
    if (!log) return problem("the log cannot be read: {}", describe(log.error()));
    ending_.log = *std::move(log);
  }

  Instant last_written() const {
    return ending_.log.empty() ? Instant{} : ending_.log.back().at - VirtualClock::kStart;
  }

  void answer_questions() {
    const auto store = journal::open_sqlite(journal_);
    if (!store) return problem("the journal cannot be opened: {}", describe(store.error()));
    const auto in_doubt =
        decide(**store, ending_.run.id, platform_, story_.approves, story_.answers);
    if (!in_doubt) return problem("a decision was refused: {}", describe(in_doubt.error()));
    ending_.questions += *in_doubt;
  }

  void conclude() {
    look_at_journal();
    journal::Witness witness;
    witness.receipts = platform_.receipts();
    witness.canaries = {kCanary};
    const bool ended = !ending_.log.empty() && ending_.log.back().kind == journal::Kind::kEnded;
    if (ended) {
      const json::Object& end = ending_.log.back().body;
      const json::Value* result = end.find("result");
      ending_.value = result != nullptr ? json::write(*result) : "";
      const json::Object* error = end.object("error");
      ending_.error = error != nullptr ? error->text("kind") : "";
    }
    ending_.violations = journal::check_run(ending_.run, ending_.log, witness);
    for (std::string& wrong : wrongly_adopted(ending_.log)) problem("I5: {}", wrong);
    ending_.receipts = platform_.receipts().size();
    ending_.state = platform_.state();
    ending_.fired = platform_.fired();
  }

  void clear_journal() const {
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator(journal_, ignored)) {
      if (file.is_regular_file()) std::filesystem::remove(file.path(), ignored);
    }
  }

  const Story& story_;
  const std::string journal_;
  Platform platform_;
  Ending ending_;
};

}  // namespace

std::string Ending::complaints() const {
  std::string text;
  for (const std::string& problem : problems) text += "  " + problem + "\n";
  for (const journal::Violation& violation : violations) {
    text += fmt::format("  {} at {}: {}\n", violation.rule, violation.position, violation.sentence);
  }
  return text;
}

std::string Ending::transcript() const {
  std::string text;
  for (const journal::Logged& entry : log) {
    text += fmt::format("{} {} {} {} {} {} {} {}\n", entry.position, format_iso(entry.at),
                        to_text(entry.kind), to_text(entry.step), entry.name, entry.digest,
                        entry.where, json::write(json::Value(entry.body)));
  }
  static const std::regex kProcess(" \\(pid [0-9]+\\)");
  return std::regex_replace(std::regex_replace(text, std::regex(run.id), "RUN"), kProcess, "");
}

std::string Ending::narrative() const {
  std::string text;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    const Report& report = processes[i];
    text += fmt::format("process {}: {}{} {} {}\n", i, report.crashed ? "killed" : report.left,
                        report.died, report.refused, report.error);
  }
  return text;
}

Ending play(const Story& story, const std::string& journal) {
  return Telling(story, journal).tell();
}

}  // namespace neap::test
