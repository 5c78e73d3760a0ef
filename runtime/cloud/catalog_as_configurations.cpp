// Scaling configurations: the servers that a group makes (as.md section 2).
#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/autoscaling-api/v1/{project_id}/scaling_configuration",
    "/autoscaling-api/v1/{project_id}/scaling_configuration/{scaling_configuration_id}",
    "/autoscaling-api/v1/{project_id}/scaling_configurations"};

constexpr std::string_view kZeroOrOne[] = {"0", "1"};
constexpr Param kEncryption[] = {
    {.name = "__system__encrypted",
     .help = "1 encrypts the disk",
     .one_of = kZeroOrOne,
     .fallback = "0"},
    {.name = "__system__cmkid", .help = "key to encrypt with", .rule = Rule::kId},
};
constexpr std::string_view kVolumeTypes[] = {"SATA",  "SAS",   "SSD",    "GPSSD",
                                             "co-p1", "uh-l1", "GPSSD2", "ESSD2"};
constexpr std::string_view kDiskTypes[] = {"SYS", "DATA"};
constexpr Param kDisk[] = {
    {.name = "size",
     .type = Type::kInteger,
     .required = true,
     .help = "GB; at most 1024 for the system disk, at least 10 for a data disk",
     .min = 1,
     .max = 32768},
    {.name = "volume_type", .required = true, .help = "kind of disk", .one_of = kVolumeTypes},
    {.name = "disk_type",
     .required = true,
     .help = "system disk or data disk",
     .one_of = kDiskTypes},
    {.name = "dedicated_storage_id",
     .help = "dedicated storage, for all disks or for none",
     .rule = Rule::kId},
    {.name = "data_disk_image_id", .help = "image of a data disk", .rule = Rule::kId},
    {.name = "snapshot_id", .help = "snapshot, with an image of a whole server", .rule = Rule::kId},
    {.name = "metadata", .type = Type::kObject, .help = "encryption", .members = kEncryption},
    {.name = "iops", .type = Type::kInteger, .help = "operations per second", .min = 0},
    {.name = "throughput", .type = Type::kInteger, .help = "MiB per second", .min = 0},
};
constexpr Param kFile[] = {
    {.name = "path", .required = true, .help = "where the file goes"},
    {.name = "content", .required = true, .help = "at most 1 KB, in base64"},
};

constexpr std::string_view kAddressTypes[] = {"5_bgp", "5_sbgp", "5_telcom", "5_union"};
constexpr std::string_view kShares[] = {"PER", "WHOLE"};
constexpr std::string_view kChargings[] = {"bandwidth", "traffic"};
constexpr Param kBandwidth[] = {
    {.name = "size",
     .type = Type::kInteger,
     .help = "Mbit/s, needed for PER; at most 300 when charged by traffic",
     .min = 1,
     .max = 2000},
    {.name = "share_type",
     .required = true,
     .help = "a bandwidth of its own, or a shared one",
     .one_of = kShares},
    {.name = "charging_mode", .help = "needed for PER", .one_of = kChargings},
    {.name = "id", .help = "shared bandwidth, needed for WHOLE", .rule = Rule::kId},
};
constexpr Param kAddress[] = {
    {.name = "ip_type", .required = true, .help = "kind of address", .one_of = kAddressTypes},
    {.name = "bandwidth",
     .type = Type::kObject,
     .required = true,
     .help = "bandwidth of the address",
     .members = kBandwidth},
};
constexpr Param kPublicIp[] = {
    {.name = "eip",
     .type = Type::kObject,
     .required = true,
     .help = "the address",
     .members = kAddress},
};
constexpr Param kServerMetadata[] = {
    {.name = "admin_pass", .help = "password of a Windows administrator, 8 to 26 characters"},
};
constexpr Param kSecurityGroup[] = {
    {.name = "id", .required = true, .help = "security group", .rule = Rule::kId},
};
constexpr Param kCpuOptions[] = {
    {.name = "hw_cpu_threads", .type = Type::kInteger, .help = "threads per core", .min = 1},
};

