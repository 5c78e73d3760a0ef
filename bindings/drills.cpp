// host.drills: disaster recovery drills (sdrs.md section 3).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> {job_id}", invoke, "sdrs:create_disaster_recovery_drill"},
    {"list", "(filters) -> {count, disaster_recovery_drills}", invoke,
     "sdrs:list_disaster_recovery_drills"},
    {"show", "(parameters) -> {disaster_recovery_drill}", invoke,
     "sdrs:show_disaster_recovery_drill"},
    {"rename", "(parameters) -> {disaster_recovery_drill}", invoke,
     "sdrs:update_disaster_recovery_drill_name"},
    {"delete", "(parameters) -> {job_id}", invoke, "sdrs:delete_disaster_recovery_drill"},
};

}  // namespace

extern const lua::Module drills{"host.drills", kEntries};

}  // namespace neap::bindings
