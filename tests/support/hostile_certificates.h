// Certificates that must not be trusted with the signatures of messages, each with a part of what
// its refusal says.
#pragma once

#include <string>
#include <vector>

#include "support/message_world.h"

namespace neap::test {

struct HostileCertificate {
  std::string name;
  std::string pem;  // what the certificate's host answers
  std::string words;
  std::string bundle = {};                 // the authorities; the usual one when empty
  std::vector<std::string> subjects = {};  // that are allowed; any when empty
};

inline SigningIdentity signer_of(SigningWish wish) {
  if (!wish.key) wish.key = signing_keys().smn;
  if (wish.issuer == nullptr) wish.issuer = &signing_keys().authority;
  return make_signer(wish, VirtualClock::kStart);
}

inline SigningIdentity self_signed(SigningWish wish) {
  if (!wish.key) wish.key = signing_keys().smn;
  return make_signer(wish, VirtualClock::kStart);
}

inline std::vector<HostileCertificate> hostile_keys() {
  const SigningKeys& keys = signing_keys();
  const auto of = [](Key key) { return signer_of({.key = std::move(key)}).pem(); };
  return {
      {"elliptic curve", of(ec_key()), "its key is not plain RSA"},
      {"Ed25519", of(ed25519_key()), "its key is not plain RSA"},
      {"DSA", of(dsa_key()), "its key is not plain RSA"},
      {"RSA for PSS alone", of(pss_key()), "its key is not plain RSA"},
      {"RSA of 512 bits", of(rsa_key(512)), "its key has 512 bits"},
      {"RSA of 1024 bits", of(rsa_key(1024)), "its key has 1024 bits"},
      {"RSA of 2040 bits", of(rsa_key(2040)), "its key has 2040 bits"},
      {"RSA of 16384 bits", of(huge_rsa_key(16384)), "its key has 16384 bits"},
      {"exponent 1", of(rsa_key_with_exponent(keys.smn, 1)), "exponent"},
      {"exponent 4", of(rsa_key_with_exponent(keys.smn, 4)), "exponent"},
  };
}

inline std::vector<HostileCertificate> hostile_algorithms() {
  static const SigningIdentity kCurve =
      make_signer({.key = ec_key(), .names = {"EC Root"}, .authority = true}, VirtualClock::kStart);
  const auto by = [](const EVP_MD* digest) { return signer_of({.digest = digest}).pem(); };
  const std::string words = "not signed by RSA with SHA-256";
  return {
      {"signed with MD5", by(EVP_md5()), words},
      {"signed with SHA-1", by(EVP_sha1()), "signed with SHA-1"},
      {"signed with SHA-224", by(EVP_sha224()), words},
      {"signed by RSA-PSS", signer_of({.pss = true}).pem(), words},
      {"signed by an elliptic curve", signer_of({.issuer = &kCurve}).pem(), words, kCurve.pem()},
  };
}

inline std::vector<HostileCertificate> hostile_dates_and_names() {
  using namespace std::chrono_literals;
  const std::string name = "smn.cn-north-4.myhuaweicloud.com";
  return {
      {"expired", signer_of({.from = -48h, .until = -1s}).pem(), "it has expired"},
      {"not yet valid", signer_of({.from = 1s}).pem(), "it is not yet valid"},
      {"ends before it begins", signer_of({.from = 2h, .until = -2h}).pem(), "valid"},
      {"unrelated subject",
       signer_of({.names = {"www.example.com"}}).pem(),
       "its subject",
       {},
       {name}},
      {"subject that only begins so",
       signer_of({.names = {name + ".evil.example"}}).pem(),
       "its subject",
       {},
       {name}},
      {"two common names",
       signer_of({.names = {name, "www.example.com"}}).pem(),
       "its subject",
       {},
       {name}},
      {"no common name", signer_of({.names = {}}).pem(), "its subject", {}, {name}},
      {"key not for signatures",
       signer_of({.extensions = {{NID_key_usage, "critical,keyEncipherment"}}}).pem(),
       "its key is not for signatures"},
      {"unknown critical extension", signer_of({.critical_unknown = "1.2.3.4.5"}).pem(),
       "critical extension"},
  };
}

// A chain of so many authorities under the usual one; the last is the issuer to use.
inline std::vector<SigningIdentity> authorities(int count) {
  std::vector<SigningIdentity> chain;
  chain.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const SigningIdentity* issuer = chain.empty() ? &signing_keys().authority : &chain.back();
    chain.push_back(signer_of({.key = signing_keys().other,
                               .names = {"Authority " + std::to_string(i)},
                               .issuer = issuer,
                               .authority = true}));
  }
  return chain;
}

// The certificate with those that lead to the root behind it.
inline std::string chained(const std::vector<SigningIdentity>& chain) {
  std::string pem = signer_of({.issuer = &chain.back()}).pem();
  for (auto each = chain.rbegin(); each != chain.rend(); ++each) pem += each->pem();
  return pem;
}

inline std::string under(SigningWish authority) {
  authority.authority = true;
  if (!authority.key) authority.key = signing_keys().other;
  authority.names = {"Between"};
  return chained({signer_of(authority)});
}

