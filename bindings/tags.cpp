// host.tags: tags of protected instances (sdrs.md sections 3 and 7).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"list", "(parameters) -> {tags}", invoke, "sdrs:list_protected_instance_tags"},
    {"add", "(parameters)", invoke, "sdrs:add_protected_instance_tags"},
    {"delete", "(parameters)", invoke, "sdrs:delete_protected_instance_tag"},
    {"batch_add", "(parameters)", invoke, "sdrs:batch_add_tags"},
    {"batch_delete", "(parameters)", invoke, "sdrs:batch_delete_tags"},
    {"of_project", "() -> {tags}", invoke, "sdrs:list_protected_instances_project_tags"},
    {"query", "(filters) -> {resources, total_count}", invoke,
     "sdrs:list_protected_instances_by_tags"},
};

}  // namespace

extern const lua::Module tags{"host.tags", kEntries};

}  // namespace neap::bindings
