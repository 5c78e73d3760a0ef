// The program's log: its two formats, and that nothing from outside breaks a line of it.
#include "base/log.h"

#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace neap {
namespace {

struct Lines {
  std::vector<std::string> all;
  Log log;
  Lines(LogLevel level, LogFormat format)
      : log(level, format, [this](std::string_view line) { all.emplace_back(line); }) {}
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
};

// What follows the time.
std::string after_time(const std::string& line, LogFormat format) {
  const std::string head =
      format == LogFormat::kJson ? R"({"ts":"2026-11-21T23:05:07.123Z",)" : "23:05:07.123 ";
  REQUIRE(line.size() > head.size());
  for (std::size_t i = 0; i < head.size(); ++i) {
    const bool digit = head[i] >= '0' && head[i] <= '9';
    CHECK((digit ? line[i] >= '0' && line[i] <= '9' : line[i] == head[i]));
  }
  return line.substr(head.size());
}

std::string json(std::string_view message, Log::Fields fields = {}) {
  Lines lines(LogLevel::kInfo, LogFormat::kJson);
  lines.log.warn(message, fields);
  REQUIRE(lines.all.size() == 1);
  return after_time(lines.all[0], LogFormat::kJson);
}

std::string text(std::string_view message, Log::Fields fields = {}) {
  Lines lines(LogLevel::kInfo, LogFormat::kText);
  lines.log.warn(message, fields);
  REQUIRE(lines.all.size() == 1);
  return after_time(lines.all[0], LogFormat::kText);
}

TEST_CASE("a JSON line holds the UTC time, the level, the message and the fields in order") {
  const std::string event = "k3v9x2m7qa";
  const std::size_t attempts = 3;
  CHECK(json("answered", {{"event", event},
                          {"result", "CONTINUE"},
                          {"attempts", attempts},
                          {"left", -1},
                          {"took", 1.25},
                          {"late", false}}) ==
        R"("level":"warn","msg":"answered","event":"k3v9x2m7qa","result":"CONTINUE",)"
        R"("attempts":3,"left":-1,"took":1.25,"late":false})");
  CHECK(json("plain") == R"("level":"warn","msg":"plain"})");
}

TEST_CASE("a text line ends with the fields, quoted where a reader could not tell their end") {
  CHECK(text("answered", {{"event", "k3v9"}, {"attempts", 3}, {"late", true}}) ==
        "warning answered event=k3v9 attempts=3 late=true");
  CHECK(text("failed", {{"error", "no such \"host\""}, {"key", "a=b"}, {"path", R"(C:\x)"}}) ==
        R"(warning failed error="no such \"host\"" key="a=b" path="C:\\x")");
  CHECK(text("plain") == "warning plain");
}

TEST_CASE("fields without a text are left out of both formats") {
  CHECK(text("m", {{"run", ""}, {"event", std::string()}, {"n", 0}}) == "warning m n=0");
  CHECK(json("m", {{"run", ""}, {"n", 0}}) == R"("level":"warn","msg":"m","n":0})");
}

TEST_CASE("no message, field or name from outside breaks out of its line or its quotes") {
  const std::string hostile =
      "a\"b\\c\nd\re\tf\x1b[31m\x01 \xff \xe2\x80\xae\xc2\x9b"
      "\xf0\x9f\x98\x80";
  const std::string escaped = R"("a\"b\\c\nd\u000de\u0009f\u001b[31m\u0001 )"
                              "\xef\xbf\xbd"
                              R"( \u202e\u009b)"
                              "\xf0\x9f\x98\x80\"";
  CHECK(json(hostile, {{"k", hostile}}) ==
        R"("level":"warn","msg":)" + escaped + R"(,"k":)" + escaped + "}");
  CHECK(json("m", {{"a\"\n", 1}}) == R"("level":"warn","msg":"m","a\"\n":1})");
  CHECK(text("one\ntwo\x1b[2J", {{"k", hostile}}) == R"(warning one\x0atwo\x1b[2J k=)" + escaped);
  CHECK(text("{} %v {0}", {{"k", "{}"}}) == "warning {} %v {0} k={}");
}

TEST_CASE("a log made with fields puts them on each of its lines, before those of the message") {
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    Lines lines(LogLevel::kInfo, format);
    {
      const std::string event = "k3v9";
      Log handler = lines.log.with({{"handler", "a b"}, {"run", ""}}).with({{"event", event}});
      handler.warn("m", {{"n", 1}});
      CHECK_FALSE(handler.enabled(LogLevel::kDebug));
    }
    lines.log.warn("plain");
    REQUIRE(lines.all.size() == 2);
    CHECK(after_time(lines.all[0], format) ==
          (format == LogFormat::kText
               ? R"(warning m handler="a b" event=k3v9 n=1)"
               : R"("level":"warn","msg":"m","handler":"a b","event":"k3v9","n":1})"));
    CHECK(lines.all[1].find("event") == std::string::npos);
  }
}

TEST_CASE("numbers that JSON does not know become null") {
  CHECK(json("m", {{"a", std::numeric_limits<double>::infinity()},
                   {"b", std::numeric_limits<double>::quiet_NaN()},
                   {"c", std::numeric_limits<std::int64_t>::min()}}) ==
        R"("level":"warn","msg":"m","a":null,"b":null,"c":-9223372036854775808})");
}

TEST_CASE("what is below the level is not written") {
  Lines lines(LogLevel::kWarn, LogFormat::kJson);
  lines.log.debug("a");
  lines.log.info("b", {{"k", 1}});
  lines.log.error("c");
  REQUIRE(lines.all.size() == 1);
  CHECK(lines.all[0].find(R"("level":"error","msg":"c")") != std::string::npos);
  CHECK_FALSE(lines.log.enabled(LogLevel::kInfo));

  Lines silent(LogLevel::kOff, LogFormat::kText);
  silent.log.error("never");
  CHECK(silent.all.empty());
}

TEST_CASE("the names of levels are read, others are refused") {
  CHECK(parse_log_level("warn").value() == LogLevel::kWarn);
  CHECK(parse_log_level("loud").error().kind == ErrorKind::kUsage);
}

}  // namespace
}  // namespace neap
