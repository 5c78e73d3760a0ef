// Topics and subscriptions of Simple Message Notification (smn.md sections 1 and 7).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/v2/{project_id}/notifications/topics",
    "/v2/{project_id}/notifications/topics/{topic_urn}/subscriptions",
    "/v2/{project_id}/notifications/subscriptions",
    "/v2/{project_id}/notifications/subscriptions/{subscription_urn}",
    "/v2/{project_id}/notifications/topics/{topic_urn}/publish",
    "/v2/{project_id}/notifications/topics/{topic_urn}/attributes/access_policy",
    "/v2/notifications/subscriptions/subscribe"};

constexpr Param kTopicInPath{.name = "topic_urn",
                             .place = Place::kPath,
                             .required = true,
                             .help = "topic",
                             .rule = Rule::kUrn};
constexpr Param kCreateParams[] = {
    {.name = "name",
     .required = true,
     .help = "name, unique in the project",
     .rule = Rule::kTopicName},
    {.name = "display_name", .help = "sender that mails show"},
};
constexpr Param kSubscribeParams[] = {
    kTopicInPath,
    {.name = "protocol", .required = true, .help = "how messages go out, like https"},
    {.name = "endpoint",
     .required = true,
     .help = "where they go, like https://host/path; reachable from the internet"},
    {.name = "remark", .help = "free text, at most 128 bytes"},
};
constexpr Param kSubscriptionParams[] = {
    kOffset,
    {.name = "limit",
     .place = Place::kQuery,
     .type = Type::kInteger,
     .help = "rows per page",
     .min = 1,
     .max = 100,
     .fallback = "100"},
    {.name = "protocol", .place = Place::kQuery, .help = "only those of this protocol"},
    {.name = "status",
     .place = Place::kQuery,
     .type = Type::kInteger,
     .help = "0 unconfirmed, 1 confirmed, 2 needs no confirmation, 3 cancelled, 4 deleted",
     .min = 0,
     .max = 4},
    {.name = "endpoint", .place = Place::kQuery, .help = "only those of this endpoint"},
};
constexpr Param kCancelParams[] = {
    {.name = "subscription_urn",
     .place = Place::kPath,
     .required = true,
     .help = "subscription",
     .rule = Rule::kUrn},
};
constexpr Param kConfirmParams[] = {
    {.name = "token",
     .place = Place::kQuery,
     .required = true,
     .help = "of the link in the invitation, good for 48 hours; a secret"},
    {.name = "topic_urn",
     .place = Place::kQuery,
     .help = "topic that it must be for",
     .rule = Rule::kUrn},
    {.name = "endpoint", .place = Place::kQuery, .help = "endpoint that it must be for"},
};
constexpr Param kPublishParams[] = {
    kTopicInPath,
    {.name = "subject", .help = "at most 512 bytes, of mails only"},
    {.name = "message", .help = "at most 256 KB"},
    {.name = "message_structure",
     .help = "JSON text with a message for each protocol; beats message_template_name and message"},
    {.name = "message_template_name", .help = "template to fill; beats message"},
    {.name = "time_to_live",
     .help = "seconds, as text, after which an undelivered message is dropped; at most 86400",
     .fallback = "3600"},
};
constexpr Param kPolicyParams[] = {
    kTopicInPath,
    {.name = "value",
     .required = true,
     .help = "JSON text: who may publish and subscribe; an explicit Deny wins"},
};

constexpr std::string_view kBodies[] = {"message", "message_structure", "message_template_name"};
constexpr std::string_view kStructure[] = {"message_structure"};
constexpr std::string_view kTemplate[] = {"message_template_name"};
constexpr std::string_view kMessage[] = {"message"};
constexpr std::string_view kTemplateOrMessage[] = {"message_template_name", "message"};
constexpr Constraint kPublishConstraints[] = {
    {.bond = Bond::kAtLeastOne, .these = kBodies, .because = "a message says something"},
    {.bond = Bond::kBeats,
     .these = kStructure,
     .those = kTemplateOrMessage,
     .because = "messages by protocol come first"},
    {.bond = Bond::kBeats,
     .these = kTemplate,
     .those = kMessage,
     .because = "a template comes before a plain message"},
};

constexpr Transition kCancelling[] = {{}};  // gone at once, whatever it was
constexpr std::string_view kConfirmed[] = {"1"};
constexpr Transition kConfirming[] = {{.success = kConfirmed}};

constexpr std::string_view kSubscribeConditions[] = {
    "the endpoint confirms within 48 hours; before that it is sent nothing else",
    "the topic has fewer than 10,000 subscriptions"};
