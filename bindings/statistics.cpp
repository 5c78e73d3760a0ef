// host.statistics: how far recovery points lagged behind (sdrs.md section 3).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"rpo", "(filters) -> {count, resource_rpo_statistics}", invoke, "sdrs:list_rpo_statistics"},
};

}  // namespace

extern const lua::Module statistics{"host.statistics", kEntries};

}  // namespace neap::bindings
