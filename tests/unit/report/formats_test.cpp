// The formats of a report: what others rely on, and what must never stand in one.
#include <catch2/catch.hpp>

#include "json/writer.h"
#include "support/golden.h"
#include "support/report_samples.h"

using namespace neap;
using namespace neap::report;
using namespace neap::test;

namespace {

std::string json_text(SampleLog log) {
  return json::write(json::Value(to_json(log.report()))) + "\n";
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

// To renew them: build/release/tests/report_pages FOLDER.
TEST_CASE("the Markdown of a report stays as it is") {
  CHECK(to_markdown(eventful_run().report()) == read_golden("report-eventful.md"));
}

TEST_CASE("the JSON of a report stays as it is") {
  CHECK(json_text(eventful_run()) == read_golden("report-eventful.json"));
}

TEST_CASE("nothing from outside breaks out of the page") {
  const std::string page = to_html(hostile_run().report());
  CHECK(count(page, "<script") == 1);
  CHECK(count(page, "<style") == 1);
  CHECK(count(page, "<img") == 0);
  CHECK(count(page, "\u202E") == 0);
  CHECK(count(page, "\x1b") == 0);
  CHECK(count(page, "{{id}}") > 0);  // as text
}

TEST_CASE("nothing from outside breaks out of the Markdown") {
  const std::string text = to_markdown(hostile_run().report());
  CHECK(count(text, "\u202E") == 0);
  CHECK(count(text, "\x1b") == 0);
  CHECK(count(text, "<script") == count(text, "\\<script"));
  // A name with a bar in it makes no column.
  CHECK(count(text, "`|") == 0);
}

TEST_CASE("the page asks for nothing from anywhere") {
  const std::string page = to_html(eventful_run().report());
  CHECK(count(page, "default-src 'none'") + count(page, "default-src &#39;none&#39;") == 1);
  CHECK(count(page, " src=") == 0);
  CHECK(count(page, "<link") == 0);
  CHECK(count(page, "@import") == 0);
  CHECK(count(page, "url(") == count(page, "url(#"));
  CHECK(count(page, "style=\"") == 0);
}

TEST_CASE("every call stands in the page, however many they are") {
  const std::string page = to_html(crowded_run(3000).report());
  CHECK(count(page, "data-kind=\"read\"") == 3000);
  CHECK(page.find("hidden role=\"search\"") != std::string::npos);  // until a script works it
}
