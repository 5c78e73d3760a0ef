// Tags of protected instances (sdrs.md sections 3 and 7).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr std::string_view kTags =
    "/v1/{project_id}/protected-instances/{protected_instance_id}/tags";
constexpr std::string_view kTagsAction =
    "/v1/{project_id}/protected-instances/{protected_instance_id}/tags/action";

constexpr Param kInstanceParams[] = {kInstanceIdInPath};
constexpr Param kAddParams[] = {kInstanceIdInPath, kTagMembers[0], kTagMembers[1]};
constexpr Param kDeleteParams[] = {
    kInstanceIdInPath,
    {.name = "key",
     .place = Place::kPath,
     .required = true,
     .help = "key of the tag",
     .rule = Rule::kTagKey},
};

constexpr Param kBatchAddParams[] = {
    kInstanceIdInPath,
    {.name = "action", .help = "what to do with the tags", .constant = "create"},
    {.name = "tags",
     .type = Type::kObjectList,
     .required = true,
     .help = "tags to set, each key once; a key that is there gets the new value",
     .min = 1,
     .max = 10,
     .members = kTagMembers},
};
// What is to go need not keep the rules for new tags.
constexpr Param kGoneTagMembers[] = {
    {.name = "key", .required = true, .help = "key of the tag"},
    {.name = "value", .help = "only when the tag has this value"},
};
constexpr Param kBatchDeleteParams[] = {
    kInstanceIdInPath,
    {.name = "action", .help = "what to do with the tags", .constant = "delete"},
    {.name = "tags",
     .type = Type::kObjectList,
     .required = true,
     .help = "tags to delete; those that are not there are passed over",
     .min = 1,
     .members = kGoneTagMembers},
};

constexpr Param kQueryTagMembers[] = {
    {.name = "key", .required = true, .help = "key of the tag, 1 to 127 characters"},
    {.name = "values",
     .type = Type::kStringList,
     .required = true,
     .help = "any of these, \"*\" in front finds parts; empty: any value",
     .min = 0,
     .max = 10},
};
constexpr std::string_view kResourceName[] = {"resource_name"};
constexpr Param kMatchMembers[] = {
    {.name = "key", .required = true, .help = "field to match", .one_of = kResourceName},
    {.name = "value", .required = true, .help = "part of the name, of any case"},
};
constexpr Param query_tags(std::string_view name, std::string_view help) {
  return {.name = name,
          .type = Type::kObjectList,
          .help = help,
          .min = 0,
          .max = 10,
          .members = kQueryTagMembers};
}
constexpr std::string_view kQueryActions[] = {"filter", "count"};
constexpr Param kQueryParams[] = {
    {.name = "action",
     .required = true,
     .help = "filter answers the instances, count only their number",
     .one_of = kQueryActions},
    query_tags("tags", "instances with all of these tags"),
    query_tags("tags_any", "instances with any of these tags"),
    query_tags("not_tags", "no instances with all of these tags"),
    query_tags("not_tags_any", "no instances with any of these tags"),
    {.name = "matches",
     .type = Type::kObjectList,
     .help = "instances of such a name",
     .min = 0,
     .max = 1,
     .members = kMatchMembers},
    {.name = "limit", .help = "rows per page, 1 to 1000, as text", .fallback = "1000"},
    {.name = "offset", .help = "rows to leave out at the front, as text", .fallback = "0"},
};
constexpr std::string_view kPageFields[] = {"limit", "offset"};
constexpr std::string_view kAction[] = {"action"};
constexpr Constraint kQueryConstraints[] = {{.bond = Bond::kNeedsValue,
                                             .these = kPageFields,
                                             .those = kAction,
                                             .value = "filter",
                                             .because = "a count has no pages (SDRS.2211)"}};

// Gone at once, when the call is answered.
constexpr Transition kGone[] = {{}};
constexpr std::string_view kKeyOnly[] = {"key"};

constexpr std::string_view kAddConditions[] = {
    "the instance has no more than 10 tags afterwards",
    "the instance is in a status that allows it: which do, is not documented (SDRS.2221)"};
constexpr std::string_view kDeleteConditions[] = {
    "the instance is in a status that allows it: which do, is not documented (SDRS.2222)"};

constexpr std::string_view kQueryErrors[] = {
    "SDRS.0222", "SDRS.2203", "SDRS.2204", "SDRS.2205", "SDRS.2207", "SDRS.2209",
    "SDRS.2210", "SDRS.2211", "SDRS.2212", "SDRS.2213", "SDRS.2214", "SDRS.2215",
    "SDRS.2216", "SDRS.2217", "SDRS.2218", "SDRS.2219", "SDRS.2220"};
