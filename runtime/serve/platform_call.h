// A call of the platform whose caller may drop it while it hears the answer.
#pragma once

#include <string_view>

#include "base/owner.h"
#include "cloud/client.h"

namespace neap::serve {

// The catalogue's entry; it must be there.
const cloud::Operation& operation_of(std::string_view service, std::string_view name);

// Client::call, but `done` comes once everything about the transmission is over: it may drop the
// Owner, and whatever else holds it.
Owner call_platform(Loop& loop, cloud::Client& client, const cloud::Operation& operation,
                    json::Object arguments, cloud::Client::Done done);

}  // namespace neap::serve
