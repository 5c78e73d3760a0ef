// DR drills (sdrs.md sections 3, 4 and 8).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kCollection = "/v1/{project_id}/disaster-recovery-drills";
constexpr std::string_view kOne =
    "/v1/{project_id}/disaster-recovery-drills/{disaster_recovery_drill_id}";

constexpr Param kDrillIdInPath{.name = "disaster_recovery_drill_id",
                               .place = Place::kPath,
                               .required = true,
                               .help = "DR drill id",
                               .rule = Rule::kId};
constexpr Param kIdParams[] = {kDrillIdInPath};
constexpr Param kRenameParams[] = {kDrillIdInPath, kNewName};

constexpr Param kCreateParams[] = {
    {.name = "server_group_id",
     .required = true,
     .help = "protection group to drill",
     .rule = Rule::kId},
    {.name = "drill_vpc_id",
     .help = "VPC for the drill servers, with the subnets of the group's VPC but not that itself",
     .rule = Rule::kId,
     .fallback = "a new VPC with such subnets"},
    kNewName,
};

constexpr Param kListParams[] = {
    kGroupFilter,
    kNameFilter,
    {.name = "status",
     .place = Place::kQuery,
     .help = "only drills in this status",
     .one_of = kDrillStatuses},
    {.name = "drill_vpc_id",
     .place = Place::kQuery,
     .help = "only drills in this VPC",
     .rule = Rule::kId},
    kLimit,
    kOffset,
};

constexpr std::string_view kGroupsToDrill[] = {
    "available",      "protected",       "failed-over",        "error-starting",
    "error-stopping", "error-reversing", "error-reprotecting", "error-failing-over"};
constexpr std::string_view kFromDeletable[] = {"available", "error", "error-deleting"};

constexpr Transition kCreating[] = {{.job_type = "createDisasterRecoveryDrill",
                                     .during = "creating",
                                     .success = kAvailable,
                                     .failure = "error"}};
constexpr Transition kDeleting[] = {{.job_type = "deleteDisasterRecoveryDrill",
                                     .from = kFromDeletable,
                                     .during = "deleting",
                                     .failure = "error-deleting"}};

constexpr std::string_view kCreateConditions[] = {
    "the first synchronisation of every pair has finished, or drill servers may not boot",
    "the drill VPC is not the group's, has subnets of the same CIDRs, and serves no other drill",
    "without drill_vpc_id: the quotas for VPCs and subnets are not used up",
    "a Windows server with a key pair: the key pair still exists"};

constexpr std::string_view kCreateErrors[] = {
    "SDRS.0202", "SDRS.0204", "SDRS.0207", "SDRS.1002", "SDRS.1904", "SDRS.1905", "SDRS.1907",
    "SDRS.1908", "SDRS.1909", "SDRS.1910", "SDRS.1912", "SDRS.1920", "SDRS.1921", "SDRS.1922",
    "SDRS.1924", "SDRS.1925", "SDRS.1926", "SDRS.1928", "SDRS.1929", "SDRS.1930"};
constexpr std::string_view kListErrors[] = {"SDRS.0209", "SDRS.0221", "SDRS.0222"};
constexpr std::string_view kShowErrors[] = {"SDRS.1900", "SDRS.1902"};
constexpr std::string_view kRenameErrors[] = {"SDRS.0202", "SDRS.1900", "SDRS.1902"};
constexpr std::string_view kDeleteErrors[] = {"SDRS.1900", "SDRS.1901", "SDRS.1902", "SDRS.1906",
                                              "SDRS.1913", "SDRS.1918", "SDRS.1923", "SDRS.1927"};

constexpr std::string_view kShow = "show_disaster_recovery_drill";
constexpr std::string_view kDrillId = "disaster_recovery_drill_id";

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "create_disaster_recovery_drill",
     .summary = "Start a DR drill: copies of the DR servers in a VPC of their own",
     .method = http::Method::kPost,
     .path = kCollection,
     .envelope = "disaster_recovery_drill",
     .params = kCreateParams,
     .effect = Effect::kCreate,
     .resource = "dr_drill",
     .job = kSdrsJob,
     .transitions = kCreating,
     .entity = kDrillId,
     .group_from = kGroupsToDrill,
     .conditions = kCreateConditions,
     .lookup = {.show = kShow, .id = kDrillId, .list = "list_disaster_recovery_drills"},
     .evidence = "list_disaster_recovery_drills of the group: a drill of exactly this name, "
                 "created after the call",
     .errors = kCreateErrors,
     .source = "sdrs.md sections 3, 4 and 8"},
    {.service = "sdrs",
     .name = "list_disaster_recovery_drills",
     .summary = "List DR drills",
     .path = kCollection,
     .params = kListParams,
     .resource = "dr_drill",
     .result = "disaster_recovery_drills",
     .paging = Paging::kOffset,
     .errors = kListErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides = kListSides},
    {.service = "sdrs",
     .name = "show_disaster_recovery_drill",
     .summary = "Show a DR drill",
     .path = kOne,
     .params = kIdParams,
     .resource = "dr_drill",
     .result = "disaster_recovery_drill",
     .errors = kShowErrors,
     .source = "sdrs.md section 3",
     .sides = "10.12: updated_at is before created_at in an example, so the two are not compared"},
    {.service = "sdrs",
     .name = "update_disaster_recovery_drill_name",
     .summary = "Rename a DR drill",
     .method = http::Method::kPut,
     .path = kOne,
     .envelope = "disaster_recovery_drill",
     .params = kRenameParams,
     .effect = Effect::kIdempotent,
     .resource = "dr_drill",
     .result = "disaster_recovery_drill",
     .lookup = {.show = kShow, .id = kDrillId, .set = kNameOnly},
     .evidence = "show_disaster_recovery_drill: name is the new one; repeating the call is safe",
     .errors = kRenameErrors,
     .source = "sdrs.md section 3",
     .sides = kRenameSides},
    {.service = "sdrs",
     .name = "delete_disaster_recovery_drill",
     .summary = "End a DR drill: delete its servers, keep its VPC",
     .method = http::Method::kDelete,
     .path = kOne,
     .params = kIdParams,
     .effect = Effect::kIdempotent,
     .resource = "dr_drill",
     .job = kSdrsJob,
     .transitions = kDeleting,
     .entity = kDrillId,
     .lookup = {.show = kShow, .id = kDrillId},
     .evidence = "show_disaster_recovery_drill: status deleting, or not found (SDRS.1902)",
     .errors = kDeleteErrors,
     .source = "sdrs.md sections 3 and 4"},
};

}  // namespace

constinit const std::span<const Operation> kSdrsDrills{kOperations};

}  // namespace neap::cloud::tables
