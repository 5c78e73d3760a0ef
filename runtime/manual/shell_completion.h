// Completion scripts for shells: commands, options, their values, bundled runbooks with their
// parameters, and the runs that are kept.
#pragma once

#include <span>
#include <string>

#include "base/error.h"
#include "manual/command_line.h"
#include "manual/runbooks.h"

namespace neap::manual {

// `shell` is bash, zsh or fish; kind usage for any other. `topics` are what help explains.
Result<std::string> completion_script(const std::string& shell, const CommandShape& neap,
                                      std::span<const Runbook> runbooks,
                                      std::span<const std::string> topics);

}  // namespace neap::manual
