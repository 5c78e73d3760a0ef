// What is changed about a protected instance: its pairs, NICs and flavors (sdrs.md sections 3, 4
// and 8).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr Param kAttachParams[] = {
    kInstanceIdInPath,
    {.name = "replication_id",
     .required = true,
     .help = "replication pair to attach",
     .rule = Rule::kId},
    {.name = "device",
     .required = true,
     .help = "where the servers see the disk, like /dev/vdb; the prefix follows the hypervisor"},
};
constexpr Param kDetachParams[] = {
    kInstanceIdInPath,
    {.name = "replication_id",
     .place = Place::kPath,
     .required = true,
     .help = "replication pair to detach",
     .rule = Rule::kId},
};

constexpr Param kSecurityGroupMembers[] = {
    {.name = "id", .required = true, .help = "security group id", .rule = Rule::kId}};
constexpr Param kAddNicParams[] = {
    kInstanceIdInPath,
    {.name = "subnet_id",
     .required = true,
     .help = "network id of a subnet of the group's VPC",
     .rule = Rule::kId},
    {.name = "security_groups",
     .type = Type::kObjectList,
     .help = "security groups of the new NIC",
     .min = 0,
     .fallback = "the default security group",
     .members = kSecurityGroupMembers},
    {.name = "ip_address",
     .help = "private address of the new NIC",
     .rule = Rule::kAddress,
     .fallback = "any free one of the subnet"},
};
constexpr Param kDeleteNicParams[] = {
    kInstanceIdInPath,
    {.name = "nic_id", .required = true, .help = "port id of the NIC", .rule = Rule::kId},
};

constexpr Param kResizeParams[] = {
    kInstanceIdInPath,
    {.name = "flavorRef", .help = "new flavor of both servers"},
    {.name = "production_flavorRef", .help = "new flavor of the production server only"},
    {.name = "dr_flavorRef", .help = "new flavor of the DR server only"},
    {.name = "production_dedicated_host_id",
     .help = "dedicated host of the production server, the present or another one",
     .rule = Rule::kId},
    {.name = "dr_dedicated_host_id",
     .help = "dedicated host of the DR server, the present or another one",
     .rule = Rule::kId},
};
constexpr std::string_view kFlavors[] = {"flavorRef", "production_flavorRef", "dr_flavorRef"};
constexpr std::string_view kBothServers[] = {"flavorRef"};
constexpr std::string_view kOneServer[] = {"production_flavorRef", "dr_flavorRef"};
constexpr Constraint kResizeConstraints[] = {
    {.bond = Bond::kAtLeastOne, .these = kFlavors, .because = "nothing else says what to resize"},
    {.bond = Bond::kBeats,
     .these = kBothServers,
     .those = kOneServer,
     .because = "flavorRef resizes both servers, to the same flavor"},
};

constexpr std::string_view kFromResizable[] = {"available", "protected", "error-resizing"};
constexpr std::string_view kFromDetachable[] = {"available",
                                                "protected",
                                                "failed-over",
                                                "error-attaching",
                                                "error-detaching",
                                                "error-starting",
                                                "error-stopping",
                                                "error-reversing",
                                                "error-failing-over",
                                                "error-deleting",
                                                "error-reprotecting",
                                                "error-extending",
                                                "invalid",
                                                "fault"};
constexpr std::string_view kGroupsToDetachIn[] = {
    "available",      "protected",       "failed-over",       "error-starting",
    "error-stopping", "error-reversing", "error-failing-over"};

constexpr Transition kAttaching[] = {{.job_type = "attachReplicationPairNew",
                                      .from = kAvailableOrProtected,
                                      .during = "attaching",
                                      .success = kAvailableOrProtected,
                                      .failure = "error-attaching"}};
constexpr Transition kDetaching[] = {{.job_type = "detachReplicationPairNew",
                                      .from = kFromDetachable,
                                      .during = "detaching",
                                      .success = kGroupsToDetachIn,
                                      .failure = "error-detaching"}};
constexpr Transition kAddingNic[] = {{.job_type = "addNicNew",
                                      .from = kAvailableOrProtected,
                                      .during = "nic-creating",
                                      .success = kAvailableOrProtected}};
