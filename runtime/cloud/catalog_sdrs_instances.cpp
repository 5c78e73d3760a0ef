// Protected instances (sdrs.md section 3).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr Param kListParams[] = {
    kGroupFilter,
    kGroupsFilter,
    kInstancesFilter,
    kLimit,
    kOffset,
    {.name = "status",
     .place = Place::kQuery,
     .help = "only instances in this status",
     .one_of = kInstanceStatuses},
    kNameFilter,
    kQueryType,
    kZoneFilter,
};

constexpr Param kIdParams[] = {{.name = "protected_instance_id",
                                .place = Place::kPath,
                                .required = true,
                                .help = "protected instance id",
                                .rule = Rule::kId}};

constexpr std::string_view kListErrors[] = {"SDRS.0209", "SDRS.0221", "SDRS.0222", "SDRS.0226"};
constexpr std::string_view kShowErrors[] = {"SDRS.0208", "SDRS.1320"};

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "list_protected_instances",
     .summary = "List protected instances",
     .path = "/v1/{project_id}/protected-instances",
     .params = kListParams,
     .resource = "protected_instance",
     .result = "protected_instances",
     .paged = true,
     .errors = kListErrors,
     .source = "sdrs.md sections 3 and 7"},
    {.service = "sdrs",
     .name = "show_protected_instance",
     .summary = "Show a protected instance",
     .path = "/v1/{project_id}/protected-instances/{protected_instance_id}",
     .params = kIdParams,
     .resource = "protected_instance",
     .result = "protected_instance",
     .errors = kShowErrors,
     .source = "sdrs.md section 3"},
};

}  // namespace

constinit const std::span<const Operation> kSdrsInstances{kOperations};

}  // namespace neap::cloud::tables
