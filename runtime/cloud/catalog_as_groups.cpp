// Scaling groups and what they are made of (as.md sections 2 and 9).
#include "cloud/catalog_as_group_params.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/autoscaling-api/v1/{project_id}/scaling_group",
    "/autoscaling-api/v1/{project_id}/scaling_group/{scaling_group_id}",
    "/autoscaling-api/v1/{project_id}/scaling_group/{scaling_group_id}/action"};

constexpr Param kListParams[] = {
    {.name = "scaling_group_name", .place = Place::kQuery, .help = "part of the name"},
    {.name = "scaling_configuration_id",
     .place = Place::kQuery,
     .help = "only groups that use this configuration",
     .rule = Rule::kId},
    {.name = "scaling_group_status",
     .place = Place::kQuery,
     .help = "only groups in this status",
     .one_of = kScalingGroupStatuses},
    kStartNumber,
    kAsLimit,
    {.name = "enterprise_project_id",
     .place = Place::kQuery,
     .help = "only those of this enterprise project; all_granted_eps for every one granted",
     .rule = Rule::kId},
};
constexpr Param kIdParams[] = {kScalingGroupIdInPath};
constexpr Param kDeleteParams[] = {
    kScalingGroupIdInPath,
    {.name = "force_delete",
     .place = Place::kQuery,
     .help = "yes empties the group first: it deletes the servers that the group made",
     .one_of = kYesOrNo,
     .fallback = "no"},
};
constexpr Param kResumeParams[] = {
    kScalingGroupIdInPath,
    {.name = "action", .required = true, .help = "always resume", .constant = "resume"},
};
constexpr Param kPauseParams[] = {
    kScalingGroupIdInPath,
    {.name = "action", .required = true, .help = "always pause", .constant = "pause"},
};

constexpr std::string_view kNumbers[] = {"min_instance_number", "desire_instance_number",
                                         "max_instance_number"};
constexpr std::string_view kListenerKinds[] = {"lb_listener_id", "lbaas_listeners"};
constexpr Constraint kConstraints[] = {
    {.bond = Bond::kRises,
     .these = kNumbers,
     .because = "the desired number lies between the smallest and the largest"},
    {.bond = Bond::kAtMostOne,
     .these = kListenerKinds,
     .because = "a group has listeners of one kind only"},
};

constexpr std::string_view kSettable[] = {"scaling_group_name",
                                          "scaling_configuration_id",
                                          "desire_instance_number",
                                          "min_instance_number",
                                          "max_instance_number",
                                          "cool_down_time",
                                          "lb_listener_id",
                                          "lbaas_listeners",
                                          "available_zones",
                                          "networks",
                                          "security_groups",
                                          "health_periodic_audit_method",
                                          "health_periodic_audit_time",
                                          "health_periodic_audit_grace_period",
                                          "instance_terminate_policy",
                                          "notifications",
                                          "delete_publicip",
                                          "delete_volume",
                                          "enterprise_project_id",
                                          "multi_az_priority_policy",
                                          "description",
                                          "iam_agency_name"};

constexpr std::string_view kResumable[] = {"PAUSED", "ERROR"};
constexpr std::string_view kPausable[] = {"INSERVICE", "ERROR"};
constexpr Transition kCreating[] = {{.success = kPaused}};
constexpr Transition kDeleting[] = {{.during = "DELETING"}};
constexpr Transition kResuming[] = {{.from = kResumable, .success = kInService}};
constexpr Transition kPausing[] = {{.from = kPausable, .success = kPaused}};

constexpr std::string_view kCreateConditions[] = {
    "the quota for scaling groups is not used up",
    "the VPC, its subnets and the security group exist"};
constexpr std::string_view kUpdateConditions[] = {
    "zones and listeners change only while no scaling activity runs",
    "subnets and security group change only while no activity runs, the group has no instance and "
    "is not INSERVICE",
    "the desired number is not below the protected and standby instances together",
    "another desired number starts a scaling activity"};
constexpr std::string_view kDeleteConditions[] = {
    "without force_delete: no scaling activity runs and the group has no instance",
    "with force_delete: running activities end first, held instances included"};
constexpr std::string_view kResumeConditions[] = {"the group has a scaling configuration"};
constexpr std::string_view kPauseConditions[] = {
    "a running activity goes on; health checks only mark instances from now on"};

constexpr std::string_view kCreateErrors[] = {
    "AS.2002", "AS.2003", "AS.2004", "AS.2005", "AS.2006", "AS.2012", "AS.2013", "AS.2017",
    "AS.2022", "AS.2023", "AS.2024", "AS.2025", "AS.2026", "AS.2037", "AS.2045"};
