// What answers of ECS, SMN and IAM say of things (ecs.md sections 2 to 6, smn.md section 7, auth.md
// section 4).
#include "cloud/catalog_tables.h"
#include "cloud/fields.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kServerHostStatus[] = {"UP", "DOWN", "UNKNOWN", "MAINTENANCE"};

constexpr Field kServerFlavor[] = {
    {.name = "id", .help = "flavor id"},
    {.name = "name", .help = "of the flavor"},
    {.name = "vcpus", .help = "number of CPUs, as text"},
    {.name = "ram", .help = "MB, as text"},
    {.name = "disk", .help = "GB, as text"},
};

constexpr Field kServerImage[] = {
    {.name = "id", .help = "image id"},
};

constexpr Field kServerOsExtendedVolumesVolumesAttached[] = {
    {.name = "id", .help = "volume id"},
    {.name = "device", .help = "such as /dev/vda"},
    {.name = "bootIndex", .help = "\"0\" is the system disk"},
    {.name = "delete_on_termination", .help = "whether it goes with the server, as text"},
};

constexpr Field kServerSecurityGroups[] = {
    {.name = "id", .help = "security group id"},
    {.name = "name", .help = "of the group"},
};

constexpr Field kServerSysTags[] = {
    {.name = "key", .help = "of the tag"},
    {.name = "value", .help = "of the tag"},
};

constexpr Field kServerFault[] = {
    {.name = "code", .type = Type::kInteger, .help = "like an HTTP status"},
    {.name = "message", .help = "in words"},
    {.name = "details", .help = "more of it"},
    {.name = "created", .help = "when, UTC"},
};

constexpr Field kServer[] = {
    {.name = "id", .help = "server id"},
    {.name = "name", .help = "as it was given"},
    {.name = "status", .help = "of the server"},
    {.name = "OS-EXT-STS:vm_state", .help = "what the machine does"},
    {.name = "OS-EXT-STS:task_state", .help = "what is under way"},
    {.name = "OS-EXT-STS:power_state",
     .type = Type::kInteger,
     .help = "0 none, 1 running, 4 shut down"},
    {.name = "OS-EXT-AZ:availability_zone", .help = "where it is"},
    {.name = "host_status", .help = "of the machine below it", .one_of = kServerHostStatus},
    {.name = "locked",
     .type = Type::kBoolean,
     .help = "nobody but the owner of the lock may change it"},
    {.name = "progress", .type = Type::kInteger, .help = "of a build, percent"},
    {.name = "flavor", .type = Type::kObject, .help = "its size", .members = kServerFlavor},
    {.name = "image",
     .type = Type::kObject,
     .help = "what it was made from",
     .members = kServerImage},
    {.name = "addresses", .type = Type::kObject, .help = "network cards, by the id of their VPC"},
    {.name = "os-extended-volumes:volumes_attached",
     .type = Type::kObjectList,
     .help = "its disks",
     .members = kServerOsExtendedVolumesVolumesAttached},
    {.name = "metadata",
     .type = Type::kObject,
     .help = "texts, among them charging_mode, vpc_id and os_type"},
    {.name = "security_groups",
     .type = Type::kObjectList,
     .help = "what its traffic is checked by",
     .members = kServerSecurityGroups},
    {.name = "tags", .type = Type::kStringList, .help = "key=value"},
    {.name = "sys_tags",
     .type = Type::kObjectList,
     .help = "tags of the platform",
     .members = kServerSysTags},
    {.name = "fault",
     .type = Type::kObject,
     .help = "what went wrong last",
     .members = kServerFault},
    {.name = "enterprise_project_id", .help = "0 is the default"},
    {.name = "created", .help = "UTC"},
    {.name = "updated", .help = "UTC"},
    {.name = "OS-SRV-USG:launched_at", .help = "UTC"},
};

constexpr std::string_view kEcsJobStatus[] = {"INIT", "RUNNING", "SUCCESS", "FAIL",
                                              "PENDING_PAYMENT"};

constexpr Field kEcsJob[] = {
    {.name = "status", .help = "of the job", .one_of = kEcsJobStatus},
    {.name = "job_id", .help = "names the job"},
    {.name = "job_type", .help = "what the job does"},
    {.name = "begin_time", .help = "UTC"},
    {.name = "end_time", .help = "UTC"},
    {.name = "error_code", .help = "of a failed job"},
    {.name = "fail_reason", .help = "of a failed job"},
    {.name = "entities", .type = Type::kObject, .help = "ids of what it works on, by kind"},
};

constexpr Field kFlavor[] = {
    {.name = "id", .help = "flavor id"},
    {.name = "name", .help = "of the flavor"},
    {.name = "vcpus", .help = "number of CPUs, as text"},
    {.name = "ram", .type = Type::kInteger, .help = "MB"},
    {.name = "disk", .help = "GB, as text"},
    {.name = "os_extra_specs", .type = Type::kObject, .help = "texts"},
};

constexpr Field kTopic[] = {
    {.name = "topic_urn", .help = "the only name of the topic"},
    {.name = "request_id", .help = "of the call that made it"},
};

constexpr Field kSubscription[] = {
    {.name = "topic_urn", .help = "what it is subscribed to"},
    {.name = "protocol", .help = "http, https, sms, email, functionstage and others"},
    {.name = "subscription_urn", .help = "the only name of the subscription"},
    {.name = "owner", .help = "project id"},
    {.name = "endpoint", .help = "who receives what is published"},
    {.name = "remark", .help = "free text"},
    {.name = "status",
     .type = Type::kInteger,
     .help = "0 unconfirmed, 1 confirmed, 2 needs none, 3 cancelled, 4 deleted"},
};

constexpr Field kToken[] = {
    {.name = "expires_at", .help = "UTC"},
    {.name = "issued_at", .help = "UTC"},
    {.name = "methods", .type = Type::kStringList, .help = "how it was got"},
    {.name = "catalog", .type = Type::kObjectList, .help = "addresses of services"},
    {.name = "roles", .type = Type::kObjectList, .help = "what it allows"},
    {.name = "project", .type = Type::kObject, .help = "what it is for"},
    {.name = "domain", .type = Type::kObject, .help = "what it is for"},
    {.name = "user", .type = Type::kObject, .help = "whose it is"},
};

constexpr Field kProject[] = {
    {.name = "id", .help = "project id"},
    {.name = "name", .help = "region, maybe with a name behind it"},
    {.name = "domain_id", .help = "account id"},
    {.name = "parent_id", .help = "what it lies in"},
    {.name = "description", .help = "free text"},
    {.name = "enabled", .type = Type::kBoolean, .help = "it may be used"},
    {.name = "is_domain", .type = Type::kBoolean, .help = "it is an account itself"},
    {.name = "links", .type = Type::kObject, .help = "where it is"},
};

constexpr Field kDomain[] = {
    {.name = "id", .help = "account id"},
    {.name = "name", .help = "of the account"},
    {.name = "description", .help = "free text"},
    {.name = "enabled", .type = Type::kBoolean, .help = "it may be used"},
    {.name = "links", .type = Type::kObject, .help = "where it is"},
};

constexpr ResourceFields kRows[] = {
    {"server", kServer},
    {"ecs_job", kEcsJob},
    {"flavor", kFlavor},
    {"topic", kTopic},
    {"subscription", kSubscription},
    {"token", kToken},
    {"project", kProject},
    {"domain", kDomain},
};

}  // namespace

constinit const std::span<const ResourceFields> kOtherFields{kRows};

}  // namespace neap::cloud::tables
