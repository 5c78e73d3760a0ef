#include "repl/repl.h"

#include <algorithm>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "base/text.h"
#include "repl/commands.h"
#include "show/value.h"

namespace neap::repl {
namespace {

constexpr Duration kFrame = std::chrono::milliseconds{250};
constexpr Duration kLookUp = std::chrono::milliseconds{700};  // of names, while somebody waits
constexpr Duration kWorthMentioning = std::chrono::seconds{2};
constexpr std::size_t kRows = 40;  // of a list, until more is asked for
constexpr std::size_t kDepth = 2;
constexpr int kNamesDepth = 3;

// People type these without knowing the prompt.
std::string as_command(const std::string& text) {
  if (text == "help" || text == "?") return ":help";
  if (text == "exit" || text == "quit") return ":quit";
  return text;
}

// A statement of several lines as one, which the arrow keys can bring back; nothing when that would
// change what it means.
std::optional<std::string> as_one_line(std::string text) {
  if (text.find('\n') == text.npos) return text;
  if (text.find("--") != text.npos || text.find("[[") != text.npos) return std::nullopt;
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

Repl::Repl(Parts parts)
    : parts_(std::move(parts)),
      place_(find_place(parts_.settings, parts_.world)),
      console_(parts_.world.loop(), parts_.terminal, parts_.by),
      session_(parts_.world, console_, parts_.log, parts_.settings, place_.words(), parts_.folder),
      history_(parts_.history, parts_.secrets) {
  completer_ = std::make_unique<Completer>(
      session_, [this] { return surface(); }, Commands::names(), kLookUp);
}

Repl::~Repl() = default;

const manual::Surface* Repl::surface() {
  if (surface_) return &*surface_;
  Result<manual::Surface> loaded = manual::Surface::load();
  if (!loaded) return nullptr;
  surface_ = std::move(*loaded);
  return &*surface_;
}

void Repl::greet() {
  if (parts_.quiet) return;
  console_.notice(
      fmt::format("{}. Read-only until :arm. :help helps, :quit leaves.", place_.words()));
}

void Repl::load_history() {
  Result<std::vector<Remembered>> known = history_.load();
  keeps_history_ = known.has_value();
  if (!known) return console_.notice(neap::describe(known.error()));
  for (const Remembered& each : *known) {
    if (const auto line = as_one_line(each.text)) editor_->remember(*line);
  }
}

void Repl::remember(const std::string& text) {
  if (editor_ != nullptr) {
    if (const auto line = as_one_line(text)) {
      editor_->remember(*line);
    } else {
      for (const std::string_view each : split(text, '\n')) editor_->remember(std::string(each));
    }
  }
  if (!keeps_history_) return;
  const Result<HistoryFile::Kept> kept = history_.add(text, session_.loop().utc());
  if (!kept) {
    keeps_history_ = false;
    console_.notice(neap::describe(kept.error()));
  } else if (*kept == HistoryFile::Kept::kSecret) {
    console_.notice("this seems to hold a secret: it is not kept in the history");
  }
}

void Repl::converse() {
  editor_ = std::make_unique<LineEditor>(session_.loop(),
                                         [this](std::string_view line, std::size_t cursor) {
                                           return completer_->complete(typed_before_, line, cursor);
                                         });
  // Between statements nobody is there to be interrupted.
  const Owner interrupts = session_.loop().on_signal(SIGINT, [] {});
  load_history();
  greet();
  while (!leaving_) {
    std::optional<Typed> typed = read_statement();
    if (!typed) {
      if (may_leave()) break;
      continue;
    }
    if (typed->reading == Reading::kNothing) continue;
    warned_ = false;
    if (typed->reading == Reading::kCommand) {
      static_cast<void>(Commands(*this).run(typed->text));
    } else {
      static_cast<void>(run(std::move(*typed)));
    }
  }
  editor_.reset();
}

std::optional<Typed> Repl::read_statement() {
  std::string text;
  for (;;) {
    const std::string prompt = prompt_of(place_, session_.desk().armed_for(),
                                         show::terminal_width(), parts_.terminal.color);
    typed_before_ = text;
    console_.beside(editor_.get());
    LineEditor::Line line = editor_->read(text.empty() ? prompt : continued(prompt));
    console_.beside(nullptr);
    if (line.end == LineEditor::End::kInterrupted) return Typed{};
    if (line.end == LineEditor::End::kClosed && text.empty()) return std::nullopt;
    text += line.text;
    if (line.more) {
      text += "\n";
      continue;
    }
    Typed typed = session_.read(as_command(text));
    // The end of the input is the end of the statement, finished or not.
    if (typed.reading != Reading::kMore || line.end == LineEditor::End::kClosed) {
      if (typed.reading == Reading::kMore) typed.reading = Reading::kCode;
      if (typed.reading != Reading::kNothing) remember(text);
      return typed;
    }
    text += "\n";
  }
}

bool Repl::follow(std::istream& input) {
  std::string text;
  std::string line;
  while (!leaving_) {
    const bool more = static_cast<bool>(std::getline(input, line));
    if (more) text += line + "\n";
    Typed typed = session_.read(as_command(std::string(trim(text))));
    if (typed.reading == Reading::kMore && more) continue;
    if (typed.reading == Reading::kMore) typed.reading = Reading::kCode;
    text.clear();
    bool good = true;
    if (typed.reading == Reading::kCommand) good = Commands(*this).run(typed.text);
    if (typed.reading == Reading::kCode) good = run(std::move(typed));
    if (!good) return false;
    if (!more) break;
  }
  // Nobody is left to bring them to the foreground.
  for (const Statement* statement : session_.statements()) {
    if (!attend(statement->number, Form::kPeople)) return false;
  }
  return true;
}

bool Repl::run_now(std::string_view code) {
  Typed typed = session_.read(code);
  if (typed.reading == Reading::kNothing) return true;
  if (typed.reading == Reading::kCommand) return Commands(*this).run(typed.text);
  return run(std::move(typed));
}

bool Repl::run(Typed typed, Form form) {
  const bool background = typed.background;
  const int number = session_.begin(std::move(typed), [this](int ended) {
    if (ended == attended_) return session_.loop().stop();
    announce(ended);
  });
  if (!background) return attend(number, form);
  console_.notice(fmt::format("[{}] goes on in the background", number));
  return true;
}

void Repl::follow_progress(int number) {
  frame_ = session_.loop().after(kFrame, [this, number] {
    const Statement* statement = session_.find(number);
    if (statement == nullptr) return;
    const Duration time = session_.loop().now() - statement->began;
    const std::string job = session_.desk().progress();
    if (!job.empty()) {
      console_.progress(job);
    } else if (time > kWorthMentioning) {
      console_.progress(fmt::format("waiting, {}  (Ctrl-C ends the wait, Ctrl-Z puts it aside)",
                                    format_duration(time)));
    }
    follow_progress(number);
  });
}

bool Repl::attend(int number, Form form) {
  Loop& loop = session_.loop();
  attended_ = number;
  put_aside_ = false;
  {
    const Owner interrupt = loop.on_signal(SIGINT, [&] { session_.interrupt(number); });
    const Owner aside = loop.on_signal(SIGTSTP, [&] {
      put_aside_ = true;
      loop.stop();
    });
    session_.desk().attend(number);
    if (parts_.terminal.live) follow_progress(number);
    while (session_.find(number)->stage == Stage::kRunning && !put_aside_) {
      loop.run();
      const bool idle = loop.timers() + loop.watches() + loop.posted() == 0;
      if (idle && session_.find(number)->stage == Stage::kRunning && !put_aside_) {
        console_.notice("the statement waits for something that cannot happen");
        session_.interrupt(number);
      }
    }
    session_.desk().attend(0);
    frame_.cancel();
    console_.progress({});
  }
  attended_ = 0;
  if (session_.find(number)->stage != Stage::kRunning) return conclude(number, form);
  console_.notice(fmt::format("[{0}] goes on in the background; :fg {0} brings it back", number));
  return true;
}

void Repl::announce(int number) {
  const Statement& statement = *session_.find(number);
  const bool good = statement.stage == Stage::kDone;
  std::string text = fmt::format("[{}] {} after {}: {}", number, good ? "done" : "failed",
                                 format_duration(statement.ended - statement.began),
                                 printable(statement.typed.text));
  if (!good) text += "\n    " + printable(neap::describe(*statement.outcome.error));
  if (good && !statement.outcome.none) text += fmt::format("\n    :fg {} shows its value", number);
  console_.notice(text);
}

bool Repl::conclude(int number, Form form) {
  const Statement& statement = *session_.find(number);
  const bool good = statement.stage == Stage::kDone;
  const Trace& trace = session_.desk().trace(number);
  lived_.push_back({statement.typed, trace.used, trace.changed, statement.outcome.error});
  if (good) {
    show_results(statement, form);
    const Duration took = statement.ended - statement.began;
    if (took > kWorthMentioning) console_.notice("took " + format_duration(took));
  } else {
    show_error(statement.outcome);
  }
  session_.desk().forget(number);
  session_.drop(number);
  return good;
}

void Repl::show_error(const lua::Machine::Outcome& outcome) {
  const std::string text = printable(neap::describe(*outcome.error));
  std::fprintf(stderr, "%s\n",
               show::styled(parts_.terminal.color, show::Style::kBad, "error: " + text).c_str());
  if (parts_.traceback && !outcome.traceback.empty()) {
    std::fprintf(stderr, "%s\n", outcome.traceback.c_str());
  }
  const std::vector<std::string> left = session_.desk().unfinished_jobs();
  if (outcome.error->kind != ErrorKind::kCancelled || left.empty()) return;
  for (const std::string& job : left) {
    console_.notice(fmt::format("goes on in the cloud: sdrs.job(\"{}\"):wait() waits again", job));
  }
}

void Repl::show_results(const Statement& statement, Form form) {
  const lua::Machine::Outcome& outcome = statement.outcome;
  if (outcome.none) return;
  session_.keep_last(outcome.value);
  last_ = session_.share(outcome.value);
  show(outcome.value, form);
  for (const lua::Ref& value : outcome.rest) show(value, form);
}

show::Look Repl::look() const {
  show::Look look = show::output_look(parts_.settings.color.value);
  if (editor_ == nullptr) return look;
  look.rows = kRows;
  look.depth = kDepth;
  look.more = ":more";
  return look;
}

void Repl::show(const lua::Ref& value, Form form, std::size_t from) {
  if (form == Form::kJson || form == Form::kTable) {
    const Result<json::Value> copy = session_.copy(value);
    if (!copy) return console_.notice("error: " + printable(neap::describe(copy.error())));
    return console_.print(form == Form::kJson ? show::json_text(*copy) : show::plain_text(*copy));
  }
  lua::SnapshotLimits limits;
  limits.items = std::max(limits.items, from + kRows + 1);
  limits.values = std::max(limits.values, 2 * limits.items);
  const Result<lua::Snapshot> picture = session_.snapshot(value, limits);
  if (!picture) return console_.notice("error: " + printable(neap::describe(picture.error())));
  learn_names(*picture, 0);
  show::Look how = look();
  how.from = from;
  // Once all rows were shown, there is more only in what is folded.
  if (from > 0 && from >= picture->items.size()) {
    how.from = 0;
    how.rows = how.depth = show::kNoLimit;
  }
  if (form == Form::kPager) {
    how.rows = how.depth = show::kNoLimit;
    return page(show::value_text(*picture, how));
  }
  shown_ = from + kRows;
  console_.print(show::value_text(*picture, how));
}

// Through the person's own pager; where there is none to be run, as it is.
void Repl::page(const std::string& text) {
  const std::string pager = parts_.settings.environment("PAGER").value_or("less -R");
  if (editor_ == nullptr || pager.empty()) return console_.print(text);
  std::fflush(stdout);
  std::FILE* pipe = ::popen(pager.c_str(), "w");
  if (pipe == nullptr) return console_.print(text);
  std::fwrite(text.data(), 1, text.size(), pipe);
  if (::pclose(pipe) != 0) console_.notice("the pager failed: " + printable(pager));
}

// Names and ids that came by can be completed.
void Repl::learn_names(const lua::Snapshot& value, int depth) {
  if (!value.shape.id.empty()) {
    const lua::Snapshot* id = value.find(value.shape.id);
    const lua::Snapshot* label = value.find(value.shape.label);
    const std::string id_text = id != nullptr ? id->text : std::string();
    const std::string label_text = label != nullptr ? label->text : std::string();
    if (!id_text.empty()) completer_->saw(value.type, id_text, label_text);
    if (!label_text.empty()) completer_->saw(value.type, label_text, id_text);
  }
  if (depth == kNamesDepth) return;
  for (const lua::Snapshot& item : value.items) learn_names(item, depth + 1);
}

bool Repl::may_leave() {
  const std::vector<const Statement*> all = session_.statements();
  const auto running = std::count_if(all.begin(), all.end(), [](const Statement* statement) {
    return statement->stage == Stage::kRunning;
  });
  if (running == 0 || std::exchange(warned_, true)) return true;
  console_.notice(fmt::format(
      "{} still running in the background (:jobs); leave once more to end {}. Jobs of the platform "
      "go on in any case.",
      running == 1 ? "one statement is" : fmt::format("{} statements are", running),
      running == 1 ? "it" : "them"));
  return false;
}

}  // namespace neap::repl
