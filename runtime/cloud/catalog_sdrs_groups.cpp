// Protection groups and the DR verbs on them (sdrs.md sections 3 to 5).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {"/v1/{project_id}/server-groups",
                                      "/v1/{project_id}/server-groups/{server_group_id}",
                                      "/v1/{project_id}/server-groups/{server_group_id}/action"};

constexpr std::string_view kMigration[] = {"migration"};
constexpr Param kCreateParams[] = {
    kNewName,
    kDescription,
    {.name = "source_availability_zone",
     .required = true,
     .help = "zone of the production site, one end of the domain"},
    {.name = "target_availability_zone",
     .required = true,
     .help = "zone of the DR site, the domain's other end"},
    {.name = "domain_id",
     .required = true,
     .help = "active-active domain, from list_active_active_domains",
     .rule = Rule::kId},
    {.name = "source_vpc_id",
     .required = true,
     .help = "VPC of the servers to protect",
     .rule = Rule::kId},
    {.name = "dr_type",
     .help = "deployment model; migration keeps to one VPC",
     .one_of = kMigration,
     .fallback = "migration"},
};

constexpr std::string_view kGroupQueries[] = {"status_abnormal", "stop_protected",
                                              "period_no_dr_drill", "general"};
constexpr Param kListParams[] = {
    kLimit,
    kOffset,
    {.name = "status",
     .place = Place::kQuery,
     .help = "only groups in this status",
     .one_of = kGroupStatuses},
    kNameFilter,
    {.name = "query_type",
     .place = Place::kQuery,
     .help = "groups in an abnormal status, unprotected, or long without a drill",
     .one_of = kGroupQueries,
     .fallback = "general"},
    kZoneFilter,
};

constexpr Param kIdParams[] = {kGroupIdInPath};
constexpr Param kRenameParams[] = {kGroupIdInPath, kNewName};

constexpr std::string_view kStations[] = {"source", "target"};
constexpr Param kReverseParams[] = {
    kGroupIdInPath,
    {.name = "priority_station",
     .required = true,
     .help = "site to serve from now on, named as when the group was created",
     .one_of = kStations},
};

constexpr std::string_view kFromStartable[] = {"available", "error-starting"};
constexpr std::string_view kFromReprotectable[] = {"failed-over", "error-reprotecting"};
constexpr std::string_view kFromStoppable[] = {"protected", "error-stopping"};
constexpr std::string_view kFromFailable[] = {"protected", "error-failing-over", "error-reversing"};
constexpr std::string_view kFromReversible[] = {"protected", "error-reversing"};
constexpr std::string_view kFailedOver[] = {"failed-over"};

constexpr Transition kCreating[] = {{.job_type = "createProtectionGroupNoCG",
                                     .during = "creating",
                                     .success = kAvailable,
                                     .failure = "error"}};
constexpr Transition kDeleting[] = {
    {.job_type = "deleteProtectionGroupNoCG", .during = "deleting", .failure = "error-deleting"}};
constexpr Transition kStarting[] = {{.job_type = "startProtectionGroupNoCG",
                                     .from = kFromStartable,
                                     .during = "starting",
                                     .success = kProtected,
                                     .failure = "error-starting"},
                                    {.job_type = "reprotectProtectionGroupNoCG",
                                     .from = kFromReprotectable,
                                     .during = "reprotecting",
                                     .success = kProtected,
                                     .failure = "error-reprotecting"}};
constexpr Transition kStopping[] = {{.job_type = "stopProtectionGroupNoCG",
                                     .from = kFromStoppable,
                                     .during = "stopping",
                                     .success = kAvailable,
                                     .failure = "error-stopping"}};
constexpr Transition kFailingOver[] = {{.job_type = "failoverProtectionGroupNoCG",
                                        .from = kFromFailable,
                                        .during = "failing-over",
                                        .success = kFailedOver,
                                        .failure = "error-failing-over"}};
constexpr Transition kReversing[] = {{.job_type = "reverseProtectionGroupNoCG",
                                      .from = kFromReversible,
                                      .during = "reversing",
                                      .success = kProtected,
                                      .failure = "error-reversing"}};

constexpr std::string_view kCreateConditions[] = {"the quota for protection groups is not used up"};
constexpr std::string_view kDeleteConditions[] = {
    "the group holds no protected instance, no replication pair and no drill"};
constexpr std::string_view kStartConditions[] = {
    "the group holds at least one replication pair",
    "to protect again after a failover: the servers of the site that now is the DR site are off"};
