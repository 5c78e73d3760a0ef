// Error codes of Auto Scaling about scaling groups (as.md section 9).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kGive = "give the parameter";
constexpr std::string_view kCorrect = "correct the parameter and retry";
constexpr std::string_view kNumbers = "keep minimum <= desired <= maximum";
constexpr std::string_view kBusy =
    "wait until the group's activity ends; list its activities to see it";
constexpr std::string_view kList = "correct the list of the group";
constexpr std::string_view kZone = "choose another zone";
constexpr std::string_view kProtected =
    "raise the number, or first take the instances out of protection or standby";

constexpr ErrorCode kRows[] = {
    {"AS.2002", 400, ErrorKind::kArgument, "the group name is missing", kGive},
    {"AS.2003", 400, ErrorKind::kArgument, "the group name is too long", "shorten the name"},
    {"AS.2004", 400, ErrorKind::kArgument, "the minimum or maximum number of instances is invalid",
     kNumbers},
    {"AS.2005", 400, ErrorKind::kArgument,
     "the desired number is below the minimum or above the maximum", kNumbers},
    {"AS.2006", 400, ErrorKind::kArgument, "the group's cooldown time is invalid", kCorrect},
    {"AS.2007", 400, ErrorKind::kNotFound, "scaling group not found",
     "check the id or list the groups"},
    {"AS.2008", 400, ErrorKind::kArgument, "the group's action is neither pause nor resume",
     kCorrect},
    {"AS.2009", 400, ErrorKind::kArgument, "the group id is missing", kGive},
    {"AS.2010", 400, ErrorKind::kConflict, "more instances are protected than the desired number",
     kProtected},
    {"AS.2011", 400, ErrorKind::kArgument, "a zone of the group is invalid", kZone},
    {"AS.2012", 400, ErrorKind::kNotFound, "the group's VPC does not exist", "check the VPC id"},
    {"AS.2013", 400, ErrorKind::kArgument, "networks is invalid", kList},
    {"AS.2014", 400, ErrorKind::kNotFound, "the group's security group does not exist",
     "check the security group id"},
    {"AS.2015", 400, ErrorKind::kArgument, "lb_listener_id is invalid", kList},
    {"AS.2016", 400, ErrorKind::kArgument, "the listener is not in the group's VPC",
     "choose a listener of the group's VPC"},
    {"AS.2017", 400, ErrorKind::kArgument, "the VPC id is missing", kGive},
    {"AS.2018", 400, ErrorKind::kConflict, "the group has no scaling configuration",
     "give the group a configuration, then enable it"},
    {"AS.2019", 400, ErrorKind::kArgument, "force_delete must be yes or no", kCorrect},
    {"AS.2020", 400, ErrorKind::kConflict,
     "the group is in a status that does not allow the operation",
     "show the group; help on the operation lists the statuses"},
    {"AS.2021", 400, ErrorKind::kConflict, "the group still has instances",
     "remove the instances, or delete the group with force_delete"},
    {"AS.2022", 400, ErrorKind::kArgument, "the group name has characters that are not allowed",
     "use Chinese or English letters, digits, \"_\" and \"-\""},
    {"AS.2023", 400, ErrorKind::kConflict, "there are as many groups as the quota allows",
     "delete groups that are not used, or ask for a higher quota"},
    {"AS.2024", 400, ErrorKind::kArgument, "the group has too many subnets", kList},
    {"AS.2025", 400, ErrorKind::kArgument, "the group has too many security groups", kList},
    {"AS.2026", 400, ErrorKind::kArgument, "the group mixes types of listeners",
     "use listeners of one type"},
    {"AS.2027", 400, ErrorKind::kArgument, "a subnet is not in the group's VPC",
     "choose subnets of the group's VPC"},
    {"AS.2028", 400, ErrorKind::kConflict, "the desired number is already that",
     "nothing is to be done: the group has this number"},
    {"AS.2029", 400, ErrorKind::kArgument, "the health check method is invalid",
     "use NOVA_AUDIT or ELB_AUDIT"},
    {"AS.2030", 400, ErrorKind::kConflict,
     "zones, subnets and security groups cannot be changed while the group has instances, scales "
     "or is enabled",
     "pause the group, remove its instances, wait for its activity to end"},
    {"AS.2031", 400, ErrorKind::kArgument, "the health check period is invalid", kCorrect},
    {"AS.2032", 400, ErrorKind::kArgument, "the removal policy is invalid", kCorrect},
    {"AS.2033", 400, ErrorKind::kConflict,
     "the group is in a status that does not allow the operation", kBusy},
    {"AS.2034", 400, ErrorKind::kArgument, "the group's way of notifying is invalid", kCorrect},
    {"AS.2035", 400, ErrorKind::kConflict, "the group would have more instances than its maximum",
     "raise the maximum, or add fewer"},
    {"AS.2036", 400, ErrorKind::kConflict, "the group would have fewer instances than its minimum",
     "lower the minimum, or remove fewer"},
    {"AS.2037", 400, ErrorKind::kArgument, "the group has too many listeners", kList},
    {"AS.2038", 400, ErrorKind::kConflict, "the flavor is sold out in the zone",
     "choose another flavor or zone"},
    {"AS.2039", 400, ErrorKind::kArgument, "a listener's protocol_port is invalid",
     "use 1 to 65535"},
    {"AS.2040", 400, ErrorKind::kArgument, "a listener's weight is invalid", "use 0 to 100"},
    {"AS.2042", 400, ErrorKind::kArgument, "a listener's pool is invalid",
     "check the pool id of lbaas_listeners"},
    {"AS.2043", 400, ErrorKind::kConflict, "the zone has no disks of the wanted type",
     "choose another disk type or zone"},
    {"AS.2044", 400, ErrorKind::kConflict, "a zone of the group is not available", kZone},
    {"AS.2045", 400, ErrorKind::kArgument, "the minimum or maximum is above what the quota allows",
     "lower it, or ask for a higher quota"},
    {"AS.2046", 400, ErrorKind::kArgument, "the health check's grace period is invalid", kCorrect},
    {"AS.2047", 400, ErrorKind::kConflict, "the group is scaling", kBusy},
    {"AS.2048", 400, ErrorKind::kArgument, "the subnet has no IPv6", "choose a subnet with IPv6"},
    {"AS.2049", 400, ErrorKind::kArgument, "a zone of the group has no IPv6", kZone},
    {"AS.2050", 400, ErrorKind::kArgument, "a shared bandwidth for IPv6 requires IPv6",
     "set ipv6_enable"},
    {"AS.2051", 400, ErrorKind::kConflict, "more instances are in standby than the desired number",
     kProtected},
    {"AS.2052", 400, ErrorKind::kConflict,
     "more instances are in standby or protected than the desired number", kProtected},
    {"AS.2053", 400, ErrorKind::kArgument, "multi_az_priority_policy is invalid",
     "use EQUILIBRIUM_DISTRIBUTE or PICK_FIRST"},
    {"AS.2054", 400, ErrorKind::kConflict, "the group is scaling: its zones cannot be changed",
     kBusy},
};

}  // namespace

constinit const std::span<const ErrorCode> kAsGroupCodes{kRows};

}  // namespace neap::cloud::tables
