// Scheduled tasks and warm pools of scaling groups. No page describes them, only the SDK does.
#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/autoscaling-api/v1/{project_id}/scaling-groups/{scaling_group_id}/scheduled-tasks",
    "/autoscaling-api/v1/{project_id}/scaling-groups/{scaling_group_id}/scheduled-tasks"
    "/{scheduled_task_id}",
    "/v2/{project_id}/scaling-groups/{scaling_group_id}/warm-pool",
    "/v2/{project_id}/scaling-groups/{scaling_group_id}/warm-pool-instances"};

constexpr std::string_view kRecurrences[] = {"DAILY", "WEEKLY", "MONTHLY"};
constexpr Param kSchedule[] = {
    {.name = "launch_time", .required = true, .help = "when to act, UTC", .rule = Rule::kMinute},
    {.name = "start_time", .help = "first moment of a recurrence", .rule = Rule::kMinute},
    {.name = "end_time", .help = "last moment of a recurrence", .rule = Rule::kMinute},
    {.name = "recurrence_type", .help = "how often", .one_of = kRecurrences},
    {.name = "recurrence_value", .help = "days of the week or month, by comma"},
};
constexpr Param kNumbers[] = {
    {.name = "max", .type = Type::kInteger, .help = "most instances", .min = 0},
    {.name = "min", .type = Type::kInteger, .help = "fewest instances", .min = 0},
    {.name = "desire", .type = Type::kInteger, .help = "how many there shall be", .min = 0},
};
constexpr Param kTaskName{
    .name = "name", .required = true, .help = "name of the task", .rule = Rule::kScalingName};
constexpr Param kTaskSchedule{.name = "scheduled_policy",
                              .type = Type::kObject,
                              .required = true,
                              .help = "when it acts",
                              .members = kSchedule};
constexpr Param kTaskNumbers{.name = "instance_number",
                             .type = Type::kObject,
                             .required = true,
                             .help = "numbers that the group then gets",
                             .members = kNumbers};
constexpr Param kTaskIdInPath{.name = "scheduled_task_id",
                              .place = Place::kPath,
                              .required = true,
                              .help = "scheduled task id",
                              .rule = Rule::kId};

constexpr Param kCreateParams[] = {kScalingGroupIdInPath, kTaskName, kTaskSchedule, kTaskNumbers};
constexpr Param kUpdateParams[] = {kScalingGroupIdInPath, kTaskIdInPath, kTaskName, kTaskSchedule,
                                   kTaskNumbers};
constexpr Param kTaskParams[] = {kScalingGroupIdInPath, kTaskIdInPath};
constexpr Param kGroupParams[] = {kScalingGroupIdInPath};
constexpr Param kPoolParams[] = {
    kScalingGroupIdInPath,
    {.name = "min_capacity",
     .type = Type::kInteger,
     .help = "fewest instances kept ready",
     .min = 0},
    {.name = "max_capacity", .type = Type::kInteger, .help = "most instances kept ready", .min = 0},
    {.name = "instance_init_wait_time",
     .type = Type::kInteger,
     .help = "seconds that an instance gets to start up",
     .min = 0},
};

constexpr std::string_view kCapacities[] = {"min_capacity", "max_capacity"};
constexpr Constraint kPoolConstraints[] = {
    {.bond = Bond::kRises,
     .these = kCapacities,
     .because = "the smallest number is not above the largest"}};
constexpr std::string_view kPoolSettable[] = {"min_capacity", "max_capacity",
                                              "instance_init_wait_time"};

constexpr std::string_view kCreatesWith200 =
    "known from the SDK only, which names no status of success: 200, as every creation and change "
    "of the service answers";
constexpr std::string_view kDeletesWith204 =
    "known from the SDK only, which names no status of success: 204, as every deletion of the "
    "service answers";
constexpr std::string_view kSdkOnly = "known from the SDK only";

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "create_group_scheduled_task",
     .summary = "Plan a change of a group's numbers",
     .method = http::Method::kPost,
     .path = kPath[0],
     .params = kCreateParams,
     .effect = Effect::kCreate,
     .resource = "scheduled_task",
     .lookup = {.id = "scheduled_task_id", .list = "list_group_scheduled_tasks"},
     .evidence = "list_group_scheduled_tasks: one of exactly this name that was not there before",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2",
     .sides = kCreatesWith200},
    {.service = "as",
     .name = "list_group_scheduled_tasks",
     .summary = "List the scheduled tasks of a group",
     .path = kPath[0],
     .params = kGroupParams,
     .resource = "scheduled_task",
     .result = "scheduled_tasks",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2",
     .sides = kSdkOnly},
    {.service = "as",
     .name = "update_group_scheduled_task",
     .summary = "Change a scheduled task",
     .method = http::Method::kPut,
     .path = kPath[1],
     .params = kUpdateParams,
     .effect = Effect::kIdempotent,
     .resource = "scheduled_task",
     .evidence = "list_group_scheduled_tasks: it has the values given; repeating the call is safe",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2",
     .sides = kCreatesWith200},
    {.service = "as",
     .name = "delete_group_scheduled_task",
     .summary = "Delete a scheduled task",
     .method = http::Method::kDelete,
     .path = kPath[1],
     .params = kTaskParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scheduled_task",
     .transitions = kGone,
     .evidence = "list_group_scheduled_tasks: it is not there; repeating the call is safe",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2",
     .sides = kDeletesWith204},
    {.service = "as",
     .name = "put_warm_pool_new",
     .summary = "Keep instances ready for a group",
     .method = http::Method::kPut,
     .path = kPath[2],
     .params = kPoolParams,
     .constraints = kPoolConstraints,
     .effect = Effect::kIdempotent,
     .resource = "warm_pool",
     .lookup = {.show = "show_warm_pool_new", .id = "scaling_group_id", .set = kPoolSettable},
     .evidence = "show_warm_pool_new: it has the values given; repeating the call is safe",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2",
     .sides =
         "known from the SDK only, which names no status of success: 200, as every change of "
         "the service answers; it also has an older path under /autoscaling-api, the entry takes "
         "the newer one"},
    {.service = "as",
     .name = "show_warm_pool_new",
     .summary = "Show the warm pool of a group",
     .path = kPath[2],
     .params = kGroupParams,
     .resource = "warm_pool",
     .result = "warm_pool",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2",
     .sides = kSdkOnly},
    {.service = "as",
     .name = "close_warm_pool_new",
     .summary = "Close the warm pool of a group",
     .method = http::Method::kDelete,
     .path = kPath[2],
     .params = kGroupParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "warm_pool",
     .transitions = kGone,
     .evidence = "show_warm_pool_new: there is none; repeating the call is safe",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2",
     .sides = kDeletesWith204},
    {.service = "as",
     .name = "list_warm_pool_instances_new",
     .summary = "List the instances of a group's warm pool",
     .path = kPath[3],
     .params = kGroupParams,
     .resource = "warm_pool_instance",
     .result = "warm_pool_instances",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2",
     .sides = kSdkOnly},
};

}  // namespace

constinit const std::span<const Operation> kAsTasks{kOperations};

}  // namespace neap::cloud::tables
