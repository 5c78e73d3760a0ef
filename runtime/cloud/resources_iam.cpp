// The kinds of things of Identity and Access Management (auth.md section 4).
#include "cloud/catalog_tables.h"

namespace neap::cloud::tables {
namespace {

constexpr Resource kResources[] = {
    {.name = "token", .service = "iam", .noun = "token", .status = ""},
    {.name = "project", .service = "iam", .noun = "project", .status = ""},
    {.name = "domain", .service = "iam", .noun = "account", .status = ""},
};

}  // namespace

constinit const std::span<const Resource> kIamResources{kResources};

}  // namespace neap::cloud::tables
