// What a scaling group is made of, as parameters of its creation and change (as.md section 2).
#pragma once

#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {

inline constexpr std::string_view kAddressFamilies[] = {"IPV4", "IPV6"};
inline constexpr Param kListener[] = {
    {.name = "pool_id", .required = true, .help = "backend server group", .rule = Rule::kId},
    {.name = "protocol_port",
     .type = Type::kInteger,
     .required = true,
     .help = "port that the servers listen on",
     .min = 1,
     .max = 65535},
    {.name = "weight",
     .type = Type::kInteger,
     .required = true,
     .help = "share of the traffic",
     .min = 0,
     .max = 100},
    {.name = "protocol_version", .help = "address family", .one_of = kAddressFamilies},
};

inline constexpr Param kSharedBandwidth[] = {
    {.name = "id", .required = true, .help = "shared bandwidth", .rule = Rule::kId},
};
inline constexpr Param kAddressPair[] = {
    {.name = "ip_address", .help = "address or range that the interface may also use"},
};
inline constexpr Param kNetwork[] = {
    {.name = "id", .required = true, .help = "network id of the subnet", .rule = Rule::kId},
    {.name = "ipv6_enable",
     .type = Type::kBoolean,
     .help = "give servers IPv6 addresses too",
     .fallback = "false"},
    {.name = "ipv6_bandwidth",
     .type = Type::kObject,
     .help = "shared bandwidth for IPv6; needs ipv6_enable",
     .members = kSharedBandwidth},
    {.name = "allowed_address_pairs",
     .type = Type::kObjectList,
     .help = "further addresses of the interface",
     .members = kAddressPair},
};
inline constexpr Param kSecurityGroup[] = {
    {.name = "id", .required = true, .help = "security group", .rule = Rule::kId},
};
inline constexpr Param kTag[] = {
    {.name = "key", .required = true, .help = "tag key", .rule = Rule::kTagKey},
    {.name = "value", .help = "tag value", .rule = Rule::kTagValue},
};

inline constexpr std::string_view kAudits[] = {"ELB_AUDIT", "NOVA_AUDIT"};
inline constexpr std::string_view kAuditMinutes[] = {"0", "1", "5", "15", "60", "180"};
inline constexpr std::string_view kRemovalOrders[] = {
    "OLD_CONFIG_OLD_INSTANCE", "OLD_CONFIG_NEW_INSTANCE", "OLD_INSTANCE", "NEW_INSTANCE"};
inline constexpr std::string_view kMail[] = {"EMAIL"};
inline constexpr std::string_view kZoneOrders[] = {"EQUILIBRIUM_DISTRIBUTE", "PICK_FIRST"};

inline constexpr Param kGroupName{
    .name = "scaling_group_name", .help = "name; need not be unique", .rule = Rule::kScalingName};
inline constexpr Param kConfiguration{.name = "scaling_configuration_id",
                                      .help = "configuration that new servers are made from",
                                      .rule = Rule::kId};
inline constexpr Param kDesired{.name = "desire_instance_number",
                                .type = Type::kInteger,
                                .help = "how many instances the group shall have",
                                .min = 0};
inline constexpr Param kLeast{
    .name = "min_instance_number", .type = Type::kInteger, .help = "fewest instances", .min = 0};
inline constexpr Param kMost{
    .name = "max_instance_number", .type = Type::kInteger, .help = "most instances", .min = 0};
inline constexpr Param kClassicListeners{
    .name = "lb_listener_id", .help = "up to 6 listeners of classic load balancers, by comma"};
inline constexpr Param kListeners{.name = "lbaas_listeners",
                                  .type = Type::kObjectList,
                                  .help = "backend groups of load balancers that instances join",
                                  .min = 0,
                                  .max = 6,
                                  .members = kListener};
inline constexpr Param kZones{
    .name = "available_zones",
    .type = Type::kStringList,
    .help = "zones to spread instances over; the service chooses when absent"};
inline constexpr Param kNetworks{.name = "networks",
                                 .type = Type::kObjectList,
                                 .help = "subnets; the first one is the primary interface",
                                 .min = 1,
                                 .max = 5,
                                 .members = kNetwork};
