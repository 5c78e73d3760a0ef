// What is asked of IAM: a token for a user's password, and the project of a region (auth.md
// section 4).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/function.h"
#include "base/owner.h"
#include "config/surroundings.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "sign/credentials.h"
#include "sign/shared_lookup.h"

namespace neap::sign {

struct Login {
  std::string url;  // "https://iam.cn-north-4.myhuaweicloud.com/v3"
  std::string user;
  std::string domain;
  Secret password;
  std::string project_id;    // the scope of the token: this project,
  std::string project_name;  // or this one, or with neither the whole domain
  std::string source;        // "environment HW_USER_NAME"
};

// HW_USER_NAME, HW_USER_PASSWORD, HW_DOMAIN_NAME; nothing when no user and no password is set, an
// error of kind auth that names what is missing when only some are. The address is HW_AUTH_URL,
// else /v3 below `iam_url`; the project HW_PROJECT_ID, HW_PROJECT_NAME, else the one named as
// `region`.
Result<std::optional<Login>> login_from_environment(const config::Surroundings& surroundings,
                                                    std::string_view iam_url,
                                                    std::string_view region);

// Asks for a token; `done` gets Credentials with auth_token, project_id and expires, or an error of
// kind auth or network. Called once, from the loop, unless the Owner is dropped first.
Owner log_in(http::Transport& transport, const Login& login,
             Function<void(Result<Credentials>)> done);

// Finds the id of the project named as a region. Each access key and region is asked for once;
// requests made meanwhile share the question.
class ProjectLookup {
 public:
  // `iam_url` is IAM's endpoint without a path. All must outlive the lookup.
  ProjectLookup(Loop& loop, http::Transport& transport, std::string iam_url);

  // Calls back once, from the loop or from inside. Kind config, auth, not_found or network.
  Owner get(const Credentials& credentials, const std::string& region,
            Function<void(Result<std::string>)> done);

 private:
  Owner ask(const Credentials& credentials, const std::string& region,
            Function<void(Result<std::string>)> done);

  Loop& loop_;
  http::Transport& transport_;
  std::string iam_url_;
  std::map<std::string, SharedLookup<std::string>>
      lookups_;  // by access key (or source) and region
  std::map<std::string, std::string> found_;
};

}  // namespace neap::sign
