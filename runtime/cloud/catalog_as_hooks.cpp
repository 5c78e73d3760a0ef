// Lifecycle hooks, the instances they hold, and the callback that lets those go (as.md sections 4
// to 8).
#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kHookPath =
    "/autoscaling-api/v1/{project_id}/scaling_lifecycle_hook/{scaling_group_id}"
    "/{lifecycle_hook_name}";
constexpr std::string_view kPath[] = {
    "/autoscaling-api/v1/{project_id}/scaling_lifecycle_hook/{scaling_group_id}",
    "/autoscaling-api/v1/{project_id}/scaling_lifecycle_hook/{scaling_group_id}/list", kHookPath,
    "/autoscaling-api/v1/{project_id}/scaling_instance_hook/{scaling_group_id}/list",
    "/autoscaling-api/v1/{project_id}/scaling_instance_hook/{scaling_group_id}/callback"};

constexpr std::string_view kHookTypes[] = {"INSTANCE_TERMINATING", "INSTANCE_LAUNCHING"};
constexpr std::string_view kDefaultResults[] = {"ABANDON", "CONTINUE"};
constexpr std::string_view kCallbackResults[] = {"ABANDON", "CONTINUE", "EXTEND"};

constexpr Param kHookNameInPath{.name = "lifecycle_hook_name",
                                .place = Place::kPath,
                                .required = true,
                                .help = "hook name",
                                .rule = Rule::kHookName};
constexpr Param kHookType{.name = "lifecycle_hook_type",
                          .help = "hold instances while they start, or while they leave",
                          .one_of = kHookTypes};
constexpr Param kDefaultResult{.name = "default_result",
                               .help = "what the service answers itself when the time is over",
                               .one_of = kDefaultResults,
                               .fallback = "ABANDON"};
constexpr Param kDefaultTimeout{.name = "default_timeout",
                                .type = Type::kInteger,
                                .help = "seconds to wait for the callback",
                                .min = 300,
                                .max = 86400,
                                .fallback = "3600"};
constexpr Param kTopic{.name = "notification_topic_urn",
                       .help = "SMN topic that is told of each instance held",
                       .rule = Rule::kUrn};
constexpr Param kNotificationMetadata{.name = "notification_metadata",
                                      .help = "text passed on in that message",
                                      .rule = Rule::kMetadata};

constexpr Param kCreateParams[] = {
    kScalingGroupIdInPath,
    {.name = "lifecycle_hook_name",
     .required = true,
     .help = "name, unique in its group and final",
     .rule = Rule::kHookName},
    required(kHookType),
    kDefaultResult,
    kDefaultTimeout,
    required(kTopic),
    kNotificationMetadata,
};
constexpr Param kUpdateParams[] = {
    kScalingGroupIdInPath, kHookNameInPath,       kHookType,
    kept(kDefaultResult),  kept(kDefaultTimeout), kTopic,
    kNotificationMetadata,
};
constexpr Param kGroupParams[] = {kScalingGroupIdInPath};
constexpr Param kHookParams[] = {kScalingGroupIdInPath, kHookNameInPath};
constexpr Param kHeldParams[] = {
    kScalingGroupIdInPath,
    {.name = "instance_id",
     .place = Place::kQuery,
     .help = "only the holds of this instance",
     .rule = Rule::kId},
};
constexpr Param kCallbackParams[] = {
    kScalingGroupIdInPath,
    {.name = "lifecycle_action_key",
     .help = "names the hold; beats instance_id and lifecycle_hook_name",
     .rule = Rule::kId},
    {.name = "instance_id",
     .help = "with lifecycle_hook_name names the hold instead of a key",
     .rule = Rule::kId},
    {.name = "lifecycle_hook_name",
     .help = "with instance_id names the hold instead of a key",
     .rule = Rule::kHookName},
    {.name = "lifecycle_action_result",
     .required = true,
     .help = "let it go, give it up, or wait an hour longer",
     .one_of = kCallbackResults},
};

