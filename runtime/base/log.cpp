#include "base/log.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.h"
#include "base/time.h"

namespace neap {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"trace", "debug", "info",
                                                    "warn",  "error", "off"};

std::string_view name_of(LogLevel level) {
  return kNames.at(static_cast<std::size_t>(level));
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  constexpr std::array kLevels = {spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                                  spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};
  return kLevels.at(static_cast<std::size_t>(level));
}

// Hands lines to a function.
class LineSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit LineSink(Function<void(std::string_view)> out) : out_(std::move(out)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    out_(trim(std::string_view(line.data(), line.size())));
  }
  void flush_() override {}

 private:
  Function<void(std::string_view)> out_;
};

bool stands_alone(std::string_view text) {
  return text.find_first_of(" \"\\=") == std::string_view::npos && printable(text) == text;
}

// As they follow a message in the text.
std::string text_of(std::span<const LogField> fields) {
  std::string text;
  for (const LogField& field : fields) {
    if (!field.is_empty()) text += fmt::format(" {}={}", field.name(), field.plain());
  }
  return text;
}

// As they follow the message's member.
std::string json_of(std::span<const LogField> fields) {
  std::string text;
  for (const LogField& field : fields) {
    if (!field.is_empty()) text += fmt::format(",{}:{}", json_quoted(field.name()), field.json());
  }
  return text;
}

std::string written(LogFormat format, std::span<const LogField> fields) {
  return format == LogFormat::kJson ? json_of(fields) : text_of(fields);
}

std::string line_of(LogFormat format, LogLevel level, std::string_view message,
                    std::string_view fields) {
  if (format == LogFormat::kText) return fmt::format("{}{}", printable(message), fields);
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return fmt::format(R"({{"ts":"{}","level":"{}","msg":{}{}}})", format_iso(now), name_of(level),
                     json_quoted(message), fields);
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == text) return static_cast<LogLevel>(i);
  }
  return fail(ErrorKind::kUsage, "unknown log level \"" + printable(text) + "\"",
              "use trace, debug, info, warn, error or off");
}

bool LogField::is_empty() const {
  const auto* text = std::get_if<std::string_view>(&value_);
  return text != nullptr && text->empty();
}

std::string LogField::json() const {
  if (const auto* text = std::get_if<std::string_view>(&value_)) return json_quoted(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value_)) return fmt::format("{}", *number);
  if (const auto* number = std::get_if<double>(&value_)) {
    return std::isfinite(*number) ? fmt::format("{}", *number) : "null";
  }
  return std::get<bool>(value_) ? "true" : "false";
}

std::string LogField::plain() const {
  const auto* text = std::get_if<std::string_view>(&value_);
  return text != nullptr && stands_alone(*text) ? std::string(*text) : json();
}

struct Log::Sink {
  spdlog::logger logger;
  LogFormat format;
};

Log::Log(LogLevel level, LogFormat format) : Log(level, format, nullptr) {}

Log::Log(LogLevel level, LogFormat format, Function<void(std::string_view)> out) {
  spdlog::sink_ptr sink;
  if (out) {
    sink = std::make_shared<LineSink>(std::move(out));
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_st>();
  }
  sink_ = std::make_shared<Sink>(Sink{spdlog::logger("neap", std::move(sink)), format});
  sink_->logger.set_level(to_spdlog(level));
  sink_->logger.set_pattern(format == LogFormat::kJson ? "%v" : "%H:%M:%S.%e %^%l%$ %v");
}

Log::Log(std::shared_ptr<Sink> sink, std::string fields)
    : sink_(std::move(sink)), fields_(std::move(fields)) {}

Log::~Log() = default;
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;

Log Log::with(Fields fields) const {
  const std::span all(fields.begin(), fields.size());
  return {sink_, fields_ + written(sink_->format, all)};
}

bool Log::enabled(LogLevel level) const {
  return sink_->logger.should_log(to_spdlog(level));
}

void Log::write(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  if (!enabled(level)) return;
  sink_->logger.log(
      to_spdlog(level), "{}",
      line_of(sink_->format, level, message, fields_ + written(sink_->format, fields)));
}

}  // namespace neap
