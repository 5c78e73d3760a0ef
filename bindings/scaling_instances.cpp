// host.scaling_instances: the instances of scaling groups (as.md sections 3 and 9).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"list", "(filters) -> {total_number, scaling_group_instances}", invoke,
     "as:list_scaling_instances"},
    {"delete", "(parameters)", invoke, "as:delete_scaling_instance"},
    {"add", "(parameters)", invoke, "as:batch_add_scaling_instances"},
    {"remove", "(parameters)", invoke, "as:batch_remove_scaling_instances"},
    {"protect", "(parameters)", invoke, "as:batch_protect_scaling_instances"},
    {"unprotect", "(parameters)", invoke, "as:batch_unprotect_scaling_instances"},
    {"enter_standby", "(parameters)", invoke, "as:batch_set_scaling_instances_standby"},
    {"exit_standby", "(parameters)", invoke, "as:batch_unset_scaling_instances_standby"},
};

}  // namespace

extern const lua::Module scaling_instances{"host.scaling_instances", kEntries};

}  // namespace neap::bindings
