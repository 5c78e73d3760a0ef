// Arrivals of an inbox, single and grouped, against the least that SQLite's bare C interface needs
// to keep them once.
#pragma once

namespace neap::bench {

// Whether the bars were met.
bool measure_inbox();

}  // namespace neap::bench
