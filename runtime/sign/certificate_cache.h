// The certificates of message signatures: fetched when a message first names one, kept by address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/function.h"
#include "base/owner.h"
#include "base/time.h"
#include "base/token_bucket.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "sign/rejection.h"
#include "sign/signing_certificate.h"
#include "sign/trust_store.h"

namespace neap::sign {

// Addresses come from strangers; these keep them from making us ask and ask (smn.md section 6).
struct CertificateLimits {
  std::size_t kept = 16;  // addresses
  Duration life = std::chrono::hours{24};
  Duration timeout = std::chrono::seconds{2};
  Duration pause = std::chrono::seconds{5};                // after a fetch that came to nothing
  TokenBucket::Limits asking{8, std::chrono::seconds{2}};  // fetches of new addresses
  std::size_t waiting = 256;                               // messages that wait for fetches
  // Hosts that turn out to have an address of a private network are not asked (reliability.md T1).
  bool public_only = true;
};

// Addresses are taken as they are: whoever asks has checked them (certificate_address.h).
class CertificateCache {
 public:
  using Certificate = std::shared_ptr<const SigningCertificate>;
  using Found = tl::expected<Certificate, Rejection>;

  // Loop and transport must outlive the cache.
  CertificateCache(Loop& loop, http::Transport& transport, std::string ca_file,
                   CertificateRules rules, CertificateLimits limits);

  // What can be said without fetching: a certificate, or why there is none for now.
  std::optional<Found> known(const std::string& url);
  // When nothing is known. Requests for one address share the fetch, which goes on when all of them
  // are dropped. Calls back once, from the loop.
  Owner fetch(const std::string& url, Function<void(Found)> done);

  std::uint64_t fetches() const { return fetches_; }

 private:
  struct Kept {
    std::string url;
    Certificate certificate;  // null when it is over: the address stays known to be a good one
    Instant until{};
    std::uint64_t last_use = 0;
  };
  struct Failure {
    Rejection why;
    Instant until{};
  };
  struct Fetch;
  struct Ticket;

  Kept* find(const std::string& url);
  bool may_ask(const std::string& url);
  std::optional<Rejection> failed(const std::string& url);
  void finished(const std::string& url, const http::Outcome& outcome);
  Found judge(const http::Outcome& outcome);
  void keep(const std::string& url, const Certificate& certificate);

  Loop& loop_;
  http::Transport& transport_;
  TrustStore trust_;
  CertificateRules rules_;
  CertificateLimits limits_;
  std::vector<Kept> kept_;
  std::map<std::string, Failure> failures_;
  std::map<std::string, std::shared_ptr<Fetch>> under_way_;
  std::shared_ptr<std::size_t> waiting_ = std::make_shared<std::size_t>(0);
  TokenBucket asking_;
  std::uint64_t uses_ = 0;
  std::uint64_t fetches_ = 0;
};

}  // namespace neap::sign
