#include "sign/certificate_cache.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::sign {
namespace {

tl::unexpected<Rejection> unavailable(std::string detail) {
  return reject(RejectionReason::kCertificateUnavailable, std::move(detail));
}

}  // namespace

struct CertificateCache::Fetch {
  std::map<std::uint64_t, Function<void(Found)>> waiting;  // in the order of asking
  std::uint64_t next_id = 0;
  std::shared_ptr<std::size_t> total;
  Owner transfer;

  std::uint64_t join(Function<void(Found)> done) {
    ++*total;
    waiting.emplace(next_id, std::move(done));
    return next_id++;
  }

  void leave(std::uint64_t id) { *total -= waiting.erase(id); }

  // A callback may drop others, or the cache.
  void give(const Found& found) {
    while (!waiting.empty()) {
      Function<void(Found)> done = std::move(waiting.begin()->second);
      leave(waiting.begin()->first);
      done(found);
    }
  }
};

struct CertificateCache::Ticket {
  Ticket(std::weak_ptr<Fetch> fetch_of, std::uint64_t its_id)
      : fetch(std::move(fetch_of)), id(its_id) {}
  Ticket(Ticket&& other) noexcept : fetch(std::exchange(other.fetch, {})), id(other.id) {}
  Ticket& operator=(Ticket&&) = delete;
  ~Ticket() {
    if (const auto still = fetch.lock()) still->leave(id);
  }

  std::weak_ptr<Fetch> fetch;
  std::uint64_t id;
};

CertificateCache::CertificateCache(Loop& loop, http::Transport& transport, std::string ca_file,
                                   CertificateRules rules, CertificateLimits limits)
    : loop_(loop),
      transport_(transport),
      trust_(std::move(ca_file)),
      rules_(std::move(rules)),
      limits_(limits),
      asking_(limits.asking, loop.now()) {}

std::optional<CertificateCache::Found> CertificateCache::known(const std::string& url) {
  Kept* const kept = find(url);
  if (kept != nullptr && kept->certificate != nullptr) {
    if (loop_.now() < kept->until && kept->certificate->valid_at(loop_.utc())) {
      kept->last_use = ++uses_;
      return kept->certificate;
    }
    kept->certificate = nullptr;
  }
  if (*waiting_ >= limits_.waiting) {
    return reject(RejectionReason::kOverload, "too many messages wait for certificates");
  }
  if (under_way_.contains(url)) return std::nullopt;
  if (std::optional<Rejection> why = failed(url)) return tl::unexpected(std::move(*why));
  if (!may_ask(url)) return unavailable("too many new certificate addresses were named of late");
  return std::nullopt;
}

Owner CertificateCache::fetch(const std::string& url, Function<void(Found)> done) {
  std::shared_ptr<Fetch>& fetch = under_way_[url];
  if (fetch) return Owner(Ticket(fetch, fetch->join(std::move(done))));
  fetch = std::make_shared<Fetch>();
  fetch->total = waiting_;
  Owner ticket(Ticket(fetch, fetch->join(std::move(done))));
  ++fetches_;
  http::Request request;
  request.url = url;
  const http::Options options{.profile = http::Profile::kRead,
                              .timeout = limits_.timeout,
                              .body_limit = SigningCertificate::kMostBytes,
                              .public_only = limits_.public_only};
  fetch->transfer =
      transport_.send(std::move(request), options,
                      [this, url](const http::Outcome& outcome) { finished(url, outcome); });
  return ticket;
}

CertificateCache::Kept* CertificateCache::find(const std::string& url) {
  const auto at =
      std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.url == url; });
  return at == kept_.end() ? nullptr : &*at;
}

// Addresses that have not proved good are counted.
bool CertificateCache::may_ask(const std::string& url) {
  return find(url) != nullptr || asking_.take(loop_.now());
}

std::optional<Rejection> CertificateCache::failed(const std::string& url) {
  std::erase_if(failures_, [&](const auto& row) { return row.second.until <= loop_.now(); });
  const auto failure = failures_.find(url);
  if (failure == failures_.end()) return std::nullopt;
  return failure->second.why;
}

void CertificateCache::finished(const std::string& url, const http::Outcome& outcome) {
  const auto node = under_way_.extract(url);
  const std::shared_ptr<Fetch> fetch = node.mapped();
  const Found found = judge(outcome);
  if (found) {
    keep(url, *found);
  } else {
    failures_.insert_or_assign(url, Failure{found.error(), loop_.now() + limits_.pause});
  }
  fetch->give(found);
}

CertificateCache::Found CertificateCache::judge(const http::Outcome& outcome) {
  if (outcome.delivery != http::Delivery::kAnswered) {
    return unavailable("the certificate cannot be fetched: " + printable(describe(outcome.error)));
  }
  constexpr int kOk = 200;
  if (outcome.response.status != kOk) {
    return unavailable(fmt::format("the certificate cannot be fetched: its host answers HTTP {}",
                                   outcome.response.status));
  }
  auto certificate = SigningCertificate::read(outcome.response.body, trust_, rules_, loop_.utc());
  if (certificate) return std::move(*certificate);
  const bool ours = certificate.error().kind == ErrorKind::kConfig;
  return reject(ours ? RejectionReason::kCertificateUnavailable : RejectionReason::kCertificate,
                std::move(certificate.error().message));
}

void CertificateCache::keep(const std::string& url, const Certificate& certificate) {
  Kept* kept = find(url);
  if (kept == nullptr && kept_.size() < limits_.kept) kept = &kept_.emplace_back();
  if (kept == nullptr) {
    kept = &*std::min_element(kept_.begin(), kept_.end(),
                              [](const Kept& a, const Kept& b) { return a.last_use < b.last_use; });
  }
  *kept = Kept{url, certificate, loop_.now() + limits_.life, ++uses_};
}

}  // namespace neap::sign
