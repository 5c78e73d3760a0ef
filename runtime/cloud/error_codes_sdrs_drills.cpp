// Error codes of SDRS about DR drills and tags.
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kSupport = "contact the platform's support";
constexpr std::string_view kRetry = "retry; if it happens again contact the platform's support";
constexpr std::string_view kCorrect = "correct the parameter and retry";

constexpr ErrorCode kRows[] = {
    {"SDRS.1900", 400, ErrorKind::kArgument, "invalid DR drill id", "use a valid DR drill ID"},
    {"SDRS.1901", 400, ErrorKind::kArgument, "the DR drill id is missing",
     "use a valid DR drill ID"},
    {"SDRS.1902", 400, ErrorKind::kNotFound, "DR drill not found", "use the right DR drill"},
    {"SDRS.1904", 500, ErrorKind::kNetwork, "snapshot not found", "use the right snapshot"},
    {"SDRS.1905", 500, ErrorKind::kNetwork, "failed to create a volume using the snapshot",
     kSupport},
    {"SDRS.1906", 500, ErrorKind::kNetwork, "failed to delete the snapshot", kSupport},
    {"SDRS.1907", 400, ErrorKind::kArgument, "the drill VPC is the VPC of the group",
     "use another drill VPC"},
    {"SDRS.1908", 400, ErrorKind::kArgument, "the drill VPC has no subnet",
     "use a VPC with, or create in it, the same subnets as the group's VPC"},
    {"SDRS.1909", 400, ErrorKind::kArgument, "the drill VPC lacks a subnet CIDR of the group's VPC",
     "make the drill VPC contain the same subnet CIDRs as the group's VPC"},
    {"SDRS.1910", 400, ErrorKind::kConflict, "IP addresses in the drill VPC conflict", kSupport},
    {"SDRS.1911", 400, ErrorKind::kJobFailed, "the NIC is missing", kSupport},
    {"SDRS.1912", 500, ErrorKind::kNetwork, "failed to create the drill NIC", kSupport},
    {"SDRS.1913", 400, ErrorKind::kConflict, "the DR drill cannot be deleted in its state",
     "show the drill: one that does not exist answers this too"},
    {"SDRS.1914", 500, ErrorKind::kNetwork, "drill server record not found", kSupport},
    {"SDRS.1915", 500, ErrorKind::kNetwork, "drill storage record not found", kSupport},
    {"SDRS.1916", 500, ErrorKind::kNetwork, "invalid snapshot id", kSupport},
    {"SDRS.1917", 500, ErrorKind::kNetwork, "drill NIC record not found", kSupport},
    {"SDRS.1918", 500, ErrorKind::kNetwork, "failed to delete the drill NIC", kSupport},
    {"SDRS.1919", 500, ErrorKind::kNetwork,
     "failed to query the attachment information of the drill server", kSupport},
    {"SDRS.1920", 500, ErrorKind::kNetwork,
     "the attachment data of the replication pair are missing", kSupport},
    {"SDRS.1921", 400, ErrorKind::kConflict, "the drill VPC serves another DR drill",
     "use another drill VPC"},
    {"SDRS.1922", 400, ErrorKind::kJobFailed, "failed to create the DR drill", kRetry},
    {"SDRS.1923", 400, ErrorKind::kJobFailed, "failed to delete the DR drill", kRetry},
    {"SDRS.1924", 400, ErrorKind::kConflict, "the DR site VPC has no subnet", kSupport},
    {"SDRS.1925", 400, ErrorKind::kJobFailed, "failed to create the drill VPC", kRetry},
    {"SDRS.1926", 400, ErrorKind::kJobFailed, "failed to create the subnet in the drill VPC",
     kRetry},
    {"SDRS.1927", 400, ErrorKind::kJobFailed, "failed to delete the subnet in the drill VPC",
     kRetry},
    {"SDRS.1928", 400, ErrorKind::kNotFound, "failed to find the VPC", kSupport},
    {"SDRS.1929", 400, ErrorKind::kConflict, "insufficient VPC quota",
     "delete unused VPCs or raise the VPC quota"},
    {"SDRS.1930", 400, ErrorKind::kConflict, "insufficient subnet quota",
     "delete unused subnets or raise the subnet quota"},
    {"SDRS.2201", 400, ErrorKind::kArgument, "action must be create or delete",
     "correct the action value and retry"},
    {"SDRS.2202", 400, ErrorKind::kArgument, "the tag list is empty", kCorrect},
    {"SDRS.2203", 400, ErrorKind::kArgument, "too many tags", kCorrect},
    {"SDRS.2204", 400, ErrorKind::kArgument, "invalid tag key", kCorrect},
    {"SDRS.2205", 400, ErrorKind::kArgument, "a tag key is empty", kCorrect},
    {"SDRS.2206", 404, ErrorKind::kNotFound, "tag key not found", kCorrect},
    {"SDRS.2207", 400, ErrorKind::kArgument, "invalid tag value", kCorrect},
    {"SDRS.2208", 400, ErrorKind::kArgument, "a tag value is missing", kCorrect},
    {"SDRS.2209", 400, ErrorKind::kArgument, "a tag key appears twice", kCorrect},
    {"SDRS.2210", 400, ErrorKind::kArgument, "action must be filter or count", kCorrect},
    {"SDRS.2211", 400, ErrorKind::kArgument, "action count takes no limit or offset", kCorrect},
    {"SDRS.2212", 400, ErrorKind::kArgument, "matches is empty", kCorrect},
    {"SDRS.2213", 400, ErrorKind::kArgument, "a key in matches is empty", kCorrect},
    {"SDRS.2214", 400, ErrorKind::kArgument, "a key in matches is invalid", kCorrect},
    {"SDRS.2215", 400, ErrorKind::kArgument, "a key in matches appears twice", kCorrect},
    {"SDRS.2216", 400, ErrorKind::kArgument, "a value in matches is missing", kCorrect},
    {"SDRS.2217", 400, ErrorKind::kArgument, "a value in matches is invalid", kCorrect},
    {"SDRS.2218", 400, ErrorKind::kArgument, "too many values", kCorrect},
    {"SDRS.2219", 400, ErrorKind::kArgument, "a key has the same value twice", kCorrect},
    {"SDRS.2220", 400, ErrorKind::kArgument, "limit must be 1 to 1000", kCorrect},
    {"SDRS.2221", 400, ErrorKind::kConflict,
     "the instance is in a state that does not allow adding tags",
     "bring the instance into a normal state and retry"},
    {"SDRS.2222", 400, ErrorKind::kConflict,
     "the instance is in a state that does not allow deleting tags",
     "bring the instance into a normal state and retry"},
};

}  // namespace

constinit const std::span<const ErrorCode> kSdrsDrillAndTagCodes{kRows};

}  // namespace neap::cloud::tables
