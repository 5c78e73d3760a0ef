// The kinds of things of SDRS and where their answers say what (sdrs.md section 2).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kFailureJobStatuses[] = {"FAIL"};
constexpr std::string_view kVersionStatuses[] = {"CURRENT", "SUPPORTED", "DEPRECATED"};

constexpr Resource kResources[] = {
    {.name = "server_group",
     .service = "sdrs",
     .noun = "group",
     .station = "priority_station",
     .updated = "updated_at",
     .statuses = kGroupStatuses},
    {.name = "protected_instance",
     .service = "sdrs",
     .noun = "instance",
     .station = "priority_station",
     .updated = "updated_at",
     .statuses = kInstanceStatuses},
    {.name = "replication_pair",
     .service = "sdrs",
     .noun = "pair",
     .station = "priority_station",
     .updated = "updated_at",
     .statuses = kPairStatuses},
    {.name = "job",
     .service = "sdrs",
     .noun = "job",
     .id = "job_id",
     .label = "job_type",
     .statuses = kJobStatuses},
    {.name = "dr_drill",
     .service = "sdrs",
     .noun = "drill",
     .updated = "updated_at",
     .statuses = kDrillStatuses},
    {.name = "failure_job",
     .service = "sdrs",
     .noun = "failed job",
     .id = "job_id",
     .label = "job_type",
     .status = "job_status",
     .statuses = kFailureJobStatuses},
    {.name = "active_domain", .service = "sdrs", .noun = "domain", .status = ""},
    {.name = "quota",
     .service = "sdrs",
     .noun = "quota",
     .id = "type",
     .label = "type",
     .status = ""},
    {.name = "tag", .service = "sdrs", .noun = "tag", .id = "key", .label = "key", .status = ""},
    {.name = "tagged_instance",
     .service = "sdrs",
     .noun = "instance",
     .id = "resource_id",
     .label = "resource_name",
     .status = ""},
    {.name = "rpo_statistic",
     .service = "sdrs",
     .noun = "statistic",
     .label = "point_time",
     .status = "",
     .updated = "updated_at"},
    {.name = "api_version",
     .service = "sdrs",
     .noun = "version",
     .label = "id",
     .updated = "updated",
     .statuses = kVersionStatuses},
};

}  // namespace

constinit const std::span<const Resource> kSdrsResources{kResources};

}  // namespace neap::cloud::tables
