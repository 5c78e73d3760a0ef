// Jobs, failed jobs, active-active domains and quotas (sdrs.md sections 3 and 6).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr Param kJobParams[] = {{.name = "job_id",
                                 .place = Place::kPath,
                                 .required = true,
                                 .help = "id that an asynchronous call answered",
                                 .rule = Rule::kId}};

constexpr std::string_view kFailureStatuses[] = {
    "createFail", "deleteFail", "attachFail",  "detachFail",   "expandFail",   "resizeFail",
    "startFail",  "stopFail",   "reverseFail", "failoverFail", "reprotectFail"};
constexpr std::string_view kResourceTypes[] = {"server_groups", "protected_instances",
                                               "replications", "disaster_recovery_drills"};
constexpr Param kFailureParams[] = {
    {.name = "failure_status",
     .place = Place::kQuery,
     .help = "only failures of this verb",
     .one_of = kFailureStatuses},
    {.name = "resource_name", .place = Place::kQuery, .help = "name of what the job acted on"},
    {.name = "server_group_id",
     .place = Place::kQuery,
     .help = "failures inside this group; without it only those of groups themselves",
     .rule = Rule::kId},
    {.name = "resource_type",
     .place = Place::kQuery,
     .help = "kind of what the job acted on",
     .one_of = kResourceTypes},
    kLimit,
    kOffset,
};

constexpr std::string_view kJobErrors[] = {"SDRS.0201", "SDRS.0403"};
constexpr std::string_view kDomainErrors[] = {"SDRS.0233", "SDRS.1011"};

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "show_job_status",
     .summary = "Show a job and its sub-jobs",
     .path = "/v1/{project_id}/jobs/{job_id}",
     .params = kJobParams,
     .resource = "job",
     .errors = kJobErrors,
     .source = "sdrs.md section 6"},
    {.service = "sdrs",
     .name = "list_failure_jobs",
     .summary = "List failed jobs",
     .path = "/v1/{project_id}/task-center/failure-jobs",
     .params = kFailureParams,
     .resource = "failure_job",
     .result = "failure_jobs",
     .paged = true,
     .source = "sdrs.md sections 3 and 6"},
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
};

}  // namespace

constinit const std::span<const Operation> kSdrsJobs{kOperations};

}  // namespace neap::cloud::tables
