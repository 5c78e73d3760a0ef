// The instances of a scaling group: joining, leaving, protection and standby (as.md sections 3 and
// 9).
#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/autoscaling-api/v1/{project_id}/scaling_group_instance/{scaling_group_id}/list",
    "/autoscaling-api/v1/{project_id}/scaling_group_instance/{instance_id}",
    "/autoscaling-api/v1/{project_id}/scaling_group_instance/{scaling_group_id}/action"};

constexpr std::string_view kHealth[] = {"INITIALIZING", "NORMAL", "ERROR"};
constexpr std::string_view kTrueOrFalse[] = {"true", "false"};
constexpr Param kListParams[] = {
    kScalingGroupIdInPath,
    {.name = "life_cycle_state",
     .place = Place::kQuery,
     .help = "only instances in this state",
     .one_of = kLifeCycleStates},
    {.name = "health_status",
     .place = Place::kQuery,
     .help = "only instances of this health",
     .one_of = kHealth},
    {.name = "protect_from_scaling_down",
     .place = Place::kQuery,
     .help = "only those protected from scaling in, or only the others",
     .one_of = kTrueOrFalse},
    kStartNumber,
    kAsLimit,
};

constexpr Param kInstances{.name = "instances_id",
                           .type = Type::kStringList,
                           .required = true,
                           .help = "server ids",
                           .rule = Rule::kId,
                           .min = 1,
                           .max = 10};
constexpr Param kDeleteServer{.name = "instance_delete",
                              .help = "yes deletes the server too, if the group made it",
                              .one_of = kYesOrNo,
                              .fallback = "no"};

constexpr Param kDeleteParams[] = {
    {.name = "instance_id",
     .place = Place::kPath,
     .required = true,
     .help = "server id; its group is found by the service",
     .rule = Rule::kId},
    in_query(kDeleteServer),
};
constexpr Param kAddParams[] = {
    kScalingGroupIdInPath,
    kInstances,
    {.name = "action", .required = true, .help = "always ADD", .constant = "ADD"},
};
constexpr Param kRemoveParams[] = {
    kScalingGroupIdInPath,
    kInstances,
    {.name = "action", .required = true, .help = "always REMOVE", .constant = "REMOVE"},
    kDeleteServer,
};
constexpr Param kProtectParams[] = {
    kScalingGroupIdInPath,
    kInstances,
    {.name = "action", .required = true, .help = "always PROTECT", .constant = "PROTECT"},
};
constexpr Param kUnprotectParams[] = {
    kScalingGroupIdInPath,
    kInstances,
    {.name = "action", .required = true, .help = "always UNPROTECT", .constant = "UNPROTECT"},
};
constexpr Param kEnterParams[] = {
    kScalingGroupIdInPath,
    kInstances,
    {.name = "action",
     .required = true,
     .help = "always ENTER_STANDBY",
     .constant = "ENTER_STANDBY"},
    {.name = "instance_append",
     .help = "yes starts as many new instances in their place",
     .one_of = kYesOrNo,
     .fallback = "no"},
};
constexpr Param kExitParams[] = {
    kScalingGroupIdInPath,
    kInstances,
    {.name = "action", .required = true, .help = "always EXIT_STANDBY", .constant = "EXIT_STANDBY"},
};

constexpr std::string_view kThese[] = {"instances_id"};
constexpr Lookup kByList{.list = "list_scaling_instances", .match = kThese};

constexpr std::string_view kStandby[] = {"STANDBY"};
constexpr std::string_view kRemovable[] = {"INSERVICE", "STANDBY"};
// On the way a hook may hold the instance, hence two statuses of work under way.
constexpr Transition kJoining[] = {{.during = "PENDING", .success = kInService},
                                   {.during = "PENDING_WAIT", .success = kInService}};
constexpr Transition kLeaving[] = {{.from = kRemovable, .during = "REMOVING"},
                                   {.from = kRemovable, .during = "REMOVING_WAIT"}};
constexpr Transition kShielding[] = {{.from = kInService, .success = kInService}};
constexpr Transition kStandingBy[] = {
    {.from = kInService, .during = "ENTERING_STANDBY", .success = kStandby}};
constexpr Transition kReturning[] = {{.from = kStandby, .success = kInService}};

constexpr std::string_view kAddConditions[] = {
    "the group is INSERVICE and no scaling activity runs in it",
    "the group then has no more instances than its maximum",
    "each server is ACTIVE, in no group, in the group's VPC and in one of its zones"};
constexpr std::string_view kRemoveConditions[] = {
    "no scaling activity runs in the group, no instance is held",
    "the group keeps its minimum of instances",
    "to delete a server: the group made it, it is not billed by month or year, and SDRS does not "
    "use it"};
constexpr std::string_view kEnterConditions[] = {
    "no scaling activity runs in the group, no instance is held",
    "with instance_append the desired number grows and stays within the maximum"};
constexpr std::string_view kExitConditions[] = {
    "no scaling activity runs in the group, no instance is held"};

constexpr std::string_view kListErrors[] = {"AS.4000", "AS.4001", "AS.4003", "AS.4004", "AS.4005"};
constexpr std::string_view kDeleteErrors[] = {"AS.2036", "AS.2047", "AS.4006",
                                              "AS.4007", "AS.4015", "AS.4016"};
