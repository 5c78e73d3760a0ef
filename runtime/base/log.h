// The program's own log: diagnostics for operators, on stderr, never results.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace neap {

enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };

Result<LogLevel> parse_log_level(std::string_view text);

// Lines are escaped (base/text.h, printable): names and error texts come from outside.
class Log {
 public:
  explicit Log(LogLevel level);
  ~Log();
  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;

  bool enabled(LogLevel level) const;
  void write(LogLevel level, std::string_view message);

  void debug(std::string_view message) { write(LogLevel::kDebug, message); }
  void info(std::string_view message) { write(LogLevel::kInfo, message); }
  void warn(std::string_view message) { write(LogLevel::kWarn, message); }
  void error(std::string_view message) { write(LogLevel::kError, message); }

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace neap
