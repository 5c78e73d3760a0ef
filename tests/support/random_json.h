// Random JSON values for property tests, from a seed that the test prints.
#pragma once

#include <bit>
#include <cmath>
#include <map>
#include <random>
#include <string>

#include "json/tape.h"
#include "json/value.h"

namespace neap::test {

// Values as they look after a round trip: keys sorted, integral numbers up to 2^53 as integers.
class RandomJson {
 public:
  explicit RandomJson(std::uint64_t seed) : random_(seed) {}

  json::Value value(int depth = 4) {
    switch (below(depth > 0 ? 8 : 6)) {
      case 0:
        return json::Null{};
      case 1:
        return below(2) == 0;
      case 2:
        return integer();
      case 3:
        return number();
      case 4:
      case 5:
        return text();
      case 6:
        return array(depth);
      default:
        return object(depth);
    }
  }

  std::string text() {
    std::string out;
    for (std::uint64_t i = below(12); i > 0; --i) out += character();
    return out;
  }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

 private:
  json::Value integer() {
    const auto magnitude = static_cast<std::int64_t>(random_() >> (11 + below(50)));
    return below(2) == 0 ? magnitude : -magnitude;
  }

  json::Value number() {
    const auto n = std::bit_cast<double>(random_());
    if (!std::isfinite(n)) return 0.5;
    const bool integral = n == std::trunc(n) && n != 0;
    if (integral && std::abs(n) <= static_cast<double>(json::kMostExact)) {
      return static_cast<std::int64_t>(n);
    }
    return n;
  }

  std::string character() {
    switch (below(8)) {
      case 0:
        return std::string(1, static_cast<char>(below(32)));  // NUL and other controls
      case 1:
        return std::string(1, "\"\\/~\x7F"[below(5)]);
      case 2:
        return "\xC3\xA9";
      case 3:
        return "\xE4\xBF\x9D";
      case 4:
        return "\xF0\x9F\x8C\x8A";
      default:
        return std::string(1, static_cast<char>('a' + below(26)));
    }
  }

  json::Value array(int depth) {
    json::Array items;
    for (std::uint64_t i = below(6); i > 0; --i) items.push_back(value(depth - 1));
    return items;
  }

  json::Value object(int depth) {
    std::map<std::string, json::Value> sorted;
    for (std::uint64_t i = below(6); i > 0; --i) sorted.insert_or_assign(text(), value(depth - 1));
    return json::Object(std::vector<json::Member>(sorted.begin(), sorted.end()));
  }

  std::mt19937_64 random_;
};

}  // namespace neap::test