constexpr std::string_view kAddErrors[] = {"AS.2007", "AS.2033", "AS.2035", "AS.2047", "AS.4018",
                                           "AS.4019", "AS.4020", "AS.4021", "AS.4023", "AS.4024",
                                           "AS.4027", "AS.4029", "AS.4043"};
constexpr std::string_view kRemoveErrors[] = {"AS.2007", "AS.2036", "AS.2047", "AS.4013",
                                              "AS.4015", "AS.4030", "AS.4043"};
constexpr std::string_view kProtectErrors[] = {"AS.2007", "AS.4033", "AS.4043"};
constexpr std::string_view kEnterErrors[] = {"AS.2007", "AS.2047", "AS.4015", "AS.4025",
                                             "AS.4036", "AS.4039", "AS.4043"};
constexpr std::string_view kExitErrors[] = {"AS.2007", "AS.2047", "AS.4037", "AS.4038", "AS.4043"};

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "list_scaling_instances",
     .summary = "List the instances of a group",
     .path = kPath[0],
     .params = kListParams,
     .resource = "scaling_instance",
     .result = "scaling_group_instances",
     .paging = Paging::kStartNumber,
     .errors = kListErrors,
     .source = "as.md sections 2 and 3",
     .sides = "as.md 11.5: the filter is spelled INITIALIZING, answers say INITAILIZING; each is "
              "kept where it belongs. as.md 11.6: states are those of the filter, STANDBY and "
              "ENTERING_STANDBY among them, which the SDK forgot in answers"},
    {.service = "as",
     .name = "delete_scaling_instance",
     .summary = "Take one instance out of its group",
     .method = http::Method::kDelete,
     .path = kPath[1],
     .params = kDeleteParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_instance",
     .transitions = kLeaving,
     .conditions = kRemoveConditions,
     .evidence = "list_scaling_instances of its group: REMOVING, REMOVING_WAIT or not there; when "
                 "repeated the service says AS.4006",
     .errors = kDeleteErrors,
     .source = "as.md sections 3 and 9",
     .sides = "the page demands INSERVICE, the guide lets standby instances be taken out by hand: "
              "the entry allows both and leaves the word to the service"},
    {.service = "as",
     .name = "batch_add_scaling_instances",
     .summary = "Add servers to a group",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kAddParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_instance",
     .transitions = kJoining,
     .conditions = kAddConditions,
     .lookup = kByList,
     .evidence = "list_scaling_instances: the servers are PENDING, PENDING_WAIT or INSERVICE",
     .errors = kAddErrors,
     .source = "as.md sections 3 and 9"},
    {.service = "as",
     .name = "batch_remove_scaling_instances",
     .summary = "Take instances out of a group",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kRemoveParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_instance",
     .transitions = kLeaving,
     .conditions = kRemoveConditions,
     .lookup = kByList,
     .evidence = "list_scaling_instances: the servers are REMOVING, REMOVING_WAIT or not there",
     .errors = kRemoveErrors,
     .source = "as.md sections 3 and 9",
     .sides = "the page demands INSERVICE, the guide lets standby instances be taken out by hand: "
              "the entry allows both and leaves the word to the service"},
    {.service = "as",
     .name = "batch_protect_scaling_instances",
     .summary = "Protect instances from scaling in",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kProtectParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_instance",
     .transitions = kShielding,
     .lookup = {.list = "list_scaling_instances",
                .match = kThese,
                .field = "protect_from_scaling_down",
                .value = "true"},
     .evidence = "list_scaling_instances: protect_from_scaling_down is true for each",
     .errors = kProtectErrors,
     .source = "as.md section 9"},
    {.service = "as",
     .name = "batch_unprotect_scaling_instances",
     .summary = "Let instances be scaled in again",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kUnprotectParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_instance",
     .transitions = kShielding,
     .lookup = {.list = "list_scaling_instances",
                .match = kThese,
                .field = "protect_from_scaling_down",
                .value = "false"},
     .evidence = "list_scaling_instances: protect_from_scaling_down is false for each",
     .errors = kProtectErrors,
     .source = "as.md section 9"},
    {.service = "as",
     .name = "batch_set_scaling_instances_standby",
     .summary = "Put instances on standby",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kEnterParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_instance",
     .transitions = kStandingBy,
     .conditions = kEnterConditions,
     .lookup = kByList,
     .evidence = "list_scaling_instances: the servers are ENTERING_STANDBY or STANDBY",
     .errors = kEnterErrors,
     .source = "as.md sections 3 and 9"},
    {.service = "as",
     .name = "batch_unset_scaling_instances_standby",
     .summary = "Put instances back into service from standby",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kExitParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_instance",
     .transitions = kReturning,
     .conditions = kExitConditions,
     .lookup = kByList,
     .evidence = "list_scaling_instances: the servers are INSERVICE",
     .errors = kExitErrors,
     .alias = "batch_unset_scaling_instances_stantby",
     .source = "as.md sections 3 and 9"},
};

}  // namespace

constinit const std::span<const Operation> kAsInstances{kOperations};

}  // namespace neap::cloud::tables
