// Quotas of Auto Scaling and the versions of its interface (as.md section 1).
#include "cloud/catalog_as_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr Param kVersionParams[] = {
    {.name = "api_version",
     .place = Place::kPath,
     .required = true,
     .help = "v1 or v2",
     .rule = Rule::kId},
};
constexpr Param kGroupParams[] = {kScalingGroupIdInPath};
constexpr std::string_view kVersionErrors[] = {"AS.0033"};

constexpr Operation kOperations[] = {
    {.service = "as",
     .name = "show_resource_quota",
     .summary = "Show the project's quotas of Auto Scaling",
     .path = "/autoscaling-api/v1/{project_id}/quotas",
     .resource = "scaling_quota",
     .result = "quotas",
     .source = "as.md sections 1 and 2",
     .sides = "as.md 11.9: types are spelled as the pages do, scaling_Group, where the SDK says "
              "scaling_group: compare them without regard to case. as.md 11.10: 10 groups are the "
              "default by the text; the 25 of the sample belong to that account"},
    {.service = "as",
     .name = "show_policy_and_instance_quota",
     .summary = "Show a group's quotas of policies and instances",
     .path = "/autoscaling-api/v1/{project_id}/quotas/{scaling_group_id}",
     .params = kGroupParams,
     .resource = "scaling_quota",
     .result = "quotas",
     .errors = kNoSuchScalingGroup,
     .source = "as.md sections 1 and 2"},
    {.service = "as",
     .name = "list_api_versions",
     .summary = "List the versions of the interface",
     .path = "/",
     .resource = "as_api_version",
     .result = "versions",
     .source = "as.md section 1"},
    {.service = "as",
     .name = "show_api_version",
     .summary = "Show a version of the interface",
     .path = "/{api_version}",
     .params = kVersionParams,
     .resource = "as_api_version",
     .result = "version",
     .errors = kVersionErrors,
     .source = "as.md section 1"},
};

}  // namespace

constinit const std::span<const Operation> kAsQuotas{kOperations};

}  // namespace neap::cloud::tables
