// The help of a runbook, made from its header.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "json/value.h"

namespace neap::app {

// `description` is what stdlib/runbook.lua's describe returns.
std::string runbook_usage(const std::string& name, const json::Object& description);

// A seed as text, or a fresh one when the text is empty. Kind usage.
Result<std::uint64_t> parse_seed(const std::string& text);

}  // namespace neap::app
