// Lists and documents on standard output, in the form that was asked for.
#pragma once

#include <string>

#include "app/cli.h"
#include "json/value.h"
#include "show/table.h"

namespace neap::app {

void print_json(const json::Object& document);

// {"format": format, key: rows}.
json::Object list_document(const char* format, const char* key, json::Array rows);

// The document; its rows one a line; the rows as a plain table; or, for people, the text. Of no
// rows the latter says `nothing`, on standard error, unless that was unwanted.
void print_rows(const Invocation& invocation, const json::Object& document, const json::Array& rows,
                const std::string& text, const char* nothing);
// The same with a table for people, which is drawn as the terminal allows.
void print_rows(const Invocation& invocation, const json::Object& document, const json::Array& rows,
                const show::Table& table, const char* nothing);

// A document about one thing: as it is, or as plain lines of name and value.
bool print_document(const Invocation& invocation, const json::Object& document);

}  // namespace neap::app
