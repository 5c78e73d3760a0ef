// host.policies: what makes groups scale, by both versions of the interface (as.md section 2).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"create", "(parameters) -> {scaling_policy_id}", invoke, "as:create_scaling_policy"},
    {"create_v2", "(parameters) -> {scaling_policy_id}", invoke, "as:create_scaling_v2_policy"},
    {"list", "(filters) -> {total_number, scaling_policies}", invoke, "as:list_scaling_policies"},
    {"list_v2", "(filters) -> {total_number, scaling_policies}", invoke,
     "as:list_scaling_v2_policies"},
    {"list_all", "(filters) -> {total_number, scaling_policies}", invoke,
     "as:list_all_scaling_v2_policies"},
    {"show", "(parameters) -> {scaling_policy}", invoke, "as:show_scaling_policy"},
    {"show_v2", "(parameters) -> {scaling_policy}", invoke, "as:show_scaling_v2_policy"},
    {"update", "(parameters) -> {scaling_policy_id}", invoke, "as:update_scaling_policy"},
    {"update_v2", "(parameters) -> {scaling_policy_id}", invoke, "as:update_scaling_v2_policy"},
    {"execute", "(parameters)", invoke, "as:execute_scaling_policy"},
    {"resume", "(parameters)", invoke, "as:resume_scaling_policy"},
    {"pause", "(parameters)", invoke, "as:pause_scaling_policy"},
    {"delete", "(parameters)", invoke, "as:delete_scaling_policy"},
    {"batch_resume", "(parameters)", invoke, "as:batch_resume_scaling_policies"},
    {"batch_pause", "(parameters)", invoke, "as:batch_pause_scaling_policies"},
    {"batch_delete", "(parameters)", invoke, "as:batch_delete_scaling_policies"},
    {"executions", "(filters) -> {total_number, scaling_policy_execute_log}", invoke,
     "as:list_scaling_policy_execute_logs"},
};

}  // namespace

extern const lua::Module policies{"host.policies", kEntries};

}  // namespace neap::bindings
