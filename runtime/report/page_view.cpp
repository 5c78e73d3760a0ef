#include "report/page_view.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "report/text.h"
#include "report/timeline.h"

namespace neap::report {
namespace {

constexpr Look kDone{"done", "✓"};
constexpr Look kFailed{"failed", "✕"};
constexpr Look kDoubt{"doubt", "?"};
constexpr Look kOpen{"open", "◌"};
constexpr Look kLeftOut{"left-out", "–"};

constexpr std::array<std::pair<std::string_view, Look>, 31> kLooks{{
    {"done", kDone},
    {"answered", kDone},
    {"SUCCESS", kDone},
    {"approved", kDone},
    {"ended", kDone},
    {"met", kDone},
    {"failed", kFailed},
    {"FAIL", kFailed},
    {"refused", kFailed},
    {"rejected", kFailed},
    {"missed", kFailed},
    {"not reached", kFailed},
    {"broken off", kFailed},
    {"died", kFailed},
    {"late", kFailed},
    {"cancelled", kFailed},
    {"in doubt", kDoubt},
    {"an operator must say", kDoubt},
    {"in_doubt", kDoubt},
    {"waiting", kOpen},
    {"open", kOpen},
    {"running", kOpen},
    {"sent", kOpen},
    {"accepted", kOpen},
    {"under way", kOpen},
    {"RUNNING", kOpen},
    {"INIT", kOpen},
    {"skipped", kLeftOut},
    {"set", kLeftOut},
    {"not sent", kLeftOut},
    {"had no effect", kLeftOut},
}};

json::Object fact(const char* label, const std::string& text) {
  json::Object object;
  object.set("label", label);
  object.set("text", text);
  object.set("when", json::Value());
  return object;
}

json::Object fact(const char* label, UtcTime time, const std::string& text) {
  json::Object object = fact(label, text);
  object.set("when", day_and_time_view(time));
  return object;
}

json::Array facts_of(const Report& report) {
  json::Array facts;
  const auto add = [&](const char* label, const std::string& text) {
    if (!text.empty()) facts.emplace_back(fact(label, text));
  };
  const std::string by = report.operator_name.empty() ? "" : " by " + report.operator_name;
  facts.emplace_back(fact("started", report.run.created, by));
  if (!report.goes_on()) facts.emplace_back(fact("ended", report.ended, ""));
  add("command", report.command);
  add("endpoint", report.endpoint);
  add("region", report.region);
  add("project", report.project);
  add("profile", report.profile);
  add("executed by", report.run.owner);
  return facts;
}

json::Object tile(const char* title, const Look& look, const std::string& big,
                  const std::string& small) {
  json::Object object;
  object.set("title", title);
  object.set("look", look.name);
  object.set("glyph", look.sign);
  object.set("big", big);
  object.set("small", small);
  return object;
}

std::string many(std::size_t count, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", count, count == 1 ? one : several);
}

json::Object objective_tile(const Report& report) {
  const Objective& objective = report.objective;
  if (!objective.target) return tile("Objective", kLeftOut, "none stated", took(objective.actual));
  const std::string sentence = objective_sentence(report);
  return tile("Objective", look_of(objective.verdict), objective.verdict,
              sentence.substr(objective.verdict.size() + 2));
}

json::Object people_tile(const Report& report) {
  std::size_t yes = 0;
  std::size_t open = 0;
  std::string who;
  for (const Question& question : report.questions) {
    if (question.undone) continue;
    yes += question.yes ? 1U : 0U;
    open += question.span.end ? 0U : 1U;
    if (question.span.end) who = answer_of(question);
  }
  if (report.questions.empty()) return tile("Approvals", kLeftOut, "none asked", "");
  const Look look = open > 0 ? kOpen : yes == 0 ? kFailed : kDone;
  return tile("Approvals", look,
              open > 0 ? fmt::format("{} open", open) : fmt::format("{} given", yes), who);
}

json::Object changes_tile(const Report& report) {
  std::size_t sent = 0;
  std::size_t doubt = 0;
  for (const Call& call : report.calls) {
    if (!call.changes()) continue;
    sent += static_cast<std::size_t>(call.attempts);
    doubt += std::string_view(look_of(call.status).name) == "doubt" && !call.undone ? 1U : 0U;
  }
  return tile("Changing calls",
              doubt > 0  ? kDoubt
              : sent > 0 ? kDone
                         : kLeftOut,
              fmt::format("{} sent", sent),
              fmt::format("{} in doubt, {}", doubt, many(report.jobs.size(), "job", "jobs")));
}

json::Object problems_tile(const Report& report) {
  const std::size_t count = report.problems.size();
  const bool fatal = count > 0 && report.problems.back().fatal;
  const Look look = count == 0 ? kDone : fatal ? kFailed : kDoubt;
  const char* small = count == 0 ? "" : fatal ? "one ended the run" : "the run went on";
  return tile("Errors", look, count == 0 ? "none" : fmt::format("{}", count), small);
}

json::Object integrity_tile(const Report& report) {
  const Integrity& integrity = report.integrity;
  const bool good = integrity.verifies && integrity.broken_rules.empty();
  const char* big = good ? "verifies" : integrity.verifies ? "rules broken" : "damaged";
  return tile("Log", good ? kDone : kFailed, big,
              many(static_cast<std::size_t>(integrity.entries), "entry", "entries"));
}

json::Value objective_view(const Report& report) {
  const Objective& objective = report.objective;
  json::Object object;
  object.set("sentence", objective_sentence(report));
  const double most = to_seconds(std::max(objective.actual, objective.target.value_or(Duration{})));
  const double scale = most > 0 ? 98 / most : 0;
  json::Array parts;
  double x = 0;
  const auto add = [&](const char* look, const char* label, Duration time) {
    if (time <= Duration::zero()) return;
    json::Object part;
    const double width = scale * to_seconds(time);
    part.set("look", look);
    part.set("label", label);
    part.set("took", took(time));
    part.set("x", fmt::format("{:.2f}", x));
    part.set("width", fmt::format("{:.2f}", width));
    parts.emplace_back(std::move(part));
    x += width;
  };
  add("people", "waiting for people", objective.people);
  add("nobody", "no process had the run", objective.nobody);
  add("platform", "jobs of the platform", objective.platform);
  add("rest", "everything else", objective.rest);
  object.set("parts", std::move(parts));
  json::Object target;
  if (objective.target) {
    target.set("x", fmt::format("{:.2f}", scale * to_seconds(*objective.target)));
    target.set("took", format_duration(*objective.target));
  }
  object.set("target", objective.target ? json::Value(std::move(target)) : json::Value());
  return object;
}

json::Array sections_of(const Report& report) {
  json::Array sections;
  const auto add = [&](bool there, const char* anchor, const char* title) {
    if (!there) return;
    json::Object section;
    section.set("anchor", anchor);
    section.set("title", title);
    sections.emplace_back(std::move(section));
  };
  const bool changes = std::any_of(report.calls.begin(), report.calls.end(),
                                   [](const Call& call) { return call.changes(); });
  add(true, "objective", "Recovery time");
  add(true, "timeline", "Timeline");
  add(!report.steps.empty(), "steps", "Steps");
  add(!report.problems.empty(), "errors", "Errors");
  add(!report.questions.empty() || !report.decisions.empty(), "people", "Approvals");
  add(changes, "changes", "Changing calls");
  add(!report.jobs.empty(), "jobs", "Jobs");
  add(!report.calls.empty(), "calls", "Every call");
  add(true, "integrity", "Integrity");
  return sections;
}

json::Object row_view(const Row& row) {
  const Look look =
      row.kind == "question" ? Look{"person", look_of(row.status).sign} : look_of(row.status);
  json::Object object;
  object.set("kind", row.kind);
  object.set("label", row.label);
  object.set("took", row.took);
  object.set("status", row.status);
  object.set("depth", static_cast<std::int64_t>(std::min<std::size_t>(row.depth, 6)));
  object.set("look", look.name);
  object.set("glyph", row.status.empty() ? "" : look.sign);
  json::Array bars;
  for (const Bar& bar : row.bars) {
    json::Object one;
    one.set("x", fmt::format("{:.3f}", bar.x));
    one.set("width", fmt::format("{:.3f}", bar.width));
    one.set("look", bar.look);
    one.set("detail", bar.detail);
    one.set("tab", bars.empty() ? 0 : -1);
    bars.emplace_back(std::move(one));
  }
  object.set("bars", std::move(bars));
  return object;
}

json::Object tick_view(const Tick& tick, std::size_t index) {
  json::Object object;
  object.set("x", fmt::format("{:.3f}", tick.x));
  object.set("iso", format_iso(tick.at));
  object.set("text", tick.text);
  object.set("parity", index % 2 == 0 ? "even" : "odd");
  object.set("anchor", tick.x < 7 ? "start" : tick.x > 95 ? "end" : "middle");
  return object;
}

}  // namespace

Look look_of(std::string_view status) {
  const std::string_view word = status.substr(0, status.find(','));  // "done, taken back"
  const auto found = std::find_if(kLooks.begin(), kLooks.end(),
                                  [&](const auto& row) { return row.first == word; });
  return found != kLooks.end() ? found->second : kLeftOut;
}

json::Value time_view(const Report& report, const std::optional<UtcTime>& time) {
  if (!time) return {};
  const auto day = [](UtcTime at) { return std::chrono::floor<std::chrono::days>(at); };
  if (day(report.run.created) != day(*time)) return day_and_time_view(*time);
  const std::string iso = format_iso(*time);
  json::Object object;
  object.set("iso", iso);
  object.set("text", iso.substr(11, 12));
  return object;
}

json::Value day_and_time_view(UtcTime time) {
  const std::string iso = format_iso(time);
  json::Object object;
  object.set("iso", iso);
  object.set("text", iso.substr(0, 10) + " " + iso.substr(11, 8));
  return object;
}

json::Object head_view(const Report& report) {
  json::Object object;
  object.set("runbook", report.run.name);
  object.set("id", report.run.id);
  object.set("status", to_text(report.run.status));
  object.set("summary", report.summary);
  object.set("simulated", report.simulated);
  object.set("facts", facts_of(report));
  object.set("sections", sections_of(report));
  const std::string outcome = outcome_sentence(report);
  const std::string_view status =
      report.run.status == journal::Status::kInDoubt ? "in doubt" : to_text(report.run.status);
  json::Array tiles;
  tiles.emplace_back(tile("Outcome", look_of(status), std::string(status), outcome));
  tiles.emplace_back(objective_tile(report));
  tiles.emplace_back(people_tile(report));
  tiles.emplace_back(changes_tile(report));
  tiles.emplace_back(problems_tile(report));
  tiles.emplace_back(integrity_tile(report));
  object.set("tiles", std::move(tiles));
  object.set("error", report.run.error);
  object.set("waiting", report.goes_on() ? report.run.waiting : "");
  object.set("objective", objective_view(report));
  object.set("integrity", integrity_sentence(report));
  object.set("head", report.integrity.head);
  object.set("script", report.script);
  object.set("made", day_and_time_view(report.made));
  return object;
}

json::Object timeline_view(const Report& report) {
  const Timeline timeline = draw(report);
  json::Object object;
  object.set("grouped", timeline.grouped);
  object.set("start", timeline.start);
  json::Array cuts;
  for (const Cut& cut : timeline.cuts) {
    json::Object one;
    one.set("x", fmt::format("{:.3f}", cut.x));
    one.set("width", fmt::format("{:.3f}", cut.width));
    one.set("text", cut.text);
    cuts.emplace_back(std::move(one));
  }
  object.set("cuts", std::move(cuts));
  json::Array ticks;
  for (const Tick& tick : timeline.ticks) {
    ticks.emplace_back(tick_view(tick, ticks.size()));
  }
  object.set("ticks", std::move(ticks));
  json::Array rows;
  for (const Row& row : timeline.rows) rows.emplace_back(row_view(row));
  object.set("rows", std::move(rows));
  const bool scaled = std::any_of(report.jobs.begin(), report.jobs.end(),
                                  [](const Job& job) { return !job.same_clock; });
  object.set("scaled", scaled);
  return object;
}

}  // namespace neap::report
