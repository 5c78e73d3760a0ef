// Error codes of ECS, and the Common ones it shares with other services (ecs.md section 8).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kReread = "read the server again before a retry: it may have happened";
constexpr std::string_view kSlow = "wait and retry, with fewer calls at once";

constexpr ErrorCode kRows[] = {
    {"Common.0001", 500, ErrorKind::kNetwork, "the platform has an internal error", kReread},
    {"Common.0002", 400, ErrorKind::kArgument, "the request has no body",
     "send the parameters in the body"},
    {"Common.0011", 400, ErrorKind::kNotFound, "job not found",
     "check the job id: jobs are kept for a day; then the server's status tells"},
    {"Common.0013", 401, ErrorKind::kAuth, "the token is wrong or has expired", "get a new token"},
    {"Common.0018", 400, ErrorKind::kAuth, "the project of the path is not that of the token",
     "set the project id that the credentials belong to"},
    {"Common.0021", 400, ErrorKind::kJobFailed, "a sub-job failed",
     "look at the sub-jobs and at each server's status"},
    {"Common.0022", 500, ErrorKind::kNetwork, "the job could not be submitted", kReread},
    {"Common.0024", 202, ErrorKind::kThrottled, "the platform is busy and took no job", kSlow},
    {"Common.0025", 500, ErrorKind::kNetwork, "the job could not be looked up",
     "retry; nothing was changed"},
    {"Common.1503", 503, ErrorKind::kThrottled, "too many requests", kSlow},
    {"Ecs.0000", 400, ErrorKind::kArgument, "the request is invalid",
     "compare the body with help on the operation"},
    {"Ecs.0003", 403, ErrorKind::kPermission, "the account is restricted or frozen",
     "pay what is due, or ask the account's owner"},
    {"Ecs.0005", 400, ErrorKind::kArgument, "a parameter is invalid",
     "correct the parameter and retry"},
    {"Ecs.0029", 400, ErrorKind::kArgument, "the flavor is unknown or retired",
     "choose one that list_resize_flavors shows"},
    {"Ecs.0030", 400, ErrorKind::kConflict, "the server is frozen and cannot be resized",
     "settle the account, then resize"},
    {"Ecs.0100", 400, ErrorKind::kConflict,
     "the server is in a status that does not allow the operation",
     "show the server; wait until its task_state is empty and its status is right"},
    {"Ecs.0110", 403, ErrorKind::kPermission, "the user may not do this",
     "ask for the permission in IAM"},
    {"Ecs.0114", 404, ErrorKind::kNotFound, "server not found",
     "check the id, the region and the project"},
    {"Ecs.0118", 400, ErrorKind::kArgument, "too many servers in one batch", "split the batch"},
    {"Ecs.0226", 400, ErrorKind::kJobFailed, "the server could not be started",
     "read its status, then retry; the zone may lack capacity"},
    {"Ecs.0227", 400, ErrorKind::kJobFailed, "the server could not be rebooted",
     "read its status; a hard reboot may help"},
    {"Ecs.0301", 400, ErrorKind::kNetwork, "the server could not be looked up", kReread},
    {"Ecs.0303", 400, ErrorKind::kNetwork, "the flavor could not be looked up", kReread},
    {"Ecs.0319", 400, ErrorKind::kConflict, "the zone has no capacity for the flavor",
     "retry later, or choose another flavor"},
    {"Ecs.0605", 400, ErrorKind::kConflict, "the server is locked",
     "see lockScene in the server's metadata for what locks it; unlock it there"},
    {"Ecs.0614", 404, ErrorKind::kNotFound, "server not found",
     "check the id, the region and the project"},
    {"Ecs.1000", 400, ErrorKind::kNetwork, "a service behind ECS failed", kReread},
    {"Ecs.1001", 400, ErrorKind::kNetwork, "a service behind ECS refused", kReread},
    {"Ecs.1002", 400, ErrorKind::kNetwork, "a service behind ECS did not answer in time", kReread},
};

}  // namespace

constinit const std::span<const ErrorCode> kEcsCodes{kRows};

}  // namespace neap::cloud::tables
