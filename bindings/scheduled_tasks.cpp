// host.scheduled_tasks: sizes that a scaling group takes at set times (as.json).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> {task_id}", invoke, "as:create_group_scheduled_task"},
    {"list", "(parameters) -> {scheduled_tasks}", invoke, "as:list_group_scheduled_tasks"},
    {"update", "(parameters)", invoke, "as:update_group_scheduled_task"},
    {"delete", "(parameters)", invoke, "as:delete_group_scheduled_task"},
};

}  // namespace

extern const lua::Module scheduled_tasks{"host.scheduled_tasks", kEntries};

}  // namespace neap::bindings
