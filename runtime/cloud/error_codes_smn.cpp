// Error codes of SMN, the notification service (smn.md section 7).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr ErrorCode kRows[] = {
    {"SMN.0005", 400, ErrorKind::kArgument, "the topic URN is invalid",
     "list_topics shows the URN; correct it"},
    {"SMN.0006", 404, ErrorKind::kNotFound, "topic not found",
     "check the topic URN, the region and the project"},
    {"SMN.0011", 400, ErrorKind::kArgument, "the protocol is not one that topics deliver by",
     "use http, https, email, sms or another documented protocol"},
    {"SMN.0012", 400, ErrorKind::kArgument, "the endpoint does not fit the protocol",
     "give the endpoint as the protocol writes it"},
    {"SMN.0069", 400, ErrorKind::kArgument, "the endpoint is an address inside a private network",
     "give one that the platform can reach from outside"},
    {"SMN.0013", 404, ErrorKind::kNotFound, "subscription not found",
     "list the topic's subscriptions"},
};

}  // namespace

constinit const std::span<const ErrorCode> kSmnCodes{kRows};

}  // namespace neap::cloud::tables
