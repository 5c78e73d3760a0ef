#include "repl/place.h"

#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "http/url.h"
#include "json/document.h"

namespace neap::repl {
namespace {

constexpr Duration kPatience = std::chrono::milliseconds{800};
constexpr std::size_t kProjectLetters = 8;  // of an id: enough to tell one from another

bool is_simulator(const std::string& endpoint, runs::World& world) {
  const Result<http::Url> url = http::parse_url(endpoint);
  if (!url || !http::is_loopback(url->host)) return false;
  http::Request request;
  request.url = endpoint + "/_sim/health";
  bool answered = false;
  Loop& loop = world.loop();
  const Owner asking =
      world.transport().send(std::move(request), {}, [&](const http::Outcome& outcome) {
        answered = outcome.delivery == http::Delivery::kAnswered && outcome.response.status == 200;
        loop.stop();
      });
  const Loop::Timer limit = loop.after(kPatience, [&] { loop.stop(); });
  loop.run();
  return answered;
}

std::string armed_words(const std::optional<Duration>& armed, bool brief) {
  if (!armed) return brief ? "ro" : "read-only";
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(*armed).count();
  return brief ? "ARMED" : fmt::format("ARMED {}m", minutes);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!word.empty()) out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

}  // namespace

std::string Place::words() const {
  const std::string where = simulator ? "the simulator" : "the real cloud";
  return region.empty() ? where : region + ", " + where;
}

Place find_place(const config::Settings& settings, runs::World& world) {
  Place place;
  place.profile = settings.profile.value;
  place.region = settings.region.value;
  place.project = settings.project.value;
  place.simulator = world.simulator() != nullptr || is_simulator(settings.endpoint.value, world);
  return place;
}

std::string prompt_of(const Place& place, std::optional<Duration> armed, std::size_t width,
                      bool color) {
  const std::string kind = place.simulator ? "simulator" : "REAL";
  const std::string kind_briefly = place.simulator ? "sim" : "REAL";
  const std::string profile = printable(place.profile);
  const std::string region = printable(place.region);
  const std::string project = printable(place.project.substr(0, kProjectLetters));
  // Half of the line is for what is typed; what matters most stays longest.
  const std::vector<std::string> forms[] = {
      {profile, region, project}, {profile, region}, {profile}, {}};
  std::string before;
  std::string state = kind + " " + armed_words(armed, false);
  for (const std::vector<std::string>& form : forms) {
    before = joined(form);
    if (!before.empty()) before += " ";
    if (display_width(before + state) + 2 <= width / 2) break;
  }
  if (display_width(before + state) + 2 > width / 2) {
    before.clear();
    state = kind_briefly + " " + armed_words(armed, true);
  }
  show::Style style = show::Style::kGood;
  if (!place.simulator) style = armed ? show::Style::kBad : show::Style::kWarn;
  return before + show::styled(color, style, state) + "> ";
}

std::string continued(const std::string& prompt) {
  std::string plain;
  bool escape = false;
  for (const char c : prompt) {
    if (c == '\x1b') escape = true;
    if (!escape) plain += c;
    if (c == 'm') escape = false;
  }
  constexpr std::string_view kMark = "..> ";
  const std::size_t width = display_width(plain);
  return std::string(width > kMark.size() ? width - kMark.size() : 0, ' ') + std::string(kMark);
}

}  // namespace neap::repl
