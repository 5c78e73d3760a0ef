// The tables that catalog() and error_codes() join, and what their entries share.
#pragma once

#include "cloud/catalog.h"

namespace neap::cloud::tables {

extern const std::span<const Operation> kSdrsGroups;
extern const std::span<const Operation> kSdrsPairs;
extern const std::span<const Operation> kSdrsInstances;
extern const std::span<const Operation> kSdrsJobs;

extern const std::span<const ErrorCode> kSdrsGeneralCodes;
extern const std::span<const ErrorCode> kSdrsInstanceCodes;
extern const std::span<const ErrorCode> kSdrsPairCodes;
extern const std::span<const ErrorCode> kSdrsDrillAndTagCodes;
extern const std::span<const ErrorCode> kGatewayCodes;

inline constexpr std::string_view kGroupStatuses[] = {
    "creating",    "available",         "protected",      "deleting",        "error-deleting",
    "error",       "starting",          "error-starting", "reprotecting",    "error-reprotecting",
    "stopping",    "error-stopping",    "reversing",      "error-reversing", "failing-over",
    "failed-over", "error-failing-over"};
inline constexpr std::string_view kInstanceStatuses[] = {"creating",
                                                         "available",
                                                         "protected",
                                                         "deleting",
                                                         "error-deleting",
                                                         "error",
                                                         "starting",
                                                         "error-starting",
                                                         "reprotecting",
                                                         "error-reprotecting",
                                                         "stopping",
                                                         "error-stopping",
                                                         "reversing",
                                                         "error-reversing",
                                                         "failing-over",
                                                         "failed-over",
                                                         "error-failing-over",
                                                         "nic-creating",
                                                         "nic-deleting",
                                                         "resizing",
                                                         "error-resizing",
                                                         "invalid",
                                                         "fault"};
inline constexpr std::string_view kPairStatuses[] = {
    "creating",    "available",          "protected",       "deleting",        "error-deleting",
    "error",       "starting",           "error-starting",  "reprotecting",    "error-reprotecting",
    "stopping",    "error-stopping",     "reversing",       "error-reversing", "failing-over",
    "failed-over", "error-failing-over", "extending",       "error-extending", "attaching",
    "detaching",   "error-attaching",    "error-detaching", "invalid",         "fault"};
inline constexpr std::string_view kJobStatuses[] = {"INIT", "RUNNING", "SUCCESS", "FAIL"};

inline constexpr std::string_view kAvailable[] = {"available"};
inline constexpr std::string_view kProtected[] = {"protected"};
inline constexpr std::string_view kAvailableOrProtected[] = {"available", "protected"};

inline constexpr Param kGroupIdInPath{.name = "server_group_id",
                                      .place = Place::kPath,
                                      .required = true,
                                      .help = "protection group id",
                                      .rule = Rule::kId};
inline constexpr Param kLimit{.name = "limit",
                              .place = Place::kQuery,
                              .type = Type::kInteger,
                              .help = "rows per page",
                              .min = 0,
                              .max = 1000,
                              .fallback = "1000"};
inline constexpr Param kOffset{.name = "offset",
                               .place = Place::kQuery,
                               .type = Type::kInteger,
                               .help = "rows to leave out at the front",
                               .min = 0,
                               .fallback = "0"};
inline constexpr Param kNameFilter{
    .name = "name", .place = Place::kQuery, .help = "part of the name"};
inline constexpr Param kZoneFilter{
    .name = "availability_zone", .place = Place::kQuery, .help = "zone that serves the group now"};
inline constexpr Param kGroupFilter{.name = "server_group_id",
                                    .place = Place::kQuery,
                                    .help = "only those of this protection group",
                                    .rule = Rule::kId};
inline constexpr Param kGroupsFilter{.name = "server_group_ids",
                                     .place = Place::kQuery,
                                     .type = Type::kStringList,
                                     .help = "only those of these groups; beats server_group_id",
                                     .rule = Rule::kId,
                                     .min = 1,
                                     .max = 30};
inline constexpr Param kInstancesFilter{.name = "protected_instance_ids",
                                        .place = Place::kQuery,
                                        .type = Type::kStringList,
                                        .help = "only these protected instances, or their pairs",
                                        .rule = Rule::kId,
                                        .min = 1,
                                        .max = 30};

inline constexpr std::string_view kAbnormalOrGeneral[] = {"status_abnormal", "general"};
inline constexpr Param kQueryType{.name = "query_type",
                                  .place = Place::kQuery,
                                  .help = "status_abnormal lists only those in an abnormal status",
                                  .one_of = kAbnormalOrGeneral,
                                  .fallback = "general"};
inline constexpr Param kNewName{
    .name = "name", .required = true, .help = "name; need not be unique", .rule = Rule::kName};
inline constexpr Param kDescription{
    .name = "description", .help = "free text", .rule = Rule::kDescription};

}  // namespace neap::cloud::tables
