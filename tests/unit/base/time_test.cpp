// What the time helpers promise: durations and dates, read and written.
#include "base/time.h"

#include <catch2/catch.hpp>

using namespace neap;
using namespace std::chrono_literals;

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
