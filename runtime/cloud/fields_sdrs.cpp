// What answers of SDRS say of things (sdrs.md sections 2 and 6).
#include "cloud/catalog_tables.h"
#include "cloud/fields.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kServerGroupPriorityStation[] = {"source", "target"};

constexpr std::string_view kServerGroupProtectedStatus[] = {"started", "stopped"};

constexpr std::string_view kServerGroupReplicationStatus[] = {"active", "inactive", "copying",
                                                              "active-stopped"};

constexpr std::string_view kServerGroupHealthStatus[] = {"normal", "abnormal"};

constexpr Field kServerGroup[] = {
    {.name = "id", .help = "protection group id"},
    {.name = "name", .help = "as it was given"},
    {.name = "description", .help = "free text; null when none was given"},
    {.name = "status", .help = "protection group status", .one_of = kGroupStatuses},
    {.name = "progress",
     .type = Type::kInteger,
     .help = "synchronisation progress of the group, percent"},
    {.name = "source_availability_zone",
     .help = "zone that was production at creation; never changes"},
    {.name = "target_availability_zone", .help = "zone of the DR site at creation; never changes"},
    {.name = "domain_id", .help = "active-active domain id"},
    {.name = "domain_name", .help = "active-active domain name"},
    {.name = "priority_station",
     .help = "which zone is production now, as named at creation",
     .one_of = kServerGroupPriorityStation},
    {.name = "protected_instance_num",
     .type = Type::kInteger,
     .help = "number of protected instances in the group"},
    {.name = "replication_num",
     .type = Type::kInteger,
     .help = "number of replication pairs in the group"},
    {.name = "disaster_recovery_drill_num",
     .type = Type::kInteger,
     .help = "number of DR drills in the group"},
    {.name = "protected_status",
     .help = "always null on groups of today",
     .one_of = kServerGroupProtectedStatus},
    {.name = "replication_status",
     .help = "always null on groups of today",
     .one_of = kServerGroupReplicationStatus},
    {.name = "health_status",
     .help = "always null on groups of today",
     .one_of = kServerGroupHealthStatus},
    {.name = "source_vpc_id", .help = "production-site VPC id"},
    {.name = "target_vpc_id", .help = "VPC of the DR site"},
    {.name = "test_vpc_id", .help = "reserved; null"},
    {.name = "dr_type", .help = "deployment model"},
    {.name = "created_at", .help = "UTC"},
    {.name = "updated_at", .help = "UTC"},
    {.name = "protection_type", .help = "each pair synchronises on its own"},
    {.name = "replication_model", .help = "reserved; null"},
    {.name = "server_type", .help = "kind of managed servers"},
};

constexpr Field kProtectedInstanceAttachment[] = {
    {.name = "replication", .help = "replication pair id"},
    {.name = "device", .help = "mount point"},
};

constexpr Field kProtectedInstanceTags[] = {
    {.name = "key", .help = "tag key"},
    {.name = "value", .help = "tag value"},
};

constexpr Field kProtectedInstanceMetadata[] = {
    {.name = "__system__frozen", .help = "\"true\" when it is frozen"},
};

constexpr Field kProtectedInstance[] = {
    {.name = "id", .help = "protected instance id"},
    {.name = "name", .help = "as it was given"},
    {.name = "description", .help = "free text; null when none was given"},
    {.name = "server_group_id", .help = "its protection group id"},
    {.name = "status", .help = "protected instance status", .one_of = kInstanceStatuses},
    {.name = "progress", .type = Type::kInteger, .help = "synchronisation progress, percent"},
    {.name = "source_server", .help = "production-site ECS id"},
    {.name = "target_server", .help = "DR-site ECS id"},
    {.name = "created_at", .help = "UTC"},
    {.name = "updated_at", .help = "UTC"},
    {.name = "priority_station",
     .help = "current production site of the owning group",
     .one_of = kServerGroupPriorityStation},
    {.name = "attachment",
     .type = Type::kObjectList,
     .help = "attached replication pairs",
     .members = kProtectedInstanceAttachment},
    {.name = "tags", .type = Type::kObjectList, .help = "tags", .members = kProtectedInstanceTags},
    {.name = "metadata",
     .type = Type::kObject,
     .help = "says whether it is frozen",
     .members = kProtectedInstanceMetadata},
};

constexpr Field kReplicationPairAttachment[] = {
    {.name = "device", .help = "mount point"},
    {.name = "protected_instance", .help = "protected instance id the pair is attached to"},
};

constexpr std::string_view kReplicationPairFaultLevel[] = {"0", "2", "5"};

constexpr std::string_view kReplicationPairVolumeType[] = {"SATA", "SAS", "SSD", "co-p1", "uh-l1"};

