// The kinds of things of Elastic Cloud Server and where their answers say what (ecs.md sections 2
// and 5 to 7).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kServerStatuses[] = {
    "BUILD",   "ACTIVE",        "REBOOT",      "HARD_REBOOT", "REBUILD",
    "SHUTOFF", "MIGRATING",     "RESIZE",      "ERROR",       "VERIFY_RESIZE",
    "DELETED", "REVERT_RESIZE", "SHELVED",     "PAUSED",      "SHELVED_OFFLOADED",
    "UNKNOWN", "SUSPENDED",     "SOFT_DELETED"};
constexpr std::string_view kEcsJobStatuses[] = {"INIT", "RUNNING", "SUCCESS", "FAIL",
                                                "PENDING_PAYMENT"};

constexpr Resource kResources[] = {
    {.name = "server",
     .service = "ecs",
     .noun = "server",
     .updated = "updated",
     .statuses = kServerStatuses},
    {.name = "ecs_job",
     .service = "ecs",
     .noun = "job",
     .id = "job_id",
     .label = "job_type",
     .statuses = kEcsJobStatuses},
    {.name = "flavor", .service = "ecs", .noun = "flavor", .status = ""},
};

}  // namespace

constinit const std::span<const Resource> kEcsResources{kResources};

}  // namespace neap::cloud::tables
