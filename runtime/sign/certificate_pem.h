// Taking a PEM file of certificates apart, so strictly that nothing else can hide in it.
#pragma once

#include <string>

#include "base/error.h"
#include "sign/openssl_pointers.h"

namespace neap::sign {

struct CertificateFile {
  Owned<X509> leaf;  // the first
  Owned<STACK_OF(X509)> rest;
};

// Certificates alone, the first of them the one that matters, authorities behind it; kind auth for
// anything else: keys, revocation lists, a second certificate that is no authority, too many or
// too large. Text between the blocks is passed over.
Result<CertificateFile> read_certificates(const std::string& pem);

}  // namespace neap::sign