constexpr std::string_view kListErrors[] = {"AS.1001", "AS.1002"};
constexpr std::string_view kUpdateErrors[] = {"AS.2005", "AS.2007", "AS.2010", "AS.2020",
                                              "AS.2028", "AS.2030", "AS.2033", "AS.2047",
                                              "AS.2051", "AS.2052", "AS.2054"};
constexpr std::string_view kDeleteErrors[] = {"AS.2007", "AS.2019", "AS.2021", "AS.2033"};
constexpr std::string_view kActionErrors[] = {"AS.2007", "AS.2008", "AS.2018", "AS.2033"};

constexpr std::string_view kShow = "show_scaling_group";
constexpr std::string_view kId = "scaling_group_id";

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "create_scaling_group",
     .summary = "Create a scaling group, paused",
     .method = http::Method::kPost,
     .path = kPath[0],
     .params = kScalingGroupCreateParams,
     .constraints = kConstraints,
     .effect = Effect::kCreate,
     .resource = "scaling_group",
     .transitions = kCreating,
     .conditions = kCreateConditions,
     .lookup = {.show = kShow, .id = kId, .list = "list_scaling_groups", .mark = "description"},
     .evidence = "list_scaling_groups: a group of exactly this name, created after the call",
     .errors = kCreateErrors,
     .source = "as.md sections 2 and 9",
     .sides = "as.md 11.10: scaling_configuration_id is optional as in the pages, the SDK requires "
              "it; a group without one cannot be resumed. as.md 11.12: the new group is PAUSED, as "
              "calls leave it; only the console resumes by itself"},
    {.service = "as",
     .name = "list_scaling_groups",
     .summary = "List scaling groups",
     .path = kPath[0],
     .params = kListParams,
     .resource = "scaling_group",
     .result = "scaling_groups",
     .paging = Paging::kStartNumber,
     .errors = kListErrors,
     .source = "as.md sections 1 and 2"},
    {.service = "as",
     .name = "show_scaling_group",
     .summary = "Show a scaling group",
     .path = kPath[1],
     .params = kIdParams,
     .resource = "scaling_group",
     .result = "scaling_group",
     .errors = kNoSuchScalingGroup,
     .source = "as.md section 2",
     .sides = "as.md 11.1: errors come nested under \"error\", as other clients saw them; the flat "
              "shape of the other page is read too, the gateway uses it"},
    {.service = "as",
     .name = "update_scaling_group",
     .summary = "Change a scaling group",
     .method = http::Method::kPut,
     .path = kPath[1],
     .params = kScalingGroupUpdateParams,
     .constraints = kConstraints,
     .effect = Effect::kIdempotent,
     .resource = "scaling_group",
     .conditions = kUpdateConditions,
     .lookup = {.show = kShow, .id = kId, .set = kSettable},
     .evidence = "show_scaling_group: it has the values given; repeating the call is safe",
     .errors = kUpdateErrors,
     .source = "as.md sections 2 and 9",
     .sides = "as.md 11.11: zones may change whenever no activity runs, as the page of the call "
              "says; AS.2030 lumps them with subnets. as.md 11.13: giving the desired number that "
              "the group has is allowed beside other values, whatever AS.2028 says"},
    {.service = "as",
     .name = "delete_scaling_group",
     .summary = "Delete a scaling group with its policies, hooks and tags",
     .method = http::Method::kDelete,
     .path = kPath[1],
     .params = kDeleteParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_group",
     .transitions = kDeleting,
     .conditions = kDeleteConditions,
     .lookup = {.show = kShow, .id = kId},
     .evidence = "show_scaling_group: status DELETING, or not found (AS.2007)",
     .errors = kDeleteErrors,
     .source = "as.md section 9"},
    {.service = "as",
     .name = "resume_scaling_group",
     .summary = "Let a group scale",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kResumeParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_group",
     .transitions = kResuming,
     .conditions = kResumeConditions,
     .lookup = {.show = kShow, .id = kId, .field = "scaling_group_status", .value = "INSERVICE"},
     .evidence = "show_scaling_group: status INSERVICE",
     .errors = kActionErrors,
     .source = "as.md sections 2 and 9"},
    {.service = "as",
     .name = "pause_scaling_group",
     .summary = "Stop a group from scaling",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kPauseParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_group",
     .transitions = kPausing,
     .conditions = kPauseConditions,
     .lookup = {.show = kShow, .id = kId, .field = "scaling_group_status", .value = "PAUSED"},
     .evidence = "show_scaling_group: status PAUSED",
     .errors = kActionErrors,
     .source = "as.md sections 2 and 9"},
};

}  // namespace

constinit const std::span<const Operation> kAsGroups{kOperations};

}  // namespace neap::cloud::tables
