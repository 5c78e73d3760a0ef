// Small text helpers that the standard library lacks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace neap {

std::string to_lower(std::string_view text);  // ASCII only
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
bool equals_ignoring_case(std::string_view a, std::string_view b);

// The candidates that a typing slip could have turned into `word`, nearest first, at most three.
std::vector<std::string> nearest(std::string_view word, std::span<const std::string> candidates);
// " (did you mean a or b?)", or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

// Makes text from outside safe to print: control characters and escape sequences become \xNN.
std::string printable(std::string_view text);
// A JSON string, quotes and all; what printable() escapes becomes \uNNNN, bytes that are no UTF-8
// become U+FFFD. For rooms below json; the others have json/writer.h.
std::string json_quoted(std::string_view text);

bool valid_utf8(std::string_view text);
// Columns the text takes on a terminal; wide East Asian characters take two.
std::size_t display_width(std::string_view text);

std::string to_hex(std::span<const unsigned char> bytes);  // lower case

}  // namespace neap
