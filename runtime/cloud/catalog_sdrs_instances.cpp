// Protected instances: created, deleted, renamed, listed (sdrs.md sections 3, 4 and 8).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kCollection = "/v1/{project_id}/protected-instances";
constexpr std::string_view kOne = "/v1/{project_id}/protected-instances/{protected_instance_id}";

constexpr Param kGroup{.name = "server_group_id",
                       .required = true,
                       .help = "protection group to join",
                       .rule = Rule::kId};
constexpr Param kCluster{.name = "cluster_id",
                         .help =
                             "dedicated storage pool in the DR zone, of the production disks' "
                             "type",
                         .rule = Rule::kId};
constexpr Param kSubnet{.name = "primary_subnet_id",
                        .help = "network id of the subnet for the DR server's primary NIC",
                        .rule = Rule::kId};
constexpr Param kDrFlavor{.name = "flavorRef",
                          .help =
                              "flavor of the DR server; should not be smaller than the "
                              "production server's",
                          .fallback = "the production server's"};
constexpr std::string_view kTenancies[] = {"shared", "dedicated"};
constexpr Param kTenancy{.name = "tenancy",
                         .help = "where the DR server is made: shared pool or dedicated host",
                         .one_of = kTenancies,
                         .fallback = "shared"};
constexpr Param kDedicatedHost{.name = "dedicated_host_id",
                               .help = "dedicated host for the DR server, in the DR zone",
                               .rule = Rule::kId,
                               .fallback = "one that takes servers by itself"};
constexpr Param kTags{.name = "tags",
                      .type = Type::kObjectList,
                      .help = "tags of each instance that is made",
                      .min = 0,
                      .max = 10,
                      .members = kTagMembers};

constexpr Param kCreateParams[] = {
    kGroup,
    {.name = "server_id",
     .required = true,
     .help = "production server; the DR server is made by the service",
     .rule = Rule::kId},
    kNewName,
    kDescription,
    kCluster,
    kSubnet,
    {.name = "primary_ip_address",
     .help = "address of the DR server's primary NIC",
     .rule = Rule::kAddress,
     .fallback = "any free one of the subnet"},
    kDrFlavor,
    kTenancy,
    kDedicatedHost,
    kTags,
};

constexpr Param kServerMembers[] = {
    {.name = "server_id", .required = true, .help = "production server", .rule = Rule::kId},
    kDrFlavor,
};
constexpr Param kBatchCreateParams[] = {
    {.name = "name_prefix",
     .required = true,
     .help = "start of the names; the service adds -0001 and on",
     .rule = Rule::kNamePrefix},
    kDescription,
    kGroup,
    kCluster,
    kSubnet,
    {.name = "servers",
     .type = Type::kObjectList,
     .required = true,
     .help = "production servers; those that share a disk must all be there",
     .min = 1,
     .max = 5,
     .members = kServerMembers},
    kTenancy,
    kDedicatedHost,
    kTags,
};

constexpr Param kDeleteServer{.name = "delete_target_server",
                              .type = Type::kBoolean,
                              .help = "also delete the DR server and its disks",
                              .fallback = "false"};
constexpr Param kDeleteAddress{.name = "delete_target_eip",
                               .type = Type::kBoolean,
                               .help = "also delete the elastic IP address of the DR server",
                               .fallback = "false"};
constexpr Param kDeleteParams[] = {kInstanceIdInPath, kDeleteServer, kDeleteAddress};
constexpr Param kIdMembers[] = {
    {.name = "id", .required = true, .help = "protected instance id", .rule = Rule::kId}};
constexpr Param kBatchDeleteParams[] = {
    {.name = "protected_instances",
     .type = Type::kObjectList,
     .required = true,
     .help = "instances of one protection group",
     .min = 1,
     .max = 20,
     .members = kIdMembers},
    kDeleteServer,
    kDeleteAddress,
};

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

