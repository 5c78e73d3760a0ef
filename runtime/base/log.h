// The program's own log: diagnostics for operators, on stderr, never results.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "base/function.h"

namespace neap {

enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };
// For people, or one JSON object a line: {"ts":…,"level":…,"msg":…} and the fields beside them.
enum class LogFormat { kText, kJson };

Result<LogLevel> parse_log_level(std::string_view text);

// A fact beside a message, for the time of one call: {"event", event.id}, {"attempts", 3}.
class LogField {
 public:
  template <std::convertible_to<std::string_view> T>
  LogField(std::string_view name, const T& text) : name_(name), value_(std::string_view(text)) {}
  template <std::integral T>
  LogField(std::string_view name, T number)
      : name_(name), value_(static_cast<std::int64_t>(number)) {}
  LogField(std::string_view name, bool flag) : name_(name), value_(flag) {}
  LogField(std::string_view name, double number) : name_(name), value_(number) {}

  std::string_view name() const { return name_; }
  bool is_empty() const;
  std::string json() const;   // the value alone
  std::string plain() const;  // the same; quoted only where a reader could not tell its end

 private:
  std::string_view name_;
  std::variant<std::string_view, std::int64_t, double, bool> value_;
};

// Everything is escaped (base/text.h), for names and error texts come from outside. Fields without
// a text are left out.
class Log {
 public:
  using Fields = std::initializer_list<LogField>;

  explicit Log(LogLevel level, LogFormat format = LogFormat::kText);
  // Hands each line, without its break, to `out` instead of writing it to stderr.
  Log(LogLevel level, LogFormat format, Function<void(std::string_view line)> out);
  ~Log();
  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;

  // The same log, for somebody whose every line is to carry these fields: the event that a handler
  // works on. May outlive this one.
  Log with(Fields fields) const;

  bool enabled(LogLevel level) const;
  void write(LogLevel level, std::string_view message, Fields fields = {}) {
    write(level, message, std::span(fields.begin(), fields.size()));
  }
  void write(LogLevel level, std::string_view message, std::span<const LogField> fields);

  void debug(std::string_view m, Fields fields = {}) { write(LogLevel::kDebug, m, fields); }
  void info(std::string_view m, Fields fields = {}) { write(LogLevel::kInfo, m, fields); }
  void warn(std::string_view m, Fields fields = {}) { write(LogLevel::kWarn, m, fields); }
  void error(std::string_view m, Fields fields = {}) { write(LogLevel::kError, m, fields); }

 private:
  struct Sink;
  Log(std::shared_ptr<Sink> sink, std::string fields);

  std::shared_ptr<Sink> sink_;
  std::string fields_;  // of with(), as they are written
};

}  // namespace neap
