// The kinds of things of Simple Message Notification and where their answers say what (smn.md
// sections 1 and 7).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

// Unconfirmed, confirmed, in no need of it, cancelled, deleted; numbers in answers.
constexpr std::string_view kSubscriptionStatuses[] = {"0", "1", "2", "3", "4"};

constexpr Resource kResources[] = {
    {.name = "topic", .service = "smn", .noun = "topic", .id = "topic_urn", .status = ""},
    {.name = "subscription",
     .service = "smn",
     .noun = "subscription",
     .id = "subscription_urn",
     .label = "endpoint",
     .statuses = kSubscriptionStatuses},
};

}  // namespace

constinit const std::span<const Resource> kSmnResources{kResources};

}  // namespace neap::cloud::tables
