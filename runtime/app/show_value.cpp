#include "app/show_value.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "json/writer.h"

namespace neap::app {
namespace {

std::string cell(const json::Value& value) {
  if (value.is_null()) return "-";
  const auto* text = value.as<std::string>();
  return printable(text != nullptr ? *text : json::write(value));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t columns = display_width(text);
  return text + std::string(width > columns ? width - columns : 0, ' ');
}

std::string fields(const json::Object& object) {
  std::size_t width = 0;
  for (const auto& [name, value] : object) width = std::max(width, display_width(printable(name)));
  std::string out;
  for (const auto& [name, value] : object) {
    out += padded(printable(name), width) + "  " + cell(value) + "\n";
  }
  return out;
}

bool is_table(const json::Array& rows) {
  return !rows.empty() && std::all_of(rows.begin(), rows.end(), [](const json::Value& row) {
    return row.as<json::Object>() != nullptr;
  });
}

// Columns in the order in which the rows name them.
std::string table(const json::Array& rows) {
  std::vector<std::string> names;
  for (const json::Value& row : rows) {
    for (const auto& [name, value] : *row.as<json::Object>()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::vector<std::vector<std::string>> lines(1, names);
  for (const json::Value& row : rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const std::string& name : names) {
      const json::Value* value = row.as<json::Object>()->find(name);
      line.push_back(value != nullptr ? cell(*value) : "-");
    }
  }
  std::string out;
  for (const std::vector<std::string>& line : lines) {
    std::string text;
    for (std::size_t column = 0; column < names.size(); ++column) {
      std::size_t width = 0;
      for (const auto& other : lines) width = std::max(width, display_width(other[column]));
      text += padded(line[column], width + 2);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out;
}

}  // namespace

std::string show_value(const json::Value& value) {
  if (const auto* text = value.as<std::string>()) return printable(*text) + "\n";
  if (const auto* object = value.as<json::Object>(); object != nullptr && !object->empty()) {
    return fields(*object);
  }
  if (const auto* rows = value.as<json::Array>(); rows != nullptr && is_table(*rows)) {
    return table(*rows);
  }
  return json::write(value) + "\n";
}

}  // namespace neap::app
