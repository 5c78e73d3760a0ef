// What may be written where the cursor stands.
#include "repl/cursor_context.h"

#include <catch2/catch.hpp>

using namespace neap::repl;
using Kind = CursorContext::Kind;
using Path = std::vector<std::string>;

namespace {

// What is asked about where the cursor stands at the end of the text.
struct Case {
  const char* text;
  Kind kind;
  Path path;
  const char* word;
};

}  // namespace

TEST_CASE("the cursor's place says what may be written there") {
  const Case cases[] = {
      {"", Kind::kMember, {}, ""},
      {"sd", Kind::kMember, {}, "sd"},
      {"x = sd", Kind::kMember, {}, "sd"},
      {"sdrs.", Kind::kMember, {"sdrs"}, ""},
      {"sdrs.gr", Kind::kMember, {"sdrs"}, "gr"},
      {"sdrs.groups:fi", Kind::kMember, {"sdrs", "groups"}, "fi"},
      {"print(sdrs.groups:", Kind::kMember, {"sdrs", "groups"}, ""},
      {"sdrs.groups:find('a'):fa", Kind::kMember, {"sdrs", "groups", "find()"}, "fa"},
      {"sdrs.groups:find 'a' .", Kind::kMember, {"sdrs", "groups", "find()"}, ""},
      {"f{ a = 1 }.", Kind::kMember, {"f()"}, ""},
      {"sdrs.groups:create { na", Kind::kParameter, {"sdrs", "groups", "create"}, "na"},
      {"sdrs.groups:create({ na", Kind::kParameter, {"sdrs", "groups", "create"}, "na"},
      {"g:find('x'):resize{ ", Kind::kParameter, {"g", "find()", "resize"}, ""},
      {"sdrs.groups:create {\n  name = 'a',\n  d",
       Kind::kParameter,
       {"sdrs", "groups", "create"},
       "d"},
      {"sdrs.groups:create { name = x", Kind::kMember, {}, "x"},
      {"sdrs.groups:create { dr_type = \"mi", Kind::kChoice, {"sdrs", "groups", "create"}, "mi"},
      {"sdrs.groups:find(\"de", Kind::kName, {"sdrs", "groups", "find"}, "de"},
      {"sdrs.groups:find'de", Kind::kName, {"sdrs", "groups", "find"}, "de"},
      {"x = { na", Kind::kMember, {}, "na"},
      {"x = \"sdrs.", Kind::kNothing, {}, "sdrs."},
      {"-- sdrs.", Kind::kNothing, {}, ""},
      {"x = 12", Kind::kNothing, {}, ""},
      {"x = 'a' .. sd", Kind::kMember, {}, "sd"},
      {":ar", Kind::kCommand, {}, ":ar"},
      {":help sd", Kind::kMember, {}, "sd"},
      {"(a or b).", Kind::kNothing, {}, ""},
  };
  for (const Case& row : cases) {
    INFO(row.text);
    const CursorContext context = context_at(row.text);
    CHECK(context.kind == row.kind);
    CHECK(context.path == row.path);
    CHECK(context.word == row.word);
  }
}

TEST_CASE("what a table holds already is known, and what is nested in it is not") {
  const CursorContext context =
      context_at("sdrs.groups:create { name = 'a', tags = { { key = 'k' } }, dr_type = f(x), d");
  CHECK(context.kind == Kind::kParameter);
  CHECK(context.given == Path{"name", "tags", "dr_type"});
}

TEST_CASE("a colon is told from a dot, and the parameter from its value") {
  CHECK(context_at("g:fa").method);
  CHECK_FALSE(context_at("g.fa").method);
  CHECK(context_at("sdrs.groups:create { dr_type = '").parameter == "dr_type");
}

TEST_CASE("any text has a place, also what no Lua can be") {
  for (const char* text : {"}", ")", "]]", ")}.", "'", "\"\\", "[[", "--[[", "a.b.", "..", ":",
                           "::", "{{{{", "a:b:c:", "\xff\xfe", "f('a'", "())."}) {
    INFO(text);
    CHECK(context_at(text).start <= std::string_view(text).size());
  }
}