constexpr std::string_view kDedicated[] = {"dedicated"};
constexpr std::string_view kFlavorOrders[] = {"PICK_FIRST", "COST_FIRST"};
constexpr std::string_view kSpot[] = {"spot"};
constexpr Param kServer[] = {
    {.name = "instance_id",
     .help = "server to take as the template; most other members are ignored then",
     .rule = Rule::kId},
    {.name = "flavorRef", .help = "up to 10 flavors, by comma; needed without instance_id"},
    {.name = "imageRef", .help = "image; needed without instance_id", .rule = Rule::kId},
    {.name = "disk",
     .type = Type::kObjectList,
     .help = "disks, exactly one of them SYS; needed without instance_id",
     .min = 1,
     .max = 24,
     .members = kDisk},
    {.name = "key_name", .help = "SSH key pair; shuts out login by password"},
    {.name = "personality",
     .type = Type::kObjectList,
     .help = "small text files to put into the server",
     .min = 0,
     .max = 5,
     .members = kFile},
    {.name = "public_ip",
     .type = Type::kObject,
     .help = "public address for each server; none when absent",
     .members = kPublicIp},
    {.name = "user_data", .help = "script or password for the first start, in base64"},
    {.name = "metadata",
     .type = Type::kObject,
     .help = "data for the first start",
     .members = kServerMetadata},
    {.name = "security_groups",
     .type = Type::kObjectList,
     .required = true,
     .help = "security groups of the server",
     .members = kSecurityGroup},
    {.name = "server_group_id", .help = "server group of ECS, not one of SDRS", .rule = Rule::kId},
    {.name = "tenancy", .help = "only on dedicated hosts", .one_of = kDedicated},
    {.name = "dedicated_host_id", .help = "the dedicated host", .rule = Rule::kId},
    {.name = "multi_flavor_priority_policy",
     .help = "try flavors in the order given, or the cheapest first",
     .one_of = kFlavorOrders,
     .fallback = "PICK_FIRST"},
    {.name = "market_type", .help = "spot prices; pay per use when absent", .one_of = kSpot},
    {.name = "cpu_options",
     .type = Type::kObject,
     .help = "how its processors appear",
     .members = kCpuOptions},
};

constexpr Param kCreateParams[] = {
    {.name = "scaling_configuration_name",
     .required = true,
     .help = "name; need not be unique",
     .rule = Rule::kScalingName},
    {.name = "instance_config",
     .type = Type::kObject,
     .required = true,
     .help = "what the servers are made of",
     .members = kServer},
    {.name = "source_scaling_configuration_id",
     .help = "configuration to copy from",
     .rule = Rule::kId},
};
constexpr Param kListParams[] = {
    {.name = "scaling_configuration_name", .place = Place::kQuery, .help = "part of the name"},
    {.name = "image_id",
     .place = Place::kQuery,
     .help = "only those with this image",
     .rule = Rule::kId},
    kStartNumber,
    kAsLimit,
};
constexpr Param kIdInPath{.name = "scaling_configuration_id",
                          .place = Place::kPath,
                          .required = true,
                          .help = "scaling configuration id",
                          .rule = Rule::kId};
constexpr Param kIdParams[] = {kIdInPath};
constexpr Param kBatchParams[] = {
    {.name = "scaling_configuration_id",
     .type = Type::kStringList,
     .required = true,
     .help = "scaling configurations to delete",
     .rule = Rule::kId,
     .min = 1,
     .max = 50},
};
constexpr Param kImage[] = {
    {.name = "imageRef", .required = true, .help = "the new image", .rule = Rule::kId},
};
constexpr Param kUpdateParams[] = {
    kIdInPath,
    {.name = "instance_config",
     .type = Type::kObject,
     .required = true,
     .help = "the image, the only thing that may change",
     .members = kImage},
};

constexpr std::string_view kCreateConditions[] = {
    "the quota for scaling configurations is not used up",
    "exactly one way to log in: key_name, or a password in user_data or metadata",
    "the system disk is not smaller than the image"};
