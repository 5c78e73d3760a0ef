// Writes the reports of the sample runs into a folder: pages for the browser to look at, and the
// other formats, of which tests/golden has some.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "json/writer.h"
#include "support/report_samples.h"

namespace {

using neap::test::SampleLog;

void write(const std::filesystem::path& path, SampleLog log) {
  const auto begun = std::chrono::steady_clock::now();
  const neap::report::Report report = log.report();
  const std::string page = neap::report::to_html(report);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::ofstream(path) << page;
  std::ofstream(std::filesystem::path(path).replace_extension("md")) << to_markdown(report);
  std::ofstream(std::filesystem::path(path).replace_extension("json"))
      << neap::json::write(neap::json::Value(to_json(report))) << "\n";
  fmt::print("{}: {} calls, {} kB, {:.2f} s\n", path.filename().string(), report.calls.size(),
             page.size() / 1000, took.count());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: report_pages FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  constexpr int kMany = 10'000;
  write(folder / "eventful.html", neap::test::eventful_run());
  write(folder / "running.html", neap::test::running_run());
  write(folder / "cancelled.html", neap::test::cancelled_run());
  write(folder / "hostile.html", neap::test::hostile_run());
  write(folder / "crowded.html", neap::test::crowded_run(kMany));
  return 0;
}
