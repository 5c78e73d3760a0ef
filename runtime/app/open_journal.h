// The journal of these settings: where it lies, and opening it for work or for a look.
#pragma once

#include <memory>
#include <string_view>

#include "config/settings.h"
#include "journal/store.h"

namespace neap::app {

enum class Access {
  kWrite,   // the directory and the journal are made when they are not there
  kChange,  // neither is: without a journal there is no run to change
  kLook,    // likewise, and a place that cannot be written is good enough
};

// Errors are those of journal::open_sqlite.
Result<std::unique_ptr<journal::Store>> open_journal(const config::Settings& settings,
                                                     Access access);

// The run of that id, or of the unambiguous beginning of one. Kind not_found says where runs are
// listed.
Result<journal::Run> find_run(journal::Store& store, std::string_view id);

// A run whose process died says so, in place of what it waits for. For showing it.
journal::Run with_fate(journal::Store& store, journal::Run run);

}  // namespace neap::app
