#include "app/report_command.h"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "app/open_journal.h"
#include "app/write_file.h"
#include "base/text.h"
#include "json/writer.h"
#include "loop/clock.h"
#include "report/report.h"

namespace neap::app {
namespace {

enum class Format { kHtml, kMarkdown, kJson };

Format format_of_output(const Invocation& invocation) {
  const config::Output output = invocation.settings.output.value;
  if (output == config::Output::kJson || output == config::Output::kJsonl) return Format::kJson;
  return isatty(STDOUT_FILENO) != 0 ? Format::kMarkdown : Format::kHtml;
}

Result<Format> format_of(const Invocation& invocation, const ReportOptions& options) {
  if (options.format == "html") return Format::kHtml;
  if (options.format == "md") return Format::kMarkdown;
  if (options.format == "json") return Format::kJson;
  if (!options.format.empty()) {
    return fail(ErrorKind::kUsage,
                fmt::format("--format: \"{}\" is none", printable(options.format)),
                "it is html, md or json");
  }
  if (options.file.ends_with(".md")) return Format::kMarkdown;
  if (options.file.ends_with(".json")) return Format::kJson;
  if (!options.file.empty()) return Format::kHtml;
  return format_of_output(invocation);
}

std::string write(const report::Report& report, Format format) {
  switch (format) {
    case Format::kMarkdown:
      return report::to_markdown(report);
    case Format::kJson:
      return json::write(json::Value(report::to_json(report))) + "\n";
    default:
      return report::to_html(report);
  }
}

ExitCode deliver(const ReportOptions& options, const std::string& text) {
  if (options.file.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return ExitCode::kDone;
  }
  const Result<void> written = write_file(options.file, text);
  if (!written) return give_up(written.error());
  fmt::print(stderr, "wrote {} ({} kB)\n", printable(options.file), (text.size() + 999) / 1000);
  return ExitCode::kDone;
}

}  // namespace

ExitCode report_command(Invocation& invocation, const ReportOptions& options) {
  const Result<Format> format = format_of(invocation, options);
  if (!format) return give_up(format.error());
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kLook);
  if (!store) return give_up(store.error());
  Result<journal::Run> found = find_run(**store, options.run);
  if (!found) return give_up(found.error());
  const journal::Run run = with_fate(**store, *std::move(found));
  const Result<journal::Salvage> read = (*store)->salvage(run.id);
  if (!read) return give_up(read.error());
  const report::Report report =
      report::make_report(run, read->entries, read->damage, SystemClock().utc());
  const ExitCode code = deliver(options, write(report, *format));
  for (const std::string& line : read->damage) {
    report_error(Error{ErrorKind::kInternal, fmt::format("run {} is damaged: {}", run.id, line)});
  }
  return read->damage.empty() ? code : ExitCode::kFailed;
}

void ReportCommand::define(CLI::App& app) {
  command_ = app.add_subcommand("report", "A run as a page, as Markdown or as JSON");
  command_->add_option("RUN", options_.run, "id, or the beginning of one")->required();
  command_->add_option("--format", options_.format,
                       "html, md or json; html unless a terminal is to show it");
  command_->add_option("--out", options_.file, "write it there, instead of to standard output");
}

std::optional<ExitCode> ReportCommand::dispatch(Invocation& invocation) {
  if (command_ == nullptr || !command_->parsed()) return std::nullopt;
  return report_command(invocation, options_);
}

}  // namespace neap::app
