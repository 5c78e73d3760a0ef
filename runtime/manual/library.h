// A machine of the manual's own: it loads the standard library and runbooks to learn what they say,
// in a world where nothing can be reached and no time passes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace neap::manual {

class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  // What a function of a module of the standard library returns, as plain data.
  Result<json::Value> ask(std::string_view module, const char* function);
  // The header of a runbook, as runbook.describe gives it.
  Result<json::Object> describe_runbook(const std::string& source, const std::string& chunk);

 private:
  struct World;
  std::unique_ptr<World> world_;
};

}  // namespace neap::manual
