// host.instances: protected instances (sdrs.md section 3).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> {job_id}", invoke, "sdrs:create_protected_instance"},
    {"batch_create", "(parameters) -> {job_id}", invoke, "sdrs:batch_create_protected_instances"},
    {"list", "(filters) -> {count, protected_instances}", invoke, "sdrs:list_protected_instances"},
    {"show", "(parameters) -> {protected_instance}", invoke, "sdrs:show_protected_instance"},
    {"rename", "(parameters) -> {protected_instance}", invoke,
     "sdrs:update_protected_instance_name"},
    {"delete", "(parameters) -> {job_id}", invoke, "sdrs:delete_protected_instance"},
    {"batch_delete", "(parameters) -> {job_id}", invoke, "sdrs:batch_delete_protected_instances"},
    {"attach", "(parameters) -> {job_id}", invoke, "sdrs:attach_protected_instance_replication"},
    {"detach", "(parameters) -> {job_id}", invoke, "sdrs:detach_protected_instance_replication"},
    {"add_nic", "(parameters) -> {job_id}", invoke, "sdrs:add_protected_instance_nic"},
    {"delete_nic", "(parameters) -> {job_id}", invoke, "sdrs:delete_protected_instance_nic"},
    {"resize", "(parameters) -> {job_id}", invoke, "sdrs:resize_protected_instance"},
};

}  // namespace

extern const lua::Module instances{"host.instances", kEntries};

}  // namespace neap::bindings
