// Error codes of Auto Scaling in general: access, requests, the account, activity logs (as.md
// sections 1 and 9).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kToken = "get a new token, or check the access key";
constexpr std::string_view kRole = "ask the account's administrator for the right";
constexpr std::string_view kFilter = "correct the filter or leave it out";
constexpr std::string_view kTime = "write times in UTC, such as 2026-11-22T06:00:00Z";

constexpr ErrorCode kRows[] = {
    {"AS.0001", 500, ErrorKind::kNetwork, "the service has an internal error",
     "retry; if it happens again contact the platform's support"},
    {"AS.0002", 400, ErrorKind::kArgument, "the request has no body",
     "send the parameters in the body"},
    {"AS.0005", 401, ErrorKind::kAuth, "the request carries no token", kToken},
    {"AS.0006", 401, ErrorKind::kAuth, "the token is wrong or has expired", kToken},
    {"AS.0007", 404, ErrorKind::kNotFound, "the thing that the path names does not exist",
     "check the id and the project"},
    {"AS.0008", 400, ErrorKind::kAuth, "the project of the path is not that of the credentials",
     "set the project id that the credentials belong to"},
    {"AS.0011", 403, ErrorKind::kPermission, "the user's role lacks the right", kRole},
    {"AS.0012", 403, ErrorKind::kPermission, "the user's role is suspended", kRole},
    {"AS.0013", 403, ErrorKind::kPermission, "the user's rights are switched off", kRole},
    {"AS.0022", 400, ErrorKind::kArgument, "the body is not JSON or has members that are not known",
     "compare the body with help on the operation"},
    {"AS.0026", 400, ErrorKind::kConflict,
     "the group is cooling down after its last scaling action", "wait until the cooldown is over"},
    {"AS.0031", 400, ErrorKind::kPermission, "no policy of the user allows the action",
     "ask for a policy with this action in IAM"},
    {"AS.0033", 400, ErrorKind::kArgument, "there is no such version of the API",
     "use v1 or v2 in the path"},
    {"AS.0034", 400, ErrorKind::kConflict, "the policy cannot run while its group is scaling",
     "wait until the group's activity ends, then execute the policy"},
    {"AS.8004", 400, ErrorKind::kPermission, "the account's resources are frozen",
     "pay what is due, or ask the account's owner"},
    {"AS.9001", 400, ErrorKind::kArgument,
     "the start time of the activity filter has the wrong form", kTime},
    {"AS.9002", 400, ErrorKind::kArgument, "the end time of the activity filter has the wrong form",
     kTime},
    {"AS.9003", 400, ErrorKind::kArgument, "the activity filter's start_number is invalid",
     kFilter},
    {"AS.9004", 400, ErrorKind::kArgument, "the activity filter's limit is invalid", kFilter},
    {"AS.9005", 400, ErrorKind::kArgument, "the activity filter's log_id is invalid", kFilter},
    {"AS.9007", 400, ErrorKind::kArgument, "the execution time of the filter has the wrong form",
     kTime},
    {"AS.9008", 400, ErrorKind::kArgument, "start_number is invalid", kFilter},
    {"AS.9009", 400, ErrorKind::kArgument, "limit is invalid", kFilter},
    {"AS.9010", 400, ErrorKind::kArgument, "log_id is invalid", kFilter},
    {"AS.9011", 400, ErrorKind::kArgument, "scaling_resource_id is invalid", kFilter},
    {"AS.9012", 400, ErrorKind::kArgument, "the activity filter's type is invalid", kFilter},
    {"AS.9013", 400, ErrorKind::kArgument, "the activity filter's status is invalid", kFilter},
};

}  // namespace

constinit const std::span<const ErrorCode> kAsGeneralCodes{kRows};

}  // namespace neap::cloud::tables
