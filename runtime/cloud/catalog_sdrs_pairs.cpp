// Replication pairs (sdrs.md sections 3 and 4).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kCollection = "/v1/{project_id}/replications";
constexpr std::string_view kOne = "/v1/{project_id}/replications/{replication_id}";

constexpr Param kPairIdInPath{.name = "replication_id",
                              .place = Place::kPath,
                              .required = true,
                              .help = "replication pair id",
                              .rule = Rule::kId};
constexpr Param kIdParams[] = {kPairIdInPath};
constexpr Param kRenameParams[] = {kPairIdInPath, kNewName};

constexpr Param kCreateParams[] = {
    {.name = "server_group_id",
     .required = true,
     .help = "protection group to put the pair into",
     .rule = Rule::kId},
    {.name = "volume_id",
     .required = true,
     .help = "production volume; the DR volume is made by the service",
     .rule = Rule::kId},
    kNewName,
    kDescription,
    {.name = "cluster_id",
     .help = "dedicated storage pool in the DR zone, of the production disk's type",
     .rule = Rule::kId},
};

constexpr Param kListParams[] = {
    kGroupFilter,
    kGroupsFilter,
    {.name = "protected_instance_id",
     .place = Place::kQuery,
     .help = "only pairs attached to this protected instance",
     .rule = Rule::kId},
    kInstancesFilter,
    kNameFilter,
    {.name = "status",
     .place = Place::kQuery,
     .help = "only pairs in this status",
     .one_of = kPairStatuses},
    kLimit,
    kOffset,
    kQueryType,
    kZoneFilter,
    {.name = "volume_id",
     .place = Place::kQuery,
     .help = "only the pair that uses this volume",
     .rule = Rule::kId},
};

constexpr std::string_view kInstancesOnly[] = {"protected_instance_ids"};
constexpr std::string_view kInstanceOnly[] = {"protected_instance_id"};
constexpr Constraint kListConstraints[] = {
    kGroupsBeatGroup,
    {.bond = Bond::kBeats,
     .these = kInstancesOnly,
     .those = kInstanceOnly,
     .because = "the service ignores the single instance beside the list"},
};

constexpr Param kDeleteParams[] = {
    kPairIdInPath,
    {.name = "server_group_id", .help = "protection group of the pair", .rule = Rule::kId},
    {.name = "delete_target_volume",
     .type = Type::kBoolean,
     .help = "also delete the DR volume",
     .fallback = "false"},
};

constexpr Param kExpandParams[] = {
    kPairIdInPath,
    {.name = "new_size",
     .type = Type::kInteger,
     .required = true,
     .help = "size of both volumes afterwards, in GB; more than now",
     .min = 1},
};

constexpr std::string_view kFromDeletable[] = {"available",       "protected",
                                               "failed-over",     "error",
                                               "error-starting",  "error-stopping",
                                               "error-reversing", "error-failing-over",
                                               "error-deleting",  "error-reprotecting",
                                               "error-attaching", "error-extending",
                                               "invalid",         "fault"};
constexpr std::string_view kFromExpandable[] = {"available", "protected", "error-extending"};
constexpr std::string_view kGroupsToDeleteFrom[] = {
    "available",          "protected",      "failed-over",
    "error-starting",     "error-stopping", "error-reversing",
    "error-failing-over", "error-deleting", "error-reprotecting"};

constexpr Transition kCreating[] = {{.job_type = "createReplicationPairNoCG",
                                     .during = "creating",
                                     .success = kAvailableOrProtected,
                                     .failure = "error"}};
constexpr Transition kDeleting[] = {{.job_type = "deleteReplicationPairNoCG",
                                     .from = kFromDeletable,
                                     .during = "deleting",
                                     .failure = "error-deleting"}};

constexpr Transition kExpanding[] = {{.job_type = "expandReplicationPairNew",
                                      .from = kFromExpandable,
                                      .during = "extending",
                                      .success = kAvailableOrProtected,
                                      .failure = "error-extending"}};

constexpr std::string_view kCreateConditions[] = {
    "the volume is available, in the group's production zone, not encrypted, locked or frozen",
    "the volume is in no other pair and in no drill",
    "fewer than 5 pairs of the group are unattached",
    "the quota for replication pairs is not used up"};
constexpr std::string_view kDeleteConditions[] = {
    "the pair is attached to no protected instance",
    "delete_target_volume: the volume is not paid by the month or year, the account is not frozen"};

constexpr std::string_view kExpandConditions[] = {
    "the volumes are available or in use, not locked, and not paid by the month or year",
    "shared volumes are not in use; others in use need a region that expands them online"};

constexpr std::string_view kCreateErrors[] = {
    "SDRS.0202", "SDRS.0207", "SDRS.0211", "SDRS.0212", "SDRS.0218", "SDRS.0225",
    "SDRS.0306", "SDRS.1024", "SDRS.1381", "SDRS.1383", "SDRS.1606", "SDRS.1609",
    "SDRS.1801", "SDRS.1802", "SDRS.1803", "SDRS.1806", "SDRS.1809", "SDRS.1810",
    "SDRS.1811", "SDRS.1825", "SDRS.1826", "SDRS.1831"};
