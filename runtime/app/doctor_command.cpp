// neap doctor: whether runs can be kept safely here, what waits for a person, and who we would be
// to the platform.
#include <fmt/format.h>

#include "app/doctor.h"
#include "app/journal_commands.h"
#include "app/terminal.h"
#include "app/world.h"
#include "base/text.h"
#include "cloud/catalog.h"
#include "json/writer.h"
#include "sign/local_sources.h"

namespace neap::app {
namespace {

constexpr Duration kSkewToMention = std::chrono::seconds{30};
constexpr Duration kSkewTooLarge = std::chrono::minutes{5};  // signatures hold for 15 (auth.md 1)

std::string_view to_text(Health health) {
  return health == Health::kGood ? "ok" : health == Health::kWatch ? "warn" : "wrong";
}

// The first of the places that needs nobody to be asked. Only its name is shown.
void look_for_credentials(const config::Surroundings& surroundings, Findings& findings) {
  std::vector<std::string> passed_over;
  for (const auto look :
       {sign::look_in_environment, sign::look_in_profile_file, sign::look_in_koocli}) {
    const Result<sign::Finding> found = look(surroundings);
    if (!found) return findings.add("credentials", Health::kWrong, describe(found.error()));
    if (!found->warning.empty()) findings.add("credentials", Health::kWatch, found->warning);
    if (found->credentials) {
      return findings.add("credentials", Health::kGood, "from " + found->credentials->source);
    }
    passed_over.push_back(found->skipped);
  }
  findings.add("credentials", Health::kWatch,
               fmt::format("none at hand ({}); a login by password or this machine's agency may "
                           "still serve: neap doctor --online",
                           join(passed_over, "; ")));
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
  findings.add("clock", size < kSkewTooLarge ? Health::kWatch : Health::kWrong, text);
}

// One read of the platform: whether it is reached, takes our signature, and has our time.
void ask_platform(Invocation& invocation, Findings& findings) {
  const std::unique_ptr<World> world = World::real(invocation.settings, invocation.log);
  Loop& loop = world->loop();
  const Instant begun = loop.now();
  const Owner call = world->client().call(
      *cloud::find_operation("sdrs", "show_quota"), {}, [&](Result<http::Response> answer) {
        loop.stop();
        if (!answer) {
          return findings.add("platform", Health::kWrong, describe(answer.error()));
        }
        findings.add("platform", Health::kGood,
                     "answers in " + format_duration(loop.now() - begun));
        judge_clock(answer->headers.get("Date"), loop.utc(), findings);
      });
  loop.run();
}

void show(const Invocation& invocation, const Findings& findings) {
  const config::Output output = invocation.settings.output.value;
  json::Array rows;
  for (const Finding& finding : findings.all()) {
    json::Object row;
    row.set("topic", finding.topic);
    row.set("health", to_text(finding.health));
    row.set("text", finding.text);
    rows.emplace_back(std::move(row));
  }
  if (output == config::Output::kJsonl) {
    for (const json::Value& row : rows) fmt::print("{}\n", json::write(row));
  } else if (output == config::Output::kJson) {
    json::Object document;
    document.set("format", "neap.doctor/1");
    document.set("healthy", findings.healthy());
    document.set("findings", std::move(rows));
    fmt::print("{}\n", json::write(json::Value(std::move(document))));
  } else {
    for (const Finding& finding : findings.all()) {
      fmt::print("{:<6} {:<12} {}\n", to_text(finding.health), finding.topic,
                 printable(finding.text));
    }
  }
}

}  // namespace

ExitCode doctor_command(Invocation& invocation, bool online) {
  Findings findings;
  examine_journal(invocation.settings, SystemClock().utc(), findings);
  look_for_credentials(config::process_surroundings(), findings);
  if (online) ask_platform(invocation, findings);
  show(invocation, findings);
  return findings.healthy() ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace neap::app
