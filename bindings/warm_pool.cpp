// host.warm_pool: servers that a scaling group keeps ready (as.json).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"put", "(parameters) -> {warm_pool}", invoke, "as:put_warm_pool_new"},
    {"show", "(parameters) -> {warm_pool}", invoke, "as:show_warm_pool_new"},
    {"close", "(parameters)", invoke, "as:close_warm_pool_new"},
    {"instances", "(parameters) -> {warm_pool_instances}", invoke,
     "as:list_warm_pool_instances_new"},
};

}  // namespace

extern const lua::Module warm_pool{"host.warm_pool", kEntries};

}  // namespace neap::bindings
