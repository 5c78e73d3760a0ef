// host.failures: the records of failed jobs (sdrs.md sections 3 and 6).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"list", "(filters) -> {count, failure_jobs}", invoke, "sdrs:list_failure_jobs"},
    {"delete", "(parameters)", invoke, "sdrs:delete_failure_job"},
    {"delete_of_groups", "()", invoke, "sdrs:delete_all_server_group_failure_jobs"},
    {"delete_in_group", "(parameters)", invoke, "sdrs:delete_server_group_failure_jobs"},
};

}  // namespace

extern const lua::Module failures{"host.failures", kEntries};

}  // namespace neap::bindings
