// host.as: Auto Scaling itself, what it offers and allows (as.md section 2).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"versions", "() -> {versions}", invoke, "as:list_api_versions"},
    {"version", "(parameters) -> {version}", invoke, "as:show_api_version"},
    {"quotas", "() -> {quotas}", invoke, "as:show_resource_quota"},
    {"quotas_of_group", "(parameters) -> {quotas}", invoke, "as:show_policy_and_instance_quota"},
};

}  // namespace

extern const lua::Module as_service{"host.as", kEntries};

}  // namespace neap::bindings