inline constexpr Param kSecurityGroups{.name = "security_groups",
                                       .type = Type::kObjectList,
                                       .help = "security group, where the configuration names none",
                                       .min = 0,
                                       .max = 1,
                                       .members = kSecurityGroup};
inline constexpr Param kAudit{.name = "health_periodic_audit_method",
                              .help = "who judges health: the load balancer or the server itself",
                              .one_of = kAudits,
                              .fallback = "ELB_AUDIT with a load balancer, else NOVA_AUDIT"};
inline constexpr Param kAuditTime{.name = "health_periodic_audit_time",
                                  .type = Type::kInteger,
                                  .help = "minutes between health checks; 0 means 10 seconds",
                                  .min = 0,
                                  .max = 180,
                                  .one_of = kAuditMinutes,
                                  .fallback = "5"};
inline constexpr Param kGracePeriod{
    .name = "health_periodic_audit_grace_period",
    .type = Type::kInteger,
    .help = "seconds in service before ELB_AUDIT judges an instance",
    .min = 0,
    .max = 86400,
    .fallback = "600"};
inline constexpr Param kRemovalOrder{.name = "instance_terminate_policy",
                                     .help = "which instances leave first",
                                     .one_of = kRemovalOrders,
                                     .fallback = "OLD_CONFIG_OLD_INSTANCE"};
inline constexpr Param kMailNotices{.name = "notifications",
                                    .type = Type::kStringList,
                                    .help = "outdated; use create_scaling_notification",
                                    .min = 0,
                                    .max = 1,
                                    .one_of = kMail};
inline constexpr Param kDeleteAddress{
    .name = "delete_publicip",
    .type = Type::kBoolean,
    .help = "delete the public address with its server, not only unbind",
    .fallback = "false"};
inline constexpr Param kDeleteVolume{.name = "delete_volume",
                                     .type = Type::kBoolean,
                                     .help = "delete data disks with their server, not only detach",
                                     .fallback = "false"};
inline constexpr Param kEnterpriseProject{.name = "enterprise_project_id",
                                          .help = "enterprise project that the group belongs to",
                                          .rule = Rule::kId,
                                          .fallback = "0"};
inline constexpr Param kZoneOrder{.name = "multi_az_priority_policy",
                                  .help = "balance zones, or fill them in the order given",
                                  .one_of = kZoneOrders,
                                  .fallback = "EQUILIBRIUM_DISTRIBUTE"};
inline constexpr Param kAgency{.name = "iam_agency_name", .help = "agency that acts for the group"};

inline constexpr Param kScalingGroupCreateParams[] = {
    required(kGroupName),
    kConfiguration,
    kDesired,
    kLeast,
    kMost,
    kCoolDownTime,
    kClassicListeners,
    kListeners,
    kZones,
    required(kNetworks),
    kSecurityGroups,
    {.name = "vpc_id", .required = true, .help = "VPC of the instances", .rule = Rule::kId},
    kAudit,
    kAuditTime,
    kGracePeriod,
    kRemovalOrder,
    kMailNotices,
    kDeleteAddress,
    kDeleteVolume,
    kEnterpriseProject,
    kZoneOrder,
    kScalingDescription,
    kAgency,
    {.name = "tags",
     .type = Type::kObjectList,
     .help = "tags of the group",
     .min = 0,
     .max = 10,
     .members = kTag},
};
// An update leaves what it does not name as it is.
inline constexpr Param kScalingGroupUpdateParams[] = {
    kScalingGroupIdInPath,
    kGroupName,
    kConfiguration,
    kDesired,
    kLeast,
    kMost,
    kept(kCoolDownTime),
    kClassicListeners,
    kListeners,
    kZones,
    kNetworks,
    kSecurityGroups,
    kept(kAudit),
    kept(kAuditTime),
    kept(kGracePeriod),
    kept(kRemovalOrder),
    kMailNotices,
    kept(kDeleteAddress),
    kept(kDeleteVolume),
    kept(kEnterpriseProject),
    kept(kZoneOrder),
    kScalingDescription,
    kAgency,
};

}  // namespace neap::cloud::tables
