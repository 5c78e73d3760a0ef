// Servers of Elastic Cloud Server, their power and what they can be resized to (ecs.md).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kPath[] = {
    "/v1/{project_id}/cloudservers/{server_id}", "/v1/{project_id}/cloudservers/detail",
    "/v1/{project_id}/cloudservers/action", "/v1/{project_id}/jobs/{job_id}",
    "/v1/{project_id}/cloudservers/resize_flavors"};

constexpr Param kServerParams[] = {
    {.name = "server_id",
     .place = Place::kPath,
     .required = true,
     .help = "server id",
     .rule = Rule::kId},
};
constexpr Param kListParams[] = {
    {.name = "offset",
     .place = Place::kQuery,
     .type = Type::kInteger,
     .help = "number of the page, from 1",
     .min = 0,
     .fallback = "1"},
    {.name = "limit",
     .place = Place::kQuery,
     .type = Type::kInteger,
     .help = "servers per page",
     .min = 1,
     .max = 1000,
     .fallback = "25"},
    {.name = "marker",
     .place = Place::kQuery,
     .help = "last server of the page before",
     .rule = Rule::kId},
    {.name = "name", .place = Place::kQuery, .help = "part of the name, as a pattern"},
    {.name = "status",
     .place = Place::kQuery,
     .help = "only servers in this status, and those on the way to or from it"},
    {.name = "flavor", .place = Place::kQuery, .help = "only servers of this flavor"},
    {.name = "reservation_id",
     .place = Place::kQuery,
     .help = "only servers made by one call",
     .rule = Rule::kId},
    {.name = "tags", .place = Place::kQuery, .help = "only servers with this tag"},
    {.name = "not-tags", .place = Place::kQuery, .help = "only servers without this tag"},
    {.name = "ip", .place = Place::kQuery, .help = "part of the private IPv4 address"},
    {.name = "ip_eq",
     .place = Place::kQuery,
     .help = "the private IPv4 address",
     .rule = Rule::kAddress},
    {.name = "server_id",
     .place = Place::kQuery,
     .type = Type::kStringList,
     .help = "only these servers; beats every other filter",
     .rule = Rule::kId,
     .min = 1,
     .max = 100},
    {.name = "enterprise_project_id",
     .place = Place::kQuery,
     .help = "only those of this enterprise project; all_granted_eps for every one granted",
     .rule = Rule::kId},
};

constexpr Param kServer[] = {
    {.name = "id", .required = true, .help = "server id", .rule = Rule::kId},
};
constexpr Param kServers{.name = "servers",
                         .type = Type::kObjectList,
                         .required = true,
                         .help = "servers, each as {id = …}; 1000 a minute at most",
                         .min = 1,
                         .max = 1000,
                         .members = kServer};
constexpr std::string_view kSoftOrHard[] = {"SOFT", "HARD"};
constexpr Param kStartParams[] = {kServers};
constexpr Param kStopParams[] = {
    kServers,
    {.name = "type",
     .help = "ask the guest to shut down, or cut the power, which loses unsaved data",
     .one_of = kSoftOrHard,
     .fallback = "SOFT"},
};
constexpr Param kRebootParams[] = {
    kServers,
    {.name = "type",
     .required = true,
     .help = "ask the guest to restart, or cut the power, which loses unsaved data",
     .one_of = kSoftOrHard},
};
constexpr Param kJobParams[] = {
    {.name = "job_id",
     .place = Place::kPath,
     .required = true,
     .help = "job id",
     .rule = Rule::kId},
};

constexpr std::string_view kSortKeys[] = {"flavorid", "name", "memory_mb", "vcpus", "root_gb"};
constexpr std::string_view kDirections[] = {"asc", "desc"};
constexpr Param kFlavorParams[] = {
    {.name = "instance_uuid",
     .place = Place::kQuery,
     .help = "server to resize; beats source_flavor_id and source_flavor_name",
     .rule = Rule::kId},
    {.name = "source_flavor_id",
     .place = Place::kQuery,
     .help = "flavor to resize from; beats source_flavor_name"},
    {.name = "source_flavor_name",
     .place = Place::kQuery,
     .help = "flavor to resize from, by name"},
    {.name = "sort_key",
     .place = Place::kQuery,
     .help = "what to sort by",
     .one_of = kSortKeys,
     .fallback = "flavorid"},
    {.name = "sort_dir",
     .place = Place::kQuery,
     .help = "which end first",
     .one_of = kDirections,
     .fallback = "asc"},
    {.name = "limit",
     .place = Place::kQuery,
     .type = Type::kInteger,
     .help = "flavors at most",
     .min = 1,
     .fallback = "1000"},
    {.name = "marker", .place = Place::kQuery, .help = "last flavor of the page before"},
};

constexpr std::string_view kSources[] = {"instance_uuid", "source_flavor_id", "source_flavor_name"};
constexpr std::string_view kByServer[] = {"instance_uuid"};
constexpr std::string_view kByFlavor[] = {"source_flavor_id", "source_flavor_name"};
constexpr std::string_view kById[] = {"source_flavor_id"};
constexpr std::string_view kByName[] = {"source_flavor_name"};
constexpr Constraint kFlavorConstraints[] = {
    {.bond = Bond::kAtLeastOne, .these = kSources, .because = "one of them says what to resize"},
    {.bond = Bond::kBeats,
     .these = kByServer,
     .those = kByFlavor,
     .because = "the server has its flavor, and its image matters too"},
    {.bond = Bond::kBeats, .these = kById, .those = kByName, .because = "ids come before names"},
};