constexpr std::string_view kStopConditions[] = {"the group holds at least one replication pair"};
constexpr std::string_view kFailoverConditions[] = {
    "the group holds at least one replication pair",
    "no server of the group was deleted outside of SDRS",
    "no server of the group is powered on or off while it runs"};
constexpr std::string_view kReverseConditions[] = {
    "the group holds at least one replication pair", "every pair is synchronised",
    "all servers of the group are off, and stay off while it runs",
    "no server of the group was deleted outside of SDRS"};

constexpr std::string_view kCreateErrors[] = {"SDRS.0202", "SDRS.0203", "SDRS.0204", "SDRS.0205",
                                              "SDRS.0212", "SDRS.0217", "SDRS.0231", "SDRS.0232",
                                              "SDRS.0233", "SDRS.0305", "SDRS.1014"};
constexpr std::string_view kListErrors[] = {"SDRS.0201", "SDRS.0209", "SDRS.0221", "SDRS.0222"};
constexpr std::string_view kShowErrors[] = {"SDRS.0207", "SDRS.1013"};
constexpr std::string_view kRenameErrors[] = {"SDRS.0202", "SDRS.0207", "SDRS.1013"};
constexpr std::string_view kDeleteErrors[] = {"SDRS.1001", "SDRS.1002", "SDRS.1003",
                                              "SDRS.1010", "SDRS.1013", "SDRS.1016"};
constexpr std::string_view kStartErrors[] = {"SDRS.0206", "SDRS.1002", "SDRS.1013",
                                             "SDRS.1027", "SDRS.1032", "SDRS.1342"};
constexpr std::string_view kStopErrors[] = {"SDRS.0206", "SDRS.1002", "SDRS.1013", "SDRS.1028",
                                            "SDRS.1830"};
constexpr std::string_view kFailoverErrors[] = {"SDRS.0206", "SDRS.1002", "SDRS.1013",
                                                "SDRS.1030", "SDRS.1824", "SDRS.1830"};
constexpr std::string_view kReverseErrors[] = {"SDRS.0206", "SDRS.0216", "SDRS.1002", "SDRS.1013",
                                               "SDRS.1029", "SDRS.1319", "SDRS.1823", "SDRS.1830"};