constexpr std::string_view kBatchAddErrors[] = {"SDRS.0208", "SDRS.2201", "SDRS.2202", "SDRS.2203",
                                                "SDRS.2204", "SDRS.2205", "SDRS.2207", "SDRS.2208",
                                                "SDRS.2209", "SDRS.2221"};
constexpr std::string_view kBatchDeleteErrors[] = {"SDRS.0208", "SDRS.2201", "SDRS.2202",
                                                   "SDRS.2205", "SDRS.2222"};
constexpr std::string_view kAddErrors[] = {"SDRS.0208", "SDRS.2203", "SDRS.2204", "SDRS.2205",
                                           "SDRS.2207", "SDRS.2208", "SDRS.2221"};
constexpr std::string_view kDeleteErrors[] = {"SDRS.0208", "SDRS.2205", "SDRS.2206", "SDRS.2222"};
constexpr std::string_view kListErrors[] = {"SDRS.0208"};

// Setting a tag again, and deleting one that is not there in a batch, succeeds: such a call is
// repeated without looking. The id names what is held meanwhile.
constexpr Lookup kRepeatable{.id = "protected_instance_id"};

constexpr Operation kOperations[] = {
    {.service = "sdrs",
     .name = "list_protected_instances_by_tags",
     .summary = "Find or count protected instances by their tags",
     .method = http::Method::kPost,
     .path = "/v1/{project_id}/protected-instances/resource_instances/action",
     .params = kQueryParams,
     .constraints = kQueryConstraints,
     .resource = "tagged_instance",
     .result = "resources",
     .paging = Paging::kBody,
     .errors = kQueryErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides =
         "10.7, 10.11: limit and offset are texts here, limit from 1, as the page of this "
         "operation says; 10.8: total_count is said to ignore the filters, though action count "
         "is there to count what they find: it is passed on, paging does not rely on it"},
    {.service = "sdrs",
     .name = "batch_add_tags",
     .summary = "Set several tags of a protected instance",
     .method = http::Method::kPost,
     .path = kTagsAction,
     .params = kBatchAddParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "tag",
     .conditions = kAddConditions,
     .lookup = kRepeatable,
     .evidence = "list_protected_instance_tags: the tags with these values; repeating the call is "
                 "safe",
     .errors = kBatchAddErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides = kTagSides},
    {.service = "sdrs",
     .name = "batch_delete_tags",
     .summary = "Delete several tags of a protected instance",
     .method = http::Method::kPost,
     .path = kTagsAction,
     .params = kBatchDeleteParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "tag",
     .transitions = kGone,
     .conditions = kDeleteConditions,
     .lookup = kRepeatable,
     .evidence = "list_protected_instance_tags: none of the tags; repeating the call is safe",
     .errors = kBatchDeleteErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides = kTagSides},
    {.service = "sdrs",
     .name = "add_protected_instance_tags",
     .summary = "Set a tag of a protected instance",
     .method = http::Method::kPost,
     .path = kTags,
     .envelope = "tag",
     .params = kAddParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "tag",
     .conditions = kAddConditions,
     .lookup = kRepeatable,
     .evidence = "list_protected_instance_tags: the tag with this value; repeating the call is "
                 "safe",
     .errors = kAddErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides = kTagSides},
    {.service = "sdrs",
     .name = "delete_protected_instance_tag",
     .summary = "Delete a tag of a protected instance",
     .method = http::Method::kDelete,
     .path = "/v1/{project_id}/protected-instances/{protected_instance_id}/tags/{key}",
     .params = kDeleteParams,
     .success = 204,
     .effect = Effect::kIdempotent,
     .resource = "tag",
     .transitions = kGone,
     .conditions = kDeleteConditions,
     .lookup = {.id = "protected_instance_id",
                .list = "list_protected_instance_tags",
                .match = kKeyOnly},
     .evidence = "list_protected_instance_tags: no tag of this key; a repeated call is refused "
                 "(404, SDRS.2206)",
     .errors = kDeleteErrors,
     .source = "sdrs.md sections 3 and 7",
     .sides = kTagSides},
    {.service = "sdrs",
     .name = "list_protected_instance_tags",
     .summary = "List the tags of a protected instance",
     .path = kTags,
     .params = kInstanceParams,
     .resource = "tag",
     .result = "tags",
     .errors = kListErrors,
     .source = "sdrs.md section 3"},
    {.service = "sdrs",
     .name = "list_protected_instances_project_tags",
     .summary = "List the tags of all protected instances of the project",
     .path = "/v1/{project_id}/protected-instances/tags",
     .resource = "tag",
     .result = "tags",
     .source = "sdrs.md section 3"},
};

}  // namespace

constinit const std::span<const Operation> kSdrsTags{kOperations};

}  // namespace neap::cloud::tables
