#include "sign/signing_certificate.h"

#include <algorithm>
#include <ctime>
#include <optional>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "sign/certificate_pem.h"
#include "sign/openssl_pointers.h"

namespace neap::sign {
namespace {

// From when until when.
struct Window {
  UtcTime from = UtcTime::min();
  UtcTime until = UtcTime::max();
};

tl::unexpected<Error> refuse(std::string why) {
  return fail(ErrorKind::kAuth, "the certificate is refused: " + std::move(why));
}

// OpenSSL keeps errors in a queue of the thread, where the next TLS connection would find them.
struct ForgetErrors {
  ~ForgetErrors() { ERR_clear_error(); }
};

bool odd_and_large(const EVP_PKEY* key) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &number) != 1) return false;
  const Owned<BIGNUM> exponent(number);
  return BN_is_odd(exponent.get()) == 1 && BN_is_one(exponent.get()) == 0;
}

Result<void> check_key(const EVP_PKEY* key) {
  if (key == nullptr) return refuse("its key cannot be read");
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return refuse("its key is not plain RSA");
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < SigningCertificate::kLeastBits || bits > SigningCertificate::kMostBits) {
    return refuse(fmt::format("its key has {} bits", bits));
  }
  if (!odd_and_large(key)) return refuse("its key has an exponent that protects nothing");
  return {};
}

Result<void> check_algorithm(const X509* leaf, bool sha1) {
  switch (X509_get_signature_nid(leaf)) {
    case NID_sha256WithRSAEncryption:
    case NID_sha384WithRSAEncryption:
    case NID_sha512WithRSAEncryption:
      return {};
    case NID_sha1WithRSAEncryption:
      if (sha1) return {};
      return refuse("it is signed with SHA-1");
    default:
      return refuse("it is not signed by RSA with SHA-256, SHA-384 or SHA-512");
  }
}

Result<void> check_use(X509* leaf) {
  if ((X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE) == 0) {
    return refuse("its key is not for signatures");
  }
  return {};
}

// Its one common name.
std::string common_name(const X509* leaf) {
  const X509_NAME* name = X509_get_subject_name(leaf);
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, at) >= 0) return {};
  unsigned char* bytes = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return text;
}

Result<void> check_subject(const X509* leaf, const std::vector<std::string>& allowed) {
  if (allowed.empty()) return {};
  const std::string name = common_name(leaf);
  if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) return {};
  return refuse(fmt::format("its subject \"{}\" is not one of those allowed",
                            printable(name.substr(0, 100))));
}

std::optional<UtcTime> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return UtcTime{std::chrono::seconds{timegm(&parts)}};
}

Result<void> narrow(Window& window, const X509* certificate) {
  const std::optional<UtcTime> from = time_of(X509_get0_notBefore(certificate));
  const std::optional<UtcTime> until = time_of(X509_get0_notAfter(certificate));
  if (!from || !until) return refuse("its dates cannot be read");
  window.from = std::max(window.from, *from);
  window.until = std::min(window.until, *until);
  return {};
}

Result<void> check_dates(const Window& window, UtcTime now) {
  if (now < window.from) return refuse("it is not yet valid");
  if (now > window.until) return refuse("it has expired");
  return {};
}

bool is_self_signed(X509* certificate) {
  return X509_self_signed(certificate, 1) == 1;
}

// Leads the certificate to an authority, and narrows the window to that of the whole chain.
Result<void> check_chain(const CertificateFile& file, X509_STORE* store, bool sha1, UtcTime now,
                         Window& window) {
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (!context ||
      X509_STORE_CTX_init(context.get(), store, file.leaf.get(), file.rest.get()) != 1) {
    return refuse("there is no memory to check it");
  }
  constexpr int kHundredAndTwelveBits = 2;  // RSA of 2048 bits, SHA-256
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(
      rules, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  X509_VERIFY_PARAM_set_depth(rules, static_cast<int>(SigningCertificate::kLongestChain));
  X509_VERIFY_PARAM_set_auth_level(rules, sha1 ? 0 : kHundredAndTwelveBits);
  // An operator may trust the very certificate, or one between it and its root.
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  if (X509_verify_cert(context.get()) != 1) {
    return refuse(X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
  }
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    if (Result<void> read = narrow(window, sk_X509_value(chain, i)); !read) return read;
  }
  return {};
}

Result<void> check_trust(const CertificateFile& file, TrustStore& trust,
                         const CertificateRules& rules, UtcTime now, Window& window) {
  if (rules.self_signed && is_self_signed(file.leaf.get())) return {};
  const Result<X509_STORE*> store = trust.get();
  if (!store) return tl::unexpected(store.error());
  return check_chain(file, *store, rules.sha1, now, window);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct SigningCertificate::State {
  Owned<EVP_PKEY> key;
  const EVP_MD* digest = nullptr;
  Window window;
  Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};  // kept: making one costs a tenth of a check
};

SigningCertificate::SigningCertificate(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningCertificate::~SigningCertificate() = default;

Result<std::shared_ptr<const SigningCertificate>> SigningCertificate::read(
    const std::string& pem, TrustStore& trust, const CertificateRules& rules, UtcTime now) {
  const ForgetErrors forget;
  Result<CertificateFile> file = read_certificates(pem);
  if (!file) return tl::unexpected(std::move(file.error()));
  X509* const leaf = file->leaf.get();
  Window window;
  const auto check = [&]() -> Result<void> {
    if (auto good = check_key(X509_get0_pubkey(leaf)); !good) return good;
    if (auto good = check_algorithm(leaf, rules.sha1); !good) return good;
    if (auto good = check_use(leaf); !good) return good;
    if (auto good = check_subject(leaf, rules.subjects); !good) return good;
    if (auto good = narrow(window, leaf); !good) return good;
    if (auto good = check_dates(window, now); !good) return good;
    return check_trust(*file, trust, rules, now, window);
  };
  if (Result<void> good = check(); !good) return tl::unexpected(std::move(good.error()));
  auto state = std::make_unique<State>();
  state->key.reset(X509_get_pubkey(leaf));
  state->digest = rules.sha1 ? EVP_sha1() : EVP_sha256();
  state->window = window;
  return std::shared_ptr<const SigningCertificate>(new SigningCertificate(std::move(state)));
}

bool SigningCertificate::valid_at(UtcTime now) const {
  return check_dates(state_->window, now).has_value();
}

bool SigningCertificate::proves(std::string_view text, std::string_view signature) const {
  const ForgetErrors forget;
  EVP_PKEY* const key = state_->key.get();
  EVP_MD_CTX* const context = state_->context.get();
  if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key))) return false;
  // RSA keys sign by PKCS#1 v1.5 unless told otherwise.
  return EVP_DigestVerifyInit(context, nullptr, state_->digest, nullptr, key) == 1 &&
         EVP_DigestVerify(context, bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

}  // namespace neap::sign
