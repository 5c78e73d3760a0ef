// Credentials from environment variables.
#include <array>

#include <fmt/format.h>

#include "sign/local_sources.h"

namespace neap::sign {
namespace {

// One tool family's names for the same things.
struct Family {
  const char* access_key;
  const char* secret_key;
  const char* security_token;
  const char* project_id;
  const char* domain_id;
};

constexpr std::array kFamilies = {
    Family{"HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN",
           "HUAWEICLOUD_SDK_PROJECT_ID", "HUAWEICLOUD_SDK_DOMAIN_ID"},
    Family{"HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN", "HW_PROJECT_ID", "HW_DOMAIN_ID"},
};

tl::unexpected<Error> half_a_pair(const char* present, const char* missing) {
  return fail(ErrorKind::kAuth, fmt::format("{} is set but {} is not", present, missing),
              fmt::format("set {} as well, or unset {}", missing, present));
}

}  // namespace

Result<Finding> look_in_environment(const config::Surroundings& surroundings) {
  for (const Family& family : kFamilies) {
    const auto access_key = surroundings.variable(family.access_key);
    auto secret_key = surroundings.variable(family.secret_key);
    if (!access_key && !secret_key) continue;
    if (!secret_key) return half_a_pair(family.access_key, family.secret_key);
    if (!access_key) return half_a_pair(family.secret_key, family.access_key);

    Credentials credentials;
    credentials.access_key = *access_key;
    credentials.secret_key = Secret(std::move(*secret_key));
    credentials.security_token = Secret(surroundings.variable(family.security_token).value_or(""));
    credentials.project_id = surroundings.variable(family.project_id).value_or("");
    credentials.domain_id = surroundings.variable(family.domain_id).value_or("");
    credentials.source = fmt::format("environment {}", family.access_key);
    return Finding{std::move(credentials), {}, {}};
  }
  return Finding{{},
                 fmt::format("environment: neither {} nor {} is set", kFamilies[0].access_key,
                             kFamilies[1].access_key),
                 {}};
}

}  // namespace neap::sign
