// A certificate that SMN signs with: judged once, then used for every signature.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "sign/trust_store.h"

namespace neap::sign {

// What a signing certificate must be; the algorithm of message signatures follows from these rules
// and the message's signature_version, never from the certificate (reliability.md T2).
struct CertificateRules {
  // For installations so old that "v1" means SHA1withRSA: messages are then checked with SHA-1, and
  // certificates may be signed with it.
  bool sha1 = false;
  // For a simulator: one that is signed by itself needs no authority.
  bool self_signed = false;
  std::vector<std::string> subjects;  // common names that are allowed; any when empty
};

class SigningCertificate {
 public:
  static constexpr std::size_t kMostBytes = 16u << 10;
  static constexpr std::size_t kLongestChain = 5;
  static constexpr int kLeastBits = 2048;
  static constexpr int kMostBits = 8192;

  // `pem` is the certificate, with those that lead to an authority behind it. The key has to be
  // plain RSA, and the certificate signed by RSA (PKCS#1 v1.5) with SHA-256, -384 or -512. The
  // error (kind auth) says what is wrong with it, and has kind config when the authorities cannot
  // be read.
  static Result<std::shared_ptr<const SigningCertificate>> read(const std::string& pem,
                                                                TrustStore& trust,
                                                                const CertificateRules& rules,
                                                                UtcTime now);
  ~SigningCertificate();

  // The whole chain is within its dates.
  bool valid_at(UtcTime now) const;
  // RSA, PKCS#1 v1.5. The signature is exactly as long as the key.
  bool proves(std::string_view text, std::string_view signature) const;

 private:
  struct State;
  explicit SigningCertificate(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace neap::sign
