// Reads Prometheus' text format 0.0.4 as strictly as its own parser, and holds the page to what
// promtool and the naming rules ask for on top.
#pragma once

#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace neap::test {

struct PrometheusPage {
  using Labels = std::map<std::string, std::string>;
  struct Family {
    std::string type;
    std::string help;
  };
  std::map<std::string, Family> families;
  std::map<std::pair<std::string, Labels>, double> samples;

  std::optional<double> at(const std::string& name, const Labels& labels = {}) const {
    const auto found = samples.find({name, labels});
    return found == samples.end() ? std::nullopt : std::optional(found->second);
  }
};

// Throws std::runtime_error with the line that breaks a rule.
class PrometheusReader {
 public:
  static PrometheusPage read(std::string_view text) {
    PrometheusReader reader;
    if (!text.empty() && text.back() != '\n') throw std::runtime_error("no line break at the end");
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      reader.line_ = text.substr(0, end);
      text.remove_prefix(end + 1);
      reader.line();
    }
    reader.check_histograms();
    return std::move(reader.page_);
  }

 private:
  using Labels = PrometheusPage::Labels;

  [[noreturn]] void wrong(const std::string& why) const {
    throw std::runtime_error(why + ": " + std::string(line_));
  }
  void expect(bool holds, const char* why) const {
    if (!holds) wrong(why);
  }

  void line() {
    rest_ = line_;
    if (take("# HELP ")) return help();
    if (take("# TYPE ")) return type();
    expect(!rest_.empty(), "an empty line");
    expect(rest_.front() != '#', "a comment that is neither HELP nor TYPE");
    sample();
  }

  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  std::string name(bool colons) {
    const auto letter = [colons](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
    };
    std::string text;
    while (!rest_.empty() && (letter(rest_.front()) ||
                              (!text.empty() && rest_.front() >= '0' && rest_.front() <= '9'))) {
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    expect(!text.empty(), "a name is missing");
    return text;
  }

  void help() {
    const std::string family = name(true);
    expect(take(" ") && !rest_.empty(), "HELP without words");
    expect(page_.families.emplace(family, PrometheusPage::Family{"", std::string(rest_)}).second,
           "a second HELP");
    current_ = family;
  }

  void type() {
    const std::string family = name(true);
    expect(family == current_, "TYPE does not follow its HELP");
    expect(take(" "), "TYPE without a type");
    std::string& known = page_.families.at(family).type;
    expect(known.empty(), "a second TYPE");
    known = rest_;
    expect(known == "counter" || known == "gauge" || known == "histogram", "an unknown type");
    expect((known == "counter") == family.ends_with("_total"), "counters, and they only, end so");
    for (const char* unit : {"_ms", "_milliseconds", "_minutes", "_kb", "_mb", "_percent"}) {
      expect(!family.ends_with(unit), "not a base unit");
    }
  }

  std::string quoted() {
    expect(take("\""), "a label value is not quoted");
    std::string text;
    while (!rest_.empty() && rest_.front() != '"') {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\\') {
        expect(!rest_.empty(), "a backslash at the end");
        c = rest_.front() == 'n' ? '\n' : rest_.front();
        expect(c == '\n' || c == '\\' || c == '"', "an unknown escape");
        rest_.remove_prefix(1);
      }
      text += c;
    }
    expect(take("\""), "a label value does not end");
    return text;
  }

  Labels labels() {
    Labels all;
    if (!take("{")) return all;
    do {
      std::string label = name(false);
      expect(take("="), "a label without a value");
      expect(all.emplace(std::move(label), quoted()).second, "a label twice");
    } while (take(","));
    expect(take("}"), "labels do not end");
    return all;
  }

  double value() {
    expect(take(" "), "no space before the value");
    if (rest_ == "+Inf") return HUGE_VAL;
    if (rest_ == "NaN") return std::nan("");
    double number = 0;
    const char* const end = rest_.data() + rest_.size();
    const auto [stop, error] = std::from_chars(rest_.data(), end, number);
    expect(error == std::errc{} && stop == end, "not a number, or something behind it");
    return number;
  }

  void sample() {
    const std::string full = name(true);
    const bool histogram = !current_.empty() && page_.families.at(current_).type == "histogram";
    if (histogram) {
      expect(
          full == current_ + "_bucket" || full == current_ + "_sum" || full == current_ + "_count",
          "not a part of the histogram");
    } else {
      expect(full == current_ && !page_.families.at(current_).type.empty(),
             "a sample outside of its family");
    }
    Labels all = labels();
    const double number = value();
    expect(page_.families.at(current_).type == "gauge" || number >= 0, "a counter below zero");
    if (full.ends_with("_bucket") && histogram) buckets(full, all, number);
    expect(page_.samples.emplace(std::pair{full, std::move(all)}, number).second, "a sample twice");
  }

  // Of one histogram and its other labels: bounds rise, counts never fall.
  void buckets(const std::string& full, Labels labels, double count) {
    const auto le = labels.extract("le");
    expect(!le.empty(), "a bucket without le");
    const double bound = le.mapped() == "+Inf" ? HUGE_VAL : std::stod(le.mapped());
    auto& [last_bound, last_count] =
        last_bucket_.emplace(std::pair{full, labels}, std::pair{-HUGE_VAL, 0.0}).first->second;
    expect(bound > last_bound, "bounds do not rise");
    expect(count >= last_count, "buckets are not cumulative");
    last_bound = bound;
    last_count = count;
  }

  void check_histograms() const {
    for (const auto& [key, last] : last_bucket_) {
      const std::string base = key.first.substr(0, key.first.size() - 7);
      const auto count = page_.at(base + "_count", key.second);
      const bool whole = last.first == HUGE_VAL && count && *count == last.second &&
                         page_.at(base + "_sum", key.second);
      if (!whole) throw std::runtime_error("+Inf, _sum or _count is missing or differs: " + base);
    }
  }

  std::string_view line_;
  std::string_view rest_;
  std::string current_;
  PrometheusPage page_;
  std::map<std::pair<std::string, Labels>, std::pair<double, double>> last_bucket_;
};

}  // namespace neap::test
