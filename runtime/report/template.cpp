#include "report/template.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "base/text.h"
#include "json/writer.h"
#include "report/text.h"

namespace neap::report {
namespace {

std::logic_error broken(std::string_view what, std::string_view name) {
  return std::logic_error("template: " + std::string(what) + " \"" + std::string(name) + "\"");
}

bool holds(const json::Value& value) {
  if (value.is_null()) return false;
  if (const auto* flag = value.as<bool>()) return *flag;
  if (const auto* text = value.as<std::string>()) return !text->empty();
  if (const auto* list = value.as<json::Array>()) return !list->empty();
  return true;
}

std::string_view file_of(std::span<const EmbeddedFile> files, std::string_view name) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const EmbeddedFile& file) { return file.name == name; });
  if (found == files.end()) throw broken("no file", name);
  return found->text.view();
}

class Filler {
 public:
  explicit Filler(std::span<const EmbeddedFile> files) : files_(files) {}

  void fill(std::string_view text) {
    while (!text.empty()) {
      const std::size_t open = text.find("{{");
      out_ += text.substr(0, open);
      if (open == std::string_view::npos) return;
      const std::size_t close = text.find("}}", open);
      if (close == std::string_view::npos) throw broken("no end of", text.substr(open, 20));
      const std::string_view tag = text.substr(open + 2, close - open - 2);
      text.remove_prefix(close + 2);
      if (tag.starts_with('#') || tag.starts_with('^')) {
        const std::string_view inner = take_section(text, tag.substr(1));
        section(tag.substr(1), inner, tag.starts_with('^'));
      } else if (tag.starts_with('>')) {
        put_file(tag.substr(1));
      } else {
        put(find(tag));
      }
    }
  }

  std::string take() { return std::move(out_); }
  void enter(const json::Value& value) { scope_.push_back(&value); }

 private:
  // What stands between here and the section's end, behind which `text` goes on.
  static std::string_view take_section(std::string_view& text, std::string_view name) {
    const std::string end = "{{/" + std::string(name) + "}}";
    const std::string begin = std::string(name) + "}}";
    std::size_t depth = 1;
    std::size_t at = 0;
    while (depth > 0) {
      const std::size_t next = text.find("{{", at);
      if (next == std::string_view::npos) throw broken("no end of", name);
      const std::string_view rest = text.substr(next);
      if (rest.starts_with(end)) {
        --depth;
      } else if ((rest.starts_with("{{#") || rest.starts_with("{{^")) &&
                 rest.substr(3).starts_with(begin)) {
        ++depth;
      }
      at = next + 2;
    }
    const std::string_view inner = text.substr(0, at - 2);
    text.remove_prefix(at - 2 + end.size());
    return inner;
  }

  const json::Value& find(std::string_view name) const {
    if (name == ".") return *scope_.back();
    for (auto it = scope_.rbegin(); it != scope_.rend(); ++it) {
      const auto* object = (*it)->as<json::Object>();
      const json::Value* value = object != nullptr ? object->find(name) : nullptr;
      if (value != nullptr) return *value;
    }
    throw broken("no value", name);
  }

  void section(std::string_view name, std::string_view inner, bool inverted) {
    const json::Value& value = find(name);
    if (inverted || !holds(value)) {
      if (inverted && !holds(value)) fill(inner);
      return;
    }
    const auto* list = value.as<json::Array>();
    if (list == nullptr) return within(value, inner);
    for (const json::Value& item : *list) within(item, inner);
  }

  void within(const json::Value& value, std::string_view inner) {
    scope_.push_back(&value);
    fill(inner);
    scope_.pop_back();
  }

  void put(const json::Value& value) {
    if (value.is_null()) return;
    const auto* text = value.as<std::string>();
    out_ += in_html(text != nullptr ? *text : json::write(value));
  }

  void put_file(std::string_view name) {
    const std::string_view text = file_of(files_, name);
    if (name.ends_with(".html")) return fill(text);
    out_ += text;
  }

  std::span<const EmbeddedFile> files_;
  std::vector<const json::Value*> scope_;
  std::string out_;
};

}  // namespace

std::string fill_in(std::span<const EmbeddedFile> files, std::string_view name,
                    const json::Object& values) {
  const json::Value root(values);
  Filler filler(files);
  filler.enter(root);
  filler.fill(file_of(files, name));
  return filler.take();
}

std::string in_html(std::string_view text) {
  std::string safe;
  for (const char c : visible(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

}  // namespace neap::report