constexpr std::string_view kDeleteConditions[] = {"no scaling group uses the configuration"};
constexpr std::string_view kBatchConditions[] = {"no scaling group uses any of them"};

constexpr std::string_view kCreateErrors[] = {"AS.1007", "AS.1008", "AS.1011", "AS.1014",
                                              "AS.1016", "AS.1023", "AS.1024", "AS.1025",
                                              "AS.1026", "AS.1028", "AS.1029", "AS.1031"};
constexpr std::string_view kListErrors[] = {"AS.1001", "AS.1002"};
constexpr std::string_view kUnknown[] = {"AS.1004"};
constexpr std::string_view kDeleteErrors[] = {"AS.1004", "AS.1006"};
constexpr std::string_view kBatchErrors[] = {"AS.1038", "AS.1039", "AS.1040"};

constexpr std::string_view kShow = "show_scaling_config";
constexpr std::string_view kList = "list_scaling_configs";
constexpr std::string_view kId = "scaling_configuration_id";
constexpr std::string_view kThese[] = {"scaling_configuration_id"};

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "create_scaling_config",
     .summary = "Create a scaling configuration",
     .method = http::Method::kPost,
     .path = kPath[0],
     .params = kCreateParams,
     .effect = Effect::kCreate,
     .resource = "scaling_configuration",
     .conditions = kCreateConditions,
     .lookup = {.show = kShow, .id = kId, .list = kList},
     .evidence = "list_scaling_configs: one of exactly this name, created after the call",
     .errors = kCreateErrors,
     .source = "as.md section 2",
     .sides = "disk kinds are those of the page and the newer two of the SDK; the spellings co-pl "
              "and uh-11 of the SDK are slips for co-p1 and uh-l1"},
    {.service = "as",
     .name = "list_scaling_configs",
     .summary = "List scaling configurations",
     .path = kPath[0],
     .params = kListParams,
     .resource = "scaling_configuration",
     .result = "scaling_configurations",
     .paging = Paging::kStartNumber,
     .errors = kListErrors,
     .source = "as.md sections 1 and 2",
     .sides = "as.md 11.7: the sample answer is no valid JSON; fields and types are those of the "
              "table"},
    {.service = "as",
     .name = "show_scaling_config",
     .summary = "Show a scaling configuration",
     .path = kPath[1],
     .params = kIdParams,
     .resource = "scaling_configuration",
     .result = "scaling_configuration",
     .errors = kUnknown,
     .source = "as.md section 2"},
    {.service = "as",
     .name = "delete_scaling_config",
     .summary = "Delete a scaling configuration",
     .method = http::Method::kDelete,
     .path = kPath[1],
     .params = kIdParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_configuration",
     .transitions = kGone,
     .conditions = kDeleteConditions,
     .lookup = {.show = kShow, .id = kId},
     .evidence = "show_scaling_config: not found (AS.1004)",
     .errors = kDeleteErrors,
     .source = "as.md section 9"},
    {.service = "as",
     .name = "batch_delete_scaling_configs",
     .summary = "Delete several scaling configurations",
     .method = http::Method::kPost,
     .path = kPath[2],
     .params = kBatchParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "scaling_configuration",
     .transitions = kGone,
     .conditions = kBatchConditions,
     .lookup = {.list = kList, .match = kThese},
     .evidence = "list_scaling_configs: none of them is there; AS.1038 names those that stayed",
     .errors = kBatchErrors,
     .source = "as.md section 9"},
    {.service = "as",
     .name = "update_scaling_config",
     .summary = "Change the image of a scaling configuration",
     .method = http::Method::kPut,
     .path = kPath[1],
     .params = kUpdateParams,
     .effect = Effect::kIdempotent,
     .resource = "scaling_configuration",
     .evidence = "show_scaling_config: instance_config.imageRef is the new one; repeating the call "
                 "is safe",
     .errors = kUnknown,
     .source = "as.md section 2",
     .sides = "known from the SDK only, which names no status of success: 200, as every change of "
              "the service answers"},
};

}  // namespace

constinit const std::span<const Operation> kAsConfigurations{kOperations};

}  // namespace neap::cloud::tables
