// Error codes of Auto Scaling about hooks, notifications and tags, and of what it relies on (as.md
// section 9).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kGive = "give the parameter";
constexpr std::string_view kCorrect = "correct the parameter and retry";
constexpr std::string_view kHost = "choose another dedicated cloud resource, flavor or zone";
constexpr std::string_view kTopic = "check the topic in SMN; list_topics shows its URN";
constexpr std::string_view kTags = "correct the tags and retry";
constexpr std::string_view kProject = "choose another enterprise project";
constexpr std::string_view kQuota = "delete what is not used, or ask for a higher quota";

constexpr ErrorCode kRows[] = {
    {"AS.7003", 400, ErrorKind::kNetwork, "the VPC service did not answer as it should",
     "retry; check the VPC and its subnets"},
    {"AS.7011", 400, ErrorKind::kArgument, "the dedicated cloud has no servers of this type",
     kHost},
    {"AS.7012", 400, ErrorKind::kNotFound, "the load balancer's listener does not exist",
     "check the listener in ELB"},
    {"AS.7016", 400, ErrorKind::kArgument, "the dedicated cloud is not in this zone", kHost},
    {"AS.7019", 400, ErrorKind::kConflict, "the subnet has too few free addresses",
     "release addresses, or use a larger subnet"},
    {"AS.7022", 400, ErrorKind::kNotFound, "the key pair does not exist",
     "check the key pair's name"},
    {"AS.7025", 400, ErrorKind::kArgument, "the topic URN is invalid", kTopic},
    {"AS.7026", 400, ErrorKind::kArgument, "topic_scene is invalid", kCorrect},
    {"AS.7027", 400, ErrorKind::kArgument, "the notification has no topic", kGive},
    {"AS.7028", 400, ErrorKind::kConflict, "the group has 5 topics, the most there can be",
     "delete a notification that is not needed"},
    {"AS.7029", 400, ErrorKind::kConflict, "the group already notifies this topic",
     "nothing is to be done, or delete the notification first"},
    {"AS.7030", 400, ErrorKind::kArgument, "the hook's timeout must be 300 to 86400 seconds",
     "correct default_timeout"},
    {"AS.7031", 400, ErrorKind::kArgument,
     "the hook's name must be 1 to 32 letters, digits, \"_\" and \"-\"",
     "correct lifecycle_hook_name"},
    {"AS.7032", 400, ErrorKind::kArgument, "the hook's name is missing", kGive},
    {"AS.7033", 400, ErrorKind::kArgument,
     "the hook's type must be INSTANCE_LAUNCHING or INSTANCE_TERMINATING",
     "correct lifecycle_hook_type"},
    {"AS.7034", 400, ErrorKind::kArgument,
     "the hook's result must be ABANDON or CONTINUE; a callback also takes EXTEND",
     "correct the result"},
    {"AS.7035", 400, ErrorKind::kArgument, "the hook's metadata are longer than 256 characters",
     "shorten notification_metadata"},
    {"AS.7036", 400, ErrorKind::kArgument, "the hook is empty", kGive},
    {"AS.7037", 400, ErrorKind::kArgument, "the hook's type is missing", kGive},
    {"AS.7038", 400, ErrorKind::kConflict, "the group has 5 hooks, the most there can be",
     "delete a hook that is not needed"},
    {"AS.7039", 400, ErrorKind::kArgument, "the callback has no result",
     "give lifecycle_action_result"},
    {"AS.7040", 400, ErrorKind::kArgument, "the callback names no held instance",
     "give lifecycle_action_key, or instance_id and lifecycle_hook_name"},
    {"AS.7041", 400, ErrorKind::kConflict, "the group already has a hook of this name",
     "choose another name, or update the hook that is there"},
    {"AS.7042", 400, ErrorKind::kNotFound,
     "no such instance is held: the key is wrong, or it is held no longer",
     "list the held instances: after one's own callback this may just mean that it worked"},
    {"AS.7043", 400, ErrorKind::kNotFound, "the hook's topic does not exist", kTopic},
    {"AS.7044", 400, ErrorKind::kArgument, "no tag is given", kTags},
    {"AS.7045", 400, ErrorKind::kArgument, "there are too many tags", kTags},
    {"AS.7046", 400, ErrorKind::kArgument, "the tags are invalid", kTags},
    {"AS.7047", 400, ErrorKind::kArgument, "a tag's value is too long", kTags},
    {"AS.7048", 400, ErrorKind::kArgument, "things of this type have no tags", kTags},
    {"AS.7049", 400, ErrorKind::kArgument, "the action on tags is not one of those there are",
     kTags},
    {"AS.7050", 400, ErrorKind::kArgument, "a tag key appears twice", kTags},
    {"AS.7051", 400, ErrorKind::kNotFound, "the listener's backend server group does not exist",
     "check the pool in ELB"},
    {"AS.7052", 400, ErrorKind::kArgument, "matches is invalid", kTags},
    {"AS.7054", 400, ErrorKind::kArgument, "a tag has the same value twice", kTags},
    {"AS.7055", 400, ErrorKind::kArgument,
     "the hook's metadata have one of the characters < > & ' ( )",
     "take them out of notification_metadata"},
    {"AS.7059", 400, ErrorKind::kNotFound, "the enterprise project does not exist", kProject},
    {"AS.7060", 400, ErrorKind::kConflict, "the enterprise project is not available", kProject},
    {"AS.7061", 400, ErrorKind::kArgument, "a tag's value is missing", kTags},
    {"AS.7062", 400, ErrorKind::kArgument, "a tag's key is missing", kTags},
    {"AS.7063", 400, ErrorKind::kArgument, "a tag's key is too long", kTags},
    {"AS.7065", 400, ErrorKind::kArgument, "enterprise_project_id is invalid", kCorrect},
    {"AS.7111", 400, ErrorKind::kConflict, "the quota of servers is used up", kQuota},
    {"AS.7112", 400, ErrorKind::kConflict, "the quota of disks is used up", kQuota},
    {"AS.7113", 400, ErrorKind::kConflict, "the quota of elastic IP addresses is used up", kQuota},
    {"AS.7114", 400, ErrorKind::kConflict, "the quota of memory is used up", kQuota},
    {"AS.7115", 400, ErrorKind::kConflict, "the quota of processors is used up", kQuota},
    {"AS.7118", 400, ErrorKind::kConflict, "the shared bandwidth has as many addresses as it can",
     "use another shared bandwidth"},
};

}  // namespace

constinit const std::span<const ErrorCode> kAsHookCodes{kRows};

}  // namespace neap::cloud::tables
