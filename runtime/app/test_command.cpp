// neap test: Lua tests, each file in a rehearsal world of its own.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "app/cli.h"
#include "app/output.h"
#include "app/print_list.h"
#include "app/usage.h"
#include "base/text.h"
#include "runs/script.h"
#include "runs/script_run.h"
#include "runs/world.h"

namespace neap::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = "_test.lua";

struct Totals {
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t checks = 0;
};

std::int64_t count_of(const json::Value& result, std::string_view name) {
  const auto* object = result.as<json::Object>();
  return object != nullptr ? static_cast<std::int64_t>(object->number(name).value_or(0)) : 0;
}

// Shows failures as they happen, beside the document if one is wanted; says yes to every question,
// as rehearsals do.
class TestView final : public Operator {
 public:
  TestView(std::FILE* stream, bool verbose) : stream_(stream), verbose_(verbose) {}

  void tell(const RunEvent& event) override {
    if (event.name != "test_ended") return;
    const bool passed = event.fields.flag("ok");
    if (passed && !verbose_) return;
    const std::string sentence = event.fields.text("sentence");
    put(stream_, fmt::format("  {} {}\n", passed ? "ok  " : "FAIL", printable(sentence)));
    if (passed) return;
    put(stream_, fmt::format("       {}\n", printable(event.fields.text("error"))));
    json::Object failure;
    failure.set("sentence", sentence);
    failure.set("error", event.fields.text("error"));
    failures.emplace_back(std::move(failure));
  }
  Owner ask(std::string, Function<void(Result<Answer>)> done) override {
    done(Answer{true, "neap test", {}});
    return {};
  }
  void print(std::string_view line) override { put(stream_, std::string(line) + "\n"); }

  // The file could not be run to its end.
  void broken(const std::string& file, const Error& error) {
    put(stream_, fmt::format("  FAIL {}\n", printable(describe(error))));
    json::Object failure;
    failure.set("sentence", file);
    failure.set("error", describe(error));
    failures.emplace_back(std::move(failure));
  }

  json::Array failures;

 private:
  std::FILE* stream_;
  bool verbose_;
};

json::Object document_of(const Totals& totals, std::uint64_t seed, json::Array failures) {
  json::Object document;
  document.set("format", "neap.test/1");
  document.set("seed", std::to_string(seed));
  document.set("passed", totals.passed);
  document.set("failed", totals.failed);
  document.set("checks", totals.checks);
  document.set("failures", std::move(failures));
  return document;
}

Result<std::vector<std::string>> find_tests(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code problem;
    if (fs::is_directory(path, problem)) {
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path, problem)) {
        if (entry.path().string().ends_with(kEnding)) files.push_back(entry.path().string());
      }
    } else if (fs::exists(path, problem)) {
      files.push_back(path);
    } else {
      return fail(ErrorKind::kUsage, fmt::format("there is no {}", printable(path)),
                  "give files, or folders with files named *_test.lua");
    }
  }
  if (files.empty()) return fail(ErrorKind::kUsage, "no file named *_test.lua was found");
  std::sort(files.begin(), files.end());
  return files;
}

// Loads the file, which registers its cases, and runs them.
std::optional<Error> run_file(Invocation& invocation, TestView& view, const std::string& path,
                              bool trusted, std::uint64_t seed, Totals& totals) {
  Result<runs::Script> script = runs::find_script(path);
  if (!script) return script.error();
  script->typed = true;
  const std::unique_ptr<runs::World> world = runs::World::rehearsal(seed, invocation.log);
  config::Settings settings = invocation.settings;
  settings.cpu_per_resume.value = std::chrono::seconds{60};
  settings.cpu_per_run.value = std::chrono::minutes{10};
  settings.memory_per_run.value = 1u << 30;
  runs::ScriptRun run(*world, view, invocation.log, settings, *script, {.trusted = trusted});
  runs::ScriptRun::Outcome outcome = run.evaluate();
  if (outcome.error) return outcome.error;
  outcome = run.call("test", "run_all", {});
  if (outcome.error) return outcome.error;
  const std::int64_t passed = count_of(outcome.value, "passed");
  const std::int64_t failed = count_of(outcome.value, "failed");
  if (passed + failed == 0) return Error{ErrorKind::kUsage, "it registers no test.case"};
  totals.passed += passed;
  totals.failed += failed;
  totals.checks += count_of(outcome.value, "checks");
  return std::nullopt;
}

}  // namespace

ExitCode test_command(Invocation& invocation, const TestOptions& options) {
  const Result<std::vector<std::string>> files = find_tests(options.paths);
  if (!files) {
    report_error(files.error());
    return exit_code(files.error());
  }
  const Result<std::uint64_t> seed = parse_seed(options.seed);
  if (!seed) {
    report_error(seed.error());
    return exit_code(seed.error());
  }
  const config::Output output = invocation.settings.output.value;
  const bool for_people = output == config::Output::kHuman || output == config::Output::kTable;
  TestView view(for_people ? stdout : stderr, invocation.verbose);
  Totals totals;
  for (const std::string& file : *files) {
    put(for_people ? stdout : stderr, file + "\n");
    const auto broken = run_file(invocation, view, file, options.trusted, *seed, totals);
    if (broken) view.broken(file, *broken);
    if (broken) ++totals.failed;
  }
  if (for_people) {
    fmt::print("seed {}, {} checks\n{} passed, {} failed\n", *seed, totals.checks, totals.passed,
               totals.failed);
  } else {
    print_json(document_of(totals, *seed, std::move(view.failures)));
  }
  return totals.failed == 0 ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace neap::app
