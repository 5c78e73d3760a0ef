// What is run in the crash matrix and in random schedules: the bundled runbooks and those of
// tests/runbooks, each with its words and the cloud that it is made for.
#pragma once

#include <string>
#include <vector>

#include "crash/platform.h"
#include "runs/script.h"

namespace neap::test {

struct Scenario {
  std::string name;  // "failover --reprotect"
  runs::Script script;
  std::vector<std::string> words;
  std::vector<AdminCall> scenery;

  void prepare(Platform& platform) const;
};

std::vector<Scenario> scenarios();

}  // namespace neap::test
