// Text with places to fill in, a small part of Mustache: {{name}} puts a value in as text of HTML,
// {{#name}}…{{/name}} stands once for each item of a list, or once if the value is true, a text
// that says something, or an object; {{^name}}…{{/name}} if it is not. A name is looked up in the
// innermost item first; {{.}} is an item itself. {{>file}} puts in another file: one that ends with
// .html is a template too, any other stands as it is. There is no way to put in a value unescaped.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/embedded.h"
#include "json/value.h"

namespace neap::report {

// `files` hold the template called `name` and those that it puts in. Throws std::logic_error for
// one that is malformed or not there, which is a bug.
std::string fill_in(std::span<const EmbeddedFile> files, std::string_view name,
                    const json::Object& values);

// Harmless as text and as a quoted attribute; visible() of report/text.h is part of it.
std::string in_html(std::string_view text);

}  // namespace neap::report
