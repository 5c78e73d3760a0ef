// Scaling policies of groups, version 1 of the interface, and what acts on policies of either
// version (as.md sections 2 and 9).
#include "cloud/catalog_as_policy_params.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/autoscaling-api/v1/{project_id}/scaling_policy",
    "/autoscaling-api/v1/{project_id}/scaling_policy/{scaling_policy_id}",
    "/autoscaling-api/v1/{project_id}/scaling_policy/{scaling_group_id}/list",
    "/autoscaling-api/v1/{project_id}/scaling_policy/{scaling_policy_id}/action",
    "/autoscaling-api/v1/{project_id}/scaling_policies/action"};

constexpr Param kCreateParams[] = {
    required(kPolicyName),
    {.name = "scaling_group_id",
     .required = true,
     .help = "group that it scales",
     .rule = Rule::kId},
    required(kPolicyType),
    kAlarm,
    kSchedule,
    kAction,
    kCoolDownTime,
};
constexpr Param kUpdateParams[] = {
    kPolicyIdInPath, kPolicyName, kPolicyType, kAlarm, kSchedule, kAction, kept(kCoolDownTime),
};
constexpr Param kListParams[] = {
    kScalingGroupIdInPath, kPolicyNameFilter, in_query(kPolicyType),
    kPolicyIdFilter,       kStartNumber,      kAsLimit,
};
constexpr Param kIdParams[] = {kPolicyIdInPath};
constexpr Param kExecuteParams[] = {
    kPolicyIdInPath,
    {.name = "action", .required = true, .help = "always execute", .constant = "execute"},
};
constexpr Param kResumeParams[] = {
    kPolicyIdInPath,
    {.name = "action", .required = true, .help = "always resume", .constant = "resume"},
};
constexpr Param kPauseParams[] = {
    kPolicyIdInPath,
    {.name = "action", .required = true, .help = "always pause", .constant = "pause"},
};

constexpr Param kPolicies{.name = "scaling_policy_id",
                          .type = Type::kStringList,
                          .required = true,
                          .help = "scaling policies",
                          .rule = Rule::kId,
                          .min = 1,
                          .max = 20};
constexpr Param kBatchDeleteParams[] = {
    kPolicies,
    {.name = "action", .required = true, .help = "always delete", .constant = "delete"},
    {.name = "force_delete",
     .help = "yes deletes even policies that are EXECUTING",
     .one_of = kYesOrNo,
     .fallback = "no"},
    {.name = "delete_alarm",
     .help = "yes deletes their alarm rules too",
     .one_of = kYesOrNo,
     .fallback = "no"},
};
constexpr Param kBatchResumeParams[] = {
    kPolicies,
    {.name = "action", .required = true, .help = "always resume", .constant = "resume"},
};
constexpr Param kBatchPauseParams[] = {
    kPolicies,
    {.name = "action", .required = true, .help = "always pause", .constant = "pause"},
};

constexpr Constraint kConstraints[] = {kAlarmNeedsRule, kScheduledNeedsTime, kRecurrenceNeedsTime};

constexpr std::string_view kSettable[] = {
    "scaling_policy_name", "scaling_policy_type",   "alarm_id",
    "scheduled_policy",    "scaling_policy_action", "cool_down_time"};
constexpr std::string_view kThese[] = {"scaling_policy_id"};

constexpr Transition kCreating[] = {{.success = kInService}};
constexpr Transition kExecuting[] = {
    {.from = kInService, .during = "EXECUTING", .success = kInService}};
// From which statuses these are allowed is not documented.
constexpr Transition kResuming[] = {{.success = kInService}};
constexpr Transition kPausing[] = {{.success = kPaused}};

constexpr std::string_view kExecuteConditions[] = {
    "the group is INSERVICE", "no scaling activity runs in the group, no instance is held"};
constexpr std::string_view kBatchDeleteConditions[] = {
    "without force_delete: none of them is EXECUTING"};

constexpr std::string_view kCreateErrors[] = {"AS.2007", "AS.3002", "AS.3003", "AS.3004", "AS.3005",
                                              "AS.3008", "AS.3009", "AS.3010", "AS.3018", "AS.3026",
                                              "AS.3030", "AS.3032", "AS.3034", "AS.3036"};
constexpr std::string_view kListErrors[] = {"AS.2007", "AS.3002"};
constexpr std::string_view kActionErrors[] = {"AS.0026", "AS.0034", "AS.3020", "AS.3022",
                                              "AS.3027", "AS.3038", "AS.3040"};
constexpr std::string_view kBatchDeleteErrors[] = {"AS.3045", "AS.3048", "AS.3049", "AS.3056"};
constexpr std::string_view kBatchResumeErrors[] = {"AS.3046", "AS.3049"};
constexpr std::string_view kBatchPauseErrors[] = {"AS.3047", "AS.3049"};

