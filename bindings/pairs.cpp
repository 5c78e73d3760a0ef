// host.pairs and host.instances: what a protection group holds (sdrs.md section 3).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kPairs[] = {
    {"create", "(parameters) -> {job_id}", invoke, "sdrs:create_replication"},
    {"list", "(filters) -> {count, replications}", invoke, "sdrs:list_replications"},
    {"show", "(parameters) -> {replication}", invoke, "sdrs:show_replication"},
    {"rename", "(parameters) -> {replication}", invoke, "sdrs:update_replication_name"},
    {"delete", "(parameters) -> {job_id}", invoke, "sdrs:delete_replication"},
};

constexpr lua::Entry kInstances[] = {
    {"list", "(filters) -> {count, protected_instances}", invoke, "sdrs:list_protected_instances"},
    {"show", "(parameters) -> {protected_instance}", invoke, "sdrs:show_protected_instance"},
};

}  // namespace

extern const lua::Module pairs{"host.pairs", kPairs};
extern const lua::Module instances{"host.instances", kInstances};

}  // namespace neap::bindings
