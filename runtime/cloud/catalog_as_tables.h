// What the entries of Auto Scaling share: statuses, words and parameters that several calls take.
#pragma once

#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {

inline constexpr std::string_view kScalingGroupStatuses[] = {"INSERVICE", "PAUSED", "ERROR",
                                                             "DELETING", "FREEZED"};
inline constexpr std::string_view kLifeCycleStates[] = {
    "PENDING",       "PENDING_WAIT",     "INSERVICE", "REMOVING",
    "REMOVING_WAIT", "ENTERING_STANDBY", "STANDBY"};
inline constexpr std::string_view kHoldStatuses[] = {"HANGING", "CONTINUE", "ABANDON"};
inline constexpr std::string_view kPolicyStatuses[] = {"INSERVICE", "PAUSED", "EXECUTING"};
inline constexpr std::string_view kActivityStatuses[] = {"DOING", "SUCCESS", "FAIL"};
inline constexpr std::string_view kExecutionStatuses[] = {"EXECUTING", "SUCCESS", "FAIL"};

inline constexpr std::string_view kInService[] = {"INSERVICE"};
inline constexpr std::string_view kPaused[] = {"PAUSED"};
inline constexpr std::string_view kYesOrNo[] = {"yes", "no"};
inline constexpr std::string_view kScalingResources[] = {"SCALING_GROUP", "BANDWIDTH"};

// Deleted at once, whatever its state was.
inline constexpr Transition kGone[] = {{}};

inline constexpr std::string_view kNoSuchScalingGroup[] = {"AS.2007"};

consteval Param required(Param param) {
  param.required = true;
  return param;
}

consteval Param in_query(Param param) {
  param.place = Place::kQuery;
  return param;
}

// For updates: what they leave out stays as it is.
consteval Param kept(Param param) {
  param.fallback = {};
  return param;
}

inline constexpr Param kScalingGroupIdInPath{.name = "scaling_group_id",
                                             .place = Place::kPath,
                                             .required = true,
                                             .help = "scaling group id",
                                             .rule = Rule::kId};
inline constexpr Param kStartNumber{.name = "start_number",
                                    .place = Place::kQuery,
                                    .type = Type::kInteger,
                                    .help = "rows to leave out at the front",
                                    .min = 0,
                                    .fallback = "0"};
inline constexpr Param kAsLimit{.name = "limit",
                                .place = Place::kQuery,
                                .type = Type::kInteger,
                                .help = "rows per page",
                                .min = 0,
                                .max = 100,
                                .fallback = "20"};
inline constexpr Param kStartTime{.name = "start_time",
                                  .place = Place::kQuery,
                                  .help = "not before this time, like 2026-11-22T06:00:00Z"};
inline constexpr Param kEndTime{.name = "end_time",
                                .place = Place::kQuery,
                                .help = "not after this time, like 2026-11-22T07:00:00Z"};
inline constexpr Param kLogId{
    .name = "log_id", .place = Place::kQuery, .help = "only this entry", .rule = Rule::kId};
inline constexpr Param kCoolDownTime{.name = "cool_down_time",
                                     .type = Type::kInteger,
                                     .help = "seconds after an activity in which no alarm acts",
                                     .min = 0,
                                     .max = 86400,
                                     .fallback = "300"};
inline constexpr Param kScalingDescription{
    .name = "description", .help = "free text", .rule = Rule::kScalingDescription};

}  // namespace neap::cloud::tables
