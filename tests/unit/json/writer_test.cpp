// Writing: the exact bytes, and that reading gives back what was written.
#include "json/writer.h"

#include <catch2/catch.hpp>

#include "json/document.h"
#include "support/random_json.h"
#include "support/seed.h"

namespace neap::json {
namespace {

std::string number(double n) {
  return write(Value(n));
}

TEST_CASE("a value is written compactly, members in their order") {
  Object object;
  object.set("z", Array{1, Null{}, true, "x"});
  object.set("a", Object{});
  object.set("z", Array{});
  CHECK(write(object) == R"({"z":[],"a":{}})");
}

TEST_CASE("integral numbers have no point, others are shortest") {
  CHECK(number(3.0) == "3");
  CHECK(number(-9007199254740992.0) == "-9007199254740992");
  CHECK(number(0.1) == "0.1");
  CHECK(number(5e-324) == "5e-324");
  CHECK(number(9.5e-7) == "9.5e-07");
  CHECK(number(-0.0) == "-0.0");
  CHECK(write(Value(std::int64_t{-9223372036854775807 - 1})) == "-9223372036854775808");
}

TEST_CASE("a double beyond 2^53 reads as a double again, not as an exact integer") {
  CHECK(number(1152921504606846976.0) == "1.152921504606847e+18");
  CHECK(Document::parse(number(1152921504606846976.0))->value() == Value(1152921504606846976.0));
}

TEST_CASE("control characters, quotes and backslashes are escaped") {
  CHECK(write(Value(std::string_view("\"\\\n\t\0\x1F", 6))) == R"("\"\\\n\t\u0000\u001F")");
  CHECK(write(Value("保/é")) == "\"保/é\"");
}

TEST_CASE("bytes that are not UTF-8 become replacement characters, so the output is always JSON") {
  CHECK(write(Value("a\xFF\xC3z")) == "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
  CHECK(write(Value("\xED\xA0\x80")) == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  CHECK(write(Object({{"k\x80", 1}})) == "{\"k\xEF\xBF\xBD\":1}");
}

TEST_CASE("a writer starts afresh after take") {
  Writer writer;
  writer.start_array();
  writer.integer(1);
  writer.end_array();
  CHECK(writer.take() == "[1]");
  writer.null();
  CHECK(writer.take() == "null");
}

TEST_CASE("an object made from members keeps the place of the first and the value of the last") {
  const Object object({{"a", 1}, {"b", 2}, {"a", 3}, {"c", 4}, {"b", 5}, {"a", 6}});
  CHECK(write(object) == R"({"a":6,"b":5,"c":4})");
  CHECK(object.size() == 3);
}

TEST_CASE("a hundred thousand random values are read back as they were written") {
  const std::uint64_t seed = test::seed_of_run();
  INFO("NEAP_SEED=" << seed);
  test::RandomJson random(seed);
  Parser parser;
  for (int i = 0; i < 100'000; ++i) {
    const Value value = random.value();
    const std::string text = write(value);
    const Result<Document> document = parser.parse(text);
    if (!document || !(document->value() == value)) FAIL("case " << i << ": " << text);
  }
}

}  // namespace
}  // namespace neap::json