constexpr Field kReplicationPairRecordMetadata[] = {
    {.name = "multiattach", .type = Type::kBoolean, .help = "volumes are shared disks"},
    {.name = "bootable", .type = Type::kBoolean, .help = "volumes are system disks"},
    {.name = "volume_size", .type = Type::kInteger, .help = "gigabytes"},
    {.name = "volume_type", .help = "kind of disk", .one_of = kReplicationPairVolumeType},
};

constexpr Field kReplicationPair[] = {
    {.name = "id", .help = "replication pair id"},
    {.name = "name", .help = "as it was given"},
    {.name = "description", .help = "free text; null when none was given"},
    {.name = "replication_model", .help = "synchronous replication"},
    {.name = "status", .help = "replication pair status", .one_of = kPairStatuses},
    {.name = "progress", .type = Type::kInteger, .help = "synchronisation progress, percent"},
    {.name = "replication_status",
     .help = "active is synchronised, copying under way, inactive not, active-stopped stopped",
     .one_of = kServerGroupReplicationStatus},
    {.name = "attachment",
     .type = Type::kObjectList,
     .help = "what it is attached to",
     .members = kReplicationPairAttachment},
    {.name = "server_group_id", .help = "its protection group id"},
    {.name = "volume_ids", .help = "both volumes between commas, that of production first"},
    {.name = "priority_station",
     .help = "current production site of the owning group",
     .one_of = kServerGroupPriorityStation},
    {.name = "fault_level",
     .help = "0 none; 2 the production disk fails: fail over; 5 the link is broken: no failover",
     .one_of = kReplicationPairFaultLevel},
    {.name = "created_at", .help = "UTC"},
    {.name = "updated_at", .help = "UTC"},
    {.name = "record_metadata",
     .type = Type::kObject,
     .help = "billing/volume metadata",
     .members = kReplicationPairRecordMetadata},
    {.name = "failure_detail", .help = "error code, in status error only"},
};

constexpr Field kJobEntitiesSubJobsEntities[] = {
    {.name = "server_group_id", .help = "protection group id"},
    {.name = "protected_instance_id", .help = "protected instance id"},
    {.name = "replication_pair_id", .help = "replication pair id"},
    {.name = "volume_ids", .help = "EVS volume ids of the pair"},
    {.name = "native_server_id", .help = "DR-site server id"},
    {.name = "nic_id", .help = "NIC"},
};

constexpr Field kJobEntitiesSubJobs[] = {
    {.name = "status", .help = "job status", .one_of = kJobStatuses},
    {.name = "entities",
     .type = Type::kObject,
     .help = "ids of what it works on, by kind",
     .members = kJobEntitiesSubJobsEntities},
    {.name = "job_id", .help = "job id"},
    {.name = "job_type", .help = "what the job does"},
    {.name = "begin_time", .help = "UTC"},
    {.name = "end_time", .help = "UTC"},
    {.name = "error_code", .help = "error code when the job FAILed, else null"},
    {.name = "fail_reason", .help = "failure reason when the job FAILed, else null"},
};

constexpr Field kJobEntities[] = {
    {.name = "server_group_id", .help = "protection group id"},
    {.name = "protected_instance_id", .help = "protected instance id"},
    {.name = "replication_pair_id", .help = "replication pair id"},
    {.name = "volume_ids", .help = "EVS volume ids of the pair"},
    {.name = "native_server_id", .help = "DR-site server id"},
    {.name = "nic_id", .help = "NIC"},
    {.name = "disaster_recovery_drill_id", .help = "drill id"},
    {.name = "sub_jobs",
     .type = Type::kObjectList,
     .help = "what it is made up of",
     .members = kJobEntitiesSubJobs},
};

constexpr Field kJob[] = {
    {.name = "status", .help = "job status", .one_of = kJobStatuses},
    {.name = "entities",
     .type = Type::kObject,
     .help = "ids of what it works on, by kind",
     .members = kJobEntities},
    {.name = "job_id", .help = "job id"},
    {.name = "job_type", .help = "what the job does"},
    {.name = "begin_time", .help = "UTC"},
    {.name = "end_time", .help = "UTC"},
    {.name = "error_code", .help = "error code when the job FAILed, else null"},
    {.name = "fail_reason", .help = "failure reason when the job FAILed, else null"},
};

constexpr Field kDrDrillDrillServers[] = {
    {.name = "protected_instance", .help = "protected instance the drill server was cloned for"},
    {.name = "drill_server_id", .help = "drill ECS id"},
};

constexpr Field kDrDrill[] = {
    {.name = "id", .help = "DR drill id"},
    {.name = "name", .help = "as it was given"},
    {.name = "status", .help = "DR drill status", .one_of = kDrillStatuses},
    {.name = "drill_vpc_id", .help = "drill VPC id"},
    {.name = "created_at", .help = "UTC"},
    {.name = "updated_at", .help = "UTC"},
    {.name = "server_group_id", .help = "its protection group id"},
    {.name = "drill_servers",
     .type = Type::kObjectList,
     .help = "drill servers",
     .members = kDrDrillDrillServers},
};

