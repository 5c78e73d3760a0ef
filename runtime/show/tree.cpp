#include "show/tree.h"

#include <algorithm>

#include "base/text.h"
#include "show/line.h"
#include "show/scalar.h"
#include "show/thing.h"

namespace neap::show {
namespace {

using lua::Snapshot;
using Kind = Snapshot::Kind;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kShort = 72;  // columns of a table that stays on one line

class Writer {
 public:
  Writer(std::string& out, const Look& look, std::size_t base)
      : out_(out), look_(look), base_(base) {}

  void put(const std::string& key, const Snapshot& value, std::size_t depth, const char* after) {
    if (value.kind != Kind::kTable || (is_thing(value) && depth > 0)) {
      return put_line(key, one_line_of(value), depth, after, style_of(value));
    }
    const std::size_t taken = base_ + depth * kIndent + display_width(key) + 1;
    const std::size_t room = look_.width > taken ? std::min(look_.width - taken, kShort) : 0;
    const bool shown_whole = value.items.size() <= look_.rows && value.fields.size() <= look_.rows;
    const std::string line = one_line(value, room);
    if (shown_whole && display_width(line) <= room) return put_line(key, line, depth, after);
    if (depth >= look_.depth) return put_line(key, depth_mark(value), depth, after, Style::kDim);
    put_table(key, value, depth, after);
  }

 private:
  static Style style_of(const Snapshot& value) {
    const bool plain = value.kind == Kind::kText || value.kind == Kind::kNumber ||
                       value.kind == Kind::kBoolean || is_thing(value);
    return plain ? Style::kPlain : Style::kDim;
  }

  static std::string one_line_of(const Snapshot& value) {
    if (is_thing(value)) return "<" + brief(value) + ">";
    return one_line(value, kNoLimit);
  }

  std::string depth_mark(const Snapshot& value) const {
    const std::size_t all =
        value.items.size() + value.fields.size() + value.more_items + value.more_fields;
    return "{ " + more_mark(all, value.more_than_that, look_) + " }";
  }

  // Deep tables keep half of the terminal for what they hold.
  std::size_t indent(std::size_t depth) const {
    return look_.width == kNoLimit ? base_ + depth * kIndent
                                   : std::min(base_ + depth * kIndent, look_.width / 2);
  }

  void put_line(const std::string& key, const std::string& text, std::size_t depth,
                const char* after, Style style = Style::kPlain) {
    Line line(std::string(indent(depth), ' ') + key);
    line.add(text, style).add(after).put(out_, look_, indent(depth) + kIndent);
  }

  void put_table(const std::string& key, const Snapshot& table, std::size_t depth,
                 const char* after) {
    put_line(key, "{", depth, "");
    const std::size_t from = depth == 0 ? look_.from : 0;
    const std::size_t items = end_of(from, table.items.size());
    for (std::size_t i = std::min(from, items); i < items; ++i) {
      put("", table.items[i], depth + 1, ",");
    }
    put_more(table.items.size() - items + table.more_items,
             table.more_than_that && table.fields.empty(), depth + 1);
    // Past the items, a page goes on with the fields.
    const std::size_t seen = from > table.items.size() ? from - table.items.size() : 0;
    const std::size_t fields = end_of(seen, table.fields.size());
    for (std::size_t i = std::min(seen, fields); i < fields; ++i) {
      const Snapshot::Field& field = table.fields[i];
      put(key_text(field) + " = ", field.value, depth + 1, ",");
    }
    put_more(table.fields.size() - fields + table.more_fields,
             table.more_than_that && !table.fields.empty(), depth + 1);
    put_line("", "}", depth, after);
  }

  std::size_t end_of(std::size_t from, std::size_t size) const {
    return look_.rows == kNoLimit || from + look_.rows > size ? size : from + look_.rows;
  }

  void put_more(std::size_t count, bool and_others, std::size_t depth) {
    if (count > 0) put_line("", more_mark(count, and_others, look_), depth, "", Style::kDim);
  }

  std::string& out_;
  const Look& look_;
  std::size_t base_;
};

}  // namespace

void put_tree(std::string& out, const Snapshot& value, const Look& look, std::size_t indent) {
  Writer(out, look, indent).put("", value, 0, "");
}

}  // namespace neap::show
