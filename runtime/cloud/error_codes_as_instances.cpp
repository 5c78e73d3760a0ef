// Error codes of Auto Scaling about the instances of groups (as.md section 9).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kGive = "give the parameter";
constexpr std::string_view kCorrect = "correct the parameter and retry";
constexpr std::string_view kTime = "write times in UTC, such as 2026-11-22T06:00:00Z";
constexpr std::string_view kState =
    "list the group's instances and wait for the right life_cycle_state";
constexpr std::string_view kBatch =
    "list the group's instances and see which the batch has reached";
constexpr std::string_view kSmaller = "use smaller batches";

constexpr ErrorCode kRows[] = {
    {"AS.4000", 400, ErrorKind::kArgument, "start_number is invalid", kCorrect},
    {"AS.4001", 400, ErrorKind::kArgument, "limit is invalid", kCorrect},
    {"AS.4003", 400, ErrorKind::kArgument, "life_cycle_state is invalid", kCorrect},
    {"AS.4004", 400, ErrorKind::kArgument, "health_status is invalid",
     "use INITIALIZING, NORMAL or ERROR"},
    {"AS.4005", 400, ErrorKind::kNotFound, "the group of the instances does not exist",
     "check scaling_group_id"},
    {"AS.4006", 400, ErrorKind::kNotFound, "the instance is not in the group",
     "list the group's instances"},
    {"AS.4007", 400, ErrorKind::kArgument, "instance_delete must be yes or no", kCorrect},
    {"AS.4008", 400, ErrorKind::kArgument, "the start time of the log filter has the wrong form",
     kTime},
    {"AS.4009", 400, ErrorKind::kArgument, "the end time of the log filter has the wrong form",
     kTime},
    {"AS.4010", 400, ErrorKind::kArgument, "the log filter's start_number is invalid", kCorrect},
    {"AS.4011", 400, ErrorKind::kArgument, "the log filter's limit is invalid", kCorrect},
    {"AS.4012", 400, ErrorKind::kArgument, "the log filter's log id is invalid", kCorrect},
    {"AS.4013", 400, ErrorKind::kArgument, "no instance to be removed is named", kGive},
    {"AS.4014", 400, ErrorKind::kArgument, "the instances are of different groups",
     "use one call for each group"},
    {"AS.4015", 400, ErrorKind::kConflict, "the instance is not INSERVICE", kState},
    {"AS.4016", 400, ErrorKind::kConflict, "a server paid by the month or year cannot be deleted",
     "remove it from the group without deleting it"},
    {"AS.4017", 400, ErrorKind::kArgument, "no instance is named", kGive},
    {"AS.4018", 400, ErrorKind::kArgument, "the action on the instances is invalid", kCorrect},
    {"AS.4019", 400, ErrorKind::kArgument, "no instance to be added is named", kGive},
    {"AS.4020", 400, ErrorKind::kArgument, "the server is in a zone that the group does not use",
     "choose a server of the group's zones"},
    {"AS.4021", 400, ErrorKind::kArgument, "the server is in another VPC than the group",
     "choose a server of the group's VPC"},
    {"AS.4022", 400, ErrorKind::kArgument, "too many instances are to be added at once", kSmaller},
    {"AS.4023", 400, ErrorKind::kConflict, "the server is already in the group",
     "nothing is to be done for it: leave it out"},
    {"AS.4024", 400, ErrorKind::kConflict, "the server to be added is not ACTIVE",
     "start the server, then add it"},
    {"AS.4025", 400, ErrorKind::kArgument, "instance_append must be yes or no", kCorrect},
    {"AS.4026", 400, ErrorKind::kArgument, "too many instances are to be removed at once",
     kSmaller},
    {"AS.4027", 400, ErrorKind::kConflict, "the server is in another group",
     "remove it there first"},
    {"AS.4028", 400, ErrorKind::kArgument, "the instance id is missing", kGive},
    {"AS.4029", 400, ErrorKind::kJobFailed, "some instances of the batch could not be added",
     kBatch},
    {"AS.4030", 400, ErrorKind::kJobFailed, "some instances of the batch could not be removed",
     kBatch},
    {"AS.4032", 400, ErrorKind::kArgument, "the list of instances is empty", kGive},
    {"AS.4033", 400, ErrorKind::kJobFailed,
     "the protection of some instances of the batch could not be changed", kBatch},
    {"AS.4036", 400, ErrorKind::kJobFailed, "some instances of the batch could not enter standby",
     kBatch},
    {"AS.4037", 400, ErrorKind::kJobFailed, "some instances of the batch could not leave standby",
     kBatch},
    {"AS.4038", 400, ErrorKind::kConflict, "the instance is not STANDBY", kState},
    {"AS.4039", 400, ErrorKind::kConflict,
     "as many new instances as enter standby would exceed the group's maximum",
     "raise the maximum, or do not append new ones"},
    {"AS.4043", 400, ErrorKind::kArgument, "the batch has more than 10 instances", kSmaller},
};

}  // namespace

constinit const std::span<const ErrorCode> kAsInstanceCodes{kRows};

}  // namespace neap::cloud::tables
