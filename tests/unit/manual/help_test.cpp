// neap help: every topic has a page that fits the terminal, and unknown ones say what was meant.
#include "manual/help.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "cloud/catalog.h"
#include "manual/error_kinds.h"
#include "manual/help_page.h"
#include "manual/operation_words.h"
#include "manual/surface.h"
#include "runs/script.h"

using namespace neap;
using namespace neap::manual;

namespace {

constexpr std::size_t kWidth = 80;

const std::vector<CommandHelp> kCommands = {{"run", "Run a runbook", "run: usage\n"},
                                            {"runs", "Runs that were kept", "runs: usage\n"},
                                            {"runs show", "What a run did", "show: usage\n"}};

Result<Help> find(const std::string& topic, std::size_t width = kWidth) {
  return find_help(topic, kCommands, width);
}

std::string page(const std::string& topic) {
  const Result<Help> help = find(topic);
  INFO(topic << ": " << (help ? "" : describe(help.error())));
  REQUIRE(help);
  return help->text;
}

bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string unknown(const std::string& topic) {
  const Result<Help> help = find(topic);
  INFO(topic);
  REQUIRE_FALSE(help);
  CHECK(help.error().kind == ErrorKind::kUsage);
  return describe(help.error());
}

// Lines that are too wide although none of their words is long.
std::vector<std::string> wide_lines(const std::string& text, std::size_t width) {
  std::vector<std::string> wide;
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    const bool breakable = std::all_of(words.begin(), words.end(), [&](std::string_view word) {
      return display_width(word) <= width / 2;
    });
    if (display_width(line) > width && breakable) wide.emplace_back(line);
  }
  return wide;
}

