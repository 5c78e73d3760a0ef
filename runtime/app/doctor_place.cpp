// The settings, the clock and the terminal, as neap doctor sees them.
#include <fmt/format.h>
#include <sys/timex.h>

#include "app/doctor.h"
#include "base/text.h"
#include "show/terminal.h"

namespace neap::app {

void examine_settings(const config::Settings& settings, Findings& findings) {
  const auto told = [](const config::Setting<std::string>& setting) {
    return fmt::format("{} (from {})", setting.value, setting.origin.text);
  };
  const Result<config::Setting<std::string>> endpoint = settings.endpoint_for("sdrs");
  if (endpoint) {
    findings.add("endpoint", Health::kGood, told(*endpoint));
  } else {
    findings.add("endpoint", Health::kWatch, endpoint.error().message, endpoint.error().hint);
  }
  findings.add("region", Health::kGood,
               settings.region.value.empty() ? "not set" : told(settings.region));
  findings.add("project", Health::kGood,
               settings.project.value.empty() ? "not set: it is looked up by the region's name"
                                              : told(settings.project));
  findings.add(
      "permissions", Health::kGood,
      "each runbook lists the operations it needs: neap run RUNBOOK --help; --online tries "
      "one read of every service");
}

void examine_clock(Findings& findings) {
  timex state{};
  const int status = adjtimex(&state);
  if (status < 0) return;  // not ours to ask, in some containers
  if (status == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    return findings.add(
        "clock", Health::kWatch, "the kernel says that nothing keeps it right",
        "start chrony or systemd-timesyncd; --online compares it with the platform's");
  }
  findings.add("clock", Health::kGood,
               fmt::format("kept right to within {} ms", state.maxerror / 1000));
}

void examine_terminal(const config::Settings& settings, Findings& findings) {
  const show::Terminal terminal = show::look_at_terminal(settings.color.value);
  const std::string characters = terminal.unicode ? "UTF-8" : "ASCII only";
  const std::string colors = terminal.color ? "colours" : "no colours";
  const std::string text =
      terminal.live ? fmt::format("{} columns, {}, {}", show::terminal_width(), characters, colors)
                    : fmt::format("none; {}, {}", characters, colors);
  const bool poor = terminal.live && !terminal.unicode;
  findings.add("terminal", poor ? Health::kWatch : Health::kGood, text,
               poor ? "export LC_ALL=C.UTF-8" : "");
}

}  // namespace neap::app
