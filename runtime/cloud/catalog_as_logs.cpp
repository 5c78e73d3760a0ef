// What scaling groups and policies have done: activities and executions (as.md section 10).
#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr Param kActivityParams[] = {
    kScalingGroupIdInPath, kStartTime, kEndTime, kStartNumber, kAsLimit,
};

constexpr Param kActivityV2Params[] = {
    kScalingGroupIdInPath,
    kLogId,
    kStartTime,
    kEndTime,
    kStartNumber,
    kAsLimit,
    {.name = "type",
     .place = Place::kQuery,
     .help = "only activities of these kinds, by comma, like MANNUAL_ADD,DIFF"},
    {.name = "status",
     .place = Place::kQuery,
     .help = "only activities in this status",
     .one_of = kActivityStatuses},
};

constexpr std::string_view kTriggers[] = {"SCHEDULED", "RECURRENCE", "ALARM", "MANUAL"};
constexpr Param kExecutionParams[] = {
    {.name = "scaling_policy_id",
     .place = Place::kPath,
     .required = true,
     .help = "scaling policy id",
     .rule = Rule::kId},
    kLogId,
    {.name = "scaling_resource_type",
     .place = Place::kQuery,
     .help = "what kind of thing was scaled",
     .one_of = kScalingResources},
    {.name = "scaling_resource_id",
     .place = Place::kQuery,
     .help = "group or bandwidth that was scaled",
     .rule = Rule::kId},
    {.name = "execute_type",
     .place = Place::kQuery,
     .help = "what set the policy off",
     .one_of = kTriggers},
    kStartTime,
    kEndTime,
    kStartNumber,
    kAsLimit,
};

constexpr std::string_view kActivityErrors[] = {"AS.9001", "AS.9002", "AS.9003", "AS.9004"};
constexpr std::string_view kActivityV2Errors[] = {"AS.9001", "AS.9002", "AS.9005", "AS.9012",
                                                  "AS.9013"};
constexpr std::string_view kExecutionErrors[] = {"AS.9007", "AS.9008", "AS.9009", "AS.9010",
                                                 "AS.9011"};

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "list_scaling_activity_logs",
     .summary = "List the scaling activities of a group",
     .path = "/autoscaling-api/v1/{project_id}/scaling_activity_log/{scaling_group_id}",
     .params = kActivityParams,
     .resource = "scaling_activity",
     .result = "scaling_activity_log",
     .paging = Paging::kStartNumber,
     .errors = kActivityErrors,
     .source = "as.md section 10",
     .sides = "as.md 11.7: scaling_value is a number, as in the samples; the table says string, "
              "and its sample is no valid JSON. as.md 11.15: the permission is really spelled "
              "acivityLogs"},
    {.service = "as",
     .name = "list_scaling_activity_v2_logs",
     .summary = "List the scaling activities of a group with every instance",
     .path = "/autoscaling-api/v2/{project_id}/scaling_activity_log/{scaling_group_id}",
     .params = kActivityV2Params,
     .resource = "scaling_activity",
     .result = "scaling_activity_log",
     .paging = Paging::kStartNumber,
     .errors = kActivityV2Errors,
     .source = "as.md section 10"},
    {.service = "as",
     .name = "list_scaling_policy_execute_logs",
     .summary = "List what a policy has done",
     .path = "/autoscaling-api/v1/{project_id}/scaling_policy_execute_log/{scaling_policy_id}",
     .params = kExecutionParams,
     .resource = "policy_execution",
     .result = "scaling_policy_execute_log",
     .paging = Paging::kStartNumber,
     .errors = kExecutionErrors,
     .source = "as.md section 10",
     .sides = "as.md 11.8: the filter is spelled SCHEDULED, answers say SCHEDULE; they may also "
              "say REMOVE for a policy with REDUCE"},
};

}  // namespace

constinit const std::span<const Operation> kAsLogs{kOperations};

}  // namespace neap::cloud::tables
