// Credentials found without asking anybody: in the environment, the SDKs' profile file and
// KooCLI's configuration (auth.md section 5).
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "config/surroundings.h"
#include "sign/credentials.h"

namespace neap::sign {

// What one place held. No text here ever contains a secret.
struct Finding {
  std::optional<Credentials> credentials;
  std::string skipped;  // otherwise: the place and why it was passed over
  std::string warning;  // "… can be read by other users"
};

// HUAWEICLOUD_SDK_AK and _SK, else HW_ACCESS_KEY and HW_SECRET_KEY. Half a pair is an error of kind
// auth that names the missing variable.
Result<Finding> look_in_environment(const config::Surroundings& surroundings);

// $HUAWEICLOUD_SDK_CREDENTIALS_FILE, else ~/.huaweicloud/credentials: the first section whose name
// starts with "basic", else with "global". A file named by the variable must be there.
Result<Finding> look_in_profile_file(const config::Surroundings& surroundings);

// $HW_SHARED_CONFIG_FILE, else ~/.hcloud/config.json: profile $HW_PROFILE, else the current one.
// KooCLI encrypts its secrets unless told otherwise; an encrypted file is skipped.
Result<Finding> look_in_koocli(const config::Surroundings& surroundings);

}  // namespace neap::sign
