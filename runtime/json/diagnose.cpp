#include "json/diagnose.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace neap::json {
namespace {

// RapidJSON's messages are sentences; ours go on after them.
std::string as_clause(const char* sentence) {
  std::string clause = sentence;
  while (!clause.empty() && clause.back() == '.') clause.pop_back();
  if (!clause.empty()) clause[0] = static_cast<char>(std::tolower(clause[0]));
  return clause;
}

std::string place(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t last_break = before.rfind('\n');
  const std::size_t start = last_break == std::string_view::npos ? 0 : last_break + 1;
  return fmt::format("line {}, column {} (byte {})", line, before.size() - start + 1, offset);
}

}  // namespace

// simdjson's DOM does not say where it stopped; RapidJSON does. It reads iteratively, so a depth
// bomb cannot exhaust the stack here.
std::string diagnose(std::string_view text, std::string_view otherwise) {
  // Numbers are not computed: RapidJSON's full precision does not bear a zero with an exponent.
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::BaseReaderHandler<> ignore;
  rapidjson::Reader reader;
  reader.Parse<kFlags>(stream, ignore);
  if (!reader.HasParseError()) return std::string(otherwise);
  return fmt::format("{} at {}", as_clause(rapidjson::GetParseError_En(reader.GetParseErrorCode())),
                     place(text, reader.GetErrorOffset()));
}

}  // namespace neap::json