constexpr Param kIdParams[] = {kInstanceIdInPath};
constexpr Param kRenameParams[] = {kInstanceIdInPath, kNewName};

constexpr std::string_view kInstancesOfBatch[] = {"protected_instances"};
constexpr std::string_view kAddressOnly[] = {"primary_ip_address"};
constexpr std::string_view kSubnetOnly[] = {"primary_subnet_id"};
constexpr std::string_view kHostOnly[] = {"dedicated_host_id"};
constexpr std::string_view kTenancyOnly[] = {"tenancy"};
constexpr Constraint kHostIsDedicated{.bond = Bond::kNeedsValue,
                                      .these = kHostOnly,
                                      .those = kTenancyOnly,
                                      .value = "dedicated",
                                      .because = "only a dedicated tenancy takes a host"};
constexpr Constraint kCreateConstraints[] = {
    {.bond = Bond::kNeeds,
     .these = kAddressOnly,
     .those = kSubnetOnly,
     .because = "an address is one of a subnet (SDRS.1380)"},
    kHostIsDedicated,
};
constexpr Constraint kBatchCreateConstraints[] = {kHostIsDedicated};

constexpr std::string_view kGroupFilters[] = {"server_group_id", "server_group_ids"};
constexpr std::string_view kInstancesOnly[] = {"protected_instance_ids"};
constexpr Constraint kListConstraints[] = {
    kGroupsBeatGroup,
    {.bond = Bond::kBeats,
     .these = kGroupFilters,
     .those = kInstancesOnly,
     .because = "the service ignores the instances' ids beside a group's"},
};

constexpr std::string_view kFromDeletable[] = {
    "available",      "protected",          "failed-over",     "error",
    "error-starting", "error-stopping",     "error-reversing", "error-failing-over",
    "error-deleting", "error-reprotecting", "error-resizing",  "invalid",
    "fault"};
constexpr Transition kCreating[] = {{.job_type = "createProtectedInstanceNoCG",
                                     .during = "creating",
                                     .success = kAvailableOrProtected,
                                     .failure = "error"}};
constexpr Transition kDeleting[] = {{.job_type = "deleteProtectedInstanceNoCG",
                                     .from = kFromDeletable,
                                     .during = "deleting",
                                     .failure = "error-deleting"}};
constexpr Transition kBatchCreating[] = {
    {.during = "creating", .success = kAvailableOrProtected, .failure = "error"}};
constexpr Transition kBatchDeleting[] = {
    {.from = kFromDeletable, .during = "deleting", .failure = "error-deleting"}};

constexpr std::string_view kCreateConditions[] = {
    "the server is in the group's VPC and in its current production zone",
    "the server is running or off, not locked, has its system disk, and no instance yet",
    "the server has no disk that it shares: such servers are created in one batch",
    "dedicated_host_id: the host is in the DR zone, the server is in no server group",
    "a Windows server with a key pair: the key pair still exists",
    "the group's number of instances is not used up"};
constexpr std::string_view kBatchCreateConditions[] = {
    "each server is in the group's VPC and in its current production zone",
    "each server is running or off, not locked, has its system disk, and no instance yet",
    "all servers that share a disk are in the same call",
    "a Windows server with a key pair: the key pair still exists",
    "the group's number of instances is not used up"};
constexpr std::string_view kDeleteConditions[] = {
    "no replication pair of the instance is shared with another: detach it first",
    "delete_target_server: production is at the site where it was at creation, the DR server is "
    "not paid by the month or year, the account is not frozen",
    "delete_target_eip: production is at the site where it was at creation"};
constexpr std::string_view kBatchDeleteConditions[] = {
    "all instances are in one protection group, and none is named twice",
    "all instances that a shared replication pair is attached to are in the call",
    "delete_target_server: production is at the site where it was at creation, the DR servers are "
    "not paid by the month or year, the account is not frozen",
    "delete_target_eip: production is at the site where it was at creation"};

