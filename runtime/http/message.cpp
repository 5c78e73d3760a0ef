#include "http/message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace neap::http {
namespace {

constexpr std::array<std::string_view, 6> kMethods = {"GET", "HEAD",  "POST",
                                                      "PUT", "PATCH", "DELETE"};

}  // namespace

std::string_view to_text(Method method) {
  return kMethods.at(static_cast<std::size_t>(method));
}

std::optional<Method> parse_method(std::string_view text) {
  for (std::size_t i = 0; i < kMethods.size(); ++i) {
    if (kMethods.at(i) == text) return static_cast<Method>(i);
  }
  return std::nullopt;
}

std::string_view Headers::get(std::string_view name) const {
  for (const Header& row : rows_) {
    if (equals_ignoring_case(row.name, name)) return row.value;
  }
  return {};
}

bool Headers::has(std::string_view name) const {
  return count(name) > 0;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(rows_.begin(), rows_.end(), [&](const Header& row) {
    return equals_ignoring_case(row.name, name);
  }));
}

void Headers::add(std::string name, std::string value) {
  rows_.push_back(Header{std::move(name), std::move(value)});
}

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  add(std::string(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(rows_, [&](const Header& row) { return equals_ignoring_case(row.name, name); });
}

}  // namespace neap::http
