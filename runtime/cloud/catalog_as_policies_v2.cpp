// Scaling policies, version 2 of the interface: of groups and of bandwidths (as.md section 2).
#include "cloud/catalog_as_policy_params.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/autoscaling-api/v2/{project_id}/scaling_policy",
    "/autoscaling-api/v2/{project_id}/scaling_policy/{scaling_policy_id}",
    "/autoscaling-api/v2/{project_id}/scaling_policy/{scaling_resource_id}/list"};

constexpr Param kCreateParams[] = {
    required(kPolicyName),
    required(kResourceId),
    required(kResourceType),
    required(kPolicyV2Type),
    kAlarm,
    kSchedule,
    kV2Action,
    kCoolDownTime,
    kScalingDescription,
    kIntervalActions,
};
constexpr Param kUpdateParams[] = {
    kPolicyIdInPath,  kPolicyName, kResourceId, kResourceType,       kPolicyV2Type,
    kAlarm,           kSchedule,   kV2Action,   kept(kCoolDownTime), kScalingDescription,
    kIntervalActions,
};
constexpr Param kListParams[] = {
    {.name = "scaling_resource_id",
     .place = Place::kPath,
     .required = true,
     .help = "group or bandwidth that the policies scale",
     .rule = Rule::kId},
    kPolicyNameFilter,
    in_query(kPolicyV2Type),
    kPolicyIdFilter,
    kStartNumber,
    kAsLimit,
};

constexpr std::string_view kSortKeys[] = {"POLICY_NAME", "TRIGGER_CONDITION", "CREATE_TIME"};
constexpr std::string_view kOrders[] = {"ASC", "DESC"};
constexpr Param kListAllParams[] = {
    in_query(kResourceId),
    in_query(kResourceType),
    kPolicyNameFilter,
    in_query(kPolicyV2Type),
    kPolicyIdFilter,
    kStartNumber,
    kAsLimit,
    {.name = "sort_by", .place = Place::kQuery, .help = "what to sort by", .one_of = kSortKeys},
    {.name = "order", .place = Place::kQuery, .help = "which end first", .one_of = kOrders},
    {.name = "enterprise_project_id",
     .place = Place::kQuery,
     .help = "only those of this enterprise project",
     .rule = Rule::kId},
    in_query(kAlarm),
};
constexpr Param kIdParams[] = {kPolicyIdInPath};

constexpr Constraint kConstraints[] = {
    kAlarmNeedsRule,
    kScheduledNeedsTime,
    kRecurrenceNeedsTime,
    {.bond = Bond::kValueNeeds,
     .these = kPolicyTypeOnly,
     .those = kIntervalsOnly,
     .value = "INTERVAL_ALARM",
     .because = "each range of the value has an action of its own"}};

constexpr std::string_view kSettable[] = {"scaling_policy_name",
                                          "scaling_resource_id",
                                          "scaling_resource_type",
                                          "scaling_policy_type",
                                          "alarm_id",
                                          "scheduled_policy",
                                          "scaling_policy_action",
                                          "cool_down_time",
                                          "description",
                                          "interval_alarm_actions"};

constexpr Transition kCreating[] = {{.success = kInService}};

constexpr std::string_view kCreateErrors[] = {"AS.3002", "AS.3003", "AS.3004", "AS.3005", "AS.3008",
                                              "AS.3009", "AS.3010", "AS.3018", "AS.3026", "AS.3030",
                                              "AS.3032", "AS.3034", "AS.3036", "AS.3037", "AS.3041",
                                              "AS.3042", "AS.3043"};
constexpr std::string_view kListAllErrors[] = {"AS.3057", "AS.3058"};

constexpr std::string_view kSides =
    "INTERVAL_ALARM and its actions are known from the SDK only; they are offered, the service has "
    "the last word";

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "create_scaling_v2_policy",
     .summary = "Create a policy of a group or bandwidth",
     .method = http::Method::kPost,
     .path = kPath[0],
     .params = kCreateParams,
     .constraints = kConstraints,
     .effect = Effect::kCreate,
     .resource = "scaling_policy",
     .transitions = kCreating,
     .conditions = kPolicyConditions,
     .lookup = {.show = "show_scaling_v2_policy",
                .id = "scaling_policy_id",
                .list = "list_scaling_v2_policies",
                .mark = "description"},
     .evidence = "list_scaling_v2_policies: one of exactly this name, created after the call",
     .errors = kCreateErrors,
     .source = "as.md sections 2 and 9",
     .sides = kSides},
    {.service = "as",
     .name = "update_scaling_v2_policy",
     .summary = "Change a policy of a group or bandwidth",
     .method = http::Method::kPut,
     .path = kPath[1],
     .params = kUpdateParams,
     .constraints = kConstraints,
     .effect = Effect::kIdempotent,
     .resource = "scaling_policy",
     .conditions = kPolicyConditions,
     .lookup = {.show = "show_scaling_v2_policy", .id = "scaling_policy_id", .set = kSettable},
     .evidence = "show_scaling_v2_policy: it has the values given; repeating the call is safe",
     .errors = kPolicyUpdateErrors,
     .source = "as.md sections 2 and 9",
     .sides = kSides},
    {.service = "as",
     .name = "list_scaling_v2_policies",
     .summary = "List the policies of a group or bandwidth",
     .path = kPath[2],
     .params = kListParams,
     .resource = "scaling_policy",
     .result = "scaling_policies",
     .paging = Paging::kStartNumber,
     .source = "as.md sections 1 and 2"},
    {.service = "as",
     .name = "list_all_scaling_v2_policies",
     .summary = "List all policies of the project",
     .path = kPath[0],
     .params = kListAllParams,
     .resource = "scaling_policy",
     .result = "scaling_policies",
     .paging = Paging::kStartNumber,
     .errors = kListAllErrors,
     .source = "as.md sections 1 and 2"},
    {.service = "as",
     .name = "show_scaling_v2_policy",
     .summary = "Show a policy with its kind of resource",
     .path = kPath[1],
     .params = kIdParams,
     .resource = "scaling_policy",
     .result = "scaling_policy",
     .errors = kPolicyUnknown,
     .source = "as.md section 2"},
};

}  // namespace

constinit const std::span<const Operation> kAsPoliciesV2{kOperations};

}  // namespace neap::cloud::tables
