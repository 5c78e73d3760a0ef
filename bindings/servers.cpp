// host.servers: servers and their power (ecs.md sections 2 to 6).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"show", "(parameters) -> {server}", invoke, "ecs:show_server"},
    {"list", "(filters) -> {count, servers}", invoke, "ecs:list_servers_details"},
    {"start", "(parameters) -> {job_id}", invoke, "ecs:batch_start_servers"},
    {"stop", "(parameters) -> {job_id}", invoke, "ecs:batch_stop_servers"},
    {"reboot", "(parameters) -> {job_id}", invoke, "ecs:batch_reboot_servers"},
    {"flavors", "(filters) -> {flavors}", invoke, "ecs:list_resize_flavors"},
    {"job", "(parameters) -> job", invoke, "ecs:show_job"},
};

}  // namespace

extern const lua::Module servers{"host.servers", kEntries};

}  // namespace neap::bindings