const json::Object* member_called(const json::Array& rows, std::string_view name) {
  for (const json::Value& row : rows) {
    const auto* object = row.as<json::Object>();
    if (object != nullptr && object->text("name") == name) return object;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("the list of topics names commands, services, operations and codes") {
  const std::string text = page("");
  for (const char* part :
       {"Commands\n", "  run ", "Run a runbook", "  sdrs ", "operations", "SDRS.1013"}) {
    CHECK(mentions(text, part));
  }
  CHECK_FALSE(mentions(text, "runs show"));
  CHECK(find("")->document.text("kind") == "topics");
  CHECK(find("")->document.list("commands").size() == kCommands.size());
}

TEST_CASE("a code is explained, in any case and for any gateway") {
  const std::string text = page("SDRS.1013");
  for (const char* part :
       {"SDRS.1013  protection group not found", "check the id or list the groups", "not_found",
        "400", "sdrs:show_protection_group\n"}) {
    CHECK(mentions(text, part));
  }
  CHECK(page("sdrs.1013") == text);
  CHECK(mentions(page("ecs.0114"), "Ecs.0114  server not found"));
  CHECK(page("APIG.0308") == page("APIGW.0308"));
  CHECK(mentions(page("APIGW.0308"), "any operation: the gateway answers"));
  const json::Object document = find("SDRS.1013")->document;
  CHECK(document.text("format") == "neap.help/1");
  CHECK(document.text("kind") == "error_code");
  CHECK(document.text("error_kind") == "not_found");
  CHECK(document.number("http_status") == 400);
  CHECK_FALSE(document.list("operations").empty());
}

TEST_CASE("every code has a page") {
  for (const cloud::ErrorCode& code : cloud::error_codes()) {
    const std::string text = page(std::string(code.code));
    INFO(text);
    CHECK(mentions(text, to_text(code.kind)));
    CHECK(wide_lines(text, kWidth).empty());
  }
}

TEST_CASE("an operation is found by its name with and without service, and by the SDK's") {
  const std::string text = page("sdrs:start_failover_protection_group");
  CHECK(page("start_failover_protection_group") == text);
  CHECK(page("StartFailoverProtectionGroup") == text);
  CHECK(page("sdrs:StartFailoverProtectionGroup") == text);
  CHECK(page("SDRS:start_failover_protection_group") == text);
  for (const char* part :
       {"sdrs:start_failover_protection_group  StartFailoverProtectionGroup\n",
        "POST /v1/{project_id}/server-groups/{server_group_id}/action", "Parameters\n",
        "server_group_id  path string, required\n", "States\n", "protected", "failed-over",
        "failoverProtectionGroupNoCG", "Errors\n", "Source\n", "Binding"}) {
    INFO(part);
    CHECK(mentions(text, part));
  }
}

TEST_CASE("every operation has a page that fits, by each of its names") {
  for (const cloud::Operation& operation : cloud::catalog()) {
    const std::string name = cloud::permission_name(operation);
    const std::string text = page(name);
    INFO(text);
    for (const std::size_t width : {80u, 100u}) {
      CHECK(wide_lines(find(name, width)->text, width).empty());
    }
    for (const cloud::Param& param : operation.params) CHECK(mentions(text, param.name));
    for (const std::string_view code : operation.errors) CHECK(mentions(text, code));
    CHECK(mentions(text, operation.path));
    const std::string sdk =
        std::string(operation.service) + ":" + cloud::camel_case(operation.name);
    CHECK(page(sdk) == text);
    if (!operation.alias.empty()) {
      CHECK(page(std::string(operation.service) + ":" + std::string(operation.alias)) == text);
    }
    const json::Object document = find(name)->document;
    CHECK(document.text("kind") == "operation");
    CHECK(document.text("topic") == name);
    CHECK(document.list("params").size() == operation.params.size());
    CHECK(document.list("errors").size() == operation.errors.size());
  }
}

TEST_CASE("members of a parameter stand below it, further in") {
  const auto nested = [](const cloud::Operation& operation) {
    return std::any_of(operation.params.begin(), operation.params.end(),
                       [](const cloud::Param& param) { return !param.members.empty(); });
  };
  const std::span<const cloud::Operation> all = cloud::catalog();
  const auto found = std::find_if(all.begin(), all.end(), nested);
  REQUIRE(found != all.end());
  const auto param = std::find_if(found->params.begin(), found->params.end(),
                                  [](const cloud::Param& row) { return !row.members.empty(); });
  const std::string name = cloud::permission_name(*found);
  const std::string member(param->members.front().name);
  CHECK(mentions(page(name), "\n    " + member + "  "));
  const json::Object document = find(name)->document;
  const json::Object* row = member_called(document.list("params"), param->name);
  REQUIRE(row != nullptr);
  CHECK(member_called(row->list("members"), member) != nullptr);
}

TEST_CASE("a service lists its operations") {
  const std::string text = page("sdrs");
  for (const cloud::Operation& operation : cloud::catalog()) {
    if (operation.service != "sdrs") continue;
    INFO(operation.name);
    CHECK(mentions(text, "\n  " + std::string(operation.name)));
  }
  CHECK(page("SDRS") == text);
  CHECK(find("sdrs")->document.text("kind") == "service");
  CHECK(wide_lines(text, kWidth).empty());
}

TEST_CASE("a command shows its own help") {
  CHECK(page("run") == "run: usage\n");
  CHECK(page("runs show") == "show: usage\n");
  CHECK(find("run")->document.text("kind") == "command");
}

TEST_CASE("an unknown topic says what may have been meant") {
  CHECK(mentions(unknown("SDRS.10133"), "did you mean SDRS.1013"));
  CHECK(mentions(unknown("sdrs:show_protection_groop"), "did you mean sdrs:show_protection_group"));
  CHECK(mentions(unknown("list_protection_grups"), "did you mean list_protection_groups"));
  CHECK(mentions(unknown("rnus"), "did you mean run"));
  CHECK(mentions(unknown("nonsense from here to there"), "neap help lists the topics"));
  CHECK(mentions(unknown("sdrs.groups.failovr"), "did you mean sdrs.groups.failover"));
  CHECK(mentions(unknown("failovr"), "did you mean failover"));
  CHECK(mentions(unknown("in_doubr"), "did you mean in_doubt"));
  CHECK(mentions(unknown("nowhere:show_quota"), "there is no topic"));
  CHECK(mentions(unknown("sdrs:"), "there is no topic"));
  CHECK(mentions(unknown(":"), "there is no topic"));
  CHECK(mentions(unknown("\x1b[2J"), "\\x1b"));
}

TEST_CASE("a method is explained: signature, rules, states, errors and an example") {
  const std::string text = page("sdrs.groups.failover");
  for (const char* part :
       {"group:failover() -> neap.Job\n", "Moves production to the other site",
        "Calls sdrs:start_failover_protection_group", "States\n", "from protected", "failed-over",
        "SDRS.1013", "protection group not found", "Example\n",
        "local group = sdrs.groups:find(\"demo\")\n", "local job = group:failover()\n"}) {
    INFO(part);
    CHECK(mentions(text, part));
  }
  CHECK(page("sdrs.groups:failover()") == text);
  CHECK(page("groups.failover") == text);
  const std::string reverse = page("sdrs.groups.reverse");
  CHECK(mentions(reverse, "station"));
  CHECK(mentions(reverse, "source or target"));
  const std::string create = page("sdrs.groups.create");
  CHECK(mentions(create, "source_availability_zone  string, required"));
  CHECK(mentions(create, "domain_id = \""));
}

TEST_CASE("modules, collections and things list what is in them") {
  CHECK(mentions(page("sdrs"), "start_failover_protection_group"));
  CHECK(mentions(page("sdrs"), ".domains"));
  const std::string groups = page("sdrs.groups");
  for (const char* part : {":find", "What is done with a protection group", ":failover",
                           "priority_station", "source or target"}) {
    INFO(part);
    CHECK(mentions(groups, part));
  }
  CHECK(mentions(page("job"), ":wait"));
  CHECK(mentions(page("ctx"), ":step"));
  CHECK(mentions(page("event"), "instance_id"));
  CHECK(mentions(page("hooks.on"), "extend_up_to"));
  CHECK(mentions(page("recovery"), "require \"recovery\""));
}

TEST_CASE("every member has a page that fits") {
  const Result<Surface> surface = Surface::load();
  REQUIRE(surface);
  for (const Member& member : surface->all()) {
    INFO(member.path);
    const Result<Help> help = find_help(member.path, kCommands, *surface, kWidth);
    REQUIRE(help);
    CHECK(mentions(help->text, member.summary.substr(0, member.summary.find(' '))));
    CHECK(help->document.text("format") == "neap.help/1");
    INFO(help->text);
    const std::size_t example = help->text.find("Example\n");
    CHECK(wide_lines(help->text.substr(0, example), kWidth).empty());
    if (!member.signature.empty()) CHECK(example != std::string::npos);
  }
}

TEST_CASE("a runbook is explained from its header") {
  const std::string text = page("failover");
  for (const char* part : {"neap run failover --group", "--timeout", "default", "Needs\n",
                           "sdrs:start_failover_protection_group"}) {
    INFO(part);
    CHECK(mentions(text, part));
  }
  for (const std::string& name : runs::bundled_runbooks()) {
    INFO(name);
    CHECK(find(name)->document.text("kind") == "runbook");
    CHECK(find(name)->document.list("needs").size() > 0);
    CHECK(wide_lines(page(name), kWidth).empty());
  }
}

TEST_CASE("every kind of error is explained, with its codes") {
  CHECK(error_kinds().size() == static_cast<std::size_t>(ErrorKind::kScript) + 1);
  for (const KindOf& kind : error_kinds()) {
    const std::string name(to_text(kind.kind));
    INFO(name);
    // A name that is a command's or a part of the surface too is told of as that.
    const std::string text = page(name);
    if (find(name)->document.text("kind") == "error_kind")
      CHECK(mentions(text, kind.meaning.substr(0, 20)));
  }
  CHECK(mentions(page("in_doubt"), "neap resolve RUN STEP"));
  CHECK(mentions(page("throttled"), "Codes of this kind"));
}

TEST_CASE("apropos searches everything there is") {
  const auto hits = [](const std::string& words) {
    const Result<Help> help = apropos(words, kCommands, kWidth);
    REQUIRE(help);
    std::set<std::string> found;
    for (const json::Value& row : help->document.list("hits")) {
      found.insert(row.as<json::Object>()->text("kind") + " " +
                   row.as<json::Object>()->text("name"));
    }
    return found;
  };
  const std::set<std::string> failover = hits("Failover");
  for (const char* name : {"runbook failover", "method sdrs.groups.failover",
                           "operation sdrs:start_failover_protection_group"}) {
    INFO(name);
    CHECK(failover.count(name) == 1);
  }
  CHECK(hits("flavor dr").count("parameter dr_flavorRef") == 1);
  CHECK(hits("doubt").count("error kind in_doubt") == 1);
  CHECK(hits("protection group not found").count("error code SDRS.1013") == 1);
  CHECK(hits("kept").count("command runs") == 1);
  CHECK(apropos("zzzzzz", kCommands, kWidth).error().kind == ErrorKind::kNotFound);
  CHECK(apropos("", kCommands, kWidth).error().kind == ErrorKind::kNotFound);
}

TEST_CASE("long text is wrapped at blanks, below where it began") {
  HelpPage help(20);
  help.entry(2, "name", "one two three four", 8);
  CHECK(help.text() ==
        "  name  one two\n"
        "        three four\n");
  HelpPage label(20);
  label.entry(2, "a-long-label", "text", 8);
  CHECK(label.text() == "  a-long-label\n        text\n");
  HelpPage word(10);
  word.paragraph(2, "abcdefghijklmnop q", 4);
  CHECK(word.text() == "  abcdefghijklmnop\n    q\n");
  HelpPage wide(12);
  wide.paragraph(0, "灾备 灾备 灾备");
  CHECK(wide.text() == "灾备 灾备\n灾备\n");
}

TEST_CASE("limits, rules and ways are told in words") {
  using cloud::Bond;
  constexpr std::string_view kThese[] = {"a", "b", "c"};
  constexpr std::string_view kThose[] = {"x", "y"};
  CHECK(either(kThese) == "a, b or c");
  CHECK(constraint_words({Bond::kAtLeastOne, kThese, {}, "", ""}) ==
        "at least one of a, b and c is given");
  CHECK(constraint_words({Bond::kNeeds, kThese, kThose, "", "so it is"}) ==
        "a, b or c needs x and y: so it is");
  CHECK(constraint_words({Bond::kBeats, kThose, kThese, "", ""}) ==
        "with x or y, a, b and c are ignored");
  CHECK(limit_words(
            {.name = "n", .type = cloud::Type::kInteger, .min = 0, .max = 9, .fallback = "5"}) ==
        "0 to 9; default 5");
  CHECK(limit_words({.name = "n", .type = cloud::Type::kStringList, .min = 1}) ==
        "at least 1 item");
  CHECK(
      transition_words(
          {.job_type = "j", .from = kThose, .during = "on", .success = kThese, .failure = "bad"}) ==
      "from x or y: on, then a, b or c; bad if it fails (job j)");
  CHECK(transition_words({.during = "deleting"}) == "deleting, then gone");
}
