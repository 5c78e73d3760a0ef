// The hook service, measured: what it stores, what a webhook costs, what thousands of holds cost.
// Each says whether its bars were met.
#pragma once

#include <cstddef>

namespace neap::bench {

// Signed notifications over HTTP, verified and durable before they are acknowledged.
bool measure_stored_hooks(std::size_t messages);

// A POST, a Lua handler, an answer, and nothing stored: ours against nginx with Lua and node.
bool measure_webhook();

// Instances held at once: memory of an open event, and what it takes to answer all.
bool measure_held(std::size_t instances);

}  // namespace neap::bench
