// host.topics and host.subscriptions: messages to whoever wants them (smn.md section 7).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kTopics[] = {
    {"create", "(parameters) -> {topic_urn}", invoke, "smn:create_topic"},
    {"publish", "(parameters) -> {message_id}", invoke, "smn:publish_message"},
    {"update_attribute", "(parameters)", invoke, "smn:update_topic_attribute"},
};

constexpr lua::Entry kSubscriptions[] = {
    {"add", "(parameters) -> {subscription_urn}", invoke, "smn:add_subscription"},
    {"confirm", "(parameters) -> {subscription_urn}", invoke, "smn:confirm_subscription"},
    {"list", "(filters) -> {subscription_count, subscriptions}", invoke, "smn:list_subscriptions"},
    {"cancel", "(parameters)", invoke, "smn:cancel_subscription"},
};

}  // namespace

extern const lua::Module topics{"host.topics", kTopics};
extern const lua::Module subscriptions{"host.subscriptions", kSubscriptions};

}  // namespace neap::bindings
