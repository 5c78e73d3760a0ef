// host.notifications: topics told of what a scaling group does (as.md section 2).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> notification", invoke, "as:create_scaling_notification"},
    {"list", "(parameters) -> {topics}", invoke, "as:list_scaling_notifications"},
    {"delete", "(parameters)", invoke, "as:delete_scaling_notification"},
};

}  // namespace

extern const lua::Module notifications{"host.notifications", kEntries};

}  // namespace neap::bindings
