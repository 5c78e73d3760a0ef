// Faults of a rehearsal, as the command line writes them, planted on the simulator's admin side.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace neap::simulator {
class Simulator;
}

namespace neap::app {

// "OPERATION=KIND[:COUNT]": KIND is one of docs/guide/simulator.md or an HTTP status. Kind usage.
Result<void> plant_fault(simulator::Simulator& simulator, const std::string& text);

// A line for each planted fault: how often it fired. One that never did has proved nothing.
std::vector<std::string> fired_faults(simulator::Simulator& simulator);

}  // namespace neap::app
