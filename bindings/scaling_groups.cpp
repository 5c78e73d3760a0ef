// host.scaling_groups: the groups that scale (as.md section 2).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> {scaling_group_id}", invoke, "as:create_scaling_group"},
    {"list", "(filters) -> {total_number, scaling_groups}", invoke, "as:list_scaling_groups"},
    {"show", "(parameters) -> {scaling_group}", invoke, "as:show_scaling_group"},
    {"update", "(parameters) -> {scaling_group_id}", invoke, "as:update_scaling_group"},
    {"delete", "(parameters)", invoke, "as:delete_scaling_group"},
    {"resume", "(parameters)", invoke, "as:resume_scaling_group"},
    {"pause", "(parameters)", invoke, "as:pause_scaling_group"},
};

}  // namespace

extern const lua::Module scaling_groups{"host.scaling_groups", kEntries};

}  // namespace neap::bindings
