// Templates, the axis of the timeline, and what is made of texts from outside.
#include <algorithm>

#include <catch2/catch.hpp>

#include "report/scale.h"
#include "report/template.h"
#include "report/text.h"
#include "report/timeline.h"
#include "support/report_samples.h"

using namespace neap;
using namespace neap::report;
using namespace neap::test;
using std::chrono::seconds;

namespace {

std::string filled(std::string_view text, const std::string& values) {
  constexpr std::string_view kPart = "[{{name}}]";
  constexpr std::string_view kStyle = "a < b {{x}}";
  const auto file = [](std::string_view name, std::string_view body) {
    return EmbeddedFile{name, {body.data(), body.data() + body.size()}};
  };
  const std::vector<EmbeddedFile> files{file("part.html", kPart), file("page.css", kStyle),
                                        file("page.html", text)};
  const auto document = json::Document::parse(values);
  REQUIRE(document.has_value());
  return fill_in(files, "page.html", *document->value().as<json::Object>());
}

constexpr UtcTime kStart{seconds{1767268800}};

Interval from_to(int begin, int end) {
  return {kStart + seconds{begin}, kStart + seconds{end}};
}

}  // namespace

TEST_CASE("a template puts values in as text") {
  CHECK(filled("<b title=\"{{name}}\">{{name}}</b>", R"({"name":"<'\"&>"})") ==
        "<b title=\"&lt;&#39;&quot;&amp;&gt;\">&lt;&#39;&quot;&amp;&gt;</b>");
  CHECK(filled("{{n}} {{no}}|{{nil}}|", R"({"n":7,"no":false,"nil":null})") == "7 false||");
}

TEST_CASE("a section stands once for each item") {
  CHECK(filled("{{#rows}}{{a}},{{/rows}}", R"({"rows":[{"a":1},{"a":2}]})") == "1,2,");
  CHECK(filled("{{#rows}}{{.}};{{/rows}}", R"({"rows":["x","y"]})") == "x;y;");
  CHECK(filled("{{#rows}}x{{/rows}}{{^rows}}none{{/rows}}", R"({"rows":[]})") == "none");
  CHECK(filled("{{#t}}yes {{t}}{{/t}}", R"({"t":"said"})") == "yes said");
  CHECK(filled("{{#t}}yes{{/t}}", R"({"t":""})").empty());
  CHECK(filled("{{#o}}{{a}}{{b}}{{/o}}", R"({"o":{"a":1},"b":2})") == "12");
  CHECK(filled("{{#a}}{{#a}}x{{/a}}{{/a}}y", R"({"a":{"a":true}})") == "xy");
}

TEST_CASE("files are put in: templates filled in, others as they are") {
  CHECK(filled("{{>part.html}}{{>page.css}}", R"({"name":"<"})") == "[&lt;]a < b {{x}}");
}

TEST_CASE("what a value says is never taken for a template") {
  CHECK(filled("{{name}}", R"({"name":"{{>page.css}}{{x}}"})") == "{{&gt;page.css}}{{x}}");
}

TEST_CASE("a template that is malformed is a bug, and said to be") {
  CHECK_THROWS_AS(filled("{{name", "{}"), std::logic_error);
  CHECK_THROWS_AS(filled("{{nobody}}", "{}"), std::logic_error);
  CHECK_THROWS_AS(filled("{{#a}}", R"({"a":1})"), std::logic_error);
  CHECK_THROWS_AS(filled("{{>none.html}}", "{}"), std::logic_error);
}

TEST_CASE("text that would change what stands around it is shown instead") {
  CHECK(visible("plain – 测试 עברית") == "plain – 测试 עברית");
  CHECK(visible("\u202Etxt\u2066\u200F") == "\\u202Etxt\\u2066\\u200F");
  CHECK(visible("\x1b[31m\x7f") == "\\u001B[31m\\u007F");
  CHECK(visible("two\nlines\t.") == "two lines .");
  CHECK(visible("\xff\xc3(\xe2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("intervals are sets") {
  const Intervals set = as_set({from_to(5, 9), from_to(0, 2), from_to(2, 3), from_to(4, 4)});
  REQUIRE(set.size() == 2);
  CHECK(total(set) == seconds{7});
  CHECK(total(without(set, as_set({from_to(1, 6), from_to(8, 20)}))) == seconds{1 + 2});
  CHECK(without({}, set).empty());
  CHECK(total(without(set, {})) == seconds{7});
}

TEST_CASE("without long waits the axis is even") {
  const Scale scale(from_to(0, 100), {});
  CHECK(scale.at(kStart) == Approx(0));
  CHECK(scale.at(kStart + seconds{25}) == Approx(25));
  CHECK(scale.at(kStart + seconds{100}) == Approx(100));
  CHECK(scale.at(kStart - seconds{5}) == Approx(0));
  CHECK(scale.at(kStart + seconds{500}) == Approx(100));
  for (const Tick& tick : scale.ticks()) {
    CHECK(scale.at(tick.at) == Approx(tick.x));
    CHECK(tick.at.time_since_epoch() % seconds{15} == seconds{0});
  }
  CHECK(scale.ticks().size() == 7);
  CHECK(scale.ticks().front().text == "12:00:00");
}

TEST_CASE("a night's wait is drawn short, and the rest in proportion") {
  const Scale scale(from_to(0, 40'100), as_set({from_to(50, 40'050)}));
  REQUIRE(scale.cuts().size() == 1);
  CHECK(scale.at(kStart + seconds{25}) == Approx(23.5));
  CHECK(scale.at(kStart + seconds{50}) == Approx(47));
  CHECK(scale.at(kStart + seconds{40'050}) == Approx(53));
  CHECK(scale.at(kStart + seconds{40'075}) == Approx(76.5));
}

TEST_CASE("an axis of no length at all still has a place for everything") {
  const Scale scale(from_to(7, 7), {});
  CHECK(scale.at(kStart + seconds{7}) == Approx(0));
  CHECK_FALSE(scale.ticks().empty());
}

TEST_CASE("ticks say the day where one begins") {
  const Scale scale(from_to(0, 3 * 86'400), {});
  const std::vector<Tick> ticks = scale.ticks();
  CHECK(std::count_if(ticks.begin(), ticks.end(), [](const Tick& tick) {
          return tick.text == "01-02 00:00" || tick.text == "01-03 00:00" ||
                 tick.text == "01-04 00:00";
        }) == 3);
}

TEST_CASE("the timeline has a row for each thing, in the order of their beginnings") {
  const Timeline timeline = draw(eventful_run().report());
  std::vector<std::string> rows;
  for (const Row& row : timeline.rows) rows.push_back(row.kind + std::to_string(row.depth));
  CHECK(rows == std::vector<std::string>{"process0", "step0",   "calls1",    "step0",   "calls1",
                                         "step1",    "calls2",  "question0", "step0",   "change1",
                                         "job1",     "subjob2", "subjob2",   "step0",   "change1",
                                         "job1",     "subjob2", "subjob2",   "subjob2", "step0",
                                         "step0",    "calls1"});
  CHECK(timeline.cuts.size() == 2);
  CHECK(timeline.grouped.empty());
  for (const Row& row : timeline.rows) {
    CHECK_FALSE(row.bars.empty());
    for (const Bar& bar : row.bars) {
      CHECK(bar.width > 0);  // or it is not drawn
      CHECK(bar.x >= 0);
      CHECK(bar.x + bar.width <= 100.001);
    }
  }
}

TEST_CASE("a doubt is a bar of its own, until something was seen") {
  const Timeline timeline = draw(eventful_run().report());
  std::vector<std::string> looks;
  for (const Row& row : timeline.rows) {
    if (row.kind != "change") continue;
    for (const Bar& bar : row.bars) looks.push_back(bar.look);
  }
  CHECK(looks == std::vector<std::string>{"taken-back", "doubt", "done"});
}

TEST_CASE("a run with very much in it is drawn in few rows, and says so") {
  const Timeline some = draw(crowded_run(2000).report());
  CHECK(some.rows.size() == 102);
  CHECK_FALSE(some.grouped.empty());
  const Timeline many = draw(crowded_run(10'000).report());
  CHECK(many.rows.size() == 3);
  CHECK(many.rows.back().label == "10000 reads");
  CHECK(many.rows.back().bars.size() == 1);
}
