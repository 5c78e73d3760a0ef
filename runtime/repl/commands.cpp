#include "repl/commands.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "base/text.h"
#include "repl/text_file.h"

namespace neap::repl {
namespace {

constexpr Duration kArmed = std::chrono::minutes{15};
constexpr Duration kLongestArmed = std::chrono::hours{8};
constexpr std::size_t kShownOfHistory = 50;

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t\n"));
}

std::string local_time(UtcTime time) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

std::string_view stage_word(const Statement& statement, const Desk& desk) {
  if (statement.stage == Stage::kDone) return "done";
  if (statement.stage == Stage::kFailed) return "failed";
  return desk.asks(statement.number) ? "asks" : "waits";
}

std::size_t help_width() {
  constexpr std::size_t kWidest = 100;  // columns: longer lines are hard to read
  return std::min(show::terminal_width(), kWidest);
}

std::string shell_word(const std::string& path) {
  return path.find_first_of(" '\"$\\") == path.npos ? path : "'" + path + "'";
}

}  // namespace

struct Commands::Row {
  std::string_view name;
  std::string_view arguments;
  std::string_view summary;
  bool (Commands::*body)(std::string_view);
};

std::span<const Commands::Row> Commands::rows() {
  static constexpr Row kRows[] = {
      {"help", "[TOPIC]", "what there is; or a function, an operation, an error code",
       &Commands::help},
      {"apropos", "WORD", "everything that has to do with a word", &Commands::apropos},
      {"arm", "[TIME]", "let the session change things for 15m, or so long", &Commands::arm},
      {"disarm", "", "read-only again", &Commands::disarm},
      {"jobs", "", "statements in the background", &Commands::jobs},
      {"fg", "N", "wait for a statement, answer its question, see its value",
       &Commands::foreground},
      {"cancel", "N", "end a statement; jobs of the platform go on", &Commands::cancel},
      {"more", "", "the next rows of the last list", &Commands::more},
      {"json", "[CODE]", "a value as JSON, whole; the last one without CODE", &Commands::json},
      {"table", "[CODE]", "a list as a plain table, whole", &Commands::table},
      {"pager", "[CODE]", "a value in the pager, whole", &Commands::pager},
      {"save", "FILE.lua", "the session as a runbook, to be rehearsed", &Commands::save},
      {"load", "FILE.lua", "run a file here; its globals stay", &Commands::load},
      {"history", "[WORD]", "what was typed, and when", &Commands::history},
      {"quit", "", "leave; ^D does the same", &Commands::quit},
  };
  return kRows;
}

// Any beginning will do that means one command alone.
const Commands::Row* Commands::find(std::string_view name) {
  const Row* found = nullptr;
  for (const Row& row : rows()) {
    if (row.name == name) return &row;
    if (!row.name.starts_with(name)) continue;
    if (found != nullptr) return nullptr;
    found = &row;
  }
  return found;
}

std::vector<Candidate> Commands::names() {
  std::vector<Candidate> all;
  for (const Row& row : rows())
    all.push_back({fmt::format(":{}", row.name), std::string(row.summary)});
  return all;
}

bool Commands::refuse(const std::string& what, const std::string& hint) {
  repl_.console_.notice("error: " + describe(Error{ErrorKind::kUsage, what, hint}));
  return false;
}

bool Commands::run(std::string_view text) {
  const std::string_view name = first_word(text.substr(1));
  const std::string_view rest = trim(text.substr(1 + name.size()));
  const Row* row = name.empty() ? nullptr : find(name);
  if (row != nullptr) return (this->*row->body)(rest);
  std::vector<std::string> known;
  for (const Candidate& each : names()) known.push_back(each.text);
  const std::string shown = printable(text.substr(0, 1 + name.size()));
  return refuse(fmt::format("unknown command {}{}", shown, did_you_mean(shown, known)),
                ":help lists them");
}

// `find` looks in the surface that the session has loaded.
template <class Find>
bool Commands::show_help(Find find) {
  const manual::Surface* surface = repl_.surface();
  const Result<manual::Help> found = surface != nullptr ? find(*surface) : find();
  if (!found) return refuse(found.error().message, found.error().hint);
  repl_.console_.print(found->text);
  return true;
}

bool Commands::help(std::string_view topic) {
  if (!topic.empty()) {
    return show_help([&](const auto&... known) {
      return manual::find_help(std::string(topic), repl_.parts_.commands, known..., help_width());
    });
  }
  std::string text =
      "Type Lua; an expression shows its value, which is `_` from then on. Waits just wait:\n"
      "Ctrl-C ends a wait, Ctrl-Z or a & behind the statement puts it in the background. Tab\n"
      "completes names, parameters and values. What would change the cloud is refused until :arm,\n"
      "and asks each time after that.\n\n";
  for (const Row& row : rows()) {
    const std::string left = fmt::format(":{} {}", row.name, row.arguments);
    text += fmt::format("  {:<18} {}\n", left, row.summary);
  }
  repl_.console_.print(text + "\nTry :help sdrs, :help sdrs.groups.failover, :help SDRS.1013.\n");
  return true;
}

bool Commands::apropos(std::string_view word) {
  if (word.empty()) return refuse(":apropos needs a word", "such as :apropos failover");
  return show_help([&](const auto&... known) {
    return manual::apropos(std::string(word), repl_.parts_.commands, known..., help_width());
  });
}

