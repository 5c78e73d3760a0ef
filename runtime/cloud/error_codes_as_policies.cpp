// Error codes of Auto Scaling about scaling policies (as.md section 9).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kGive = "give the parameter";
constexpr std::string_view kCorrect = "correct the parameter and retry";
constexpr std::string_view kTime = "write times in UTC, such as 2026-11-22T06:00Z";
constexpr std::string_view kLater = "choose a later time";
constexpr std::string_view kPeriod = "correct recurrence_type and recurrence_value";
constexpr std::string_view kAlarm = "check the alarm in Cloud Eye";
constexpr std::string_view kBatch = "list the policies and see which the batch has reached";

constexpr ErrorCode kRows[] = {
    {"AS.3002", 400, ErrorKind::kArgument, "the policy type is invalid",
     "use ALARM, SCHEDULED or RECURRENCE"},
    {"AS.3003", 400, ErrorKind::kArgument, "the policy is empty", kGive},
    {"AS.3004", 400, ErrorKind::kArgument, "recurrence_type is invalid",
     "use Daily, Weekly or Monthly"},
    {"AS.3005", 400, ErrorKind::kArgument, "the end time of the periodic policy is missing", kGive},
    {"AS.3006", 400, ErrorKind::kArgument, "the end time of the periodic policy has the wrong form",
     kTime},
    {"AS.3007", 400, ErrorKind::kArgument, "the end time of the periodic policy has passed",
     kLater},
    {"AS.3008", 400, ErrorKind::kArgument, "launch_time is missing", kGive},
    {"AS.3009", 400, ErrorKind::kArgument, "launch_time has the wrong form",
     "write HH:MM for a periodic policy, 2026-11-22T06:00Z for a scheduled one"},
    {"AS.3010", 400, ErrorKind::kArgument, "the scheduled policy's time has passed", kLater},
    {"AS.3011", 400, ErrorKind::kArgument, "the policy type is missing", kGive},
    {"AS.3012", 400, ErrorKind::kArgument, "the policy's cooldown time is invalid", kCorrect},
    {"AS.3013", 400, ErrorKind::kArgument, "the policy name is missing", kGive},
    {"AS.3014", 400, ErrorKind::kArgument, "the policy name is too long or too short", kCorrect},
    {"AS.3015", 400, ErrorKind::kArgument, "the policy says nothing of what to do",
     "give scaling_policy_action"},
    {"AS.3016", 400, ErrorKind::kArgument, "the policy's action has no operation", kGive},
    {"AS.3017", 400, ErrorKind::kArgument, "the policy's operation is invalid",
     "use ADD, REMOVE, REDUCE or SET"},
    {"AS.3018", 400, ErrorKind::kArgument, "the policy's number of instances is invalid", kCorrect},
    {"AS.3019", 400, ErrorKind::kArgument, "the policy has no group id", kGive},
    {"AS.3020", 400, ErrorKind::kNotFound, "scaling policy not found",
     "check the id or list the group's policies"},
    {"AS.3021", 400, ErrorKind::kArgument, "the policy id is missing", kGive},
    {"AS.3022", 400, ErrorKind::kArgument, "the policy can only be executed, paused or resumed",
     kCorrect},
    {"AS.3023", 400, ErrorKind::kArgument, "recurrence_type is missing", kPeriod},
    {"AS.3024", 400, ErrorKind::kArgument, "recurrence_value is missing", kPeriod},
    {"AS.3025", 400, ErrorKind::kArgument, "recurrence_value is invalid", kPeriod},
    {"AS.3026", 400, ErrorKind::kArgument, "the alarm id is missing", kGive},
    {"AS.3027", 400, ErrorKind::kConflict, "the policy is not in service",
     "resume the policy, then execute it"},
    {"AS.3028", 400, ErrorKind::kArgument,
     "the start time of the periodic policy has the wrong form", kTime},
    {"AS.3029", 400, ErrorKind::kArgument, "the periodic policy starts after its end",
     "let it start before it ends"},
    {"AS.3030", 400, ErrorKind::kNotFound, "the policy's alarm does not exist", kAlarm},
    {"AS.3031", 400, ErrorKind::kArgument, "the policy name has characters that are not allowed",
     "use Chinese or English letters, digits, \"_\" and \"-\""},
    {"AS.3032", 400, ErrorKind::kConflict, "there are as many policies as the quota allows",
     "delete policies that are not used, or ask for a higher quota"},
    {"AS.3033", 400, ErrorKind::kArgument,
     "the periodic policy never runs between its start and its end", kPeriod},
    {"AS.3034", 400, ErrorKind::kConflict, "another group uses the alarm",
     "create an alarm for this group"},
    {"AS.3035", 400, ErrorKind::kArgument, "the policy's percentage of instances is invalid",
     kCorrect},
    {"AS.3036", 400, ErrorKind::kArgument, "the policy has both a number and a percentage",
     "give one of them"},
    {"AS.3037", 400, ErrorKind::kArgument, "scaling_resource_type is invalid",
     "use SCALING_GROUP or BANDWIDTH"},
    {"AS.3038", 400, ErrorKind::kConflict, "the policy is being executed",
     "wait until its execution ends; list its execution logs"},
    {"AS.3040", 400, ErrorKind::kConflict, "the policy has reached its limit",
     "nothing is to be done, or change the policy's limits"},
    {"AS.3041", 400, ErrorKind::kArgument, "the policy's scaling_resource_id is missing", kGive},
    {"AS.3042", 400, ErrorKind::kNotFound, "what the policy scales does not exist",
     "check scaling_resource_id"},
    {"AS.3043", 400, ErrorKind::kArgument, "the policy's limit is invalid", kCorrect},
    {"AS.3044", 400, ErrorKind::kArgument, "limits is invalid", kCorrect},
    {"AS.3045", 400, ErrorKind::kJobFailed, "some policies of the batch could not be deleted",
     kBatch},
    {"AS.3046", 400, ErrorKind::kJobFailed, "some policies of the batch could not be resumed",
     kBatch},
    {"AS.3047", 400, ErrorKind::kJobFailed, "some policies of the batch could not be paused",
     kBatch},
    {"AS.3048", 400, ErrorKind::kArgument, "force_delete must be yes or no", kCorrect},
    {"AS.3049", 400, ErrorKind::kArgument, "the batch has no policy", kGive},
    {"AS.3050", 400, ErrorKind::kArgument, "the alarm id is not allowed", kAlarm},
    {"AS.3054", 400, ErrorKind::kArgument, "scaling_resource_type is missing", kGive},
    {"AS.3055", 400, ErrorKind::kArgument, "scaling_resource_id has the wrong form", kCorrect},
    {"AS.3056", 400, ErrorKind::kArgument, "delete_alarm must be yes or no", kCorrect},
    {"AS.3057", 400, ErrorKind::kArgument, "sort_by is invalid",
     "use POLICY_NAME, TRIGGER_CONDITION or CREATE_TIME"},
    {"AS.3058", 400, ErrorKind::kArgument, "order is invalid", "use ASC or DESC"},
};

}  // namespace

constinit const std::span<const ErrorCode> kAsPolicyCodes{kRows};

}  // namespace neap::cloud::tables
