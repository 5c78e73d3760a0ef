// The product's side of fault_points.h: nothing ever happens.
#include "base/fault_points.h"

namespace neap::fault {

void crash_point(std::string_view) {}

bool bug(std::string_view) {
  return false;
}

}  // namespace neap::fault
