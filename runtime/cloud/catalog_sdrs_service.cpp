// What SDRS tells about itself: API versions, active-active domains, quotas and RPO statistics
// (sdrs.md sections 2 and 3).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr Param kVersionParams[] = {{.name = "api_version",
                                     .place = Place::kPath,
                                     .required = true,
                                     .help = "version id, like v1",
                                     .rule = Rule::kId}};

constexpr std::string_view kReplication[] = {"replication"};
constexpr Param kStatisticsParams[] = {
    kLimit,
    kOffset,
    {.name = "start_time",
     .place = Place::kQuery,
     .help = "not before this time, like 2026-11-22 06:00:00.000"},
    {.name = "end_time",
     .place = Place::kQuery,
     .help = "not after this time, like 2026-11-22 07:00:00.000"},
    {.name = "resource_type",
     .place = Place::kQuery,
     .help = "kind of what breaks its RPO",
     .one_of = kReplication},
};

constexpr std::string_view kDomainErrors[] = {"SDRS.0233", "SDRS.1011"};
constexpr std::string_view kStatisticsErrors[] = {"SDRS.0221", "SDRS.0222"};

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "list_api_versions",
     .summary = "List the versions of the API",
     .path = "/",
     .resource = "api_version",
     .result = "versions",
     .source = "sdrs.md section 3",
     .sides = "10.14: errors of every operation are read in both shapes, an object under any one "
              "key and error_code beside error_msg; 10.16: the examples differ in updated, which "
              "nothing here relies on"},
    {.service = "sdrs",
     .name = "show_specified_api_version",
     .summary = "Show a version of the API",
     .path = "/{api_version}",
     .params = kVersionParams,
     .resource = "api_version",
     .result = "version",
     .source = "sdrs.md section 3",
     .sides = "10.16: the examples differ in updated, which nothing here relies on"},
    {.service = "sdrs",
     .name = "list_active_active_domains",
     .summary = "List the pairs of zones that can protect each other",
     .path = "/v1/{project_id}/active-domains",
     .resource = "active_domain",
     .result = "domains",
     .errors = kDomainErrors,
     .source = "sdrs.md section 3"},
    {.service = "sdrs",
     .name = "show_quota",
     .summary = "Show quotas for groups and pairs",
     .path = "/v1/{project_id}/sdrs/quotas",
     .resource = "quota",
     .result = "quotas",
     .source = "sdrs.md section 3"},
    {.service = "sdrs",
     .name = "list_rpo_statistics",
     .summary = "List how many pairs broke their RPO, and when",
     .path = "/v1/{project_id}/resource/rpo-statistics",
     .params = kStatisticsParams,
     .resource = "rpo_statistic",
     .result = "resource_rpo_statistics",
     .paging = Paging::kOffset,
     .errors = kStatisticsErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides = kListSides},
};

}  // namespace

constinit const std::span<const Operation> kSdrsService{kOperations};

}  // namespace neap::cloud::tables
