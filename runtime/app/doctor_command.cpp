// neap doctor: whether runs can be kept safely here, what waits for a person, who we would be to
// the platform, and what to do about all that is not well.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/doctor.h"
#include "app/journal_commands.h"
#include "app/print_list.h"
#include "base/text.h"
#include "cloud/catalog.h"
#include "runs/world.h"
#include "show/line.h"
#include "show/terminal.h"
#include "sign/local_sources.h"

namespace neap::app {
namespace {

constexpr Duration kSkewToMention = std::chrono::seconds{30};
constexpr Duration kSkewTooLarge = std::chrono::minutes{5};  // signatures hold for 15 (auth.md 1)

// For programs; fixed (docs/guide/operations.md).
std::string_view to_text(Health health) {
  return health == Health::kGood ? "ok" : health == Health::kWatch ? "warn" : "wrong";
}

show::Line mark_of(Health health) {
  switch (health) {
    case Health::kGood:
      return show::Line("OK  ", show::Style::kGood);
    case Health::kWatch:
      return show::Line("WARN", show::Style::kWarn);
    case Health::kWrong:
      break;
  }
  return show::Line("FAIL", show::Style::kBad);
}

// The first of the places that needs nobody to be asked. Only its name is shown.
void look_for_credentials(const config::Surroundings& surroundings, Findings& findings) {
  std::vector<std::string> passed_over;
  for (const auto look :
       {sign::look_in_environment, sign::look_in_profile_file, sign::look_in_koocli}) {
    const Result<sign::Finding> found = look(surroundings);
    if (!found) {
      return findings.add("credentials", Health::kWrong, found.error().message, found.error().hint);
    }
    if (!found->warning.empty()) {
      findings.add("credentials", Health::kWatch, found->warning, "chmod 600 on that file");
    }
    if (found->credentials) {
      return findings.add("credentials", Health::kGood, "from " + found->credentials->source);
    }
    passed_over.push_back(found->skipped);
  }
  findings.add(
      "credentials", Health::kWatch, fmt::format("none at hand ({})", join(passed_over, "; ")),
      "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK; a login by password or this machine's "
      "agency may still serve, which --online finds out");
}

void judge_clock(std::string_view date, UtcTime now, Findings& findings) {
  const Result<UtcTime> theirs = parse_http_date(date);
  if (!theirs) return findings.add("clock", Health::kWatch, "the platform sends no date");
  const Duration skew = now - *theirs;
  const Duration size = skew < Duration::zero() ? -skew : skew;
  const std::string text = fmt::format("{} {} the platform's", format_duration(size),
                                       skew < Duration::zero() ? "behind" : "ahead of");
  if (size < kSkewToMention)
    return findings.add("clock", Health::kGood, "agrees with the platform");
  findings.add("clock", size < kSkewTooLarge ? Health::kWatch : Health::kWrong, text,
               "set this machine's clock: signatures of a wrong time are refused");
}

// A read that takes nothing: the way to ask a service whether it knows us.
const cloud::Operation* simple_read(std::string_view service) {
  for (const cloud::Operation& operation : cloud::catalog()) {
    const bool needs = std::any_of(operation.params.begin(), operation.params.end(),
                                   [](const cloud::Param& param) { return param.required; });
    const bool reads =
        operation.effect == cloud::Effect::kRead && operation.method == http::Method::kGet;
    const bool of_project = operation.path.find("{project_id}") != std::string_view::npos;
    if (operation.service == service && reads && of_project && !needs) return &operation;
  }
  return nullptr;
}

// Who is refused one read may still be allowed what a runbook needs.
void judge_answer(const cloud::Operation& operation, const Result<http::Response>& answer,
                  Duration took, Findings& findings) {
  const std::string topic(operation.service);
  if (answer) {
    return findings.add(topic, Health::kGood, "answers in " + format_duration(took));
  }
  const Error& error = answer.error();
  const bool refused = error.kind == ErrorKind::kPermission;
  findings.add(topic, refused ? Health::kWatch : Health::kWrong, error.message,
               refused ? "ask for the right to " + cloud::permission_name(operation) : error.hint);
}

// One read of each service: whether it is reached, takes our signature, and has our time.
void ask_platform(Invocation& invocation, Findings& findings) {
  const std::unique_ptr<runs::World> world = runs::World::real(invocation.settings, invocation.log);
  Loop& loop = world->loop();
  bool clock_judged = false;
  for (const char* service : {"sdrs", "as", "smn", "ecs"}) {
    const cloud::Operation* operation = simple_read(service);
    if (operation == nullptr) continue;
    const Instant begun = loop.now();
    const Owner call = world->client().call(*operation, {}, [&](Result<http::Response> answer) {
      loop.stop();
      judge_answer(*operation, answer, loop.now() - begun, findings);
      if (!answer || std::exchange(clock_judged, true)) return;
      judge_clock(answer->headers.get("Date"), loop.utc(), findings);
    });
    loop.run();
  }
}

void show_for_people(const Invocation& invocation, const Findings& findings) {
  constexpr std::size_t kTopics = 20;  // where the text begins
  const show::Look look = show::output_look(invocation.settings.color.value);
  std::string out;
  for (const Finding& finding : findings.all()) {
    show::Line line = mark_of(finding.health);
    line.add("  ").add(show::padded(finding.topic, kTopics - 6 - 2) + "  ");
    line.add(printable(finding.text)).put(out, look, kTopics);
    if (finding.next.empty()) continue;
    show::Line next(std::string(std::min(kTopics, look.width / 2), ' '));
    next.add("next: " + printable(finding.next), show::Style::kDim).put(out, look, kTopics);
  }
  fmt::print("{}", out);
}

void print(const Invocation& invocation, const Findings& findings) {
  if (invocation.settings.output.value == config::Output::kHuman) {
    return show_for_people(invocation, findings);
  }
  json::Array rows;
  for (const Finding& finding : findings.all()) {
    json::Object row;
    row.set("topic", finding.topic);
    row.set("health", to_text(finding.health));
    row.set("text", finding.text);
    row.set("next", finding.next);
    rows.emplace_back(std::move(row));
  }
  json::Object document = list_document("neap.doctor/1", "findings", rows);
  document.set("healthy", findings.healthy());
  print_rows(invocation, document, rows, std::string(), "");
}

}  // namespace

ExitCode doctor_command(Invocation& invocation, bool online) {
  Findings findings;
  examine_terminal(invocation.settings, findings);
  examine_settings(invocation.settings, findings);
  examine_clock(findings);
  examine_journal(invocation.settings, SystemClock().utc(), findings);
  look_for_credentials(config::process_surroundings(), findings);
  if (online) ask_platform(invocation, findings);
  print(invocation, findings);
  return findings.healthy() ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace neap::app