constexpr std::string_view kActive[] = {"ACTIVE"};
constexpr std::string_view kShutOff[] = {"SHUTOFF"};
constexpr std::string_view kStoppable[] = {"ACTIVE", "ERROR"};
// The jobs' types are documented nowhere, and no status tells of starting or stopping.
constexpr Transition kStarting[] = {{.from = kShutOff, .success = kActive}};
constexpr Transition kStopping[] = {{.from = kStoppable, .success = kShutOff}};
constexpr Transition kRebooting[] = {
    {.from = kActive, .during = "REBOOT", .success = kActive, .failure = "ERROR"}};

constexpr std::string_view kTheseServers[] = {"servers"};
constexpr Lookup kByList{.list = "list_servers_details", .match = kTheseServers};

constexpr std::string_view kPowerConditions[] = {
    "task_state is null: nothing else is done to the server", "the server is not locked",
    "at most 1000 servers a minute are acted on"};
constexpr std::string_view kStartConditions[] = {
    "task_state is null: nothing else is done to the server", "the server is not locked",
    "there is room: a stopped server that is paid by use has given its place away",
    "at most 1000 servers a minute are acted on"};

constexpr std::string_view kShowErrors[] = {"Ecs.0114", "Ecs.0301", "Ecs.0614"};
constexpr std::string_view kListErrors[] = {"Ecs.0005", "Ecs.0301"};
constexpr std::string_view kStartErrors[] = {"Ecs.0100", "Ecs.0110", "Ecs.0114", "Ecs.0118",
                                             "Ecs.0226", "Ecs.0319", "Ecs.0605", "Common.0024"};
constexpr std::string_view kStopErrors[] = {"Ecs.0100", "Ecs.0110", "Ecs.0114",
                                            "Ecs.0118", "Ecs.0605", "Common.0024"};
constexpr std::string_view kRebootErrors[] = {"Ecs.0100", "Ecs.0110", "Ecs.0114",   "Ecs.0118",
                                              "Ecs.0227", "Ecs.0605", "Common.0024"};
constexpr std::string_view kJobErrors[] = {"Common.0011", "Common.0025"};
constexpr std::string_view kFlavorErrors[] = {"Ecs.0005", "Ecs.0303"};

constexpr std::string_view kPowerSides =
    "no page names the statuses this is allowed from: those here are the plain ones, and servers "
    "that already are as wanted are left out first";

constexpr Operation kOperations[] = {
    {.service = "ecs",
     .name = "show_server",
     .summary = "Show a server",
     .path = kPath[0],
     .params = kServerParams,
     .resource = "server",
     .result = "server",
     .errors = kShowErrors,
     .source = "ecs.md section 2"},
    {.service = "ecs",
     .name = "list_servers_details",
     .summary = "List servers",
     .path = kPath[1],
     .params = kListParams,
     .resource = "server",
     .result = "servers",
     .paging = Paging::kPageNumber,
     .errors = kListErrors,
     .source = "ecs.md section 3",
     .sides =
         "offset counts pages, as the page says; the newer one prefers marker, which goes with "
         "it. Several ids repeat server_id, as the page shows; the SDK joins them by comma"},
    {.service = "ecs",
     .name = "batch_start_servers",
     .summary = "Start servers",
     .method = http::Method::kPost,
     .path = kPath[2],
     .envelope = "os-start",
     .params = kStartParams,
     .effect = Effect::kGuarded,
     .urgency = Urgency::kRecovery,
     .resource = "server",
     .job = kEcsJob,
     .transitions = kStarting,
     .entity = "server_id",
     .conditions = kStartConditions,
     .lookup = kByList,
     .evidence =
         "list_servers_details: status ACTIVE and task_state null for each; the job says so "
         "too, for a day",
     .errors = kStartErrors,
     .source = "ecs.md sections 4, 5 and 7",
     .sides = kPowerSides},
    {.service = "ecs",
     .name = "batch_stop_servers",
     .summary = "Stop servers",
     .method = http::Method::kPost,
     .path = kPath[2],
     .envelope = "os-stop",
     .params = kStopParams,
     .effect = Effect::kGuarded,
     .urgency = Urgency::kRecovery,
     .resource = "server",
     .job = kEcsJob,
     .transitions = kStopping,
     .entity = "server_id",
     .conditions = kPowerConditions,
     .lookup = kByList,
     .evidence = "list_servers_details: status SHUTOFF and task_state null for each; the job says "
                 "so too, for a day",
     .errors = kStopErrors,
     .source = "ecs.md sections 4, 5 and 7",
     .sides = kPowerSides},
    {.service = "ecs",
     .name = "batch_reboot_servers",
     .summary = "Restart servers",
     .method = http::Method::kPost,
     .path = kPath[2],
     .envelope = "reboot",
     .params = kRebootParams,
     .effect = Effect::kOpaque,
     .urgency = Urgency::kRecovery,
     .resource = "server",
     .job = kEcsJob,
     .transitions = kRebooting,
     .entity = "server_id",
     .conditions = kPowerConditions,
     .evidence = "the job, for a day; afterwards a server that restarted looks like any other",
     .errors = kRebootErrors,
     .source = "ecs.md sections 4, 5 and 7",
     .sides = kPowerSides},
    {.service = "ecs",
     .name = "show_job",
     .summary = "Show a job of ECS",
     .path = kPath[3],
     .params = kJobParams,
     .urgency = Urgency::kRecovery,
     .resource = "ecs_job",
     .errors = kJobErrors,
     .source = "ecs.md section 5"},
    {.service = "ecs",
     .name = "list_resize_flavors",
     .summary = "List the flavors that a server can be resized to",
     .path = kPath[4],
     .params = kFlavorParams,
     .constraints = kFlavorConstraints,
     .resource = "flavor",
     .result = "flavors",
     .errors = kFlavorErrors,
     .source = "ecs.md section 6"},
};

}  // namespace

constinit const std::span<const Operation> kEcs{kOperations};

}  // namespace neap::cloud::tables
