#include "sign/signed_members.h"

namespace neap::sign {
namespace {

constexpr std::string_view kNotification[] = {"message",   "message_id", "subject",
                                              "timestamp", "topic_urn",  "type"};
constexpr std::string_view kConfirmation[] = {"message",   "message_id", "subscribe_url",
                                              "timestamp", "topic_urn",  "type"};

}  // namespace

std::span<const std::string_view> signed_members(std::string_view type) {
  if (type == "Notification") return kNotification;
  if (type == "SubscriptionConfirmation" || type == "UnsubscribeConfirmation") return kConfirmation;
  return {};
}

}  // namespace neap::sign
