#include "app/print_list.h"

#include <utility>

#include <fmt/format.h>

#include "app/output.h"
#include "json/writer.h"
#include "show/terminal.h"
#include "show/value.h"

namespace neap::app {

using config::Output;

void print_json(const json::Object& document) {
  fmt::print("{}\n", json::write(json::Value(document)));
}

json::Object list_document(const char* format, const char* key, json::Array rows) {
  json::Object document;
  document.set("format", format);
  document.set(key, std::move(rows));
  return document;
}

void print_rows(const Invocation& invocation, const json::Object& document, const json::Array& rows,
                const std::string& text, const char* nothing) {
  switch (invocation.settings.output.value) {
    case Output::kJson:
      return print_json(document);
    case Output::kJsonl:
      for (const json::Value& row : rows) fmt::print("{}\n", json::write(row));
      return;
    case Output::kTable:
      if (!rows.empty()) fmt::print("{}", show::plain_text(rows));
      return;
    case Output::kHuman:
      fmt::print("{}", text);
      if (rows.empty() && !invocation.quiet) say(nothing);
  }
}

void print_rows(const Invocation& invocation, const json::Object& document, const json::Array& rows,
                const show::Table& table, const char* nothing) {
  const show::Look look = show::output_look(invocation.settings.color.value);
  print_rows(invocation, document, rows, show::draw(table, look), nothing);
}

bool print_document(const Invocation& invocation, const json::Object& document) {
  switch (invocation.settings.output.value) {
    case Output::kJson:
    case Output::kJsonl:
      print_json(document);
      return true;
    case Output::kTable:
      fmt::print("{}", show::plain_text(document));
      return true;
    case Output::kHuman:
      return false;
  }
  return false;
}

}  // namespace neap::app