constexpr Transition kDeletingNic[] = {{.job_type = "deleteNicNew",
                                        .from = kAvailableOrProtected,
                                        .during = "nic-deleting",
                                        .success = kAvailableOrProtected}};
constexpr Transition kResizing[] = {{.job_type = "resizeProtectedInstanceNew",
                                     .from = kFromResizable,
                                     .during = "resizing",
                                     .success = kAvailableOrProtected,
                                     .failure = "error-resizing"}};

constexpr std::string_view kAttachConditions[] = {
    "the instance is available or protected",
    "the pair is attached to no instance, unless its disks are shared",
    "no other disk of the instance has this device name"};
constexpr std::string_view kDetachConditions[] = {
    "the pair is attached to the instance",
    "the instance is available, protected, failed-over, invalid, in fault, or failed to start, "
    "stop, switch, fail over, re-protect, resize or be deleted",
    "a system disk (/dev/sda, /dev/vda): the server is off"};
constexpr std::string_view kAddNicConditions[] = {
    "the subnet is one of the group's VPC, the address is free",
    "the instance has fewer than 12 NICs"};
constexpr std::string_view kDeleteNicConditions[] = {
    "the NIC is one of the instance, and not its primary one"};
constexpr std::string_view kHostCondition =
    "a resized server on a dedicated host: production_dedicated_host_id or dr_dedicated_host_id "
    "is given; for any other server neither is";
constexpr std::string_view kResizeConditions[] = {
    "each server that is resized is off", kHostCondition,
    "the flavor is another than now, and the server's flavor family allows it",
    "the servers are not paid by the month or year",
    "a replication pair with the system disks is attached to the instance"};

constexpr std::string_view kAttachErrors[] = {"SDRS.0208", "SDRS.0213", "SDRS.1024", "SDRS.1314",
                                              "SDRS.1601", "SDRS.1603", "SDRS.1605", "SDRS.1608",
                                              "SDRS.1611", "SDRS.1807", "SDRS.1821"};
constexpr std::string_view kDetachErrors[] = {"SDRS.0208", "SDRS.0213", "SDRS.1002", "SDRS.1314",
                                              "SDRS.1316", "SDRS.1604", "SDRS.1808", "SDRS.1822"};
constexpr std::string_view kAddNicErrors[] = {"SDRS.0208", "SDRS.0219", "SDRS.1024",
                                              "SDRS.1312", "SDRS.1327", "SDRS.1334",
                                              "SDRS.1335", "SDRS.1337", "SDRS.1340"};
constexpr std::string_view kDeleteNicErrors[] = {"SDRS.0208", "SDRS.0223", "SDRS.1024",
                                                 "SDRS.1310", "SDRS.1311", "SDRS.1313",
                                                 "SDRS.1315", "SDRS.1327"};
constexpr std::string_view kResizeErrors[] = {
    "SDRS.0201", "SDRS.0208", "SDRS.0227", "SDRS.1024", "SDRS.1314", "SDRS.1316", "SDRS.1319",
    "SDRS.1329", "SDRS.1341", "SDRS.1342", "SDRS.1352", "SDRS.1367", "SDRS.1368", "SDRS.1369",
    "SDRS.1370", "SDRS.1372", "SDRS.1376", "SDRS.1377", "SDRS.1378", "SDRS.1379"};

