// host.sdrs: the service itself, what it offers and allows (sdrs.md sections 1 to 3).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"versions", "() -> {versions}", invoke, "sdrs:list_api_versions"},
    {"version", "(parameters) -> {version}", invoke, "sdrs:show_specified_api_version"},
    {"domains", "() -> {domains}", invoke, "sdrs:list_active_active_domains"},
    {"quotas", "() -> {quotas}", invoke, "sdrs:show_quota"},
};

}  // namespace

extern const lua::Module sdrs_service{"host.sdrs", kEntries};

}  // namespace neap::bindings
