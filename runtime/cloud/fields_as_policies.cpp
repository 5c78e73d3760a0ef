// What answers of Auto Scaling say of policies, activities and the rest (as.md sections 9 to 12).
#include "cloud/catalog_as_tables.h"
#include "cloud/fields.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kScalingPolicyScalingResourceType[] = {"SCALING_GROUP", "BANDWIDTH"};

constexpr std::string_view kScalingPolicyScalingPolicyType[] = {"ALARM", "SCHEDULED", "RECURRENCE"};

constexpr Field kScalingPolicyScheduledPolicy[] = {
    {.name = "launch_time", .help = "when"},
    {.name = "recurrence_type", .help = "how often"},
    {.name = "recurrence_value", .help = "on which days"},
    {.name = "start_time", .help = "from when on, UTC"},
    {.name = "end_time", .help = "UTC"},
};

constexpr Field kScalingPolicyScalingPolicyAction[] = {
    {.name = "operation", .help = "ADD, REMOVE or SET, and others of bandwidths"},
    {.name = "instance_number", .type = Type::kInteger, .help = "how many instances"},
    {.name = "instance_percentage", .type = Type::kInteger, .help = "how many, percent"},
    {.name = "size", .type = Type::kInteger, .help = "how much of a bandwidth"},
    {.name = "limits", .type = Type::kInteger, .help = "what bounds it"},
};

constexpr Field kScalingPolicy[] = {
    {.name = "scaling_policy_id", .help = "names the policy"},
    {.name = "scaling_policy_name", .help = "of the policy"},
    {.name = "scaling_resource_id", .help = "what it scales"},
    {.name = "scaling_resource_type",
     .help = "a group or a bandwidth",
     .one_of = kScalingPolicyScalingResourceType},
    {.name = "policy_status", .help = "of the policy", .one_of = kPolicyStatuses},
    {.name = "scaling_policy_type",
     .help = "what sets it off",
     .one_of = kScalingPolicyScalingPolicyType},
    {.name = "alarm_id", .help = "of type ALARM"},
    {.name = "scheduled_policy",
     .type = Type::kObject,
     .help = "of types SCHEDULED and RECURRENCE",
     .members = kScalingPolicyScheduledPolicy},
    {.name = "scaling_policy_action",
     .type = Type::kObject,
     .help = "what it does",
     .members = kScalingPolicyScalingPolicyAction},
    {.name = "cool_down_time", .type = Type::kInteger, .help = "seconds between two activities"},
    {.name = "create_time", .help = "UTC"},
    {.name = "meta_data", .help = "of the bandwidth"},
    {.name = "description", .help = "free text"},
    {.name = "scaling_group_id", .help = "names the group"},
};

constexpr std::string_view kPolicyExecutionExecuteType[] = {"SCHEDULE", "RECURRENCE", "ALARM",
                                                            "MANUAL"};

constexpr std::string_view kPolicyExecutionType[] = {"ADD", "REMOVE", "SET"};

constexpr Field kPolicyExecution[] = {
    {.name = "id", .help = "names the thing"},
    {.name = "status", .help = "how it stands", .one_of = kExecutionStatuses},
    {.name = "failed_reason", .help = "why it failed"},
    {.name = "execute_type",
     .help = "spelled SCHEDULE here but SCHEDULED in the filter",
     .one_of = kPolicyExecutionExecuteType},
    {.name = "execute_time", .help = "UTC"},
    {.name = "tenant_id", .help = "project id"},
    {.name = "scaling_policy_id", .help = "names the policy"},
    {.name = "scaling_resource_type", .help = "a group or a bandwidth"},
    {.name = "scaling_resource_id", .help = "what it scales"},
    {.name = "old_value", .help = "before"},
    {.name = "desire_value", .help = "wanted"},
    {.name = "limit_value", .help = "what bounds it"},
    {.name = "type", .help = "what it is", .one_of = kPolicyExecutionType},
    {.name = "job_records", .type = Type::kStringList, .help = "what was done"},
    {.name = "meta_data", .type = Type::kObject, .help = "of the bandwidth"},
};

constexpr std::string_view kScalingActivityType[] = {
    "NORMAL",           "MANNUAL_REMOVE",     "MANNUAL_DELETE", "MANNUAL_ADD",
    "ELB_CHECK_DELETE", "AUDIT_CHECK_DELETE", "DIFF",           "MODIFY_ELB",
    "ENTER_STANDBY",    "EXIT_STANDBY"};

constexpr Field kScalingActivityInstanceAddedList[] = {
    {.name = "instance_id", .help = "server id"},
    {.name = "instance_name", .help = "of the server"},
    {.name = "failed_reason", .help = "why it failed"},
    {.name = "failed_details", .help = "more of it"},
    {.name = "instance_config", .help = "what a server is made of"},
};

