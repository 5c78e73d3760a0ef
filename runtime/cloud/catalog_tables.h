// The tables that catalog() and error_codes() join, and what their entries share.
#pragma once

#include "cloud/catalog.h"
#include "cloud/rules.h"

namespace neap::cloud::tables {

extern const std::span<const Operation> kSdrsGroups;
extern const std::span<const Operation> kSdrsPairs;
extern const std::span<const Operation> kSdrsInstances;
extern const std::span<const Operation> kSdrsInstanceChanges;
extern const std::span<const Operation> kSdrsTags;
extern const std::span<const Operation> kSdrsDrills;
extern const std::span<const Operation> kSdrsJobs;
extern const std::span<const Operation> kSdrsService;
extern const std::span<const Operation> kAsGroups;
extern const std::span<const Operation> kAsHooks;
extern const std::span<const Operation> kAsInstances;
extern const std::span<const Operation> kAsConfigurations;
extern const std::span<const Operation> kAsPolicies;
extern const std::span<const Operation> kAsPoliciesV2;
extern const std::span<const Operation> kAsLogs;
extern const std::span<const Operation> kAsNotifications;
extern const std::span<const Operation> kAsTasks;
extern const std::span<const Operation> kAsQuotas;
extern const std::span<const Operation> kSmn;
extern const std::span<const Operation> kIam;
extern const std::span<const Operation> kEcs;

extern const std::span<const Resource> kSdrsResources;
extern const std::span<const Resource> kAsResources;
extern const std::span<const Resource> kEcsResources;
extern const std::span<const Resource> kSmnResources;
extern const std::span<const Resource> kIamResources;

extern const std::span<const ErrorCode> kSdrsGeneralCodes;
extern const std::span<const ErrorCode> kSdrsInstanceCodes;
extern const std::span<const ErrorCode> kSdrsPairCodes;
extern const std::span<const ErrorCode> kSdrsDrillAndTagCodes;
extern const std::span<const ErrorCode> kAsGeneralCodes;
extern const std::span<const ErrorCode> kAsConfigurationCodes;
extern const std::span<const ErrorCode> kAsGroupCodes;
extern const std::span<const ErrorCode> kAsPolicyCodes;
extern const std::span<const ErrorCode> kAsInstanceCodes;
extern const std::span<const ErrorCode> kAsHookCodes;
extern const std::span<const ErrorCode> kEcsCodes;
extern const std::span<const ErrorCode> kSmnCodes;
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
inline constexpr std::string_view kDrillStatuses[] = {"creating", "available", "deleting",
                                                      "error-deleting", "error"};
inline constexpr std::string_view kJobStatuses[] = {"INIT", "RUNNING", "SUCCESS", "FAIL"};

inline constexpr std::string_view kNameOnly[] = {"name"};
inline constexpr std::string_view kAvailable[] = {"available"};
inline constexpr std::string_view kProtected[] = {"protected"};
inline constexpr std::string_view kAvailableOrProtected[] = {"available", "protected"};

// The operation that shows a job, by service.
inline constexpr std::string_view kSdrsJob = "show_job_status";
inline constexpr std::string_view kEcsJob = "show_job";

inline constexpr Param kGroupIdInPath{.name = "server_group_id",
                                      .place = Place::kPath,
                                      .required = true,
                                      .help = "protection group id",
                                      .rule = Rule::kId};
inline constexpr Param kInstanceIdInPath{.name = "protected_instance_id",
                                         .place = Place::kPath,
                                         .required = true,
                                         .help = "protected instance id",
                                         .rule = Rule::kId};
inline constexpr Param kTagMembers[] = {
    {.name = "key", .required = true, .help = "key of the tag", .rule = Rule::kTagKey},
    {.name = "value", .required = true, .help = "its value", .rule = Rule::kTagValue},
};
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
inline constexpr std::string_view kGroupIdsOnly[] = {"server_group_ids"};
inline constexpr std::string_view kGroupIdOnly[] = {"server_group_id"};
inline constexpr Constraint kGroupsBeatGroup{
    .bond = Bond::kBeats,
    .these = kGroupIdsOnly,
    .those = kGroupIdOnly,
    .because = "the service ignores the single group beside the list"};

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

// What several SDRS operations say of the same contradiction.
inline constexpr std::string_view kListSides =
    "10.7: limit is 0 to 1000, as the field says; 10.8: count may be that of the page, so paging "
    "goes on until a page is empty";
inline constexpr std::string_view kRenameSides =
    "10.4: allowed in every status, for no restriction is documented";
inline constexpr std::string_view kTagSides =
    "10.4: no status is demanded, for none is documented, though SDRS.2221 and SDRS.2222 hint at "
    "some";

}  // namespace neap::cloud::tables