constexpr Lookup kTheGroup{.show = "show_protection_group", .id = "server_group_id"};
constexpr Lookup kNewGroup{.show = "show_protection_group",
                           .id = "server_group_id",
                           .list = "list_protection_groups",
                           .mark = "description"};

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "create_protection_group",
     .summary = "Create a protection group",
     .method = http::Method::kPost,
     .path = kPath[0],
     .envelope = "server_group",
     .params = kCreateParams,
     .effect = Effect::kCreate,
     .resource = "server_group",
     .job = kSdrsJob,
     .transitions = kCreating,
     .entity = "server_group_id",
     .conditions = kCreateConditions,
     .lookup = kNewGroup,
     .evidence = "list_protection_groups: a group of exactly this name, created after the call",
     .errors = kCreateErrors,
     .source = "sdrs.md sections 3 and 4",
     .sides = "10.6: SDRS.0217 means dr_type, though its text says DR drill type"},
    {.service = "sdrs",
     .name = "list_protection_groups",
     .summary = "List protection groups",
     .path = kPath[0],
     .params = kListParams,
     .resource = "server_group",
     .result = "server_groups",
     .paging = Paging::kOffset,
     .errors = kListErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides = "10.7: limit is 0 to 1000, as the field says; 10.8: count is that of all rows here "
              "and may be that of the page elsewhere, so paging goes on until a page is empty"},
    {.service = "sdrs",
     .name = "show_protection_group",
     .summary = "Show a protection group",
     .path = kPath[1],
     .params = kIdParams,
     .resource = "server_group",
     .result = "server_group",
     .errors = kShowErrors,
     .source = "sdrs.md section 3",
     .sides =
         "10.15: times are as the page says, with a space and without a zone; the SDK describes "
         "an older form, which is read too"},
    {.service = "sdrs",
     .name = "update_protection_group_name",
     .summary = "Rename a protection group",
     .method = http::Method::kPut,
     .path = kPath[1],
     .envelope = "server_group",
     .params = kRenameParams,
     .effect = Effect::kIdempotent,
     .resource = "server_group",
     .result = "server_group",
     .lookup = {.show = "show_protection_group", .id = "server_group_id", .set = kNameOnly},
     .evidence = "show_protection_group: name is the new one; repeating the call is safe",
     .errors = kRenameErrors,
     .source = "sdrs.md section 3",
     .sides = kRenameSides},
    {.service = "sdrs",
     .name = "delete_protection_group",
     .summary = "Delete an empty protection group",
     .method = http::Method::kDelete,
     .path = kPath[1],
     .params = kIdParams,
     .effect = Effect::kIdempotent,
     .resource = "server_group",
     .job = kSdrsJob,
     .transitions = kDeleting,
     .entity = "server_group_id",
     .conditions = kDeleteConditions,
     .lookup = kTheGroup,
     .evidence = "show_protection_group: status deleting, or not found (SDRS.1013)",
     .errors = kDeleteErrors,
     .source = "sdrs.md sections 3 and 4",
     .sides =
         "10.5: no status is demanded, for none is documented; the service refuses (SDRS.1002)"},
    {.service = "sdrs",
     .name = "start_protection_group",
     .summary = "Enable protection, or protect again after a failover",
     .method = http::Method::kPost,
     .path = kPath[2],
     .envelope = "start-server-group",
     .params = kIdParams,
     .effect = Effect::kGuarded,
     .urgency = Urgency::kRecovery,
     .resource = "server_group",
     .job = kSdrsJob,
     .transitions = kStarting,
     .entity = "server_group_id",
     .conditions = kStartConditions,
     .lookup = kTheGroup,
     .evidence = "show_protection_group: status starting, reprotecting, protected, error-starting "
                 "or error-reprotecting where it was another before",
     .errors = kStartErrors,
     .source = "sdrs.md sections 3 to 6",
     .sides = "10.6: a refused status is SDRS.1002 or SDRS.1024; the texts of SDRS.1017 to 1023 "
              "describe an older machine"},
    {.service = "sdrs",
     .name = "stop_protection_group",
     .summary = "Disable protection",
     .method = http::Method::kPost,
     .path = kPath[2],
     .envelope = "stop-server-group",
     .params = kIdParams,
     .effect = Effect::kGuarded,
     .resource = "server_group",
     .job = kSdrsJob,
     .transitions = kStopping,
     .entity = "server_group_id",
     .conditions = kStopConditions,
     .lookup = kTheGroup,
     .evidence = "show_protection_group: status stopping, available or error-stopping where it was "
                 "another before",
     .errors = kStopErrors,
     .source = "sdrs.md sections 3 to 6"},
    {.service = "sdrs",
     .name = "start_failover_protection_group",
     .summary = "Fail over to the DR site (unplanned)",
     .method = http::Method::kPost,
     .path = kPath[2],
     .envelope = "failover-server-group",
     .params = kIdParams,
     .effect = Effect::kGuarded,
     .urgency = Urgency::kRecovery,
     .resource = "server_group",
     .job = kSdrsJob,
     .transitions = kFailingOver,
     .entity = "server_group_id",
     .conditions = kFailoverConditions,
     .lookup = {.show = "show_protection_group",
                .id = "server_group_id",
                .station = Station::kFlips},
     .evidence =
         "show_protection_group: status failing-over, failed-over or error-failing-over, or "
         "priority_station other than before",
     .errors = kFailoverErrors,
     .source = "sdrs.md sections 3 to 6, reliability.md 2.2",
     .sides = "10.2: a server that was deleted outside is a condition for people and no check: "
              "other pages allow the status invalid, and the service decides"},
    {.service = "sdrs",
     .name = "start_reverse_protection_group",
     .summary = "Switch over to the other site (planned)",
     .method = http::Method::kPost,
     .path = kPath[2],
     .envelope = "reverse-server-group",
     .params = kReverseParams,
     .effect = Effect::kGuarded,
     .urgency = Urgency::kRecovery,
     .resource = "server_group",
     .job = kSdrsJob,
     .transitions = kReversing,
     .entity = "server_group_id",
     .conditions = kReverseConditions,
     .lookup = {.show = "show_protection_group",
                .id = "server_group_id",
                .station = Station::kArgument},
     .evidence = "show_protection_group: status reversing or error-reversing, or priority_station "
                 "is the one asked for",
     .errors = kReverseErrors,
     .source = "sdrs.md sections 3 to 6",
     .sides = "10.1: all servers off, as the user guide says, the stricter of both; the API page "
              "asks it of the production servers only; 10.2: as for a failover"},
};

}  // namespace

constinit const std::span<const Operation> kSdrsGroups{kOperations};

}  // namespace neap::cloud::tables
