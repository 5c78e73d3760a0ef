#include "json/tape_tools.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace neap::json {
namespace {

// ~1 is a slash and ~0 a tilde, so that keys may hold either.
std::string unescape(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    if (escape && (token[i + 1] == '0' || token[i + 1] == '1')) {
      out.push_back(token[++i] == '1' ? '/' : '~');
    } else {
      out.push_back(token[i]);
    }
  }
  return out;
}

std::size_t find_member(const Tape& tape, std::size_t object, std::string_view key) {
  std::size_t found = 0;
  const std::size_t end = tape.end(object);
  for (std::size_t at = object + 1; at < end; at = tape.after(at + 1)) {
    if (tape.text(at) == key) found = at + 1;
  }
  return found;
}

std::size_t find_item(const Tape& tape, std::size_t array, std::string_view token) {
  std::size_t wanted = 0;
  const char* token_end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data(), token_end, wanted);
  const bool leading_zero = token.size() > 1 && token.front() == '0';
  if (error != std::errc{} || stop != token_end || leading_zero) return 0;
  const std::size_t end = tape.end(array);
  std::size_t at = array + 1;
  while (at < end && wanted > 0) {
    at = tape.after(at);
    --wanted;
  }
  return at < end ? at : 0;
}

std::size_t find_child(const Tape& tape, std::size_t parent, std::string_view token) {
  if (tape.type(parent) == '[') return find_item(tape, parent, token);
  if (tape.type(parent) != '{') return 0;
  if (token.find('~') == std::string_view::npos) return find_member(tape, parent, token);
  return find_member(tape, parent, unescape(token));
}

std::optional<std::string_view> repeated_key_of(const Tape& tape, std::size_t object) {
  std::vector<std::string_view> keys;
  const std::size_t end = tape.end(object);
  for (std::size_t at = object + 1; at < end; at = tape.after(at + 1)) {
    keys.push_back(tape.text(at));
  }
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice == keys.end()) return std::nullopt;
  return *twice;
}

// The place of the next word that is neither a key's nor a value's continuation.
std::size_t step(const Tape& tape, std::size_t at) {
  const char type = tape.type(at);
  return at + (type == 'l' || type == 'u' || type == 'd' ? 2 : 1);
}

std::size_t last_word(const Tape& tape) {
  return tape.words[0] & 0xFFFF'FFFF;
}

Value object_at(const Tape& tape, std::size_t object) {
  std::vector<Member> members;
  members.reserve(tape.count(object));
  const std::size_t end = tape.end(object);
  for (std::size_t at = object + 1; at < end; at = tape.after(at + 1)) {
    members.emplace_back(std::string(tape.text(at)), value_at(tape, at + 1));
  }
  return Object(std::move(members));
}

Value array_at(const Tape& tape, std::size_t array) {
  Array items;
  items.reserve(tape.count(array));
  const std::size_t end = tape.end(array);
  for (std::size_t at = array + 1; at < end; at = tape.after(at)) {
    items.push_back(value_at(tape, at));
  }
  return items;
}

}  // namespace

std::size_t find(const Tape& tape, std::string_view pointer) {
  std::size_t at = Tape::kFirst;
  while (!pointer.empty() && at != 0) {
    if (pointer.front() != '/') return 0;
    pointer.remove_prefix(1);
    const std::size_t slash = std::min(pointer.find('/'), pointer.size());
    at = find_child(tape, at, pointer.substr(0, slash));
    pointer.remove_prefix(slash);
  }
  return at;
}

std::size_t count_nodes(const Tape& tape) {
  std::size_t nodes = 0;
  const std::size_t last = last_word(tape);
  for (std::size_t at = Tape::kFirst; at < last - 1; at = step(tape, at)) {
    if (tape.type(at) != '}' && tape.type(at) != ']') ++nodes;
  }
  return nodes;
}

std::optional<std::string_view> repeated_key(const Tape& tape) {
  const std::size_t last = last_word(tape);
  for (std::size_t at = Tape::kFirst; at < last - 1; at = step(tape, at)) {
    if (tape.type(at) != '{') continue;
    if (auto key = repeated_key_of(tape, at)) return key;
  }
  return std::nullopt;
}

Value value_at(const Tape& tape, std::size_t at) {
  switch (tape.type(at)) {
    case '{':
      return object_at(tape, at);
    case '[':
      return array_at(tape, at);
    case '"':
      return tape.text(at);
    case 'l':
      return tape.integer(at);
    case 'u':  // only those that no int64 holds
      return std::to_string(tape.natural(at));
    case 'd':
      return tape.real(at);
    case 't':
      return true;
    case 'f':
      return false;
    default:
      return Null{};
  }
}

}  // namespace neap::json
