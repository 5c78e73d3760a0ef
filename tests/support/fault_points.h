// The tests' side of base/fault_points.h: chooses where the process dies and which bug is in force.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace neap::fault {

// The process kills itself the `count`th time (from 1) it passes the place; 0: never.
void crash_at(std::string place, std::uint64_t count);
// How often each place was passed since the last reset().
const std::map<std::string, std::uint64_t>& passed();
// Switches one bug on, and any other off; empty: none.
void plant(std::string bug);
// How often the planted bug was asked for: a switch that nobody reads proves nothing.
std::uint64_t asked();
void reset();

}  // namespace neap::fault
