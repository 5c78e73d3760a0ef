// Tokens, projects and accounts of Identity and Access Management (auth.md section 4).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr Param kAccount[] = {
    {.name = "name", .required = true, .help = "account that the user belongs to"},
};
constexpr Param kUser[] = {
    {.name = "name", .required = true, .help = "user name"},
    {.name = "password", .required = true, .help = "password"},
    {.name = "domain",
     .type = Type::kObject,
     .required = true,
     .help = "the user's account",
     .members = kAccount},
};
constexpr Param kPassword[] = {
    {.name = "user",
     .type = Type::kObject,
     .required = true,
     .help = "who logs in",
     .members = kUser},
};
constexpr std::string_view kMethods[] = {"password"};
constexpr Param kIdentity[] = {
    {.name = "methods",
     .type = Type::kStringList,
     .required = true,
     .help = "ways to prove who one is",
     .min = 1,
     .max = 1,
     .one_of = kMethods},
    {.name = "password",
     .type = Type::kObject,
     .required = true,
     .help = "user and password",
     .members = kPassword},
};
constexpr Param kScoped[] = {
    {.name = "id", .help = "id", .rule = Rule::kId},
    {.name = "name", .help = "name, of a project that of its region"},
};
constexpr Param kScope[] = {
    {.name = "project",
     .type = Type::kObject,
     .help = "project, for services of a region; beats domain",
     .members = kScoped},
    {.name = "domain",
     .type = Type::kObject,
     .help = "account, for services of all regions",
     .members = kScoped},
};
constexpr std::string_view kTrue[] = {"true"};
constexpr Param kTokenParams[] = {
    {.name = "nocatalog",
     .place = Place::kQuery,
     .help = "true leaves the list of services out of the answer",
     .one_of = kTrue},
    {.name = "identity",
     .type = Type::kObject,
     .required = true,
     .help = "who asks",
     .members = kIdentity},
    {.name = "scope",
     .type = Type::kObject,
     .help = "what the token is good for; the whole account when absent",
     .members = kScope},
};
constexpr Param kProjectParams[] = {
    {.name = "name", .place = Place::kQuery, .help = "project name, that of its region"},
};

constexpr std::string_view kTokenConditions[] = {
    "the user may log in by program; wrong passwords lock the user"};

constexpr Operation kOperations[] = {
    {.service = "iam",
     .name = "keystone_create_user_token_by_password",
     .summary = "Get a token for a user",
     .method = http::Method::kPost,
     .path = "/v3/auth/tokens",
     .envelope = "auth",
     .params = kTokenParams,
     .success = 201,
     .resource = "token",
     .result = "token",
     .conditions = kTokenConditions,
     .source = "auth.md section 4"},
    {.service = "iam",
     .name = "keystone_list_projects",
     .summary = "List projects",
     .path = "/v3/projects",
     .params = kProjectParams,
     .resource = "project",
     .result = "projects",
     .source = "auth.md section 4"},
    {.service = "iam",
     .name = "keystone_list_auth_domains",
     .summary = "List the accounts that the user can work in",
     .path = "/v3/auth/domains",
     .resource = "domain",
     .result = "domains",
     .source = "auth.md section 4"},
};

}  // namespace

constinit const std::span<const Operation> kIam{kOperations};

}  // namespace neap::cloud::tables
