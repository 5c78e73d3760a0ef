// Writes Prometheus' text format 0.0.4: families of samples, each sample with its labels.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace neap::serve {

struct Label {
  std::string_view name;
  std::string_view value;  // anything: it is escaped
};

class ExpositionPage {
 public:
  using Labels = std::initializer_list<Label>;

  // Samples belong to the family that was begun last; its name, type and help are our own words.
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(Labels labels, std::uint64_t value) { number({}, labels, std::to_string(value)); }
  void sample(Labels labels, double value) { number({}, labels, text_of(value)); }
  // A sample of a histogram: "_bucket", "_sum" or "_count" follows the family's name.
  void part(std::string_view suffix, Labels labels, std::uint64_t value) {
    number(suffix, labels, std::to_string(value));
  }
  void part(std::string_view suffix, Labels labels, double value) {
    number(suffix, labels, text_of(value));
  }
  std::string take() { return std::move(text_); }

  static std::string text_of(double value);

 private:
  void number(std::string_view suffix, Labels labels, const std::string& value);

  std::string text_;
  std::string name_;
};

}  // namespace neap::serve
