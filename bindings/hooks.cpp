// host.hooks and host.held_instances: lifecycle hooks, and what they hold (as.md sections 4 to 8).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kHooks[] = {
    {"create", "(parameters) -> hook", invoke, "as:create_life_cycle_hook"},
    {"list", "(parameters) -> {lifecycle_hooks}", invoke, "as:list_life_cycle_hooks"},
    {"show", "(parameters) -> hook", invoke, "as:show_life_cycle_hook"},
    {"update", "(parameters) -> hook", invoke, "as:update_life_cycle_hook"},
    {"delete", "(parameters)", invoke, "as:delete_lifecycle_hook"},
};

constexpr lua::Entry kHeldInstances[] = {
    {"list", "(filters) -> {instance_hanging_info}", invoke, "as:list_hook_instances"},
    {"callback", "(parameters)", invoke, "as:attach_callback_instance_life_cycle_hook"},
};

}  // namespace

extern const lua::Module hooks{"host.hooks", kHooks};
extern const lua::Module held_instances{"host.held_instances", kHeldInstances};

}  // namespace neap::bindings