constexpr std::string_view kFailureJobResourceType[] = {"server_groups", "protected_instances",
                                                        "replications", "disaster_recovery_drills"};

constexpr std::string_view kFailureJobFailureStatus[] = {
    "createFail", "deleteFail", "attachFail",  "detachFail",   "expandFail",   "resizeFail",
    "startFail",  "stopFail",   "reverseFail", "failoverFail", "reprotectFail"};

constexpr Field kFailureJob[] = {
    {.name = "job_status", .help = "only FAIL"},
    {.name = "resource_id", .help = "resource id"},
    {.name = "resource_name", .help = "resource name"},
    {.name = "resource_type", .help = "what it was about", .one_of = kFailureJobResourceType},
    {.name = "failure_status", .help = "kind of failure", .one_of = kFailureJobFailureStatus},
    {.name = "job_id", .help = "job id"},
    {.name = "job_type", .help = "what the job did"},
    {.name = "begin_time", .help = "UTC"},
    {.name = "error_code", .help = "maybe of another service"},
    {.name = "fail_reason", .help = "in words"},
};

constexpr Field kActiveDomainLocalReplicationCluster[] = {
    {.name = "availability_zone", .help = "AZ name"},
};

constexpr Field kActiveDomain[] = {
    {.name = "id", .help = "domain id"},
    {.name = "name", .help = "domain name"},
    {.name = "description", .help = "free text; null when none was given"},
    {.name = "sold_out", .type = Type::kBoolean, .help = "resources in the domain are sold out"},
    {.name = "local_replication_cluster",
     .type = Type::kObject,
     .help = "one end of the domain",
     .members = kActiveDomainLocalReplicationCluster},
    {.name = "remote_replication_cluster",
     .type = Type::kObject,
     .help = "other end of the domain",
     .members = kActiveDomainLocalReplicationCluster},
};

constexpr std::string_view kQuotaType[] = {"server_groups", "replications"};

constexpr Field kQuota[] = {
    {.name = "type", .help = "resource type", .one_of = kQuotaType},
    {.name = "used", .type = Type::kInteger, .help = "used"},
    {.name = "quota", .type = Type::kInteger, .help = "quota"},
    {.name = "min", .type = Type::kInteger, .help = "smallest quota that may be set"},
    {.name = "max",
     .type = Type::kInteger,
     .help = "largest quota that may be set; -1 is unlimited"},
};

constexpr Field kTag[] = {
    {.name = "key", .help = "tag key"},
    {.name = "value", .help = "tag value"},
    {.name = "values", .type = Type::kStringList, .help = "all values used with the key"},
};

constexpr Field kTaggedInstance[] = {
    {.name = "resource_id", .help = "protected instance id"},
    {.name = "resource_name", .help = "as it was given"},
    {.name = "resource_detail", .type = Type::kObject, .help = "the instance itself"},
    {.name = "tags", .type = Type::kObjectList, .help = "tags", .members = kProtectedInstanceTags},
};

constexpr Field kRpoStatistic[] = {
    {.name = "id", .help = "record id"},
    {.name = "point_time", .help = "sampling time"},
    {.name = "resource_num", .type = Type::kInteger, .help = "number of resources violating RPO"},
    {.name = "resource_type", .help = "resource type"},
    {.name = "created_at", .help = "UTC"},
    {.name = "updated_at", .help = "UTC"},
};

constexpr Field kApiVersionLinks[] = {
    {.name = "rel", .help = "link relation"},
    {.name = "href", .help = "version query link"},
};

constexpr std::string_view kApiVersionStatus[] = {"CURRENT", "SUPPORTED", "DEPRECATED"};

constexpr Field kApiVersion[] = {
    {.name = "id", .help = "version id"},
    {.name = "links", .type = Type::kObjectList, .help = "API URLs", .members = kApiVersionLinks},
    {.name = "version", .help = "highest micro-version, or empty"},
    {.name = "status", .help = "how long it will last", .one_of = kApiVersionStatus},
    {.name = "updated", .help = "when it was released, UTC"},
    {.name = "min_version", .help = "lowest micro-version, or empty"},
};

constexpr ResourceFields kRows[] = {
    {"server_group", kServerGroup},
    {"protected_instance", kProtectedInstance},
    {"replication_pair", kReplicationPair},
    {"job", kJob},
    {"dr_drill", kDrDrill},
    {"failure_job", kFailureJob},
    {"active_domain", kActiveDomain},
    {"quota", kQuota},
    {"tag", kTag},
    {"tagged_instance", kTaggedInstance},
    {"rpo_statistic", kRpoStatistic},
    {"api_version", kApiVersion},
};

}  // namespace

constinit const std::span<const ResourceFields> kSdrsFields{kRows};

}  // namespace neap::cloud::tables
