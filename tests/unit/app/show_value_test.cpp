// A script's result as people read it.
#include "app/show_value.h"

#include <catch2/catch.hpp>

#include "json/document.h"

using namespace neap;
using namespace neap::app;

namespace {

std::string shown(const std::string& text) {
  const Result<json::Document> document = json::Document::parse(text);
  REQUIRE(document.has_value());
  return show_value(document->value());
}

}  // namespace

TEST_CASE("text is shown as it is, without what would move the cursor") {
  CHECK(shown(R"("done")") == "done\n");
  CHECK(shown(R"("red \u001b[31m")").find('\x1b') == std::string::npos);
}

TEST_CASE("fields are aligned lines") {
  CHECK(shown(R"({"status":"protected","id":"7","pairs":5,"none":null,"list":[1,2]})") ==
        "status  protected\n"
        "id      7\n"
        "pairs   5\n"
        "none    -\n"
        "list    [1,2]\n");
}

TEST_CASE("a list of tables is a table with a heading, a missing field is a dash") {
  CHECK(shown(R"([{"name":"a","status":"protected"},{"name":"longer","pairs":5}])") ==
        "name    status     pairs\n"
        "a       protected  -\n"
        "longer  -          5\n");
}

TEST_CASE("wide characters take the columns that they take on a terminal") {
  CHECK(shown(R"([{"name":"保护组","s":1},{"name":"abc","s":2}])") ==
        "name    s\n"
        "保护组  1\n"
        "abc     2\n");
  CHECK(shown(R"({"状态":"x","a":"y"})") == "状态  x\na     y\n");
}

TEST_CASE("anything else is JSON") {
  CHECK(shown("42") == "42\n");
  CHECK(shown("[1,2]") == "[1,2]\n");
  CHECK(shown("[]") == "[]\n");
  CHECK(shown("{}") == "{}\n");
  CHECK(shown("true") == "true\n");
  CHECK(shown(R"([{"a":1},2])") == R"([{"a":1},2])"
                                   "\n");
}
