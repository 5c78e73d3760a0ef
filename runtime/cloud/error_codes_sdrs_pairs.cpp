// Error codes of SDRS about replication pairs and their disks.
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kSupport = "contact the platform's support";
constexpr std::string_view kRetry = "retry; if it happens again contact the platform's support";
constexpr std::string_view kState =
    "wait for a status that allows it; help on the operation lists them";

constexpr ErrorCode kRows[] = {
    {"SDRS.1601", 400, ErrorKind::kConflict,
     "the replication pair is in a state that does not allow the operation", kState},
    {"SDRS.1603", 400, ErrorKind::kConflict, "the pair is attached, or the device name is taken",
     "use another pair or mount point"},
    {"SDRS.1604", 400, ErrorKind::kConflict, "the replication pair is not attached",
     "check that the pair is attached"},
    {"SDRS.1605", 400, ErrorKind::kConflict, "the replication pair is attached",
     "check that the pair is not attached"},
    {"SDRS.1606", 400, ErrorKind::kJobFailed, "the replication pair ended in error", kSupport},
    {"SDRS.1607", 400, ErrorKind::kJobFailed, "failed to delete the replication pair", kSupport},
    {"SDRS.1608", 400, ErrorKind::kNotFound, "replication pair not found",
     "use the right replication pair"},
    {"SDRS.1609", 400, ErrorKind::kJobFailed, "the replication pair could not be created", kRetry},
    {"SDRS.1610", 400, ErrorKind::kJobFailed, "the replication pair could not be changed", kRetry},
    {"SDRS.1611", 400, ErrorKind::kArgument, "the pair is not in this protection group",
     "use the right protection group"},
    {"SDRS.1801", 400, ErrorKind::kConflict,
     "the disk is in a state that does not allow the operation", kState},
    {"SDRS.1802", 400, ErrorKind::kArgument, "the disk is encrypted",
     "encrypted disks cannot form pairs"},
    {"SDRS.1803", 400, ErrorKind::kArgument, "the disk is missing", "use a proper disk"},
    {"SDRS.1804", 400, ErrorKind::kConflict, "the disk is not attached",
     "check whether the disk is attached"},
    {"SDRS.1805", 400, ErrorKind::kArgument, "the disk forms no replication pair",
     "check whether the disk forms a pair"},
    {"SDRS.1806", 400, ErrorKind::kArgument, "the disk type does not allow the operation",
     "check the disk type"},
    {"SDRS.1807", 400, ErrorKind::kJobFailed, "disks failed to be attached to the server", kRetry},
    {"SDRS.1808", 400, ErrorKind::kJobFailed, "disks failed to be detached from the server",
     kRetry},
    {"SDRS.1809", 400, ErrorKind::kConflict, "production is not at its original site",
     "switch back or fail back first, then retry"},
    {"SDRS.1810", 400, ErrorKind::kArgument, "the disk is not in the production zone of the group",
     "use a disk in the group's AZ"},
    {"SDRS.1811", 400, ErrorKind::kConflict, "the disk is in a pair already",
     "use a disk that is not in a pair"},
    {"SDRS.1812", 400, ErrorKind::kJobFailed, "failed to create the disk", kRetry},
    {"SDRS.1813", 400, ErrorKind::kJobFailed, "failed to delete the disk", kRetry},
    {"SDRS.1814", 400, ErrorKind::kJobFailed, "the disks differ in size", kRetry},
    {"SDRS.1816", 400, ErrorKind::kConflict, "a disk of the pair is not available",
     "detach the pair first, then contact support"},
    {"SDRS.1817", 400, ErrorKind::kConflict, "a disk of the pair is neither available nor in use",
     kRetry},
    {"SDRS.1818", 400, ErrorKind::kConflict, "the shared disks of the pair are not available",
     "detach the pair first, then contact support"},
    {"SDRS.1819", 400, ErrorKind::kConflict, "disks paid by the month or year cannot be expanded",
     "delete the pair, expand the production disk, recreate the pair"},
    {"SDRS.1820", 400, ErrorKind::kJobFailed, "failed to expand the capacity", kRetry},
    {"SDRS.1821", 400, ErrorKind::kJobFailed, "failed to attach the replication pair", kRetry},
    {"SDRS.1822", 400, ErrorKind::kJobFailed, "failed to detach the replication pair", kRetry},
    {"SDRS.1823", 400, ErrorKind::kConflict, "a system fault makes the switchover impossible",
     "try a failover or contact support"},
    {"SDRS.1824", 400, ErrorKind::kConflict, "a system fault makes the failover impossible",
     kSupport},
    {"SDRS.1825", 400, ErrorKind::kConflict, "the disk is used in a DR drill", "use a proper disk"},
    {"SDRS.1826", 400, ErrorKind::kConflict, "too many pairs are not attached to an instance",
     "delete unattached pairs or attach them first"},
    {"SDRS.1827", 400, ErrorKind::kConflict,
     "the DR disk is paid by the month or year and cannot be deleted",
     "do not request deletion of the DR disk"},
    {"SDRS.1828", 400, ErrorKind::kConflict, "the account is frozen: the DR disk cannot be deleted",
     "do not request deletion of the DR disk, or wait until the account is unfrozen"},
    {"SDRS.1830", 400, ErrorKind::kConflict,
     "replication pairs of the group are still synchronising",
     "wait until every pair of the group is synchronised"},
    {"SDRS.1831", 400, ErrorKind::kConflict, "the disk is locked",
     "wait until the disk is unlocked"},
    {"SDRS.1832", 400, ErrorKind::kConflict, "a disk of the pair is locked",
     "wait until the disk is unlocked"},
};

}  // namespace

constinit const std::span<const ErrorCode> kSdrsPairCodes{kRows};

}  // namespace neap::cloud::tables
