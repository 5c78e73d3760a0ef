#include "app/run_view.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "app/output.h"
#include "app/run_summary.h"
#include "app/who.h"
#include "base/text.h"
#include "json/writer.h"
#include "show/question.h"
#include "show/value.h"

namespace neap::app {
namespace {

// A traceback without the message that it begins with.
std::string_view below_message(std::string_view traceback) {
  const std::size_t at = traceback.find("stack traceback:");
  return at == std::string_view::npos ? traceback : traceback.substr(at);
}

void write_line(std::FILE* stream, std::string_view text) {
  put(stream, std::string(text) + "\n");
}

}  // namespace

RunView::RunView(Loop& loop, const ViewOptions& options) : loop_(loop), options_(options) {
  facts_.started = loop.now();
}

void RunView::described(const json::Object& description) {
  const Result<Duration> rto = parse_duration(description.text("rto"));
  if (rto) facts_.rto = *rto;
}

void RunView::line(const std::string& text) {
  if (!options_.quiet) write_line(stderr, text);
}

void RunView::tell(const RunEvent& event) {
  if (options_.output == config::Output::kJsonl) {
    json::Object row;
    row.set("event", json::Value(event.name));
    row.set("at", format_iso(loop_.utc()));
    for (const auto& [name, value] : event.fields) row.set(name, value);
    write_line(stdout, json::write(row));
  }
  if (event.name.starts_with("step_")) {
    note_step(event);
  } else if (event.name == "replay_ended") {
    go_on();
  } else if (event.name == "note") {
    note(printable(event.fields.text("text")));
  } else if (event.name == "warning") {
    note(
        printable("warning: " + event.fields.text("operation") + ": " + event.fields.text("text")));
  } else if (event.name == "cleanup_failed") {
    const json::Object* error = event.fields.object("error");
    note(printable("cleaning up failed: " + (error != nullptr ? error->text("message") : "")));
  } else if (event.name == "job_started" || event.name == "job_progress") {
    note_job(event);
  } else if (event.name == "effect_sent") {
    unanswered_.push_back(event.fields.text("operation"));
    ++facts_.changing_calls;
  } else if (event.name == "effect_in_doubt") {
    note_doubt(event);
  } else if (event.name == "effect_answered") {
    const auto sent =
        std::find(unanswered_.begin(), unanswered_.end(), event.fields.text("operation"));
    if (sent != unanswered_.end()) unanswered_.erase(sent);
  }
}

void RunView::note_step(const RunEvent& event) {
  const auto index = static_cast<std::size_t>(event.fields.number("index").value_or(0));
  if (index == 0) return;
  if (facts_.steps.size() < index) facts_.steps.resize(index);
  SeenStep& step = facts_.steps[index - 1];
  if (event.name == "step_started" || event.name == "step_skipped") {
    step.name = event.fields.text("name");
    step.depth = static_cast<std::size_t>(event.fields.number("depth").value_or(0));
    step.started = loop_.now();
    step.expect = event.fields.number("expect");
  }
  step.replayed = event.fields.flag("replayed");
  if (event.name == "step_started") {
    step.status = "running";
    return step_started(step);
  }
  step.status = event.name == "step_done"     ? "done"
                : event.name == "step_failed" ? "failed"
                                              : "skipped";
  step.elapsed = event.fields.number("elapsed").value_or(0);
  step_ended(step);
}

// What follows is new: the steps that an earlier process had begun go on in this one.
void RunView::go_on() {
  for (SeenStep& step : facts_.steps) {
    if (step.status != "running") continue;
    step.replayed = false;
    step.resumed = true;
    step_started(step);
  }
}

// The same thing seen again and again is told once.
void RunView::note_doubt(const RunEvent& event) {
  const std::string open = event.fields.text("open_until");
  const std::string text = fmt::format(
      "in doubt: {} was sent at {}, and {}; {}; {}", event.fields.text("operation"),
      event.fields.text("sent_at"), event.fields.text("why"), event.fields.text("seen"),
      open.empty() ? "it may still take effect" : "until " + open + " it may still take effect");
  if (std::exchange(doubt_, text) != text) note(printable(text));
}

// Sub-jobs say nothing of when they began: it is when they were first seen to.
void RunView::note_parts(SeenJob& job, const json::Array& rows) {
  for (const json::Value& row : rows) {
    const auto* fields = row.as<json::Object>();
    if (fields == nullptr) continue;
    const std::string id = fields->text("job_id");
    auto part = std::find_if(job.parts.begin(), job.parts.end(),
                             [&](const SeenPart& known) { return known.id == id; });
    if (part == job.parts.end()) part = job.parts.insert(part, {id, {}, {}, loop_.now(), {}});
    const std::string status = fields->text("status");
    if (status == "RUNNING" && part->status != status) part->since = loop_.now();
    if (job_has_ended(status) && !part->took) part->took = loop_.now() - part->since;
    part->type = fields->text("job_type");
    part->status = status;
  }
}

void RunView::note_job(const RunEvent& event) {
  const std::string job_id = event.fields.text("job_id");
  const auto [found, fresh] = facts_.jobs.try_emplace(job_id);
  SeenJob& job = found->second;
  if (fresh) {
    job.since = loop_.now();
    const SeenStep* step = facts_.running();
    if (step != nullptr) job.step = static_cast<std::size_t>(step - facts_.steps.data()) + 1;
  }
  const std::string operation = event.fields.text("operation");
  if (!operation.empty()) job.operation = operation;
  const std::string type = event.fields.text("job_type");
  if (!type.empty()) job.type = type;
  const std::string status = event.fields.text("status");
  job.status = status.empty() ? "INIT" : status;
  if (job_has_ended(job.status) && !job.took) job.took = loop_.now() - job.since;
  note_parts(job, event.fields.list("sub_jobs"));
  job_changed(job_id, job);
}

Owner RunView::ask(std::string question, Function<void(Result<Answer>)> done) {
  const std::string shown = printable(question);
  clear();
  if (options_.yes) {
    line("? " + shown + " yes (-y)");
    done(Answer{true, operator_name(), "-y"});
    return {};
  }
  if (!options_.terminal.asks) {
    nobody_asked_ = true;
    done(fail(run_.empty() ? ErrorKind::kPrecondition : ErrorKind::kCancelled,
              fmt::format("\"{}\" needs a yes, and there is no terminal to ask at{}", shown,
                          facts_.changing_calls > 0 ? "" : "; nothing was sent"),
              "run it with -y to say yes beforehand"));
    return {};
  }
  asking_ = true;
  return show::ask_on_terminal(
      loop_, show::styled(options_.terminal.color, show::Style::kBold, "? " + shown),
      [this, done = std::move(done)](std::optional<bool> yes) mutable {
        asking_ = false;
        done(Answer{yes.value_or(false), operator_name(), "at the terminal"});
      });
}

void RunView::print(std::string_view text) {
  clear();
  // A document on standard output must stay whole, so a script's own lines go beside it.
  const bool beside =
      options_.output == config::Output::kJson || options_.output == config::Output::kJsonl;
  write_line(beside ? stderr : stdout, text);
}

void RunView::stopping() {
  clear();
  if (std::exchange(asking_, false)) write_line(stderr, "");  // the question's line is still open
  line("stopping at the next safe point; interrupt again to stop at once");
}

void RunView::show_error(const runs::ScriptRun::Outcome& outcome) {
  const Error& error = *outcome.error;
  const std::string place = error.where.empty() ? "" : " [" + error.where + "]";
  const std::string request = error.request_id.empty() ? "" : " (request " + error.request_id + ")";
  const bool refused =
      error.kind == ErrorKind::kCancelled || error.kind == ErrorKind::kPrecondition;
  const bool idle = refused && facts_.changing_calls == 0 &&
                    error.message.find("nothing was sent") == std::string::npos;
  write_line(stderr, show::styled(options_.terminal.color, show::Style::kBad, "neap: ") +
                         printable(describe(error)) + (idle ? "; nothing was sent" : "") + request +
                         (options_.traceback ? place : ""));
  if (options_.traceback && !outcome.traceback.empty()) {
    write_line(stderr, below_message(outcome.traceback));
  }
}

// A run that was forced to stop has not heard what became of these.
void RunView::show_unanswered() {
  for (const std::string& operation : unanswered_) {
    write_line(stderr, "neap: " + printable(operation) +
                           " was sent and its answer was not awaited: it may have taken effect; "
                           "look at the cloud before sending it again");
  }
}

// `said` is the job that the error has named already, with what to do about it.
void RunView::show_jobs_left(const std::string& said) {
  for (const auto& [id, job] : facts_.jobs) {
    if (job.status == "SUCCESS" || job.status == "FAIL" || id == said) continue;
    write_line(stderr,
               fmt::format("neap: job {} ({}) goes on in the cloud; wait for it again with: "
                           "neap run -e 'return sdrs.job(\"{}\"):wait().status'",
                           id, job.operation.empty() ? job.type : job.operation, id));
  }
}

ExitCode RunView::code_of(const runs::ScriptRun::Outcome& outcome) const {
  if (!outcome.error) return ExitCode::kDone;
  const bool parked = outcome.left == runs::ScriptRun::Left::kParked;
  if (parked && outcome.error->kind != ErrorKind::kInDoubt) return ExitCode::kApproval;
  if (!unanswered_.empty()) return ExitCode::kInDoubt;
  if (nobody_asked_ && run_.empty()) return ExitCode::kApproval;
  return exit_code(*outcome.error);
}

// What can be done about a durable run that has not ended well.
void RunView::show_left(const runs::ScriptRun::Outcome& outcome) {
  if (run_.empty() || outcome.error->kind == ErrorKind::kUsage) return;
  using Left = runs::ScriptRun::Left;
  if (options_.quiet && outcome.left == Left::kEnded) return;
  const bool in_doubt = outcome.error->kind == ErrorKind::kInDoubt;
  std::string text;
  if (outcome.left == Left::kParked && in_doubt) {
    text = fmt::format(
        "run {} waits for you: neap runs show {} says what is known, "
        "neap resolve {} --happened or --did-not decides",
        run_, run_, run_);
  } else if (outcome.left == Left::kParked) {
    text =
        fmt::format("run {} goes on with: neap approve {}   (or neap reject {})", run_, run_, run_);
  } else if (outcome.left == Left::kEnded && outcome.error->kind == ErrorKind::kCancelled) {
    text = fmt::format("run {} is cancelled", run_);
  } else if (outcome.left == Left::kDiverged) {
    text = fmt::format("run {} stands where it stood; nothing was sent", run_);
  } else {
    text = fmt::format("run {} can go on: neap resume {}", run_, run_);
  }
  write_line(stderr, "neap: " + text);
}

void RunView::show_summary(const runs::ScriptRun::Outcome& outcome) {
  const std::string text = summary_line(facts_, loop_.now(), !outcome.error);
  if (text.empty()) return;
  summarize();
  const bool met = !facts_.rto || facts_.elapsed(loop_.now()) <= *facts_.rto;
  const show::Style style = outcome.error || !met ? show::Style::kPlain : show::Style::kGood;
  line(show::styled(options_.terminal.color, style, text));
}

ExitCode RunView::finish(const std::string& name, const runs::ScriptRun::Outcome& outcome) {
  clear();
  const ExitCode code = code_of(outcome);
  show_summary(outcome);
  if (outcome.error) {
    show_error(outcome);
    show_unanswered();
    show_jobs_left(outcome.error->kind == ErrorKind::kTimeout ? outcome.error->job_id : "");
    show_left(outcome);
  }
  const auto document = [&] {
    return run_end_document(facts_, loop_.now(), {name, run_, code, outcome});
  };
  switch (options_.output) {
    case config::Output::kJson:
      write_line(stdout, json::write(document()));
      break;
    case config::Output::kJsonl: {
      json::Object last;
      last.set("event", "run_ended");
      last.set("at", format_iso(loop_.utc()));
      for (const auto& [field, value] : document()) last.set(field, value);
      write_line(stdout, json::write(last));
      break;
    }
    default:
      if (!outcome.error && !outcome.value.is_null()) {
        const std::string text =
            options_.output == config::Output::kTable
                ? show::plain_text(outcome.value)
                : show::result_text(outcome.value, show::output_look(options_.color));
        put(stdout, text);
      }
  }
  return code;
}

}  // namespace neap::app
