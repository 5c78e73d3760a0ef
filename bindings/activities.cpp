// host.activities: what scaling groups did, by both versions of the interface (as.md section 10).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"list", "(filters) -> {total_number, scaling_activity_log}", invoke,
     "as:list_scaling_activity_logs"},
    {"list_v2", "(filters) -> {total_number, scaling_activity_log}", invoke,
     "as:list_scaling_activity_v2_logs"},
};

}  // namespace

extern const lua::Module activities{"host.activities", kEntries};

}  // namespace neap::bindings
