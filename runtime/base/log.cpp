#include "base/log.h"

#include <array>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.h"

namespace neap {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"trace", "debug", "info",
                                                    "warn",  "error", "off"};

spdlog::level::level_enum to_spdlog(LogLevel level) {
  constexpr std::array kLevels = {spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                                  spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};
  return kLevels.at(static_cast<std::size_t>(level));
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == text) return static_cast<LogLevel>(i);
  }
  return fail(ErrorKind::kUsage, "unknown log level \"" + printable(text) + "\"",
              "use trace, debug, info, warn, error or off");
}

struct Log::Sink {
  spdlog::logger logger{"neap", std::make_shared<spdlog::sinks::stderr_color_sink_st>()};
};

Log::Log(LogLevel level) : sink_(std::make_unique<Sink>()) {
  sink_->logger.set_level(to_spdlog(level));
  sink_->logger.set_pattern("%H:%M:%S.%e %^%l%$ %v");
}

Log::~Log() = default;
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;

bool Log::enabled(LogLevel level) const {
  return sink_->logger.should_log(to_spdlog(level));
}

void Log::write(LogLevel level, std::string_view message) {
  if (enabled(level)) sink_->logger.log(to_spdlog(level), "{}", printable(message));
}

}  // namespace neap
