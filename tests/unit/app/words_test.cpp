// Telling neap's options from the runbook's.
#include "app/words.h"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

using namespace neap::app;

namespace {

using Words = std::vector<std::string>;

struct CommandLine {
  CLI::App program{"program"};
  CLI::App* command = nullptr;
  std::string text;
  bool flag = false;

  CommandLine() {
    program.add_option("--output", text);
    program.add_flag("-q,--quiet", flag);
    command = program.add_subcommand("run");
    command->add_option("RUNBOOK", text);
    command->add_option("-e", text);
    command->add_flag("-y,--yes", flag);
  }
  SplitArguments split(const Words& arguments) const {
    return split_arguments(arguments, program, *command);
  }
};

void check_split(const Words& arguments, const Words& own, const Words& words) {
  const SplitArguments split = CommandLine().split(arguments);
  CHECK(split.own == own);
  CHECK(split.words == words);
}

}  // namespace

TEST_CASE("the first word that is no option names the runbook, the rest are its parameters") {
  check_split({"failover", "--group", "demo"}, {"failover"}, {"--group", "demo"});
  check_split({"failover", "stray"}, {"failover"}, {"stray"});
  check_split({}, {}, {});
  check_split({"-"}, {"-"}, {});
}

TEST_CASE("neap's own options are recognised wherever they stand") {
  check_split({"-y", "failover", "--group", "demo", "--output", "json", "-q"},
              {"-y", "failover", "--output", "json", "-q"}, {"--group", "demo"});
  check_split({"failover", "--output=json", "--group=demo"}, {"failover", "--output=json"},
              {"--group=demo"});
}

TEST_CASE("a flag of ours does not swallow the word after it") {
  check_split({"--yes", "failover"}, {"--yes", "failover"}, {});
  check_split({"failover", "-q", "demo"}, {"failover", "-q"}, {"demo"});
}

TEST_CASE("an unknown option takes the value after it, but no other option") {
  check_split({"failover", "--group", "demo", "--reprotect", "--timeout", "5m"}, {"failover"},
              {"--group", "demo", "--reprotect", "--timeout", "5m"});
  check_split({"failover", "--reprotect", "-y"}, {"failover", "-y"}, {"--reprotect"});
}

TEST_CASE("an option of ours takes its value even when that looks like an option") {
  check_split({"failover", "--output", "--group"}, {"failover", "--output", "--group"}, {});
}

TEST_CASE("before the runbook is named, a word after an unknown option names it") {
  check_split({"--reprotect", "failover"}, {"failover"}, {"--reprotect"});
}

TEST_CASE("after -e CODE every other word belongs to the code") {
  check_split({"-e", "return 1", "stray"}, {"-e", "return 1"}, {"stray"});
}