bool Commands::arm(std::string_view time) {
  Duration armed = kArmed;
  if (!time.empty()) {
    const Result<Duration> given = parse_duration(time);
    if (!given || *given <= Duration::zero() || *given > kLongestArmed) {
      return refuse(fmt::format(":arm: \"{}\" is no time of at most 8h", printable(time)),
                    "such as :arm 30m");
    }
    armed = *given;
  }
  Desk& desk = repl_.session_.desk();
  desk.arm(armed);
  repl_.disarming_ = repl_.session_.loop().after(armed, [this_repl = &repl_] {
    this_repl->console_.notice("the session is read-only again");
  });
  repl_.console_.notice(
      fmt::format("armed for {}: calls to {} may change things, and ask each time",
                  format_duration(armed), repl_.place_.words()));
  return true;
}

bool Commands::disarm(std::string_view) {
  repl_.session_.desk().disarm();
  repl_.disarming_.cancel();
  repl_.console_.notice("the session is read-only");
  return true;
}

bool Commands::jobs(std::string_view) {
  const std::vector<const Statement*> all = repl_.session_.statements();
  if (all.empty()) repl_.console_.notice("nothing is in the background");
  for (const Statement* statement : all) {
    const bool running = statement->stage == Stage::kRunning;
    const Instant until = running ? repl_.session_.loop().now() : statement->ended;
    repl_.console_.print(fmt::format(
        "[{}] {:<6} {:>7}  {}", statement->number, stage_word(*statement, repl_.session_.desk()),
        format_duration(until - statement->began), printable(statement->typed.text)));
  }
  const std::string job = repl_.session_.desk().progress();
  if (!job.empty()) repl_.console_.print(job);
  return true;
}

const Statement* Commands::statement_of(std::string_view text) {
  const std::vector<const Statement*> all = repl_.session_.statements();
  if (text.empty() && all.size() == 1) return all.front();
  int number = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  const Statement* found =
      error == std::errc() && end == text.end() ? repl_.session_.find(number) : nullptr;
  if (found == nullptr) {
    refuse(fmt::format("there is no statement \"{}\" in the background", printable(text)),
           ":jobs lists them");
  }
  return found;
}

bool Commands::foreground(std::string_view number) {
  const Statement* statement = statement_of(number);
  return statement != nullptr && repl_.attend(statement->number, Repl::Form::kPeople);
}

bool Commands::cancel(std::string_view number) {
  const Statement* statement = statement_of(number);
  if (statement == nullptr) return false;
  if (statement->stage == Stage::kRunning) {
    repl_.session_.interrupt(statement->number);
  } else {
    repl_.session_.drop(statement->number);
  }
  return true;
}

bool Commands::show_as(Repl::Form form, std::string_view code) {
  if (code.empty()) {
    if (!repl_.last_) return refuse("there is no last value", "give an expression");
    repl_.show(repl_.last_, form);
    return true;
  }
  Typed typed = repl_.session_.read(code);
  if (typed.reading != Reading::kCode) return refuse("that is no expression");
  return repl_.run(std::move(typed), form);
}

bool Commands::json(std::string_view code) {
  return show_as(Repl::Form::kJson, code);
}

bool Commands::table(std::string_view code) {
  return show_as(Repl::Form::kTable, code);
}

bool Commands::pager(std::string_view code) {
  return show_as(Repl::Form::kPager, code);
}

bool Commands::more(std::string_view) {
  if (!repl_.last_) return refuse("there is no last value");
  repl_.show(repl_.last_, Repl::Form::kPeople, repl_.shown_);
  return true;
}

bool Commands::save(std::string_view file) {
  const std::filesystem::path path{std::string(file)};
  if (path.extension() != ".lua") {
    return refuse(":save needs the name of a file that ends in .lua", "such as :save switch.lua");
  }
  std::error_code problem;
  if (std::filesystem::exists(path, problem)) {
    return refuse(fmt::format("{} is there already", printable(file)), "choose another name");
  }
  SavedSession session;
  session.name = path.stem().string();
  const std::string now = format_iso(repl_.session_.loop().utc());
  session.when = now.substr(0, 10) + " " + now.substr(11, 5) + " UTC";
  session.place = repl_.place_.words();
  session.statements = repl_.lived_;
  session.globals = repl_.session_.globals();
  if (session.statements.empty()) return refuse("nothing was run yet that could be saved");
  std::ofstream out(path);
  out << runbook_of(session);
  out.close();
  if (!out) return refuse(fmt::format("{} cannot be written", printable(file)));
  repl_.console_.notice(
      fmt::format("{} statements saved; rehearse them: neap rehearse {}", session.statements.size(),
                  shell_word(path.has_parent_path() ? path.string() : "./" + path.string())));
  return true;
}

bool Commands::load(std::string_view file) {
  const Result<std::string> text = text_of_file(std::string(file));
  if (!text) return refuse(text.error().message);
  return repl_.run_now(*text);
}

bool Commands::history(std::string_view word) {
  const Result<std::vector<Remembered>> all = repl_.history_.load();
  if (!all) return refuse(all.error().message);
  std::vector<Remembered> found;
  for (const Remembered& each : *all) {
    if (each.text.find(word) != std::string::npos) found.push_back(each);
  }
  const std::size_t from = found.size() > kShownOfHistory ? found.size() - kShownOfHistory : 0;
  for (std::size_t i = from; i < found.size(); ++i) {
    repl_.console_.print(local_time(found[i].at) + "  " + printable(found[i].text));
  }
  return true;
}

bool Commands::quit(std::string_view) {
  repl_.leaving_ = repl_.may_leave();
  return true;
}

}  // namespace neap::repl
