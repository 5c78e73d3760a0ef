// Keys and certificates of every kind, good and bad, for the signatures of messages.
#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/time.h"

namespace neap::test {

using Key = std::shared_ptr<EVP_PKEY>;

inline Key own(EVP_PKEY* key) {
  if (key == nullptr) throw std::runtime_error("cannot make a key");
  return {key, &EVP_PKEY_free};
}

inline Key rsa_key(unsigned bits) {
  return own(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits)));
}
inline Key pss_key() {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> maker(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_keygen_init(maker.get());
  EVP_PKEY_CTX_set_rsa_keygen_bits(maker.get(), 2048);
  EVP_PKEY_keygen(maker.get(), &key);
  return own(key);
}
inline Key ec_key() {
  return own(EVP_EC_gen("P-256"));
}
inline Key ed25519_key() {
  return own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

inline Key dsa_key() {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> sizes(
      EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY* parameters = nullptr;
  EVP_PKEY_paramgen_init(sizes.get());
  EVP_PKEY_CTX_set_dsa_paramgen_bits(sizes.get(), 1024);
  EVP_PKEY_paramgen(sizes.get(), &parameters);
  const Key owner = own(parameters);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> maker(
      EVP_PKEY_CTX_new_from_pkey(nullptr, parameters, nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_keygen_init(maker.get());
  EVP_PKEY_keygen(maker.get(), &key);
  return own(key);
}

// The public half of a key that nobody would make: modulus and exponent as given.
inline Key odd_rsa_key(const BIGNUM* modulus, unsigned long exponent) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> e(BN_new(), &BN_free);
  BN_set_word(e.get(), exponent);
  const std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> builder(
      OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus);
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters(
      OSSL_PARAM_BLD_to_param(builder.get()), &OSSL_PARAM_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> maker(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(maker.get());
  EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  return own(key);
}

inline Key rsa_key_with_exponent(const Key& model, unsigned long exponent) {
  BIGNUM* modulus = nullptr;
  EVP_PKEY_get_bn_param(model.get(), OSSL_PKEY_PARAM_RSA_N, &modulus);
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> owner(modulus, &BN_free);
  return odd_rsa_key(modulus, exponent);
}

inline Key huge_rsa_key(int bits) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> modulus(BN_new(), &BN_free);
  BN_rand(modulus.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD);
  return odd_rsa_key(modulus.get(), 65537);
}

struct SigningIdentity {
  Key key;
  std::shared_ptr<X509> certificate;

  std::string pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(memory.get(), certificate.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }
};

struct SigningWish {
  Key key;
  std::vector<std::string> names = {"smn.cn-north-4.myhuaweicloud.com"};  // common names
  const SigningIdentity* issuer = nullptr;                                // none: itself
  bool authority = false;
  Duration from = -std::chrono::hours{24};  // of the world's start
  Duration until = std::chrono::hours{24 * 365};
  const EVP_MD* digest = EVP_sha256();
  bool pss = false;  // signed by RSA-PSS
  std::vector<std::pair<int, std::string>> extensions;
  std::string critical_unknown;  // an extension that nobody knows
};

inline void name_certificate(X509* certificate, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  }
}

inline void extend_certificate(X509* certificate, const SigningWish& wish) {
  std::vector<std::pair<int, std::string>> all = wish.extensions;
  if (wish.authority) all.emplace_back(NID_basic_constraints, "critical,CA:TRUE");
  for (const auto& [kind, value] : all) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), &X509_EXTENSION_free);
    if (!extension) throw std::runtime_error("cannot make an extension");
    X509_add_ext(certificate, extension.get(), -1);
  }
  if (wish.critical_unknown.empty()) return;
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> kind(
      OBJ_txt2obj(wish.critical_unknown.c_str(), 1), &ASN1_OBJECT_free);
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> value(
      ASN1_OCTET_STRING_new(), &ASN1_OCTET_STRING_free);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509_EXTENSION_create_by_OBJ(nullptr, kind.get(), 1, value.get()), &X509_EXTENSION_free);
  X509_add_ext(certificate, extension.get(), -1);
}

inline void sign_certificate(X509* certificate, EVP_PKEY* key, const SigningWish& wish) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  EVP_PKEY_CTX* padding = nullptr;
  const int type = EVP_PKEY_get_base_id(key);
  const EVP_MD* digest = type == EVP_PKEY_ED25519 ? nullptr : wish.digest;
  bool done = EVP_DigestSignInit(context.get(), &padding, digest, nullptr, key) == 1;
  if (done && wish.pss) {
    done = EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1;
  }
  if (!done || X509_sign_ctx(certificate, context.get()) == 0) {
    throw std::runtime_error("cannot sign a certificate");
  }
}

inline SigningIdentity make_signer(const SigningWish& wish, UtcTime start) {
  SigningIdentity identity{wish.key, {X509_new(), &X509_free}};
  X509* const certificate = identity.certificate.get();
  const SigningIdentity& issuer = wish.issuer != nullptr ? *wish.issuer : identity;
  const auto at = [&](Duration offset) {
    return std::chrono::floor<std::chrono::seconds>(start + offset).time_since_epoch().count();
  };
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7);
  ASN1_TIME_set(X509_getm_notBefore(certificate), at(wish.from));
  ASN1_TIME_set(X509_getm_notAfter(certificate), at(wish.until));
  X509_set_pubkey(certificate, wish.key.get());
  name_certificate(certificate, wish.names);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get()));
  extend_certificate(certificate, wish);
  sign_certificate(certificate, issuer.key.get(), wish);
  return identity;
}

inline std::string encode_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// The bytes of a signature over the text.
inline std::string sign_text(EVP_PKEY* key, std::string_view text,
                             const EVP_MD* digest = EVP_sha256(), bool pss = false) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  EVP_PKEY_CTX* padding = nullptr;
  EVP_DigestSignInit(context.get(), &padding, digest, nullptr, key);
  if (pss) EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING);
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
    throw std::runtime_error("cannot sign a text");
  }
  signature.resize(size);
  return signature;
}

}  // namespace neap::test
