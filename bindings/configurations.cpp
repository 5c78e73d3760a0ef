// host.scaling_configurations: templates of the servers that groups make (as.md section 2).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> {scaling_configuration_id}", invoke, "as:create_scaling_config"},
    {"list", "(filters) -> {total_number, scaling_configurations}", invoke,
     "as:list_scaling_configs"},
    {"show", "(parameters) -> {scaling_configuration}", invoke, "as:show_scaling_config"},
    {"update", "(parameters) -> {scaling_configuration_id}", invoke, "as:update_scaling_config"},
    {"delete", "(parameters)", invoke, "as:delete_scaling_config"},
    {"batch_delete", "(parameters)", invoke, "as:batch_delete_scaling_configs"},
};

}  // namespace

extern const lua::Module scaling_configurations{"host.scaling_configurations", kEntries};

}  // namespace neap::bindings