constexpr std::string_view kCreateErrors[] = {
    "SDRS.0202", "SDRS.0207", "SDRS.0210", "SDRS.0212", "SDRS.0218", "SDRS.0219", "SDRS.0227",
    "SDRS.0228", "SDRS.1024", "SDRS.1303", "SDRS.1304", "SDRS.1305", "SDRS.1321", "SDRS.1326",
    "SDRS.1333", "SDRS.1334", "SDRS.1335", "SDRS.1336", "SDRS.1339", "SDRS.1350", "SDRS.1353",
    "SDRS.1356", "SDRS.1357", "SDRS.1358", "SDRS.1359", "SDRS.1366", "SDRS.1371", "SDRS.1372",
    "SDRS.1373", "SDRS.1374", "SDRS.1375", "SDRS.1380", "SDRS.1381", "SDRS.1382", "SDRS.1383",
    "SDRS.1384", "SDRS.1385", "SDRS.1386", "SDRS.2202", "SDRS.2203", "SDRS.2204", "SDRS.2207",
    "SDRS.2209"};
constexpr std::string_view kBatchCreateErrors[] = {
    "SDRS.1024", "SDRS.1305", "SDRS.1358", "SDRS.1360", "SDRS.1361", "SDRS.1362", "SDRS.1408"};
constexpr std::string_view kDeleteErrors[] = {"SDRS.0208", "SDRS.1301", "SDRS.1320", "SDRS.1330",
                                              "SDRS.1331", "SDRS.1338", "SDRS.1351", "SDRS.1354",
                                              "SDRS.1355", "SDRS.1365"};
constexpr std::string_view kBatchDeleteErrors[] = {"SDRS.0208", "SDRS.1301", "SDRS.1363",
                                                   "SDRS.1364", "SDRS.1409"};