constexpr std::string_view kKeyOrInstance[] = {"lifecycle_action_key", "instance_id"};
constexpr std::string_view kKey[] = {"lifecycle_action_key"};
constexpr std::string_view kInstance[] = {"instance_id"};
constexpr std::string_view kHook[] = {"lifecycle_hook_name"};
constexpr std::string_view kInstanceAndHook[] = {"instance_id", "lifecycle_hook_name"};
constexpr Constraint kCallbackConstraints[] = {
    {.bond = Bond::kAtLeastOne, .these = kKeyOrInstance, .because = "one of them names the hold"},
    {.bond = Bond::kNeeds,
     .these = kInstance,
     .those = kHook,
     .because = "several hooks may hold one instance"},
    {.bond = Bond::kBeats,
     .these = kKey,
     .those = kInstanceAndHook,
     .because = "the key alone decides which hold is meant"},
};

constexpr std::string_view kSettable[] = {"lifecycle_hook_type", "default_result",
                                          "default_timeout", "notification_topic_urn",
                                          "notification_metadata"};
constexpr std::string_view kAnyName[] = {"lifecycle_action_key", "instance_id",
                                         "lifecycle_hook_name"};

constexpr std::string_view kHanging[] = {"HANGING"};
constexpr std::string_view kFinished[] = {"CONTINUE", "ABANDON"};
// A hold that has ended is listed only while another one of the instance goes on.
constexpr Transition kCallingBack[] = {{.from = kHanging, .success = kFinished},
                                       {.from = kHanging}};

constexpr std::string_view kCreateConditions[] = {
    "the group has fewer than 5 hooks, of both types together",
    "no scaling activity runs in the group, no instance is held", "the topic exists"};
constexpr std::string_view kChangeConditions[] = {
    "no scaling activity runs in the group, no instance is held"};
constexpr std::string_view kCallbackConditions[] = {
    "the hold is HANGING and its deadline has not passed",
    "a launching instance goes on once every hook says CONTINUE; one ABANDON ends it at once",
    "EXTEND moves the deadline of this hook by 3600 s, whatever default_timeout is"};

constexpr std::string_view kCreateErrors[] = {"AS.2007", "AS.2033", "AS.7030", "AS.7031", "AS.7032",
                                              "AS.7033", "AS.7034", "AS.7035", "AS.7037", "AS.7038",
                                              "AS.7041", "AS.7043", "AS.7055"};
constexpr std::string_view kShowErrors[] = {"AS.0007", "AS.2007"};
constexpr std::string_view kUpdateErrors[] = {"AS.0007", "AS.2007", "AS.2033", "AS.7030",
                                              "AS.7033", "AS.7034", "AS.7035", "AS.7036",
                                              "AS.7043", "AS.7055"};
constexpr std::string_view kDeleteErrors[] = {"AS.0007", "AS.2007", "AS.2033", "AS.2047"};
constexpr std::string_view kHeldErrors[] = {"AS.2007", "AS.4006"};
constexpr std::string_view kCallbackErrors[] = {"AS.2007", "AS.7034", "AS.7039", "AS.7040",
                                                "AS.7042"};

