#include "sign/chain.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "sign/iam.h"
#include "sign/metadata.h"

namespace neap::sign {
namespace {

constexpr std::chrono::minutes kRenewBefore{10};
constexpr std::chrono::minutes kLockTime{5};  // how long the platform locks a failing access key

bool same(const Credentials& a, const Credentials& b) {
  return a.access_key == b.access_key && a.secret_key.reveal() == b.secret_key.reveal() &&
         a.security_token.reveal() == b.security_token.reveal() &&
         a.auth_token.reveal() == b.auth_token.reveal();
}

tl::unexpected<Error> nothing_found(const std::vector<std::string>& tried) {
  return fail(ErrorKind::kAuth, "no credentials found: " + join(tried, "; "),
              "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or HW_ACCESS_KEY and HW_SECRET_KEY");
}

tl::unexpected<Error> still_refused(std::string_view source, std::string_view outcome) {
  return fail(ErrorKind::kAuth,
              fmt::format("the platform refused the credentials from {}, {}", source, outcome),
              "check that the key is active and complete, and that this machine's clock is right");
}

}  // namespace

ChainSource::ChainSource(Loop& loop, http::Transport& transport, Log& log,
                         config::Surroundings surroundings, ChainOptions options)
    : loop_(loop),
      transport_(transport),
      log_(log),
      surroundings_(std::move(surroundings)),
      options_(std::move(options)) {}

Owner ChainSource::get(Function<void(Result<Credentials>)> done) {
  if (held_ && is_fresh(*held_)) {
    done(*held_);
    return Owner();
  }
  if (refusal_ && loop_.utc() - refusal_->at >= kLockTime) refusal_.reset();
  if (refusal_ && refusal_->repeated) {
    done(still_refused(refusal_->credentials.source, "and others before them"));
    return Owner();
  }
  return lookup_.join(std::move(done), [this](Done finish) {
    return look([this, finish = std::move(finish)](Result<Credentials> found) mutable {
      finish(settle(std::move(found)));
    });
  });
}

void ChainSource::refused(const Credentials& credentials) {
  if (!held_ || !same(*held_, credentials)) return;
  const UtcTime now = loop_.utc();
  const bool repeated = refusal_ && now - refusal_->at < kLockTime;
  refusal_ = Refusal{*std::exchange(held_, std::nullopt), now, repeated};
}

Owner ChainSource::look(Done done) {
  std::vector<std::string> tried;
  Result<Finding> in_environment = look_in_environment(surroundings_);
  if (!in_environment) {
    done(tl::unexpected(std::move(in_environment.error())));
    return Owner();
  }
  if (in_environment->credentials) {
    done(accept(std::move(*in_environment)));
    return Owner();
  }
  tried.push_back(in_environment->skipped);

  const Result<std::optional<Login>> login =
      login_from_environment(surroundings_, options_.iam_url, options_.region);
  if (!login) {
    done(tl::unexpected(login.error()));
    return Owner();
  }
  if (*login) return log_in(transport_, **login, std::move(done));
  tried.emplace_back("login: HW_USER_NAME is not set");
  return look_further(std::move(tried), std::move(done));
}

Owner ChainSource::look_further(std::vector<std::string> tried, Done done) {
  for (const auto look_in : {look_in_profile_file, look_in_koocli}) {
    Result<Finding> finding = look_in(surroundings_);
    if (!finding || finding->credentials) {
      done(finding ? Result<Credentials>(accept(std::move(*finding)))
                   : tl::unexpected(std::move(finding.error())));
      return Owner();
    }
    tried.push_back(finding->skipped);
  }
  if (!options_.metadata) {
    done(nothing_found(tried));
    return Owner();
  }
  return look_in_metadata(transport_, [this, tried = std::move(tried),
                                       done = std::move(done)](Finding finding) mutable {
    if (finding.credentials) return done(accept(std::move(finding)));
    tried.push_back(finding.skipped);
    done(nothing_found(tried));
  });
}

Credentials ChainSource::accept(Finding finding) {
  if (!finding.warning.empty()) log_.warn(finding.warning);
  return std::move(*finding.credentials);
}

Result<Credentials> ChainSource::settle(Result<Credentials> found) {
  if (!found) {
    // An early renewal that fails is no loss yet.
    if (!held_ || *held_->expires <= loop_.utc()) return found;
    log_.warn(fmt::format("cannot renew the credentials from {}: {}", held_->source,
                          describe(found.error())));
    return *held_;
  }
  if (refusal_ && same(refusal_->credentials, *found)) {
    return still_refused(found->source, "and looking again found the same");
  }
  log_.debug("credentials from " + found->source);
  held_ = std::move(*found);
  return *held_;
}

bool ChainSource::is_fresh(const Credentials& credentials) const {
  return !credentials.expires || *credentials.expires - loop_.utc() > kRenewBefore;
}

}  // namespace neap::sign
