// A JSON value as the picture that everything is drawn from.
#pragma once

#include "json/value.h"
#include "lua/snapshot.h"

namespace neap::show {

// Members stay in the order in which the value holds them.
lua::Snapshot snapshot_of(const json::Value& value);

}  // namespace neap::show