constexpr std::string_view kListErrors[] = {"SDRS.0209", "SDRS.0221", "SDRS.0222", "SDRS.0226"};
constexpr std::string_view kShowErrors[] = {"SDRS.0213", "SDRS.1608"};
constexpr std::string_view kRenameErrors[] = {"SDRS.0202", "SDRS.0213", "SDRS.1608", "SDRS.1610"};
constexpr std::string_view kDeleteErrors[] = {"SDRS.0213", "SDRS.1002", "SDRS.1605", "SDRS.1607",
                                              "SDRS.1608", "SDRS.1611", "SDRS.1827", "SDRS.1828"};

constexpr std::string_view kExpandErrors[] = {"SDRS.0206", "SDRS.0213", "SDRS.1601", "SDRS.1608",
                                              "SDRS.1814", "SDRS.1816", "SDRS.1817", "SDRS.1818",
                                              "SDRS.1819", "SDRS.1820", "SDRS.1832"};

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "create_replication",
     .summary = "Create a replication pair for a volume",
     .method = http::Method::kPost,
     .path = kCollection,
     .envelope = "replication",
     .params = kCreateParams,
     .effect = Effect::kCreate,
     .resource = "replication_pair",
     .job = kSdrsJob,
     .transitions = kCreating,
     .entity = "replication_pair_id",
     .group_from = kAvailableOrProtected,
     .conditions = kCreateConditions,
     .lookup = {.show = "show_replication",
                .id = "replication_id",
                .list = "list_replications",
                .mark = "description"},
     .evidence =
         "list_replications with volume_id: a pair of exactly this name that uses the volume",
     .errors = kCreateErrors,
     .source = "sdrs.md sections 3, 4 and 8"},
    {.service = "sdrs",
     .name = "list_replications",
     .summary = "List replication pairs",
     .path = kCollection,
     .params = kListParams,
     .constraints = kListConstraints,
     .resource = "replication_pair",
     .result = "replications",
     .paging = Paging::kOffset,
     .errors = kListErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides =
         "10.7: limit is 0 to 1000, as the field says; 10.8: count may be that of the page, so "
         "paging goes on until a page is empty; 10.12: id lists are JSON with double quotes, as in "
         "the encoded example of instances; volume_id as its page has it, though the SDK has not"},
    {.service = "sdrs",
     .name = "show_replication",
     .summary = "Show a replication pair",
     .path = kOne,
     .params = kIdParams,
     .resource = "replication_pair",
     .result = "replication",
     .errors = kShowErrors,
     .source = "sdrs.md section 3",
     .sides = "10.11: fault_level is a text, volume_size a number or a text, attachment null or an "
              "empty list; 10.15: times are as the page says, the SDK describes an older form, "
              "which is read too"},
    {.service = "sdrs",
     .name = "update_replication_name",
     .summary = "Rename a replication pair",
     .method = http::Method::kPut,
     .path = kOne,
     .envelope = "replication",
     .params = kRenameParams,
     .effect = Effect::kIdempotent,
     .resource = "replication_pair",
     .result = "replication",
     .lookup = {.show = "show_replication", .id = "replication_id", .set = kNameOnly},
     .evidence = "show_replication: name is the new one; repeating the call is safe",
     .errors = kRenameErrors,
     .source = "sdrs.md section 3",
     .sides = "10.4: allowed in every status, for no restriction is documented; 10.11: volume_size "
              "is a text in its example"},
    {.service = "sdrs",
     .name = "delete_replication",
     .summary = "Delete a replication pair",
     .method = http::Method::kDelete,
     .path = kOne,
     .envelope = "replication",
     .params = kDeleteParams,
     .effect = Effect::kIdempotent,
     .resource = "replication_pair",
     .job = kSdrsJob,
     .transitions = kDeleting,
     .entity = "replication_pair_id",
     .group_from = kGroupsToDeleteFrom,
     .conditions = kDeleteConditions,
     .lookup = {.show = "show_replication", .id = "replication_id"},
     .evidence = "show_replication: status deleting, or not found (SDRS.1608)",
     .errors = kDeleteErrors,
     .source = "sdrs.md sections 3 and 4",
     .sides = "10.3: not from error-detaching, as its list says: only detaching again leads out of "
              "that"},
    {.service = "sdrs",
     .name = "expand_replication",
     .summary = "Expand both volumes of a replication pair",
     .method = http::Method::kPost,
     .path = "/v1/{project_id}/replications/{replication_id}/action",
     .envelope = "extend-replication",
     .params = kExpandParams,
     .effect = Effect::kGuarded,
     .resource = "replication_pair",
     .job = kSdrsJob,
     .transitions = kExpanding,
     .entity = "replication_pair_id",
     .conditions = kExpandConditions,
     .lookup = {.show = "show_replication", .id = "replication_id"},
     .evidence = "show_replication: status extending or error-extending, or "
                 "record_metadata.volume_size is the new size, which is refused a second time",
     .errors = kExpandErrors,
     .source = "sdrs.md sections 3, 4 and 8",
     .sides = "10.5: no status of the group is demanded, for none is documented; a size with "
              "decimals, which the service would cut off, is refused"},
};

}  // namespace

constinit const std::span<const Operation> kSdrsPairs{kOperations};

}  // namespace neap::cloud::tables
