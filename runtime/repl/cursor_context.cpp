#include "repl/cursor_context.h"

#include <algorithm>
#include <cctype>

namespace neap::repl {
namespace {

using Kind = CursorContext::Kind;

struct Token {
  enum class Kind { kName, kText, kNumber, kMark, kComment };
  Kind kind = Kind::kMark;
  std::size_t start = 0;
  std::string_view text;  // of a text, what stands between the quotes
  bool open = false;      // a text or comment that the end of the input cuts off
};

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_part(char c) {
  return is_letter(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Token> scan() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (std::isspace(static_cast<unsigned char>(c)) != 0) {
        ++at_;
      } else if (is_letter(c)) {
        take(Token::Kind::kName, is_part);
      } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
        take(Token::Kind::kNumber, [](char d) { return is_part(d) || d == '.'; });
      } else if (c == '"' || c == '\'') {
        take_quoted(c);
      } else if (text_.substr(at_).starts_with("[[")) {
        take_until(Token::Kind::kText, 2, "]]");
      } else if (text_.substr(at_).starts_with("--[[")) {
        take_until(Token::Kind::kComment, 4, "]]");
      } else if (text_.substr(at_).starts_with("--")) {
        take_until(Token::Kind::kComment, 2, "\n");
      } else {
        tokens_.push_back({Token::Kind::kMark, at_, text_.substr(at_, 1), false});
        ++at_;
      }
    }
    return std::move(tokens_);
  }

 private:
  template <class Belongs>
  void take(Token::Kind kind, Belongs belongs) {
    const std::size_t start = at_;
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    tokens_.push_back({kind, start, text_.substr(start, at_ - start), false});
  }

  void take_quoted(char quote) {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    const std::size_t end = std::min(at_, text_.size());
    tokens_.push_back(
        {Token::Kind::kText, start, text_.substr(start + 1, end - start - 1), end == text_.size()});
    at_ = end + 1;
  }

