// Jobs that stand for calls whose answer was lost: their ids say what to look at, and they are
// asked for like any job of the platform.
#pragma once

#include <string>
#include <string_view>

#include "cloud/client.h"
#include "cloud/look.h"

namespace neap::cloud {

// What is known of the call when its job is made up.
enum class Progress {
  kUnderWay,  // looking tells how it goes on
  kHappened,  // its work is done, whatever the thing looks like by then
  kFailed,
};

// Between the ids of several things that one call acts on.
inline constexpr std::string_view kBetweenIds = "+";

// "observed:start_failover_protection_group:46c1…:protected,source": of this operation, on this
// thing, which was in this status and served from this site before; or ":done", ":failed" instead.
// `resource_ids`: one, or several with kBetweenIds between them.
std::string observed_job_id(const Operation& operation, std::string_view resource_ids,
                            Progress progress, const View& before);
bool is_observed_job(std::string_view job_id);

bool asks_for_observed_job(const Operation& operation, const json::Object& arguments);

// Looks at the thing and answers as the platform would of the call's own job: status RUNNING,
// SUCCESS or FAIL, job_type, entities, and the reason of a failure as far as the failed jobs of the
// platform tell it. Kind in_doubt when what is seen fits no end of the call; argument when the id
// is not well-formed; and what looking may fail with. Calls `done` once, from the loop.
Owner show_observed_job(Client& client, Loop& loop, std::string job_id, Client::Done done);

}  // namespace neap::cloud