// Attaching and detaching show on the pair: an instance has no status for them.
constexpr Lookup kThePair{.show = "show_replication", .id = "replication_id"};
constexpr Lookup kTheInstance{.show = "show_protected_instance", .id = "protected_instance_id"};
constexpr std::string_view kNicSides =
    "10.4: no status says that it failed: the job does, the instance keeps its status";

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "attach_protected_instance_replication",
     .summary = "Attach a replication pair to a protected instance",
     .method = http::Method::kPost,
     .path = "/v1/{project_id}/protected-instances/{protected_instance_id}/attachreplication",
     .envelope = "replicationAttachment",
     .params = kAttachParams,
     .effect = Effect::kGuarded,
     .resource = "replication_pair",
     .job = kSdrsJob,
     .transitions = kAttaching,
     .entity = "replication_pair_id",
     .group_from = kAvailableOrProtected,
     .conditions = kAttachConditions,
     .lookup = kThePair,
     .evidence = "show_replication: status attaching or error-attaching, or attachment names the "
                 "instance; what is attached is refused (SDRS.1603, SDRS.1605)",
     .errors = kAttachErrors,
     .source = "sdrs.md sections 3 and 4",
     .sides = "10.4: the pair shows it, for no status of an instance is documented"},
    {.service = "sdrs",
     .name = "detach_protected_instance_replication",
     .summary = "Detach a replication pair from a protected instance",
     .method = http::Method::kDelete,
     .path = "/v1/{project_id}/protected-instances/{protected_instance_id}/detachreplication/"
             "{replication_id}",
     .params = kDetachParams,
     .effect = Effect::kGuarded,
     .resource = "replication_pair",
     .job = kSdrsJob,
     .transitions = kDetaching,
     .entity = "replication_pair_id",
     .group_from = kGroupsToDetachIn,
     .conditions = kDetachConditions,
     .lookup = kThePair,
     .evidence = "show_replication: status detaching or error-detaching, or attachment does not "
                 "name the instance; what is not attached is refused (SDRS.1604)",
     .errors = kDetachErrors,
     .source = "sdrs.md sections 3, 4 and 8",
     .sides = "10.2: allowed for what is invalid, as the page of this operation says; 10.3: not in "
              "a group that failed to re-protect, as its list of the group says, though those of "
              "instance and pair have that status"},
    {.service = "sdrs",
     .name = "add_protected_instance_nic",
     .summary = "Add a NIC to both servers of a protected instance",
     .method = http::Method::kPost,
     .path = "/v1/{project_id}/protected-instances/{protected_instance_id}/nic",
     .params = kAddNicParams,
     // No answer of the service shows NICs, and a second call adds a second one.
     .effect = Effect::kOpaque,
     .resource = "protected_instance",
     .job = kSdrsJob,
     .transitions = kAddingNic,
     .entity = "protected_instance_id",
     .group_from = kAvailableOrProtected,
     .conditions = kAddNicConditions,
     .lookup = {.id = "protected_instance_id"},
     .evidence = "show_protected_instance: status nic-creating; afterwards only the servers' NICs "
                 "tell, in the subnet and with the address asked for",
     .errors = kAddNicErrors,
     .source = "sdrs.md sections 3, 4 and 8",
     .sides = kNicSides},
    {.service = "sdrs",
     .name = "delete_protected_instance_nic",
     .summary = "Delete a NIC of both servers of a protected instance",
     .method = http::Method::kPost,
     .path = "/v1/{project_id}/protected-instances/{protected_instance_id}/nic/delete",
     .params = kDeleteNicParams,
     .effect = Effect::kGuarded,
     .resource = "protected_instance",
     .job = kSdrsJob,
     .transitions = kDeletingNic,
     .entity = "protected_instance_id",
     .group_from = kAvailableOrProtected,
     .conditions = kDeleteNicConditions,
     .lookup = kTheInstance,
     .evidence = "show_protected_instance: status nic-deleting, or changed since; a NIC that is "
                 "gone is refused (SDRS.1310)",
     .errors = kDeleteNicErrors,
     .source = "sdrs.md sections 3, 4 and 8",
     .sides = kNicSides},
    {.service = "sdrs",
     .name = "resize_protected_instance",
     .summary = "Give one or both servers of a protected instance another flavor",
     .method = http::Method::kPost,
     .path = "/v1/{project_id}/protected-instances/{protected_instance_id}/resize",
     .envelope = "resize",
     .params = kResizeParams,
     .constraints = kResizeConstraints,
     .effect = Effect::kGuarded,
     .resource = "protected_instance",
     .job = kSdrsJob,
     .transitions = kResizing,
     .entity = "protected_instance_id",
     .group_from = kAvailableOrProtected,
     .conditions = kResizeConditions,
     .lookup = kTheInstance,
     .evidence = "show_protected_instance: status resizing or error-resizing, or changed since; "
                 "the flavor that a server has already is refused (SDRS.1341)",
     .errors = kResizeErrors,
     .source = "sdrs.md sections 3, 4 and 8"},
};

}  // namespace

constinit const std::span<const Operation> kSdrsInstanceChanges{kOperations};

}  // namespace neap::cloud::tables
