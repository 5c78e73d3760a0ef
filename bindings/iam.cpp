// host.iam: who one is and where one may work (auth.md section 4).
#include "bindings/operation.h"

namespace neap::bindings {
namespace {

constexpr lua::Entry kEntries[] = {
    {"projects", "(filters) -> {projects}", invoke, "iam:keystone_list_projects"},
    {"domains", "() -> {domains}", invoke, "iam:keystone_list_auth_domains"},
    from(lua::Source::kPrivate, {"token", "(parameters) -> {token}", invoke,
                                 "iam:keystone_create_user_token_by_password"}),
};

}  // namespace

extern const lua::Module iam{"host.iam", kEntries};

}  // namespace neap::bindings