inline std::vector<HostileCertificate> hostile_chains() {
  using namespace std::chrono_literals;
  const SigningKeys& keys = signing_keys();
  const SigningIdentity forged =
      self_signed({.key = keys.other, .names = {"Test Root"}, .authority = true});
  const SigningIdentity stranger =
      self_signed({.key = keys.other, .names = {"Other Root"}, .authority = true});
  const SigningIdentity plain = signer_of({.key = keys.other, .names = {"No Authority"}});
  const SigningIdentity old_root = self_signed(
      {.key = keys.other, .names = {"Old Root"}, .authority = true, .from = -48h, .until = -1h});
  const SigningIdentity last =
      signer_of({.key = keys.other,
                 .names = {"Last"},
                 .extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"}}});
  const SigningIdentity below_last =
      signer_of({.key = keys.other, .names = {"Below"}, .issuer = &last, .authority = true});
  const std::string below_plain = signer_of({.issuer = &plain}).pem();
  const std::string below_stranger = signer_of({.issuer = &stranger}).pem();
  return {
      {"signed by itself", self_signed({}).pem(), "self-signed certificate"},
      {"an authority signed by itself", self_signed({.authority = true}).pem(), "self-signed"},
      {"of an unknown authority", below_stranger, "unable to get local issuer"},
      {"of an unknown authority that comes along", below_stranger + stranger.pem(), "self-signed"},
      {"of a forged authority", signer_of({.issuer = &forged}).pem(), "signature failure"},
      {"of one that is no authority", below_plain, "unable to get local issuer"},
      {"of one that is no authority and comes along", below_plain + plain.pem(), "no authority"},
      {"of one that is trusted and no authority", below_plain, "invalid CA", plain.pem()},
      {"of an authority that has expired", signer_of({.issuer = &old_root}).pem(), "expired",
       old_root.pem()},
      {"below an authority that has expired", under({.until = -1h}), "expired"},
      {"below an authority not yet valid", under({.from = 1h}), "not yet valid"},
      {"below an authority signed with SHA-1", under({.digest = EVP_sha1()}),
       "digest algorithm too weak"},
      {"below an authority of 1024 bits", under({.key = rsa_key(1024)}), "key too weak"},
      {"below an authority that may have none below it", chained({last, below_last}),
       "path length constraint exceeded"},
      {"a chain of six", chained(authorities(5)), "in a chain of more than 5"},
      {"a chain of twenty", chained(authorities(19)), "the certificate is refused"},
      {"a chain with a gap", signer_of({.issuer = &authorities(2).back()}).pem(),
       "unable to get local issuer"},
  };
}

inline std::string pem_block(const std::string& name, const std::string& bytes) {
  return "-----BEGIN " + name + "-----\n" + encode_base64(bytes) + "\n-----END " + name + "-----\n";
}

inline std::string der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

// A revocation list of the usual authority.
inline std::string revocation_list() {
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> list(X509_CRL_new(), &X509_CRL_free);
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> now(ASN1_TIME_set(nullptr, 0),
                                                                  &ASN1_TIME_free);
  X509_CRL_set_issuer_name(list.get(),
                           X509_get_subject_name(signing_keys().authority.certificate.get()));
  X509_CRL_set1_lastUpdate(list.get(), now.get());
  X509_CRL_sign(list.get(), signing_keys().root.get(), EVP_sha256());
  unsigned char* bytes = nullptr;
  const int size = i2d_X509_CRL(list.get(), &bytes);
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return pem_block("X509 CRL", der);
}

inline std::string public_key() {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(signing_keys().smn.get(), &bytes);
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return pem_block("PUBLIC KEY", der);
}

inline std::vector<HostileCertificate> hostile_files() {
  const std::string good = signing_keys().signer.pem();
  const std::string der = der_of(signing_keys().signer.certificate.get());
  std::string flipped = der;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  std::string header = good;
  header.insert(header.find('\n') + 1, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n");
  return {
      {"empty", "", "holds no certificate"},
      {"a page", "<html><body>404 Not Found</body></html>", "holds no certificate"},
      {"DER", der, "holds no certificate"},
      {"half of it", good.substr(0, good.size() / 2), "not PEM"},
      {"no base64", pem_block("CERTIFICATE", "").insert(28, "!!!!\n"), "certificate is refused"},
      {"garbage in base64", pem_block("CERTIFICATE", "garbage"), "cannot be read"},
      {"bytes behind it", pem_block("CERTIFICATE", der + "x"), "cannot be read"},
      {"one bit changed", pem_block("CERTIFICATE", flipped), "signature failure"},
      {"a public key", public_key(), "something else than certificates"},
      {"a public key behind it", good + public_key(), "something else than certificates"},
      {"a public key before it", public_key() + good, "something else than certificates"},
      {"a revocation list", revocation_list(), "something else than certificates"},
      {"a revocation list behind it", good + revocation_list(), "something else"},
      {"with trust of its own", pem_block("TRUSTED CERTIFICATE", der), "something else"},
      {"encrypted", header, "something else"},
      {"two keys", good + signer_of({.key = signing_keys().other}).pem(), "no authority"},
      {"twice the same", good + good, "no authority"},
      {"too large", std::string(17u << 10, '\n') + good, "the file has"},
  };
}

inline std::vector<HostileCertificate> hostile_certificates() {
  std::vector<HostileCertificate> all;
  for (const auto& some :
       {hostile_keys, hostile_algorithms, hostile_dates_and_names, hostile_chains, hostile_files}) {
    for (HostileCertificate& certificate : some()) all.push_back(std::move(certificate));
  }
  return all;
}

}  // namespace neap::test