constexpr std::string_view kShow = "show_scaling_policy";
constexpr std::string_view kId = "scaling_policy_id";
// Lists policies of all groups, made by either version.
constexpr std::string_view kListAll = "list_all_scaling_v2_policies";

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "create_scaling_policy",
     .summary = "Create a policy of a group",
     .method = http::Method::kPost,
     .path = kPath[0],
     .params = kCreateParams,
     .constraints = kConstraints,
     .effect = Effect::kCreate,
     .resource = "scaling_policy",
     .transitions = kCreating,
     .conditions = kPolicyConditions,
     .lookup = {.show = kShow, .id = kId, .list = "list_scaling_policies"},
     .evidence = "list_scaling_policies: one of exactly this name, created after the call",
     .errors = kCreateErrors,
     .source = "as.md sections 2 and 9"},
    {.service = "as",
     .name = "list_scaling_policies",
     .summary = "List the policies of a group",
     .path = kPath[2],
     .params = kListParams,
     .resource = "scaling_policy",
     .result = "scaling_policies",
     .paging = Paging::kStartNumber,
     .errors = kListErrors,
     .source = "as.md sections 1 and 2"},
    {.service = "as",
     .name = "show_scaling_policy",
     .summary = "Show a policy",
     .path = kPath[1],
     .params = kIdParams,
     .resource = "scaling_policy",
     .result = "scaling_policy",
     .errors = kPolicyUnknown,
     .source = "as.md section 2"},
    {.service = "as",
     .name = "update_scaling_policy",
     .summary = "Change a policy of a group",
     .method = http::Method::kPut,
     .path = kPath[1],
     .params = kUpdateParams,
     .constraints = kConstraints,
     .effect = Effect::kIdempotent,
     .resource = "scaling_policy",
     .conditions = kPolicyConditions,
     .lookup = {.show = kShow, .id = kId, .set = kSettable},
     .evidence = "show_scaling_policy: it has the values given; repeating the call is safe",
     .errors = kPolicyUpdateErrors,
     .source = "as.md sections 2 and 9"},
    {.service = "as",
     .name = "delete_scaling_policy",
     .summary = "Delete a policy",
     .method = http::Method::kDelete,
     .path = kPath[1],
     .params = kIdParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_policy",
     .transitions = kGone,
     .lookup = {.show = kShow, .id = kId},
     .evidence = "show_scaling_policy: not found (AS.3020)",
     .errors = kPolicyUnknown,
     .source = "as.md section 2"},
    {.service = "as",
     .name = "execute_scaling_policy",
     .summary = "Carry out a policy now",
     .method = http::Method::kPost,
     .path = kPath[3],
     .params = kExecuteParams,
     .success = 204,
     .effect = Effect::kOpaque,
     .resource = "scaling_policy",
     .transitions = kExecuting,
     .conditions = kExecuteConditions,
     .evidence = "list_scaling_policy_execute_logs: an entry of type MANUAL after the call, which "
                 "anybody's would look like",
     .errors = kActionErrors,
     .source = "as.md section 9",
     .sides = "as.md 11.15: AS.3038 means that the policy is executing; the code list spells it "
              "execting"},
    {.service = "as",
     .name = "resume_scaling_policy",
     .summary = "Let a policy act",
     .method = http::Method::kPost,
     .path = kPath[3],
     .params = kResumeParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_policy",
     .transitions = kResuming,
     .lookup = {.show = kShow, .id = kId, .field = "policy_status", .value = "INSERVICE"},
     .evidence = "show_scaling_policy: status INSERVICE",
     .errors = kActionErrors,
     .source = "as.md sections 2 and 9"},
    {.service = "as",
     .name = "pause_scaling_policy",
     .summary = "Keep a policy from acting",
     .method = http::Method::kPost,
     .path = kPath[3],
     .params = kPauseParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_policy",
     .transitions = kPausing,
     .lookup = {.show = kShow, .id = kId, .field = "policy_status", .value = "PAUSED"},
     .evidence = "show_scaling_policy: status PAUSED",
     .errors = kActionErrors,
     .source = "as.md sections 2 and 9"},
    {.service = "as",
     .name = "batch_delete_scaling_policies",
     .summary = "Delete several policies",
     .method = http::Method::kPost,
     .path = kPath[4],
     .params = kBatchDeleteParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_policy",
     .transitions = kGone,
     .conditions = kBatchDeleteConditions,
     .lookup = {.list = kListAll, .match = kThese},
     .evidence = "list_all_scaling_v2_policies: none of them is there",
     .errors = kBatchDeleteErrors,
     .source = "as.md section 9"},
    {.service = "as",
     .name = "batch_resume_scaling_policies",
     .summary = "Let several policies act",
     .method = http::Method::kPost,
     .path = kPath[4],
     .params = kBatchResumeParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_policy",
     .transitions = kResuming,
     .lookup = {.list = kListAll, .match = kThese, .field = "policy_status", .value = "INSERVICE"},
     .evidence = "list_all_scaling_v2_policies: status INSERVICE for each",
     .errors = kBatchResumeErrors,
     .source = "as.md section 9"},
    {.service = "as",
     .name = "batch_pause_scaling_policies",
     .summary = "Keep several policies from acting",
     .method = http::Method::kPost,
     .path = kPath[4],
     .params = kBatchPauseParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_policy",
     .transitions = kPausing,
     .lookup = {.list = kListAll, .match = kThese, .field = "policy_status", .value = "PAUSED"},
     .evidence = "list_all_scaling_v2_policies: status PAUSED for each",
     .errors = kBatchPauseErrors,
     .source = "as.md section 9"},
};

}  // namespace

constinit const std::span<const Operation> kAsPolicies{kOperations};

}  // namespace neap::cloud::tables
