#include "runs/script.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>

#include <fmt/format.h>

#include "base/embedded.h"
#include "base/text.h"

namespace neap {
extern const std::span<const EmbeddedFile> script_files;
}

namespace neap::runs {
namespace {

constexpr std::string_view kEnding = ".lua";
// Of bundled files that are no runbooks: they register handlers of lifecycle hooks.
constexpr std::string_view kHandlersEnding = "_hook";

std::string without_ending(std::string_view file) {
  return std::string(file.substr(0, file.size() - kEnding.size()));
}

bool is_path(const std::string& runbook) {
  return std::filesystem::path(runbook).has_parent_path() || runbook.ends_with(kEnding);
}

std::string read_all(std::istream& stream) {
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// Bytecode can break out of its sandbox, so only source is run; LuaJIT's begins with an escape.
Result<Script> source_only(Script script, const std::string& from) {
  if (script.source.find('\0') == std::string::npos && !script.source.starts_with('\x1b')) {
    return script;
  }
  return fail(ErrorKind::kUsage, fmt::format("cannot run {}: it is not Lua source", from),
              "give the runbook's source, not compiled code or another kind of file");
}

Result<Script> read_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return fail(ErrorKind::kUsage,
                fmt::format("cannot read {}: it is a directory", printable(path)),
                "give the path of a runbook file");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(ErrorKind::kUsage,
                fmt::format("cannot read {}: {}", printable(path), std::strerror(errno)),
                "give a path, or a bundled name: " + join(bundled_runbooks(), ", "));
  }
  const std::filesystem::path place(path);
  Script script;
  script.name = place.stem().string();
  script.source = read_all(file);
  script.chunk = "@" + path;
  script.folder = place.has_parent_path() ? place.parent_path().string() : ".";
  return source_only(std::move(script), printable(path));
}

}  // namespace

std::vector<std::string> bundled_runbooks() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : script_files) {
    std::string name = without_ending(file.name);
    if (!name.ends_with(kHandlersEnding)) names.push_back(std::move(name));
  }
  return names;
}

Result<Script> find_script(const std::string& runbook) {
  if (runbook == "-") {
    Script script = typed_script(read_all(std::cin));
    script.name = "-";
    script.chunk = "@stdin";
    return source_only(std::move(script), "standard input");
  }
  if (is_path(runbook)) return read_file(runbook);
  for (const EmbeddedFile& file : script_files) {
    if (without_ending(file.name) != runbook) continue;
    // A check that is handed to a bundled runbook is looked for where the operator stands.
    return Script{runbook, std::string(file.text.view()),     "@" + std::string(file.name), ".",
                  false,   runbook.ends_with(kHandlersEnding)};
  }
  return fail(ErrorKind::kUsage,
              fmt::format("no runbook is called \"{}\"{}", printable(runbook),
                          did_you_mean(runbook, bundled_runbooks())),
              "bundled: " + join(bundled_runbooks(), ", ") + "; a file is given as a path, ./" +
                  printable(runbook) + ".lua");
}

Script typed_script(std::string source) {
  return Script{"-e", std::move(source), "@command line", "", true};
}

}  // namespace neap::runs
