// What answers of Auto Scaling say of groups and what is in them (as.md sections 2 to 8).
#include "cloud/catalog_as_tables.h"
#include "cloud/fields.h"

namespace neap::cloud::tables {
namespace {

constexpr Field kScalingGroupLbaasListeners[] = {
    {.name = "listener_id", .help = "of the load balancer"},
    {.name = "pool_id", .help = "of its servers"},
    {.name = "protocol_port", .type = Type::kInteger, .help = "where they listen"},
    {.name = "weight", .type = Type::kInteger, .help = "of each server"},
    {.name = "protocol_version", .help = "ipv4 or ipv6"},
};

constexpr Field kScalingGroupNetworksIpv6Bandwidth[] = {
    {.name = "id", .help = "bandwidth id"},
};

constexpr Field kScalingGroupNetworksAllowedAddressPairs[] = {
    {.name = "ip_address", .help = "address"},
};

constexpr Field kScalingGroupNetworks[] = {
    {.name = "id", .help = "subnet id"},
    {.name = "ipv6_enable", .type = Type::kBoolean, .help = "with IPv6"},
    {.name = "ipv6_bandwidth",
     .type = Type::kObject,
     .help = "of its IPv6 traffic",
     .members = kScalingGroupNetworksIpv6Bandwidth},
    {.name = "allowed_address_pairs",
     .type = Type::kObjectList,
     .help = "addresses that are let through",
     .members = kScalingGroupNetworksAllowedAddressPairs},
};

constexpr Field kScalingGroupSecurityGroups[] = {
    {.name = "id", .help = "security group id"},
};

constexpr Field kScalingGroupTags[] = {
    {.name = "key", .help = "of the tag"},
    {.name = "value", .help = "of the tag"},
};

constexpr Field kScalingGroup[] = {
    {.name = "scaling_group_id", .help = "names the group"},
    {.name = "scaling_group_name", .help = "of the group"},
    {.name = "scaling_group_status", .help = "of the group", .one_of = kScalingGroupStatuses},
    {.name = "scaling_configuration_id", .help = "what its servers are made from"},
    {.name = "scaling_configuration_name", .help = "of what its servers are made from"},
    {.name = "current_instance_number",
     .type = Type::kInteger,
     .help = "instances in the group now"},
    {.name = "desire_instance_number", .type = Type::kInteger, .help = "wanted instances"},
    {.name = "min_instance_number", .type = Type::kInteger, .help = "fewest instances"},
    {.name = "max_instance_number", .type = Type::kInteger, .help = "most instances"},
    {.name = "cool_down_time", .type = Type::kInteger, .help = "seconds"},
    {.name = "lb_listener_id", .help = "listeners of load balancers, between commas"},
    {.name = "lbaas_listeners",
     .type = Type::kObjectList,
     .help = "load balancers that its servers are behind",
     .members = kScalingGroupLbaasListeners},
    {.name = "available_zones", .type = Type::kStringList, .help = "where its servers are"},
    {.name = "networks",
     .type = Type::kObjectList,
     .help = "what its servers are in",
     .members = kScalingGroupNetworks},
    {.name = "security_groups",
     .type = Type::kObjectList,
     .help = "what their traffic is checked by",
     .members = kScalingGroupSecurityGroups},
    {.name = "create_time", .help = "UTC"},
    {.name = "vpc_id", .help = "where its servers are"},
    {.name = "detail", .help = "error text of the last failed activity"},
    {.name = "is_scaling",
     .type = Type::kBoolean,
     .help = "an activity is under way, also while a hook holds an instance"},
    {.name = "activity_type", .help = "kind of the activity that is under way"},
    {.name = "health_periodic_audit_method", .help = "how health is checked"},
    {.name = "health_periodic_audit_time",
     .type = Type::kInteger,
     .help = "minutes between two checks"},
    {.name = "health_periodic_audit_grace_period",
     .type = Type::kInteger,
     .help = "seconds that a new instance is given"},
    {.name = "instance_terminate_policy", .help = "which instance goes first"},
    {.name = "notifications", .type = Type::kStringList, .help = "how it tells of itself"},
    {.name = "delete_publicip", .type = Type::kBoolean, .help = "addresses go with their servers"},
    {.name = "delete_volume", .type = Type::kBoolean, .help = "data disks go with their servers"},
    {.name = "cloud_location_id", .help = "reserved"},
    {.name = "enterprise_project_id", .help = "0 is the default"},
    {.name = "multi_az_priority_policy", .help = "how zones are chosen"},
    {.name = "description", .help = "free text"},
    {.name = "iam_agency_name", .help = "agency that it acts through"},
    {.name = "tags",
     .type = Type::kObjectList,
     .help = "of the group",
     .members = kScalingGroupTags},
};

constexpr Field kScalingConfigurationInstanceConfigDisk[] = {
    {.name = "size", .type = Type::kInteger, .help = "gigabytes"},
    {.name = "volume_type", .help = "kind of disk"},
    {.name = "disk_type", .help = "SYS or DATA"},
};

constexpr Field kScalingConfigurationInstanceConfig[] = {
    {.name = "instance_id", .help = "server that it is made like"},
    {.name = "instance_name", .help = "reserved"},
    {.name = "flavorRef", .help = "flavors, between commas"},
    {.name = "imageRef", .help = "image id"},
    {.name = "disk",
     .type = Type::kObjectList,
     .help = "of the server",
     .members = kScalingConfigurationInstanceConfigDisk},
    {.name = "key_name", .help = "of the key pair"},
    {.name = "key_fingerprint", .help = "of the key pair"},
    {.name = "personality", .type = Type::kObjectList, .help = "files that are put into it"},
    {.name = "public_ip", .type = Type::kObject, .help = "address that it gets"},
    {.name = "user_data", .help = "for its first start"},
    {.name = "metadata", .type = Type::kObject, .help = "texts"},
    {.name = "security_groups",
     .type = Type::kObjectList,
     .help = "what its traffic is checked by",
     .members = kScalingGroupSecurityGroups},
    {.name = "server_group_id", .help = "of servers that are kept apart"},
    {.name = "tenancy", .help = "dedicated, or empty"},
    {.name = "dedicated_host_id", .help = "where it is"},
    {.name = "market_type", .help = "spot, or empty"},
    {.name = "multi_flavor_priority_policy", .help = "which flavor is tried first"},
};

constexpr Field kScalingConfiguration[] = {
    {.name = "scaling_configuration_id", .help = "what its servers are made from"},
    {.name = "tenant", .help = "project id"},
    {.name = "scaling_configuration_name", .help = "of what its servers are made from"},
    {.name = "instance_config",
     .type = Type::kObject,
     .help = "what a server is made of",
     .members = kScalingConfigurationInstanceConfig},
    {.name = "create_time", .help = "UTC"},
    {.name = "scaling_group_id", .help = "groups that use it"},
};

constexpr std::string_view kScalingInstanceHealthStatus[] = {"INITAILIZING", "NORMAL", "ERROR"};

constexpr Field kScalingInstance[] = {
    {.name = "instance_id", .help = "server id; none while the server is made"},
    {.name = "instance_name", .help = "of the server"},
    {.name = "scaling_group_id", .help = "names the group"},
    {.name = "scaling_group_name", .help = "of the group"},
    {.name = "life_cycle_state", .help = "where it is on its way", .one_of = kLifeCycleStates},
    {.name = "health_status",
     .help = "of the server; INITAILIZING is the service's spelling",
     .one_of = kScalingInstanceHealthStatus},
    {.name = "scaling_configuration_name", .help = "of what its servers are made from"},
    {.name = "scaling_configuration_id", .help = "empty when it was added by hand"},
    {.name = "create_time", .help = "when it joined the group, UTC"},
    {.name = "protect_from_scaling_down", .type = Type::kBoolean, .help = "it is not scaled in"},
};

constexpr std::string_view kLifecycleHookLifecycleHookType[] = {"INSTANCE_TERMINATING",
                                                                "INSTANCE_LAUNCHING"};

constexpr std::string_view kLifecycleHookDefaultResult[] = {"ABANDON", "CONTINUE"};

constexpr Field kLifecycleHook[] = {
    {.name = "lifecycle_hook_name", .help = "of the hook"},
    {.name = "lifecycle_hook_type",
     .help = "what it holds",
     .one_of = kLifecycleHookLifecycleHookType},
    {.name = "default_result",
     .help = "what happens when nobody answers",
     .one_of = kLifecycleHookDefaultResult},
    {.name = "default_timeout", .type = Type::kInteger, .help = "seconds"},
    {.name = "notification_topic_urn", .help = "what is told"},
    {.name = "notification_topic_name", .help = "of that topic"},
    {.name = "notification_metadata", .help = "free text that comes with each message"},
    {.name = "create_time", .help = "UTC"},
};

constexpr Field kHeldInstance[] = {
    {.name = "instance_id", .help = "server id"},
    {.name = "scaling_group_id", .help = "names the group"},
    {.name = "lifecycle_hook_name", .help = "of the hook"},
    {.name = "lifecycle_action_key", .help = "names this hold"},
    {.name = "lifecycle_hook_status", .help = "of the hold", .one_of = kHoldStatuses},
    {.name = "default_result",
     .help = "what happens when nobody answers",
     .one_of = kLifecycleHookDefaultResult},
    {.name = "timeout", .help = "when the service decides by itself, UTC"},
};

constexpr ResourceFields kRows[] = {
    {"scaling_group", kScalingGroup},       {"scaling_configuration", kScalingConfiguration},
    {"scaling_instance", kScalingInstance}, {"lifecycle_hook", kLifecycleHook},
    {"held_instance", kHeldInstance},
};

}  // namespace

constinit const std::span<const ResourceFields> kAsGroupFields{kRows};

}  // namespace neap::cloud::tables
