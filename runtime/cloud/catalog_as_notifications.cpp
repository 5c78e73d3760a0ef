// Topics that are told of a group's scaling; independent of its hooks (as.md section 2).
#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/autoscaling-api/v1/{project_id}/scaling_notification/{scaling_group_id}",
    "/autoscaling-api/v1/{project_id}/scaling_notification/{scaling_group_id}/{topic_urn}"};

constexpr std::string_view kScenes[] = {"SCALING_UP", "SCALING_UP_FAIL", "SCALING_DOWN",
                                        "SCALING_DOWN_FAIL", "SCALING_GROUP_ABNORMAL"};
constexpr Param kCreateParams[] = {
    kScalingGroupIdInPath,
    {.name = "topic_urn", .required = true, .help = "SMN topic to tell", .rule = Rule::kUrn},
    {.name = "topic_scene",
     .type = Type::kStringList,
     .required = true,
     .help = "what it is told of",
     .min = 1,
     .max = 5,
     .one_of = kScenes},
};
constexpr Param kListParams[] = {kScalingGroupIdInPath};
constexpr Param kDeleteParams[] = {
    kScalingGroupIdInPath,
    {.name = "topic_urn",
     .place = Place::kPath,
     .required = true,
     .help = "SMN topic that is told",
     .rule = Rule::kUrn},
};

constexpr std::string_view kThisTopic[] = {"topic_urn"};

constexpr std::string_view kCreateConditions[] = {"the group tells fewer than 5 topics",
                                                  "the topic exists and is not told yet"};

constexpr std::string_view kCreateErrors[] = {"AS.2007", "AS.7025", "AS.7026",
                                              "AS.7027", "AS.7028", "AS.7029"};
constexpr std::string_view kDeleteErrors[] = {"AS.2007", "AS.7025"};

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "create_scaling_notification",
     .summary = "Tell a topic of a group's scaling",
     .method = http::Method::kPut,
     .path = kPath[0],
     .params = kCreateParams,
     .effect = Effect::kCreate,
     .resource = "scaling_notification",
     .conditions = kCreateConditions,
     .lookup = {.id = "topic_urn", .list = "list_scaling_notifications", .unique = true},
     .evidence = "list_scaling_notifications: the topic is there, which it can be only once",
     .errors = kCreateErrors,
     .source = "as.md sections 2 and 12",
     .sides = "a PUT that adds: the page reads as if it replaced, but the codes limit the number "
              "of topics and refuse a repeated one (AS.7029)"},
    {.service = "as",
     .name = "list_scaling_notifications",
     .summary = "List the topics that a group tells",
     .path = kPath[0],
     .params = kListParams,
     .resource = "scaling_notification",
     .result = "topics",
     .errors = kNoSuchScalingGroup,
     .source = "as.md section 2"},
    {.service = "as",
     .name = "delete_scaling_notification",
     .summary = "Tell a topic no longer",
     .method = http::Method::kDelete,
     .path = kPath[1],
     .params = kDeleteParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_notification",
     .transitions = kGone,
     .lookup = {.list = "list_scaling_notifications", .match = kThisTopic},
     .evidence = "list_scaling_notifications: the topic is not there",
     .errors = kDeleteErrors,
     .source = "as.md section 2"},
};

}  // namespace

constinit const std::span<const Operation> kAsNotifications{kOperations};

}  // namespace neap::cloud::tables