constexpr std::string_view kShow = "show_life_cycle_hook";
constexpr std::string_view kId = "lifecycle_hook_name";

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "create_life_cycle_hook",
     .summary = "Create a lifecycle hook",
     .method = http::Method::kPost,
     .path = kPath[0],
     .params = kCreateParams,
     .effect = Effect::kCreate,
     .resource = "lifecycle_hook",
     .conditions = kCreateConditions,
     .lookup = {.show = kShow, .id = kId, .list = "list_life_cycle_hooks", .unique = true},
     .evidence = "list_life_cycle_hooks: a hook of this name, which only one can have",
     .errors = kCreateErrors,
     .alias = "create_lify_cycle_hook",
     .source = "as.md sections 4 and 5",
     .sides = "as.md 11.2: AS.7041 is a name taken, as the code list explains it; its text is that "
              "of AS.7040. as.md 11.3: a timeout of at least 300 s and a name of at most 32 "
              "characters, as pages and guide say, hold everywhere; the definition of 2026 allows "
              "60 and 64. as.md 11.4: the topic is required, as by page and SDK; the guide words "
              "it as optional. as.md 11.15: the audit page calls these entries SMN requests, a "
              "slip: they are of AS"},
    {.service = "as",
     .name = "list_life_cycle_hooks",
     .summary = "List the lifecycle hooks of a group",
     .path = kPath[1],
     .params = kGroupParams,
     .urgency = Urgency::kHook,
     .resource = "lifecycle_hook",
     .result = "lifecycle_hooks",
     .errors = kNoSuchScalingGroup,
     .source = "as.md section 5"},
    {.service = "as",
     .name = "show_life_cycle_hook",
     .summary = "Show a lifecycle hook",
     .path = kPath[2],
     .params = kHookParams,
     .resource = "lifecycle_hook",
     .errors = kShowErrors,
     .source = "as.md section 5"},
    {.service = "as",
     .name = "update_life_cycle_hook",
     .summary = "Change a lifecycle hook, all but its name",
     .method = http::Method::kPut,
     .path = kPath[2],
     .params = kUpdateParams,
     .effect = Effect::kIdempotent,
     .resource = "lifecycle_hook",
     .conditions = kChangeConditions,
     .lookup = {.show = kShow, .id = kId, .set = kSettable},
     .evidence = "show_life_cycle_hook: it has the values given; repeating the call is safe",
     .errors = kUpdateErrors,
     .source = "as.md section 5",
     .sides = "as.md 11.3: a timeout of at least 300 s, as pages and guide say, holds everywhere; "
              "the definition of 2026 allows 60. Only the page of the deletion forbids a running "
              "activity, the guide forbids it for all three: the entry follows the guide"},
    {.service = "as",
     .name = "delete_lifecycle_hook",
     .summary = "Delete a lifecycle hook",
     .method = http::Method::kDelete,
     .path = kPath[2],
     .params = kHookParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "lifecycle_hook",
     .transitions = kGone,
     .conditions = kChangeConditions,
     .lookup = {.show = kShow, .id = kId},
     .evidence = "show_life_cycle_hook: not found (404)",
     .errors = kDeleteErrors,
     .source = "as.md section 5"},
    {.service = "as",
     .name = "list_hook_instances",
     .summary = "List the instances that hooks hold",
     .path = kPath[3],
     .params = kHeldParams,
     .urgency = Urgency::kHook,
     .resource = "held_instance",
     .result = "instance_hanging_info",
     .errors = kHeldErrors,
     .source = "as.md section 7"},
    {.service = "as",
     .name = "attach_callback_instance_life_cycle_hook",
     .summary = "Answer a lifecycle hook for one instance",
     .method = http::Method::kPut,
     .path = kPath[4],
     .params = kCallbackParams,
     .constraints = kCallbackConstraints,
     .success = 204,
     .effect = Effect::kIdempotent,
     .urgency = Urgency::kHook,
     .resource = "held_instance",
     .transitions = kCallingBack,
     .conditions = kCallbackConditions,
     .lookup = {.list = "list_hook_instances", .match = kAnyName},
     .evidence = "list_hook_instances: the hold is CONTINUE or ABANDON, or gone; after EXTEND its "
                 "timeout is an hour later, and a repeated EXTEND only waits longer",
     .errors = kCallbackErrors,
     .source = "as.md sections 4 and 8",
     .sides = "as.md 11.14: ABANDON of a launch fails its activity and a new instance takes its "
              "place, as the page says; the guide only says deleted and made anew"},
};

}  // namespace

constinit const std::span<const Operation> kAsHooks{kOperations};

}  // namespace neap::cloud::tables
