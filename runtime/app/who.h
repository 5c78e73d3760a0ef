// Who sits at the keyboard, as decisions are signed with.
#pragma once

#include <string>

namespace neap::app {

// "anna@bastion": the account that this process runs as, and this machine. Not from the
// environment, which anybody can set.
std::string operator_name();

}  // namespace neap::app
