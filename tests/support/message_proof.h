// Checks the signature of an SMN message with nothing but the certificate, as a subscriber does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace neap::test {

inline bool proves(const std::string& pem, std::string_view text, std::string_view signature) {
  BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
  BIO_free(memory);
  REQUIRE(certificate != nullptr);
  CHECK(X509_get_signature_nid(certificate) == NID_sha256WithRSAEncryption);
  CHECK(X509_verify(certificate, X509_get0_pubkey(certificate)) == 1);
  std::vector<unsigned char> bytes(signature.size());
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(signature.data()),
                      static_cast<int>(signature.size()));
  REQUIRE(size >= 256);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(certificate));
  const int verdict = EVP_DigestVerify(
      context, bytes.data(), 256, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  X509_free(certificate);
  return verdict == 1;
}

}  // namespace neap::test
