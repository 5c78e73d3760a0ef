// Values as people read them.
#include "show/value.h"

#include <cstdlib>
#include <ctime>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "json/document.h"
#include "show/from_json.h"

using namespace neap;
using namespace neap::show;

namespace {

json::Value read(const std::string& text) {
  const Result<json::Document> document = json::Document::parse(text);
  REQUIRE(document.has_value());
  return document->value();
}

std::string result(const std::string& text, std::size_t width = kNoLimit) {
  return result_text(read(text), Look{.width = width});
}

std::string shown(const std::string& text, const Look& look = {}) {
  return value_text(snapshot_of(read(text)), look);
}

void set_zone(const char* zone) {
  setenv("TZ", zone, 1);
  tzset();
}

lua::Snapshot thing(const std::string& json, const std::string& type = "protection group",
                    const std::string& resource = "server_group") {
  lua::Snapshot shot = snapshot_of(read(json));
  shot.type = type;
  shot.shape = {resource, "id", "name", "status"};
  return shot;
}

constexpr const char* kGroup =
    R"({"created_at":"2026-11-21 23:05:07.12","description":"","domain_id":"d1","id":"46c112f6-1e94-46b4-ad2e-2ad369fd9e21",
        "name":"demo","priority_station":"source","protected_instance_num":3,
        "source_availability_zone":"cn-north-4a","status":"protected","target_availability_zone":"cn-north-4b"})";

lua::Snapshot list_of(std::vector<lua::Snapshot> items) {
  lua::Snapshot list;
  list.kind = lua::Snapshot::Kind::kTable;
  list.is_list = true;
  list.items = std::move(items);
  return list;
}

}  // namespace

TEST_CASE("text is shown as it is, without what would move the cursor") {
  CHECK(result(R"("done")") == "done\n");
  CHECK(result(R"("red \u001b[31m")").find('\x1b') == std::string::npos);
  CHECK(result(R"("two\nlines\tand a tab")") == "two\nlines    and a tab\n");
}

TEST_CASE("a result's fields are aligned lines, in their own order") {
  CHECK(result(R"({"status":"protected","id":"7","pairs":5,"none":null,"list":[1,2]})") ==
        "status  protected\n"
        "id      7\n"
        "pairs   5\n"
        "none    -\n"
        "list    1, 2\n");
}

TEST_CASE("a list of tables is a table with a heading, a missing field is a dash") {
  CHECK(result(R"([{"name":"a","status":"protected"},{"name":"longer","pairs":5}])") ==
        "name    status     pairs\n"
        "a       protected  -\n"
        "longer  -          5\n");
}

TEST_CASE("fields that are lists of tables follow the others, each under its name") {
  CHECK(result(R"({"groups":[{"name":"a"},{"name":"b"}],"healthy":true,"none":[]})") ==
        "healthy  true\n"
        "none     []\n"
        "\n"
        "groups:\n"
        "name\n"
        "a\n"
        "b\n");
  CHECK(result(R"({"groups":[{"name":"a"}]})") == "groups:\nname\na\n");
}

TEST_CASE("wide characters take the columns that they take on a terminal") {
  CHECK(result(R"([{"name":"保护组","s":1},{"name":"abc","s":2},{"name":"e\u0301 😀","s":3}])") ==
        "name    s\n"
        "保护组  1\n"
        "abc     2\n"
        "e\u0301 😀    3\n");
  CHECK(result(R"({"状态":"x","a":"y"})") == "状态  x\na     y\n");
}

TEST_CASE("plain values and lists of them are written as Lua writes them") {
  CHECK(shown("42") == "42\n");
  CHECK(shown("1.5") == "1.5\n");
  CHECK(shown("9007199254740993") == "9007199254740993\n");
  CHECK(shown("[1,2]") == "{ 1, 2 }\n");
  CHECK(shown("[]") == "[]\n");
  CHECK(shown("{}") == "{}\n");
  CHECK(shown("null") == "null\n");
  CHECK(shown(R"([{"a":1},2])") == "{ { a = 1 }, 2 }\n");
  CHECK(shown(R"({"a b":"say \"hi\"","c":true})") ==
        "{ [\"a b\"] = \"say \\\"hi\\\"\", c = true }\n");
}

TEST_CASE("a table that is long is indented, and cut where a prompt cuts, saying how to see more") {
  const std::string text =
      R"({"first":"a text of some length","inner":{"list":[1,2,3,4,5],"deep":{"deeper":{"deepest":"far below what anybody looks at"}}},"last":true})";
  CHECK(shown(text, {.width = 50, .depth = 2, .more = ":more"}) ==
        "{\n"
        "  first = \"a text of some length\",\n"
        "  inner = {\n"
        "    list = { 1, 2, 3, 4, 5 },\n"
        "    deep = { … 1 more (:more) },\n"
        "  },\n"
        "  last = true,\n"
        "}\n");
  CHECK(shown("[1,2,3,4,5]", {.rows = 2, .more = ":more"}) ==
        "{\n  1,\n  2,\n  … 3 more (:more)\n}\n");
  CHECK(shown("[1,2,3,4,5]", {.rows = 2, .from = 4}) == "{\n  5,\n}\n");
  CHECK(shown(R"([{"n":1},{"n":2},{"n":3}])", {.rows = 2, .more = ":more"}) ==
        "n\n1\n2\n… 1 more (:more)\n");
}