constexpr std::string_view kConfirmConditions[] = {"the token was sent at most 48 hours ago"};
constexpr std::string_view kCreateConditions[] = {"the project has fewer than 3,000 topics"};

constexpr std::string_view kTopicErrors[] = {"SMN.0005", "SMN.0006"};
constexpr std::string_view kSubscribeErrors[] = {"SMN.0005", "SMN.0006", "SMN.0011", "SMN.0012",
                                                 "SMN.0069"};
constexpr std::string_view kConfirmErrors[] = {"SMN.0005", "SMN.0013"};
constexpr std::string_view kListErrors[] = {"SMN.0011", "SMN.0012"};
constexpr std::string_view kCancelErrors[] = {"SMN.0005", "SMN.0013"};

constexpr Operation kOperations[] = {
    {.service = "smn",
     .name = "create_topic",
     .summary = "Create a topic, or find the one of that name",
     .method = http::Method::kPost,
     .path = kPath[0],
     .params = kCreateParams,
     .success = 201,
     .effect = Effect::kIdempotent,
     .resource = "topic",
     .conditions = kCreateConditions,
     .evidence = "repeating the call is safe: it answers 200 and the URN of the topic there is",
     .source = "smn.md sections 1 and 7"},
    {.service = "smn",
     .name = "add_subscription",
     .summary = "Subscribe an endpoint to a topic",
     .method = http::Method::kPost,
     .path = kPath[1],
     .params = kSubscribeParams,
     .success = 201,
     .effect = Effect::kIdempotent,
     .resource = "subscription",
     .conditions = kSubscribeConditions,
     .evidence = "repeating the call is safe: it answers 200 and the URN of the subscription there "
                 "is",
     .errors = kSubscribeErrors,
     .source = "smn.md sections 1 and 7",
     .sides = "the sample wraps the answer in an array, the table does not: both are read"},
    // A GET that changes something: like every change it is sent once, on a connection of its own.
    {.service = "smn",
     .name = "confirm_subscription",
     .summary = "Confirm a subscription by the token that its endpoint was sent",
     .path = kPath[6],
     .params = kConfirmParams,
     .effect = Effect::kIdempotent,
     .resource = "subscription",
     .result = "subscription_urn",
     .transitions = kConfirming,
     .conditions = kConfirmConditions,
     .evidence = "list_subscriptions: its status is 1; repeating the call is safe while the token "
                 "is good",
     .errors = kConfirmErrors,
     .source = "smn.md section 1",
     .sides = "of the SDK only, which signs it; the link in the invitation does the same unsigned"},
    {.service = "smn",
     .name = "list_subscriptions",
     .summary = "List the subscriptions of all topics",
     .path = kPath[2],
     .params = kSubscriptionParams,
     .resource = "subscription",
     .result = "subscriptions",
     .paging = Paging::kOffset,
     .errors = kListErrors,
     .source = "smn.md sections 1 and 7"},
    {.service = "smn",
     .name = "cancel_subscription",
     .summary = "End a subscription",
     .method = http::Method::kDelete,
     .path = kPath[3],
     .params = kCancelParams,
     .effect = Effect::kIdempotent,
     .resource = "subscription",
     .transitions = kCancelling,
     .evidence =
         "list_subscriptions: it is not there, or cancelled; when repeated the service says "
         "SMN.0013",
     .errors = kCancelErrors,
     .source = "smn.md section 7"},
    {.service = "smn",
     .name = "publish_message",
     .summary = "Send a message to all subscribers of a topic",
     .method = http::Method::kPost,
     .path = kPath[4],
     .params = kPublishParams,
     .constraints = kPublishConstraints,
     .effect = Effect::kOpaque,
     .resource = "topic",
     .evidence = "nothing that can be read tells; each call that arrives sends one more message",
     .errors = kTopicErrors,
     .source = "smn.md section 7"},
    {.service = "smn",
     .name = "update_topic_attribute",
     .summary = "Set who may publish and subscribe to a topic",
     .method = http::Method::kPut,
     .path = kPath[5],
     .params = kPolicyParams,
     .effect = Effect::kIdempotent,
     .resource = "topic",
     .evidence = "the policy is set as a whole; repeating the call is safe",
     .errors = kTopicErrors,
     .source = "smn.md section 7",
     .sides = "of the attributes only access_policy is described, so it is fixed in the path"},
};

}  // namespace

constinit const std::span<const Operation> kSmn{kOperations};

}  // namespace neap::cloud::tables
