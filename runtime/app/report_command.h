// neap report: a run for those who were not there, and its place on the command line.
#pragma once

#include <optional>
#include <string>

#include "app/cli.h"

namespace CLI {
class App;
}

namespace neap::app {

struct ReportOptions {
  std::string run;
  std::string format;  // empty: as the file is called, or as standard output can show it
  std::string file;    // empty: standard output
};

ExitCode report_command(Invocation& invocation, const ReportOptions& options);

// Its place on the command line.
class ReportCommand {
 public:
  void define(CLI::App& app);
  // Carries out the command if it was parsed.
  std::optional<ExitCode> dispatch(Invocation& invocation);

 private:
  ReportOptions options_;
  CLI::App* command_ = nullptr;
};

}  // namespace neap::app
