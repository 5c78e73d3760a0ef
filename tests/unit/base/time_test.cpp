// What the time helpers promise: durations and dates, read and written.
#include "base/time.h"

#include <algorithm>
#include <random>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "support/seed.h"

using namespace neap;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kMoment = 1551326592;  // 2019-02-28T04:03:12Z

// Microseconds since 1970; -1 when it is no time.
std::int64_t micros(std::string_view text) {
  const Result<PlatformTime> time = parse_platform_time(text);
  return time ? time->time_since_epoch().count() : -1;
}

}  // namespace

TEST_CASE("durations are read as operators write them") {
  CHECK(parse_duration("90s").value() == 90s);
  CHECK(parse_duration("1h30m").value() == 90min);
  CHECK(parse_duration("250ms").value() == 250ms);
  CHECK(parse_duration("2.5").value() == 2500ms);
  CHECK(parse_duration("2d").value() == 48h);
  CHECK(parse_duration("0").value() == 0s);
  for (const char* bad : {"", "m", "5x", "1h 30m", "-5s", "1h5", "..", "5mm"}) {
    INFO(bad);
    CHECK_FALSE(parse_duration(bad).has_value());
  }
}

TEST_CASE("durations are written for people") {
  CHECK(format_duration(400ms) == "0.4s");
  CHECK(format_duration(12s) == "12s");
  CHECK(format_duration(185s) == "3m05s");
  CHECK(format_duration(62min) == "1h02m");
  CHECK(format_duration(-3s) == "-3.0s");
}

TEST_CASE("times round-trip through the platform's forms") {
  const UtcTime time = parse_basic("20250203T040506Z").value();
  CHECK(format_basic(time) == "20250203T040506Z");
  CHECK(format_iso(time) == "2025-02-03T04:05:06.000Z");
  CHECK(format_http_date(time) == "Mon, 03 Feb 2025 04:05:06 GMT");
  CHECK(parse_http_date(format_http_date(time)).value() == time);
  CHECK_FALSE(parse_basic("2025-02-03").has_value());
  CHECK_FALSE(parse_basic("20251303T040506Z").has_value());
  CHECK_FALSE(parse_http_date("yesterday").has_value());
}

TEST_CASE("seconds clamp instead of overflowing") {
  CHECK(from_seconds(1e300) > 200h);
  CHECK(from_seconds(-1e300) < 0s);
  CHECK(from_seconds(0.25) == 250ms);
}

TEST_CASE("every documented form of time is one moment, and no zone means UTC") {
  for (const char* same : {"2019-02-28 04:03:12", "2019-02-28 04:03:12.0", "2019-02-28T04:03:12Z",
                           "2019-02-28T04:03:12.000Z", "2019-02-28T04:03:12.000000",
                           "2019-02-28 04:03:12.000", "2019-02-28T04:03:12"}) {
    INFO(same);
    CHECK(micros(same) == kMoment * 1'000'000);
  }
  CHECK(micros("2019-02-28 04:03") == (kMoment - 12) * 1'000'000);
  CHECK(micros("2019-02-28T04:03Z") == (kMoment - 12) * 1'000'000);
  CHECK(micros("1970-01-01T00:00:00Z") == 0);
  CHECK(micros("9999-12-31T23:59:59.999999Z") == 253402300799999999);
}

TEST_CASE("decimals are fractions, however many of their zeros were dropped") {
  CHECK(micros("2019-02-28 04:03:12.74") == kMoment * 1'000'000 + 740'000);
  CHECK(micros("2019-02-28 04:03:12.740") == micros("2019-02-28T04:03:12.740000"));
  CHECK(micros("2019-02-28T04:03:12.000001") == kMoment * 1'000'000 + 1);
  CHECK(micros("2019-02-28T04:03:12.123456789Z") == kMoment * 1'000'000 + 123'456);
  CHECK(micros("2019-02-28 04:03:12.8") > micros("2019-02-28 04:03:12.74"));
}

TEST_CASE("what is no time of the platform is refused, and the message shows it") {
  for (const char* bad : {"",
                          "now",
                          "2019-02-28",
                          "2019-02-28T",
                          "04:03",
                          "2019-02-29 00:00:00",
                          "2019-13-01 00:00:00",
                          "2019-00-01 00:00:00",
                          "2019-02-28 24:00:00",
                          "2019-02-28 23:60:00",
                          "2019-02-28 23:59:60",
                          "2019-02-28 4:03:12",
                          "2019-02-28t04:03:12Z",
                          "2019-02-28T04:03:12z",
                          "2019-02-28T04:03:12+08:00",
                          "2019-02-28T04:03:12.Z",
                          "2019-02-28T04:03:12.1234567890Z",
                          "2019-02-28  04:03:12",
                          " 2019-02-28 04:03:12",
                          "2019-02-28 04:03:12 ",
                          "2019-02-28T04:03:12ZZ",
                          "2019-2-28T04:03:12Z",
                          "1969-12-31T23:59:59Z",
                          "2019-02-28T04:03.5Z",
                          "2019/02/28 04:03:12",
                          "-019-02-28 04:03:12",
                          "null"}) {
    INFO(bad);
    CHECK(micros(bad) == -1);
  }
  CHECK(parse_platform_time("2019-02-28\x1b").error().message ==
        "\"2019-02-28\\x1b\" is not a time of the platform");
}

// Reads back what it wrote, and of texts with a slip accepts only those that still have the form.
TEST_CASE("random times read back, and a random slip never makes a time of garbage") {
  const std::uint64_t seed = test::seed_of_run();
  INFO("NEAP_SEED=" << seed);
  std::mt19937_64 random(seed);
  const std::string alphabet = "0123456789-:.TZ tz+/";
  for (int i = 0; i < 20'000; ++i) {
    const auto moment = static_cast<std::int64_t>(random() % 253'402'300'800'000'000);
    const bool spaced = random() % 2 == 0;
    std::string text = fmt::format("{:%Y-%m-%d}{}{:%H:%M:%S}.{:06}{}",
                                   fmt::gmtime(std::time_t{moment / 1'000'000}), spaced ? ' ' : 'T',
                                   fmt::gmtime(std::time_t{moment / 1'000'000}), moment % 1'000'000,
                                   random() % 2 == 0 ? "Z" : "");
    REQUIRE(micros(text) == moment);
    const char slip = alphabet[random() % alphabet.size()];
    const std::size_t at = random() % text.size();
    text[at] = slip;
    const bool digit = slip >= '0' && slip <= '9';
    if (micros(text) == -1) continue;
    // Still a time: a digit for a digit, a separator for its like, decimals cut short by "Z".
    INFO(text);
    const std::string form = "dddd-dd-ddsdd:dd:dd.dddddd";
    const char wanted = at < form.size() ? form[at] : 'Z';
    const bool alike = wanted == 'd'   ? digit
                       : wanted == 's' ? slip == 'T' || slip == ' '
                       : wanted == 'Z' ? slip == 'Z' || digit
                                       : slip == wanted;
    const bool cut = slip == 'Z' && at + 1 == text.size() && at > form.find('.') + 1;
    REQUIRE((alike || cut));
  }
  for (int i = 0; i < 50'000; ++i) {
    std::string text(random() % 30, ' ');
    std::generate(text.begin(), text.end(),
                  [&] { return static_cast<char>(static_cast<unsigned char>(random() % 256)); });
    REQUIRE(micros(text) == -1);
  }
}
