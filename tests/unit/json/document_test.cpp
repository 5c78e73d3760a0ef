// Reading: what is accepted, what is refused and in which words, and what a Document answers.
#include "json/document.h"

#include <catch2/catch.hpp>

#include "json/writer.h"

namespace neap::json {
namespace {

Value read(std::string_view text) {
  const Result<Document> document = Document::parse(text);
  INFO(text);
  REQUIRE(document.has_value());
  return document->value();
}

std::string refusal(std::string_view text, const Limits& limits = {}) {
  const Result<Document> document = Document::parse(text, limits);
  INFO(text.substr(0, 80));
  REQUIRE_FALSE(document.has_value());
  CHECK(document.error().kind == ErrorKind::kArgument);
  return document.error().message;
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST_CASE("every kind of value is read as what it is") {
  const Value value = read(R"({"a":[null,true,false,-3,0.5,"x"],"b":{}})");
  const Object* object = value.as<Object>();
  REQUIRE(object != nullptr);
  CHECK(*object->find("a") == Array{Null{}, true, false, -3, 0.5, "x"});
  CHECK(*object->find("b") == Value(Object{}));
}

TEST_CASE("a bare value is a document") {
  CHECK(read(" 7 ") == Value(7));
  CHECK(read("\"x\"") == Value("x"));
  CHECK(read("null") == Value(Null{}));
}

TEST_CASE("an empty array and an empty object are different values") {
  CHECK(read("[]") == Value(Array{}));
  CHECK(read("{}") == Value(Object{}));
  CHECK_FALSE(read("[]") == read("{}"));
}

TEST_CASE("an integer that 64 bits cannot hold keeps its digits") {
  CHECK(read("9223372036854775807") == Value(std::int64_t{9223372036854775807}));
  CHECK(read("9223372036854775808") == Value("9223372036854775808"));
  CHECK(read("18446744073709551615") == Value("18446744073709551615"));
  CHECK(read("18446744073709551616") == Value("18446744073709551616"));
  CHECK(read("-9223372036854775809") == Value("-9223372036854775809"));
  const std::string huge(400, '7');
  CHECK(read("[1, " + huge + " ,{\"a\\\"[" + huge + "\":-" + huge + "}]") ==
        Value(Array{1, huge, Object({{"a\"[" + huge, "-" + huge}})}));
}

TEST_CASE("a text that is invalid beside a big integer stays invalid") {
  const std::string big = "123456789012345678901234567890";
  for (const std::string& text :
       {"{" + big + ":1}", "[" + big + " " + big + "]", "[\"a\"" + big + "]", "[0" + big + "]",
        "[--" + big + "]", "[" + big + "x]", big + big + "e", "{\"a\":1," + big + "}", "[1," + big,
        "[" + big + ",]"}) {
    refusal(text);
  }
}

TEST_CASE("a number beyond a double is refused, one near zero is not") {
  CHECK(refusal("[1e400]").find("line 1, column") != std::string::npos);
  CHECK(read("1e-400") == Value(0.0));
  CHECK(read("1.7976931348623157e308") == Value(1.7976931348623157e308));
}

TEST_CASE("the message says what is wrong and where") {
  CHECK(
      refusal("{\n  \"a\": 1\n  \"b\": 2\n}") ==
      "invalid JSON: missing a comma or '}' after an object member at line 3, column 3 (byte 13)");
  CHECK(refusal("").find("the document is empty") != std::string::npos);
  CHECK(refusal("[1] x").find("byte 4") != std::string::npos);
}

TEST_CASE("what is not JSON is refused") {
  for (const char* text : {"{",
                           "[1,]",
                           "{\"a\":}",
                           "nul",
                           "truefalse",
                           "01",
                           "+1",
                           ".5",
                           "1.",
                           "NaN",
                           "'a'",
                           "\"a",
                           "\"\\x\"",
                           "\"\t\"",
                           "[1 2]",
                           "{\"a\" 1}",
                           "{1:2}",
                           "//",
                           "\xEF\xBB\xBF{}",
                           "[]]",
                           "-",
                           "1e",
                           "\"\\u12G4\""}) {
    refusal(text);
  }
}

TEST_CASE("bad UTF-8 is refused") {
  for (const char* text : {"\"\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
                           "\"\xE4\xBF\"", "\"\x80\"", "{\"\xC3\":1}"}) {
    refusal(text);
  }
}

TEST_CASE("surrogates count only in pairs") {
  CHECK(read("\"\\ud83c\\udf0a\"") == Value("\xF0\x9F\x8C\x8A"));
  for (const char* text :
       {"\"\\ud83c\"", "\"\\udf0a\"", "\"\\ud83cx\"", "\"\\ud83c\\u0041\"", "\"\\ud83c\\ud83c\""}) {
    refusal(text);
  }
}

TEST_CASE("a NUL is a character like any other") {
  CHECK(read("\"a\\u0000b\"") == Value(std::string_view("a\0b", 3)));
  refusal(std::string_view("[1]\0", 4));
}

TEST_CASE("limits hold to the last permitted thing") {
  Limits limits;
  limits.depth = 3;
  CHECK(Document::parse("[[[1]]]", limits).has_value());
  CHECK(Document::parse(nested(4), limits).has_value());  // the innermost holds nothing
  CHECK(refusal("[[[[1]]]]", limits) == "invalid JSON: it is nested deeper than 3 levels");
  limits = Limits{};
  limits.bytes = 5;
  CHECK(Document::parse("[1,2]", limits).has_value());
  CHECK(refusal("[1,22]", limits) == "invalid JSON: it has 6 bytes, more than 5");
  limits = Limits{};
  limits.nodes = 6;  // the object, a key, the array, three items
  CHECK(Document::parse("{\"a\":[10,2.5,\"x\"]}", limits).has_value());
  CHECK(refusal("{\"a\":[10,2.5,\"x\",[]]}", limits) ==
        "invalid JSON: it holds more than 6 values and keys");
}

TEST_CASE("a depth bomb is refused without using the stack") {
  refusal(nested(1'000'000));
  refusal(std::string(1'000'000, '['));
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
  refusal(objects);
}

TEST_CASE("of a key that stands twice the last one counts everywhere") {
  const char* text = R"({"a":1,"b":2,"a":"x"})";
  const Result<Document> document = Document::parse(text);
  REQUIRE(document.has_value());
  CHECK(document->text("/a") == "x");
  CHECK_FALSE(document->number("/a").has_value());
  CHECK(write(document->value()) == R"({"a":"x","b":2})");
}

TEST_CASE("a repeated key is refused where keys must be unique") {
  Limits limits;
  limits.unique_keys = true;
  CHECK(refusal(R"([{"x":{"a":1,"b":2,"a":3}}])", limits) ==
        "invalid JSON: the key \"a\" stands twice in one object");
  CHECK(refusal(R"({"a":1,"\u0061":3})", limits).find("twice") != std::string::npos);
  CHECK(Document::parse(R"([{"a":1,"b":{"a":2}},{"a":3}])", limits).has_value());
}

TEST_CASE("pointers find texts, numbers, booleans and presence") {
  const auto document = Document::parse(
      R"({"job":{"status":"RUNNING","n":4,"x":null,"ok":true},"list":[5,[6.5],"s"],"a/b":"slash","c~d":"tilde"})");
  REQUIRE(document.has_value());
  CHECK(document->text("/job/status") == "RUNNING");
  CHECK(document->number("/job/n") == 4.0);
  CHECK(document->number("/list/1/0") == 6.5);
  CHECK(document->text("/list/2") == "s");
  CHECK(document->boolean("/job/ok") == true);
  CHECK(document->text("/a~1b") == "slash");
  CHECK(document->text("/c~0d") == "tilde");
  CHECK(document->has(""));
  CHECK(document->has("/job/x"));
  for (const char* absent : {"/none", "/list/3", "/list/01", "/list/-1", "/list/x", "/job/status/x",
                             "job", "/job/", "/"}) {
    INFO(absent);
    CHECK_FALSE(document->has(absent));
  }
  CHECK_FALSE(document->text("/job/n").has_value());
  CHECK_FALSE(document->text("/job/x").has_value());
  CHECK_FALSE(document->number("/job/status").has_value());
}

TEST_CASE("a number that a double would round is not handed out as one") {
  const auto document = Document::parse("[9007199254740992,9007199254740993,-9007199254740993]");
  REQUIRE(document.has_value());
  CHECK(document->number("/0") == 9007199254740992.0);
  CHECK_FALSE(document->number("/1").has_value());
  CHECK_FALSE(document->number("/2").has_value());
}

TEST_CASE("a parser reads on after a refusal, with documents out and after its own end") {
  auto parser = std::make_unique<Parser>();
  Result<Document> first = parser->parse(R"({"a":"one"})");
  CHECK_FALSE(parser->parse("[").has_value());
  Limits deep;
  deep.depth = 2000;
  CHECK(parser->parse(nested(1500), deep).has_value());
  CHECK_FALSE(parser->parse(nested(1500)).has_value());
  Result<Document> second = parser->parse(R"({"a":"two"})");
  CHECK(parser->parse("\"" + std::string(3u << 20, 'x') + "\"").has_value());
  parser.reset();
  CHECK(first->text("/a") == "one");
  CHECK(second->text("/a") == "two");
  *first = std::move(*second);
  CHECK(first->text("/a") == "two");
}

}  // namespace
}  // namespace neap::json
