// Temporary credentials of the ECS this program runs on, from its metadata service (auth.md
// section 5).
#pragma once

#include "base/function.h"
#include "base/owner.h"
#include "http/transport.h"
#include "sign/local_sources.h"

namespace neap::sign {

// Asks 169.254.169.254: a session token first, then the keys of the ECS agency; each question waits
// 3 s at most. Off an ECS nobody answers, which is a reason to skip and no error. `done` is called
// once, from the loop, unless the Owner is dropped first.
Owner look_in_metadata(http::Transport& transport, Function<void(Finding)> done);

}  // namespace neap::sign
