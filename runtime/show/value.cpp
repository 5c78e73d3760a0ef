#include "show/value.h"

#include <utility>

#include "base/text.h"
#include "json/writer.h"
#include "show/card.h"
#include "show/from_json.h"
#include "show/line.h"
#include "show/records.h"
#include "show/scalar.h"
#include "show/thing.h"
#include "show/tree.h"

namespace neap::show {
namespace {

using lua::Snapshot;
using Kind = Snapshot::Kind;

constexpr std::string_view kTab = "    ";

// Keeps its own line breaks; what is too long for the terminal goes on below.
std::string own_text(const Snapshot& value, const Look& look) {
  std::string out;
  for (const std::string_view line : split(value.text, '\n')) {
    std::string shown;
    for (const std::string_view part : split(line, '\t')) {
      if (!shown.empty() || part.data() != line.data()) shown += kTab;
      shown += printable(part);
    }
    Line(shown).put(out, look);
  }
  if (value.cut > 0) {
    Line("… " + std::to_string(value.cut) + " bytes more", Style::kDim).put(out, look);
  }
  return out;
}

// Objects and arrays of a line's length stay on it.
void put_json(std::string& out, const json::Value& value, std::size_t indent) {
  constexpr std::size_t kShort = 60;
  const auto* array = value.as<json::Array>();
  const auto* object = value.as<json::Object>();
  const std::string line = json::write(value);
  if ((array == nullptr && object == nullptr) || line.size() <= kShort) {
    out += line;
    return;
  }
  const std::string blanks(indent + 2, ' ');
  const char* separator = "\n";
  out += array != nullptr ? "[" : "{";
  if (array != nullptr) {
    for (const json::Value& item : *array) {
      out += std::exchange(separator, ",\n") + blanks;
      put_json(out, item, indent + 2);
    }
  } else {
    for (const auto& [name, member] : *object) {
      out += std::exchange(separator, ",\n") + blanks + json::write(json::Value(name)) + ": ";
      put_json(out, member, indent + 2);
    }
  }
  out += "\n" + std::string(indent, ' ') + (array != nullptr ? "]" : "}");
}

}  // namespace

std::string value_text(const Snapshot& value, const Look& look) {
  std::string out;
  if (value.kind == Kind::kText) return own_text(value, look);
  if (is_thing(value)) {
    put_card(out, value, look);
  } else if (is_records(value)) {
    put_records(out, value, look);
  } else {
    put_tree(out, value, look);
  }
  return out;
}

std::string result_text(const json::Value& value, const Look& look) {
  const Snapshot shot = snapshot_of(value);
  const bool fields = shot.kind == Kind::kTable && !shot.fields.empty();
  if (!fields) return value_text(shot, look);
  std::string out;
  put_members(out, shot, look);
  return out;
}

std::string plain_text(const json::Value& value) {
  const Snapshot shot = snapshot_of(value);
  if (is_records(shot))
    return plain(records_table(shot, Look{.width = kNoLimit}, Form::kAsWritten));
  if (shot.kind == Kind::kTable && !shot.fields.empty()) {
    Table table({{"name"}, {"value"}});
    for (const Snapshot::Field& field : shot.fields) {
      table.add({{printable(field.name)}, plain_cell(field.value)});
    }
    const std::string text = plain(table);
    return text.substr(text.find('\n') + 1);  // a list of names needs no heading
  }
  const auto* text = value.as<std::string>();
  return (text != nullptr ? printable(*text) : json::write(value)) + "\n";
}

std::string json_text(const json::Value& value) {
  std::string out;
  put_json(out, value, 0);
  return out + "\n";
}

}  // namespace neap::show