constexpr std::string_view kListErrors[] = {"SDRS.0209", "SDRS.0221", "SDRS.0222", "SDRS.0226"};
constexpr std::string_view kShowErrors[] = {"SDRS.0208", "SDRS.1320"};
constexpr std::string_view kRenameErrors[] = {"SDRS.0202", "SDRS.0208", "SDRS.1320"};

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "create_protected_instance",
     .summary = "Protect a server: make its DR server and the replication pairs of its disks",
     .method = http::Method::kPost,
     .path = kCollection,
     .envelope = "protected_instance",
     .params = kCreateParams,
     .constraints = kCreateConstraints,
     .effect = Effect::kCreate,
     .resource = "protected_instance",
     .job = kSdrsJob,
     .transitions = kCreating,
     .entity = "protected_instance_id",
     .group_from = kAvailableOrProtected,
     .conditions = kCreateConditions,
     .lookup = {.show = "show_protected_instance",
                .id = "protected_instance_id",
                .list = "list_protected_instances",
                .mark = "description"},
     .evidence = "list_protected_instances of the group: an instance of exactly this name whose "
                 "source_server is the server",
     .errors = kCreateErrors,
     .source = "sdrs.md sections 3, 4 and 8"},
    {.service = "sdrs",
     .name = "batch_create_protected_instances",
     .summary = "Protect several servers, also such as share disks",
     .method = http::Method::kPost,
     .path = "/v1/{project_id}/protected-instances/batch",
     .envelope = "protected_instances",
     .params = kBatchCreateParams,
     .constraints = kBatchCreateConstraints,
     .success = 202,
     // Several new things, which may be there in part: only a person can judge an answer lost.
     .effect = Effect::kOpaque,
     .resource = "protected_instance",
     .job = kSdrsJob,
     .transitions = kBatchCreating,
     .entity = "protected_instance_id",
     .group_from = kAvailableOrProtected,
     .conditions = kBatchCreateConditions,
     .evidence = "list_protected_instances of the group: an instance for each server, told by "
                 "source_server and named by the prefix; a second call is refused (SDRS.1305)",
     .errors = kBatchCreateErrors,
     .source = "sdrs.md sections 3, 4 and 8",
     .sides = "10.13: 202, unlike every other asynchronous call, as its page says; 10.16: the "
              "description counts bytes, as for a single instance, the stricter of both; job type "
              "not documented: any is taken"},
    {.service = "sdrs",
     .name = "delete_protected_instance",
     .summary = "End a server's protection",
     .method = http::Method::kDelete,
     .path = kOne,
     .params = kDeleteParams,
     .effect = Effect::kIdempotent,
     .resource = "protected_instance",
     .job = kSdrsJob,
     .transitions = kDeleting,
     .entity = "protected_instance_id",
     .conditions = kDeleteConditions,
     .lookup = {.show = "show_protected_instance", .id = "protected_instance_id"},
     .evidence = "show_protected_instance: status deleting, or not found (SDRS.0208, SDRS.1320)",
     .errors = kDeleteErrors,
     .source = "sdrs.md sections 3, 4 and 8",
     .sides = "10.2: an invalid instance may be deleted, as the page of this operation says, "
              "though the page on failover says that it refuses everything; 10.5: no status of the "
              "group is demanded, for none is documented"},
    {.service = "sdrs",
     .name = "batch_delete_protected_instances",
     .summary = "End the protection of several servers of one group",
     .method = http::Method::kPost,
     .path = "/v1/{project_id}/protected-instances/delete",
     .params = kBatchDeleteParams,
     .success = 202,
     .effect = Effect::kIdempotent,
     .resource = "protected_instance",
     .job = kSdrsJob,
     .transitions = kBatchDeleting,
     .entity = "protected_instance_id",
     .conditions = kBatchDeleteConditions,
     .lookup = {.list = "list_protected_instances", .match = kInstancesOfBatch},
     .evidence = "list_protected_instances: each of the instances is deleting, or not there",
     .errors = kBatchDeleteErrors,
     .source = "sdrs.md sections 3, 4 and 8",
     .sides = "10.2: invalid instances may be deleted, as the page of this operation says; 10.5: "
              "no status of the group is demanded, for none is documented; 10.13: 202, as its page "
              "says; job type not documented: any is taken"},
    {.service = "sdrs",
     .name = "list_protected_instances",
     .summary = "List protected instances",
     .path = kCollection,
     .params = kListParams,
     .constraints = kListConstraints,
     .resource = "protected_instance",
     .result = "protected_instances",
     .paging = Paging::kOffset,
     .errors = kListErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides =
         "10.7: limit is 0 to 1000, as the field says; 10.8: count may be that of the page, so "
         "paging goes on until a page is empty; 10.12: id lists are JSON with double quotes, "
         "as in the encoded example"},
    {.service = "sdrs",
     .name = "show_protected_instance",
     .summary = "Show a protected instance",
     .path = kOne,
     .params = kIdParams,
     .resource = "protected_instance",
     .result = "protected_instance",
     .errors = kShowErrors,
     .source = "sdrs.md section 3",
     .sides = "10.11: attachment may be null or an empty list where nothing is attached"},
    {.service = "sdrs",
     .name = "update_protected_instance_name",
     .summary = "Rename a protected instance",
     .method = http::Method::kPut,
     .path = kOne,
     .envelope = "protected_instance",
     .params = kRenameParams,
     .effect = Effect::kIdempotent,
     .resource = "protected_instance",
     .result = "protected_instance",
     .lookup = {.show = "show_protected_instance", .id = "protected_instance_id", .set = kNameOnly},
     .evidence = "show_protected_instance: name is the new one; repeating the call is safe",
     .errors = kRenameErrors,
     .source = "sdrs.md section 3",
     .sides = kRenameSides},
};

}  // namespace

constinit const std::span<const Operation> kSdrsInstances{kOperations};

}  // namespace neap::cloud::tables
