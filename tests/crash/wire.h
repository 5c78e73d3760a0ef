// Messages between a process under test and the process that plays the platform for it: frames of
// byte strings over a socket pair.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace neap::test {

using Message = std::vector<std::string>;

// False when the other side is gone.
bool send_message(int descriptor, const Message& message);
// Waits for a whole one; nothing when the other side has ended, at whatever byte.
std::optional<Message> receive_message(int descriptor);

}  // namespace neap::test
