// Error codes of the API gateway in front of every service (auth.md section 8).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr ErrorCode kRows[] = {
    {"APIGW.0101", 404, ErrorKind::kNotFound, "the platform has no such API",
     "check the endpoint, the region and the path"},
    {"APIGW.0201", 400, ErrorKind::kArgument, "the gateway could not take or pass on the request",
     "check the size of the request; if it is small, retry"},
    {"APIGW.0301", 401, ErrorKind::kAuth, "the access key, its signature or the token is wrong",
     "check the credentials; five failures in a row lock a key for 5 minutes"},
    {"APIGW.0302", 403, ErrorKind::kPermission, "the user may not call this API",
     "ask for the permission in IAM"},
    {"APIGW.0303", 401, ErrorKind::kAuth, "the application key or its signature is wrong",
     "check the credentials"},
    {"APIGW.0305", 401, ErrorKind::kAuth, "the authentication information is wrong",
     "check the credentials"},
    {"APIGW.0306", 403, ErrorKind::kPermission, "the user may not call this API",
     "ask for the permission in IAM"},
    {"APIGW.0307", 401, ErrorKind::kAuth, "the token must be renewed", "get a new token"},
    {"APIGW.0308", 429, ErrorKind::kThrottled, "too many requests", "wait and retry"},
    {"APIGW.0310", 403, ErrorKind::kPermission, "the project is unavailable",
     "check the project id and that the account is in good standing"},
    {"APIGW.0601", 500, ErrorKind::kNetwork, "the gateway has an internal error", "retry"},
    {"APIGW.0613", 503, ErrorKind::kNetwork, "the gateway or IAM is unavailable", "retry"},
};

}  // namespace

constinit const std::span<const ErrorCode> kGatewayCodes{kRows};

}  // namespace neap::cloud::tables
