// The credentials of a run: the first place in a fixed order that has any.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "config/surroundings.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "sign/credentials.h"
#include "sign/local_sources.h"
#include "sign/shared_lookup.h"

namespace neap::sign {

struct ChainOptions {
  std::string iam_url;   // IAM's endpoint without a path, for a login by password
  std::string region;    // the project that such a login is for
  bool metadata = true;  // ask the ECS metadata service when nothing else has any
};

// Environment keys, a login from the environment, the profile file, KooCLI, ECS metadata: the first
// that has credentials wins and is named in `source`. Half-set credentials stop the search with an
// error. Temporary ones are renewed ten minutes before they expire.
class ChainSource final : public CredentialSource {
 public:
  // All must outlive the source.
  ChainSource(Loop& loop, http::Transport& transport, Log& log, config::Surroundings surroundings,
              ChainOptions options);

  Owner get(Function<void(Result<Credentials>)> done) override;
  // The next get() looks again. When that finds the same, or what it finds is refused within five
  // minutes too, get() gives an error until five minutes have passed: more failures would lock the
  // access key (auth.md section 1).
  void refused(const Credentials& credentials) override;

 private:
  using Done = Function<void(Result<Credentials>)>;

  Owner look(Done done);
  Owner look_further(std::vector<std::string> tried, Done done);
  Credentials accept(Finding finding);
  Result<Credentials> settle(Result<Credentials> found);
  bool is_fresh(const Credentials& credentials) const;

  Loop& loop_;
  http::Transport& transport_;
  Log& log_;
  config::Surroundings surroundings_;
  ChainOptions options_;
  SharedLookup<Credentials> lookup_;
  std::optional<Credentials> held_;

  struct Refusal {
    Credentials credentials;
    UtcTime at;
    bool repeated = false;  // what was found after an earlier refusal was refused as well
  };
  std::optional<Refusal> refusal_;
};

}  // namespace neap::sign
