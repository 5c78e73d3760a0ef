// Certificates made at run time, good and bad, for servers that run inside a test.
#pragma once

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "support/raw_server.h"

namespace neap::test {

struct Identity {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;
};

struct CertificateWish {
  std::string name;                  // the host, as its subject alternative name
  const Identity* issuer = nullptr;  // none: signed by itself
  bool authority = false;
  long valid_from = -3600;  // seconds from now
  long valid_until = 3600;
};

inline void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), &X509_EXTENSION_free);
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
    throw std::runtime_error("cannot add a certificate extension");
  }
}

inline Identity make_identity(const CertificateWish& wish) {
  Identity identity{{EVP_EC_gen("P-256"), &EVP_PKEY_free}, {X509_new(), &X509_free}};
  X509* const certificate = identity.certificate.get();
  const Identity& issuer = wish.issuer != nullptr ? *wish.issuer : identity;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), wish.authority ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.valid_until);
  const auto* const name = reinterpret_cast<const unsigned char*>(wish.name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, name, -1, -1,
                             0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get()));
  X509_set_pubkey(certificate, identity.key.get());
  add_extension(certificate, NID_basic_constraints, wish.authority ? "CA:TRUE" : "CA:FALSE");
  if (!wish.authority) add_extension(certificate, NID_subject_alt_name, "DNS:" + wish.name);
  if (X509_sign(certificate, issuer.key.get(), EVP_sha256()) == 0) {
    throw std::runtime_error("cannot sign a certificate");
  }
  return identity;
}

inline TlsContext make_server_context(const Identity& identity,
                                      int newest_version = TLS1_3_VERSION) {
  TlsContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  // Level 0 lets the server offer versions that a client must refuse.
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), newest_version);
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  return context;
}

// A PEM file of one certificate, removed at the end.
class CertificateFile {
 public:
  explicit CertificateFile(const Identity& identity) {
    const int descriptor = mkstemp(path_.data());
    const std::unique_ptr<FILE, int (*)(FILE*)> file(fdopen(descriptor, "w"), &fclose);
    if (!file || PEM_write_X509(file.get(), identity.certificate.get()) != 1) {
      throw std::runtime_error("cannot write a certificate file");
    }
  }
  ~CertificateFile() { std::remove(path_.c_str()); }
  CertificateFile(const CertificateFile&) = delete;
  CertificateFile& operator=(const CertificateFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_ = "neap-test-ca-XXXXXX";
};

}  // namespace neap::test