constexpr Field kScalingActivity[] = {
    {.name = "id", .help = "names the thing"},
    {.name = "status", .help = "how it stands", .one_of = kActivityStatuses},
    {.name = "start_time", .help = "UTC"},
    {.name = "end_time", .help = "UTC; null while it is under way"},
    {.name = "scaling_value", .type = Type::kInteger, .help = "by how many"},
    {.name = "instance_value", .type = Type::kInteger, .help = "count before"},
    {.name = "desire_value", .type = Type::kInteger, .help = "target count"},
    {.name = "description", .help = "why, as JSON text"},
    {.name = "type", .help = "what it is", .one_of = kScalingActivityType},
    {.name = "instance_added_list",
     .type = Type::kObjectList,
     .help = "servers that were added; names between commas in activity_log()",
     .members = kScalingActivityInstanceAddedList},
    {.name = "instance_deleted_list",
     .type = Type::kObjectList,
     .help = "servers that were deleted; names between commas in activity_log()",
     .members = kScalingActivityInstanceAddedList},
    {.name = "instance_removed_list",
     .type = Type::kObjectList,
     .help = "servers that were removed; names between commas in activity_log()",
     .members = kScalingActivityInstanceAddedList},
    {.name = "instance_failed_list",
     .type = Type::kObjectList,
     .help = "servers that it failed for; names between commas in activity_log()",
     .members = kScalingActivityInstanceAddedList},
    {.name = "instance_standby_list",
     .type = Type::kObjectList,
     .help = "servers that went on standby; names between commas in activity_log()",
     .members = kScalingActivityInstanceAddedList},
    {.name = "lb_bind_success_list",
     .type = Type::kStringList,
     .help = "load balancers that took them"},
    {.name = "lb_bind_failed_list",
     .type = Type::kStringList,
     .help = "load balancers that did not"},
    {.name = "lb_unbind_success_list",
     .type = Type::kStringList,
     .help = "load balancers that let go of them"},
    {.name = "lb_unbind_failed_list",
     .type = Type::kStringList,
     .help = "load balancers that did not"},
};

constexpr std::string_view kScalingNotificationTopicScene[] = {
    "SCALING_UP", "SCALING_UP_FAIL", "SCALING_DOWN", "SCALING_DOWN_FAIL", "SCALING_GROUP_ABNORMAL"};

constexpr Field kScalingNotification[] = {
    {.name = "topic_urn", .help = "what is told"},
    {.name = "topic_scene",
     .type = Type::kStringList,
     .help = "what it is told of",
     .one_of = kScalingNotificationTopicScene},
    {.name = "topic_name", .help = "of the topic"},
};

constexpr Field kScheduledTaskScheduledPolicy[] = {
    {.name = "launch_time", .help = "when, as text"},
    {.name = "recurrence_type", .help = "how often"},
    {.name = "recurrence_value", .help = "on which days"},
    {.name = "start_time", .help = "from when on, UTC"},
    {.name = "end_time", .help = "UTC"},
};

constexpr Field kScheduledTaskInstanceNumber[] = {
    {.name = "max", .type = Type::kInteger, .help = "most instances"},
    {.name = "min", .type = Type::kInteger, .help = "fewest instances"},
    {.name = "desire", .type = Type::kInteger, .help = "wanted instances"},
};

constexpr Field kScheduledTask[] = {
    {.name = "task_id", .help = "names the task"},
    {.name = "scaling_group_id", .help = "its group"},
    {.name = "name", .help = "as it was given"},
    {.name = "scheduled_policy",
     .type = Type::kObject,
     .help = "when it is done",
     .members = kScheduledTaskScheduledPolicy},
    {.name = "instance_number",
     .type = Type::kObject,
     .help = "the size that the group takes",
     .members = kScheduledTaskInstanceNumber},
    {.name = "create_time", .help = "UTC"},
    {.name = "tenant_id", .help = "project id"},
    {.name = "domain_id", .help = "account id"},
};

constexpr Field kWarmPool[] = {
    {.name = "min_capacity", .type = Type::kInteger, .help = "fewest servers that are kept ready"},
    {.name = "max_capacity", .type = Type::kInteger, .help = "most servers that are kept ready"},
    {.name = "instance_init_wait_time",
     .type = Type::kInteger,
     .help = "seconds that a new server is given to be ready"},
    {.name = "status", .help = "of the pool"},
};

constexpr Field kWarmPoolInstance[] = {
    {.name = "id", .help = "of the entry"},
    {.name = "instance_id", .help = "server id"},
    {.name = "name", .help = "of the server"},
    {.name = "status", .help = "of the instance"},
};

constexpr Field kScalingQuota[] = {
    {.name = "type", .help = "what it is"},
    {.name = "used", .type = Type::kInteger, .help = "in use; -1 where it is not counted"},
    {.name = "quota", .type = Type::kInteger, .help = "current limit"},
    {.name = "max", .type = Type::kInteger, .help = "hard limit"},
    {.name = "min", .type = Type::kInteger, .help = "smallest quota that may be set"},
};

constexpr Field kAsApiVersionLinks[] = {
    {.name = "href", .help = "address"},
    {.name = "rel", .help = "what it is"},
};

constexpr std::string_view kAsApiVersionStatus[] = {"CURRENT", "SUPPORTED", "DEPRECATED"};

constexpr Field kAsApiVersion[] = {
    {.name = "id", .help = "v1 or v2"},
    {.name = "links",
     .type = Type::kObjectList,
     .help = "where it is described",
     .members = kAsApiVersionLinks},
    {.name = "min_version", .help = "lowest micro-version, or empty"},
    {.name = "status", .help = "how long it will last", .one_of = kAsApiVersionStatus},
    {.name = "updated", .help = "when it was released, UTC"},
    {.name = "version", .help = "highest micro-version, or empty"},
};

constexpr ResourceFields kRows[] = {
    {"scaling_policy", kScalingPolicy},        {"policy_execution", kPolicyExecution},
    {"scaling_activity", kScalingActivity},    {"scaling_notification", kScalingNotification},
    {"scheduled_task", kScheduledTask},        {"warm_pool", kWarmPool},
    {"warm_pool_instance", kWarmPoolInstance}, {"scaling_quota", kScalingQuota},
    {"as_api_version", kAsApiVersion},
};

}  // namespace

constinit const std::span<const ResourceFields> kAsPolicyFields{kRows};

}  // namespace neap::cloud::tables
