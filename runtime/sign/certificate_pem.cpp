#include "sign/certificate_pem.h"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "sign/signing_certificate.h"

namespace neap::sign {
namespace {

tl::unexpected<Error> refuse(std::string why) {
  return fail(ErrorKind::kAuth, "the certificate is refused: " + std::move(why));
}

struct FreeBytes {
  template <class T>
  void operator()(T* bytes) const {
    OPENSSL_free(bytes);
  }
};

// One block between BEGIN and END.
struct Block {
  std::unique_ptr<char, FreeBytes> name;
  std::unique_ptr<char, FreeBytes> header;
  std::unique_ptr<unsigned char, FreeBytes> bytes;
  long size = 0;
};

// Nothing at the end of the file.
Result<std::optional<Block>> next_block(BIO* memory) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  Block block;
  ERR_clear_error();
  if (PEM_read_bio(memory, &name, &header, &bytes, &block.size) == 1) {
    block.name.reset(name);
    block.header.reset(header);
    block.bytes.reset(bytes);
    return block;
  }
  const auto error = ERR_peek_last_error();
  ERR_clear_error();
  const bool at_end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (!at_end) return refuse("the file is not PEM");
  return std::nullopt;
}

Result<Owned<X509>> certificate_of(const Block& block) {
  if (std::string_view(block.name.get()) != PEM_STRING_X509 || *block.header != '\0') {
    return refuse("the file holds something else than certificates");
  }
  const unsigned char* at = block.bytes.get();
  Owned<X509> certificate(d2i_X509(nullptr, &at, block.size));
  if (!certificate || at != block.bytes.get() + block.size) {
    return refuse("it cannot be read");
  }
  return certificate;
}

Result<void> add(CertificateFile& file, Owned<X509> certificate) {
  if (!file.leaf) {
    file.leaf = std::move(certificate);
    return {};
  }
  if (sk_X509_num(file.rest.get()) + 2 > static_cast<int>(SigningCertificate::kLongestChain)) {
    return refuse(
        fmt::format("it comes in a chain of more than {}", SigningCertificate::kLongestChain));
  }
  if (X509_check_ca(certificate.get()) == 0) {
    return refuse("the file holds a second one that is no authority");
  }
  if (sk_X509_push(file.rest.get(), certificate.get()) == 0) {
    return refuse("there is no memory to read it");
  }
  static_cast<void>(certificate.release());
  return {};
}

}  // namespace

Result<CertificateFile> read_certificates(const std::string& pem) {
  if (pem.size() > SigningCertificate::kMostBytes) {
    return refuse(fmt::format("the file has {} bytes", pem.size()));
  }
  const Owned<BIO> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CertificateFile file{nullptr, Owned<STACK_OF(X509)>(sk_X509_new_null())};
  if (!memory || !file.rest) return refuse("there is no memory to read it");
  while (true) {
    Result<std::optional<Block>> block = next_block(memory.get());
    if (!block) return tl::unexpected(std::move(block.error()));
    if (!*block) break;
    Result<Owned<X509>> certificate = certificate_of(**block);
    if (!certificate) return tl::unexpected(std::move(certificate.error()));
    if (Result<void> added = add(file, std::move(*certificate)); !added) {
      return tl::unexpected(std::move(added.error()));
    }
  }
  if (!file.leaf) return refuse("the file holds no certificate");
  return file;
}

}  // namespace neap::sign