TEST_CASE(
    "a thing is a card: its kind and name, then id, name, status and what the catalogue names") {
  set_zone("UTC-8");
  CHECK(value_text(thing(kGroup), {}) ==
        "protection group demo\n"
        "  id                        46c112f6-1e94-46b4-ad2e-2ad369fd9e21\n"
        "  name                      demo\n"
        "  status                    protected\n"
        "  priority_station          source\n"
        "  description\n"
        "  source_availability_zone  cn-north-4a\n"
        "  target_availability_zone  cn-north-4b\n"
        "  domain_id                 d1\n"
        "  protected_instance_num    3\n"
        "  created_at                2026-11-22 07:05:07 (2026-11-21 23:05:07.12 UTC)\n");
}

TEST_CASE("every documented form of a time is shown by the operator's clock, with the UTC text") {
  set_zone("UTC-8");
  CHECK(result(R"({"t":"2026-11-21 23:05:07.12"})") ==
        "t  2026-11-22 07:05:07 (2026-11-21 23:05:07.12 UTC)\n");
  CHECK(result(R"({"t":"2026-11-21T23:05Z"})") == "t  2026-11-22 07:05:00 (2026-11-21T23:05Z)\n");
  CHECK(result(R"({"t":"2026-11-21T23:05:07"})") ==
        "t  2026-11-22 07:05:07 (2026-11-21T23:05:07 UTC)\n");
  CHECK(result(R"({"t":"2026-13-41 99:05:07"})") == "t  2026-13-41 99:05:07\n");
  set_zone("UTC0");
  CHECK(result(R"({"t":"2026-11-21 23:05:07"})") == "t  2026-11-21 23:05:07 UTC\n");
}

TEST_CASE("a status is coloured by what the catalogue says it means") {
  const auto colored = [](const std::string& status) {
    const lua::Snapshot group = thing(R"({"id":"1","name":"a","status":")" + status + "\"}");
    const std::string text = value_text(group, {.color = true});
    const std::size_t at = text.find(status);
    return at < 5 ? std::string() : text.substr(at - 3, 2);
  };
  CHECK(colored("protected") == "32");
  CHECK(colored("available") == "32");
  CHECK(colored("failed-over") == "32");
  CHECK(colored("failing-over") == "33");
  CHECK(colored("error-failing-over") == "31");
  CHECK(colored("error") == "31");
  CHECK(value_text(thing(kGroup), {.color = false}).find('\x1b') == std::string::npos);
}

TEST_CASE("a list of things fits the terminal: cells are shortened, columns left out and named") {
  set_zone("UTC0");
  const lua::Snapshot list = list_of({thing(kGroup), thing(kGroup)});
  CHECK(value_text(list, {.width = 100}) ==
        "id                                    name  status     priority_stati…  description  "
        "source_availab…\n"
        "46c112f6-1e94-46b4-ad2e-2ad369fd9e21  demo  protected  source                        "
        "cn-north-4a\n"
        "46c112f6-1e94-46b4-ad2e-2ad369fd9e21  demo  protected  source                        "
        "cn-north-4a\n"
        "not shown: target_availability_zone, domain_id, protected_instance_num, created_at\n");
  CHECK(value_text(list_of({thing(kGroup)}), {.width = 20}) ==
        "46c112f6-1e94-46b4-a\n"
        "d2e-2ad369fd9e21\n"
        "  name\n"
        "    demo\n"
        "  status\n"
        "    protected\n"
        "  priority_station\n"
        "    source\n"
        "  source_availabilit\n"
        "  y_zone\n"
        "    cn-north-4a\n"
        "  target_availabilit\n"
        "  y_zone\n"
        "    cn-north-4b\n"
        "  domain_id\n"
        "    d1\n"
        "  protected_instance\n"
        "  _num\n"
        "    3\n"
        "  created_at\n"
        "    2026-11-21\n"
        "    23:05:07.12 UTC\n");
}

TEST_CASE("an Error is shown by its kind, its message and the rest of it") {
  lua::Snapshot error = snapshot_of(read(
      R"({"code":"SDRS.1013","hint":"check the id","kind":"not_found","message":"no group"})"));
  error.type = "Error";
  CHECK(value_text(error, {}) ==
        "error not_found: no group\n"
        "  code  SDRS.1013\n"
        "  hint  check the id\n");
}

TEST_CASE("the plain table is whole, without colours, and the same on every terminal") {
  set_zone("UTC-8");
  CHECK(plain_text(read(R"([{"id":"a","at":"2026-11-21T23:05Z","none":"","list":[1,{"x":2}]}])")) ==
        "id  at                 none  list\n"
        "a   2026-11-21T23:05Z  -     { 1, { x = 2 } }\n");
  CHECK(plain_text(read(R"({"long":")" + std::string(300, 'x') + R"(","b":2})")) ==
        "long  " + std::string(300, 'x') + "\nb     2\n");
  CHECK(plain_text(read("[1,2]")) == "[1,2]\n");
}

TEST_CASE("JSON for people is indented where it is long, and reads back as the same value") {
  const json::Value value = read(
      R"({"short":[1,2],"long":{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","b":["bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]}})");
  const std::string text = json_text(value);
  CHECK(text ==
        "{\n"
        "  \"short\": [1,2],\n"
        "  \"long\": {\n"
        "    \"a\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\n"
        "    \"b\": [\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"]\n"
        "  }\n"
        "}\n");
  CHECK(read(text) == value);
}
