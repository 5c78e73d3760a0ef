// Who we are to the platform, and where that was found.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/function.h"
#include "base/owner.h"
#include "base/secret.h"
#include "base/time.h"

namespace neap::sign {

// Either an access key pair (with a security token when temporary) or an IAM token.
struct Credentials {
  std::string access_key;
  Secret secret_key;
  Secret security_token;  // temporary keys only; sent and signed as X-Security-Token
  Secret auth_token;      // IAM token, sent as X-Auth-Token instead of a signature
  std::string project_id;
  std::string domain_id;
  std::optional<UtcTime> expires;
  std::string
      source;  // "environment HUAWEICLOUD_SDK_AK", "profile basic in ~/.huaweicloud/credentials"
};

// Finds credentials once and renews them before they expire. Requests made meanwhile share one
// look-up.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  // Calls back once, from the loop or from inside; kind auth or config when there are none.
  virtual Owner get(Function<void(Result<Credentials>)> done) = 0;
  // The platform refused these: look again next time (once; then it is an error). Says nothing
  // when get() gives others by now, as the late answers of requests in flight together do.
  virtual void refused(const Credentials& credentials) = 0;
};

}  // namespace neap::sign
