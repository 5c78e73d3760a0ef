// host.pairs: replication pairs (sdrs.md section 3).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> {job_id}", invoke, "sdrs:create_replication"},
    {"list", "(filters) -> {count, replications}", invoke, "sdrs:list_replications"},
    {"show", "(parameters) -> {replication}", invoke, "sdrs:show_replication"},
    {"rename", "(parameters) -> {replication}", invoke, "sdrs:update_replication_name"},
    {"delete", "(parameters) -> {job_id}", invoke, "sdrs:delete_replication"},
    {"expand", "(parameters) -> {job_id}", invoke, "sdrs:expand_replication"},
};

}  // namespace

extern const lua::Module pairs{"host.pairs", kEntries};

}  // namespace neap::bindings
