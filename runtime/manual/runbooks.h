// The bundled runbooks as their headers tell of them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace neap::manual {

struct RunbookParameter {
  std::string name;
  std::string type;
  std::string help;
  std::string fallback;
  std::vector<std::string> choices;
  bool required = false;
};

struct Runbook {
  std::string name;
  std::string summary;
  std::string rto;
  std::vector<RunbookParameter> parameters;  // required ones first
  std::vector<std::string> needs;

  // "--dry-run": a parameter as the command line writes it.
  static std::string flag(const RunbookParameter& parameter);
};

// In the order of their names.
Result<std::vector<Runbook>> bundled_runbooks();
// One of them, or of a bundled name that is none; kind usage.
Result<Runbook> describe_runbook(const std::string& name);

std::string runbook_text(const Runbook& runbook, std::size_t width);
json::Object runbook_json(const Runbook& runbook);

}  // namespace neap::manual
