// What a scaling policy is made of, as parameters of its creation and change (as.md sections 2 and
// 9). Version 1 knows groups only, version 2 bandwidths too.
#pragma once

#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {

inline constexpr std::string_view kPolicyTypes[] = {"ALARM", "SCHEDULED", "RECURRENCE"};
inline constexpr std::string_view kPolicyV2Types[] = {"ALARM", "SCHEDULED", "RECURRENCE",
                                                      "INTERVAL_ALARM"};
inline constexpr std::string_view kRecurrences[] = {"Daily", "Weekly", "Monthly"};
inline constexpr std::string_view kScalings[] = {"ADD", "REMOVE", "REDUCE", "SET"};

inline constexpr Param kPolicySchedule[] = {
    {.name = "launch_time",
     .required = true,
     .help = "when to act: 2026-11-22T06:00Z, or 06:00 for RECURRENCE; UTC",
     .rule = Rule::kMinute},
    {.name = "recurrence_type", .help = "how often; needed for RECURRENCE", .one_of = kRecurrences},
    {.name = "recurrence_value",
     .help = "days by comma: 1 to 7 for Weekly, 1 being Sunday; 1 to 31 for Monthly"},
    {.name = "start_time",
     .help = "first moment of a recurrence",
     .rule = Rule::kMinute,
     .fallback = "now"},
    {.name = "end_time",
     .help = "last moment of a recurrence; needed for RECURRENCE",
     .rule = Rule::kMinute},
};

inline constexpr Param kScalingOperation{.name = "operation",
                                         .help = "add, take away, or set the number",
                                         .one_of = kScalings,
                                         .fallback = "ADD"};
inline constexpr Param kPolicyAction[] = {
    kScalingOperation,
    {.name = "instance_number",
     .type = Type::kInteger,
     .help = "instances; not with instance_percentage, 0 only for SET",
     .min = 0,
     .max = 300,
     .fallback = "1"},
    {.name = "instance_percentage",
     .type = Type::kInteger,
     .help = "percent of the group; not with instance_number, 0 only for SET",
     .min = 0,
     .max = 20000},
};
inline constexpr Param kPolicySize{.name = "size",
                                   .type = Type::kInteger,
                                   .help =
                                       "instances or Mbit/s; not with percentage, 0 only for "
                                       "SET",
                                   .min = 0,
                                   .max = 300,
                                   .fallback = "1"};
inline constexpr Param kPolicyPercentage{.name = "percentage",
                                         .type = Type::kInteger,
                                         .help =
                                             "percent of the group; not with size, 0 only for "
                                             "SET",
                                         .min = 0,
                                         .max = 20000};
inline constexpr Param kPolicyLimits{.name = "limits",
                                     .type = Type::kInteger,
                                     .help = "bandwidth that ADD and REDUCE do not cross",
                                     .min = 0};
inline constexpr Param kPolicyV2Action[] = {kScalingOperation, kPolicySize, kPolicyPercentage,
                                            kPolicyLimits};
inline constexpr Param kIntervalAction[] = {
    {.name = "lower_bound", .type = Type::kNumber, .help = "from this value on"},
    {.name = "upper_bound", .type = Type::kNumber, .help = "below this value"},
    kScalingOperation,
    kPolicySize,
    kPolicyPercentage,
    kPolicyLimits,
};

inline constexpr Param kPolicyName{
    .name = "scaling_policy_name", .help = "name; need not be unique", .rule = Rule::kScalingName};
inline constexpr Param kPolicyType{
    .name = "scaling_policy_type", .help = "what sets it off", .one_of = kPolicyTypes};
inline constexpr Param kPolicyV2Type{
    .name = "scaling_policy_type", .help = "what sets it off", .one_of = kPolicyV2Types};
inline constexpr Param kAlarm{
    .name = "alarm_id", .help = "alarm rule that sets it off", .rule = Rule::kId};
inline constexpr Param kSchedule{.name = "scheduled_policy",
                                 .type = Type::kObject,
                                 .help = "when it acts; ignored for ALARM",
                                 .members = kPolicySchedule};
inline constexpr Param kAction{.name = "scaling_policy_action",
                               .type = Type::kObject,
                               .help = "what it does",
                               .members = kPolicyAction};
inline constexpr Param kV2Action{.name = "scaling_policy_action",
                                 .type = Type::kObject,
                                 .help = "what it does",
                                 .members = kPolicyV2Action};
inline constexpr Param kResourceId{
    .name = "scaling_resource_id", .help = "group or bandwidth that it scales", .rule = Rule::kId};
inline constexpr Param kResourceType{.name = "scaling_resource_type",
                                     .help = "what kind of thing it scales",
                                     .one_of = kScalingResources};
inline constexpr Param kIntervalActions{.name = "interval_alarm_actions",
                                        .type = Type::kObjectList,
                                        .help = "what INTERVAL_ALARM does, by range of the value",
                                        .members = kIntervalAction};

inline constexpr Param kPolicyIdInPath{.name = "scaling_policy_id",
                                       .place = Place::kPath,
                                       .required = true,
                                       .help = "scaling policy id",
                                       .rule = Rule::kId};
inline constexpr Param kPolicyIdFilter{.name = "scaling_policy_id",
                                       .place = Place::kQuery,
                                       .help = "only this policy",
                                       .rule = Rule::kId};
inline constexpr Param kPolicyNameFilter{
    .name = "scaling_policy_name", .place = Place::kQuery, .help = "part of the name"};

inline constexpr std::string_view kPolicyTypeOnly[] = {"scaling_policy_type"};
inline constexpr std::string_view kAlarmOnly[] = {"alarm_id"};
inline constexpr std::string_view kScheduleOnly[] = {"scheduled_policy"};
inline constexpr std::string_view kIntervalsOnly[] = {"interval_alarm_actions"};

inline constexpr Constraint kAlarmNeedsRule{.bond = Bond::kValueNeeds,
                                            .these = kPolicyTypeOnly,
                                            .those = kAlarmOnly,
                                            .value = "ALARM",
                                            .because = "an alarm rule sets it off"};
inline constexpr Constraint kScheduledNeedsTime{.bond = Bond::kValueNeeds,
                                                .these = kPolicyTypeOnly,
                                                .those = kScheduleOnly,
                                                .value = "SCHEDULED",
                                                .because = "a moment sets it off"};
inline constexpr Constraint kRecurrenceNeedsTime{.bond = Bond::kValueNeeds,
                                                 .these = kPolicyTypeOnly,
                                                 .those = kScheduleOnly,
                                                 .value = "RECURRENCE",
                                                 .because = "a timetable sets it off"};

inline constexpr std::string_view kPolicyUpdateErrors[] = {
    "AS.3002", "AS.3003", "AS.3004", "AS.3005", "AS.3008", "AS.3009", "AS.3010",
    "AS.3018", "AS.3020", "AS.3026", "AS.3030", "AS.3032", "AS.3034", "AS.3036"};
inline constexpr std::string_view kPolicyUnknown[] = {"AS.3020"};
inline constexpr std::string_view kPolicyConditions[] = {
    "the group's quota for policies is not used up",
    "one alarm rule serves the policies of one group only",
    "a moment to act lies in the future, and so does the end of a recurrence"};

}  // namespace neap::cloud::tables
