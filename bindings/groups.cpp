// host.groups: protection groups (sdrs.md section 3).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> {job_id}", invoke, "sdrs:create_protection_group"},
    {"list", "(filters) -> {count, server_groups}", invoke, "sdrs:list_protection_groups"},
    {"show", "(parameters) -> {server_group}", invoke, "sdrs:show_protection_group"},
    {"rename", "(parameters) -> {server_group}", invoke, "sdrs:update_protection_group_name"},
    {"delete", "(parameters) -> {job_id}", invoke, "sdrs:delete_protection_group"},
    {"start", "(parameters) -> {job_id}", invoke, "sdrs:start_protection_group"},
    {"stop", "(parameters) -> {job_id}", invoke, "sdrs:stop_protection_group"},
    {"failover", "(parameters) -> {job_id}", invoke, "sdrs:start_failover_protection_group"},
    {"reverse", "(parameters) -> {job_id}", invoke, "sdrs:start_reverse_protection_group"},
};

}  // namespace

extern const lua::Module groups{"host.groups", kEntries};

}  // namespace neap::bindings
