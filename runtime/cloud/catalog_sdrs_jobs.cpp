// Jobs, and the centre of failed ones (sdrs.md sections 3 and 6).
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

constexpr Param kFailureJobParams[] = {{.name = "failure_job_id",
                                        .place = Place::kPath,
                                        .required = true,
                                        .help = "id of the failed job, or of what it acted on",
                                        .rule = Rule::kId}};
constexpr Param kGroupParams[] = {kGroupIdInPath};

// Gone at once, when the call is answered.
constexpr Transition kGone[] = {{}};

constexpr std::string_view kJobErrors[] = {"SDRS.0201", "SDRS.0403"};
constexpr std::string_view kFailureErrors[] = {"SDRS.0221", "SDRS.0222"};

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "show_job_status",
     .summary = "Show a job and its sub-jobs",
     .path = "/v1/{project_id}/jobs/{job_id}",
     .params = kJobParams,
     .urgency = Urgency::kRecovery,
     .resource = "job",
     .errors = kJobErrors,
     .source = "sdrs.md section 6",
     .sides =
         "10.10: a job without sub-jobs may answer an empty list or none; with sub-jobs its own "
         "entities may name nothing else"},
    {.service = "sdrs",
     .name = "list_failure_jobs",
     .summary = "List failed jobs",
     .path = "/v1/{project_id}/task-center/failure-jobs",
     .params = kFailureParams,
     .resource = "failure_job",
     .result = "failure_jobs",
     .paging = Paging::kOffset,
     .errors = kFailureErrors,
     .source = "sdrs.md sections 3 and 6",
     .sides = "10.9: resource_type is asked for as the text lists it; answers may say "
              "protectedInstance, and job types by their older names, as the example does"},
    {.service = "sdrs",
     .name = "delete_failure_job",
     .summary = "Delete the record of a failed job",
     .method = http::Method::kDelete,
     .path = "/v1/{project_id}/task-center/failure-jobs/{failure_job_id}",
     .params = kFailureJobParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "failure_job",
     .transitions = kGone,
     .lookup = {.id = "failure_job_id"},
     .evidence = "list_failure_jobs of the group: no such record; repeating the call does no harm",
     .source = "sdrs.md section 3",
     .sides = "10.9: the text asks for the id of the job, the example gives that of the resource: "
              "both are sent as they are"},
    {.service = "sdrs",
     .name = "delete_all_server_group_failure_jobs",
     .summary = "Delete the records of failed jobs of protection groups themselves",
     .method = http::Method::kDelete,
     .path = "/v1/{project_id}/task-center/failure-jobs/batch",
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "failure_job",
     .transitions = kGone,
     .evidence = "list_failure_jobs: no records; repeating the call does no harm but to newer ones",
     .source = "sdrs.md section 3"},
    {.service = "sdrs",
     .name = "delete_server_group_failure_jobs",
     .summary = "Delete the records of failed jobs inside a protection group",
     .method = http::Method::kDelete,
     .path = "/v1/{project_id}/task-center/{server_group_id}/failure-jobs/batch",
     .params = kGroupParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "failure_job",
     .transitions = kGone,
     .evidence = "list_failure_jobs of the group: no records; repeating the call does no harm but "
                 "to newer ones",
     .source = "sdrs.md section 3"},
};

}  // namespace

constinit const std::span<const Operation> kSdrsJobs{kOperations};

}  // namespace neap::cloud::tables