  void take_until(Token::Kind kind, std::size_t skip, std::string_view closing) {
    const std::size_t start = at_;
    const std::size_t end = text_.find(closing, at_ + skip);
    at_ = end == text_.npos ? text_.size() : end + closing.size();
    const std::size_t inner = std::min(start + skip, text_.size());
    tokens_.push_back(
        {kind, start, text_.substr(inner, std::min(end, text_.size()) - inner), end == text_.npos});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

using Tokens = std::vector<Token>;

bool is_mark(const Tokens& tokens, std::size_t i, char mark) {
  return i < tokens.size() && tokens[i].kind == Token::Kind::kMark && tokens[i].text[0] == mark;
}

bool is_kind(const Tokens& tokens, std::size_t i, Token::Kind kind) {
  return i < tokens.size() && tokens[i].kind == kind;
}

// The bracket that matches the one at `close`, going back; tokens.size() when there is none.
std::size_t opener_of(const Tokens& tokens, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close + 1; i-- > 0;) {
    if (is_mark(tokens, i, ')') || is_mark(tokens, i, '}') || is_mark(tokens, i, ']')) ++depth;
    if (is_mark(tokens, i, '(') || is_mark(tokens, i, '{') || is_mark(tokens, i, '[')) --depth;
    if (depth == 0) return i;
  }
  return tokens.size();
}

// Where the arguments of a call begin whose last token is at `i`; `i` + 1 where it is no call.
std::size_t arguments_begin(const Tokens& tokens, std::size_t i) {
  if (is_mark(tokens, i, ')') || is_mark(tokens, i, '}')) return opener_of(tokens, i);
  return is_kind(tokens, i, Token::Kind::kText) ? i : i + 1;
}

// The path whose last token is before `end`: names with dots and colons, calls among them.
std::vector<std::string> path_before(const Tokens& tokens, std::size_t end) {
  std::vector<std::string> path;
  std::size_t i = end;
  for (;;) {
    if (i == 0) return {};
    const std::size_t arguments = arguments_begin(tokens, i - 1);
    const bool call = arguments < i;
    if (arguments == tokens.size() || (call && arguments == 0)) return {};
    const std::size_t name = call ? arguments - 1 : i - 1;
    if (!is_kind(tokens, name, Token::Kind::kName)) return {};
    path.push_back(std::string(tokens[name].text) + (call ? "()" : ""));
    if (name == 0 || !(is_mark(tokens, name - 1, '.') || is_mark(tokens, name - 1, ':'))) break;
    i = name - 1;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

// The innermost bracket that is open at the end; tokens.size() when there is none.
std::size_t innermost_open(const Tokens& tokens, std::size_t end) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < end; ++i) {
    if (is_mark(tokens, i, '(') || is_mark(tokens, i, '{') || is_mark(tokens, i, '[')) {
      open.push_back(i);
    } else if (is_mark(tokens, i, ')') || is_mark(tokens, i, '}') || is_mark(tokens, i, ']')) {
      if (!open.empty()) open.pop_back();
    }
  }
  return open.empty() ? tokens.size() : open.back();
}

// The path that is called with the table whose brace is at `brace`, with or without parentheses.
std::vector<std::string> callee_of(const Tokens& tokens, std::size_t brace) {
  if (!is_mark(tokens, brace, '{')) return {};
  return path_before(tokens, is_mark(tokens, brace - 1, '(') && brace > 0 ? brace - 1 : brace);
}

// The names that are given values in the table that begins at `brace`.
std::vector<std::string> given_in(const Tokens& tokens, std::size_t brace, std::size_t end) {
  std::vector<std::string> given;
  int depth = 0;
  for (std::size_t i = brace + 1; i + 1 < end; ++i) {
    if (is_mark(tokens, i, '{') || is_mark(tokens, i, '(')) ++depth;
    if (is_mark(tokens, i, '}') || is_mark(tokens, i, ')')) --depth;
    const bool named = is_kind(tokens, i, Token::Kind::kName) && is_mark(tokens, i + 1, '=');
    if (depth == 0 && named) given.emplace_back(tokens[i].text);
  }
  return given;
}

// The cursor stands in a text that token `last` begins.
CursorContext in_text(const Tokens& tokens, std::size_t last) {
  CursorContext context;
  context.start = tokens[last].start + 1;
  context.word = tokens[last].text;
  const bool value =
      last >= 2 && is_mark(tokens, last - 1, '=') && is_kind(tokens, last - 2, Token::Kind::kName);
  if (value) {
    const std::size_t brace = innermost_open(tokens, last);
    if (!is_mark(tokens, brace, '{')) return context;
    context.path = callee_of(tokens, brace);
    context.parameter = tokens[last - 2].text;
    if (!context.path.empty()) context.kind = Kind::kChoice;
    return context;
  }
  const bool in_parentheses = last > 0 && is_mark(tokens, last - 1, '(');
  context.path = path_before(tokens, in_parentheses ? last - 1 : last);
  if (!context.path.empty()) context.kind = Kind::kName;
  return context;
}

}  // namespace

CursorContext context_at(std::string_view text) {
  CursorContext context;
  context.start = text.size();
  const std::size_t first = text.find_first_not_of(" \t");
  if (first != text.npos && text[first] == ':' && text.find(' ', first) == text.npos) {
    context.kind = Kind::kCommand;
    context.start = first;
    context.word = text.substr(first);
    return context;
  }
  const Tokens tokens = Scanner(text).scan();
  std::size_t end = tokens.size();
  if (end > 0 && tokens[end - 1].open) {
    if (tokens[end - 1].kind == Token::Kind::kText) return in_text(tokens, end - 1);
    return context;
  }
  const bool touching =
      end > 0 && tokens[end - 1].start + tokens[end - 1].text.size() == text.size();
  if (touching && tokens[end - 1].kind == Token::Kind::kNumber) return context;
  if (touching && tokens[end - 1].kind == Token::Kind::kName) {
    --end;
    context.start = tokens[end].start;
    context.word = tokens[end].text;
  }
  context.kind = Kind::kMember;
  const bool joins = end > 1 && is_mark(tokens, end - 1, '.') && is_mark(tokens, end - 2, '.');
  if (end > 0 && !joins && (is_mark(tokens, end - 1, '.') || is_mark(tokens, end - 1, ':'))) {
    context.method = is_mark(tokens, end - 1, ':');
    context.path = path_before(tokens, end - 1);
    if (context.path.empty()) context.kind = Kind::kNothing;
    return context;
  }
  const std::size_t brace = innermost_open(tokens, end);
  if (end == 0 || !is_mark(tokens, brace, '{')) return context;
  if (end != brace + 1 && !is_mark(tokens, end - 1, ',')) return context;
  context.path = callee_of(tokens, brace);
  if (context.path.empty()) return context;
  context.kind = Kind::kParameter;
  context.given = given_in(tokens, brace, end);
  return context;
}

}  // namespace neap::repl
