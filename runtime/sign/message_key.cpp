#include "sign/message_key.h"

#include <string>

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/digest.h"
#include "sign/base64.h"
#include "sign/openssl_pointers.h"
#include "sign/signed_members.h"

namespace neap::sign {
namespace {

constexpr int kKeyBits = 2048;
constexpr long kDay = 86400;  // seconds

void need(bool done) {
  if (!done) throw Failure(ErrorKind::kInternal, "OpenSSL could not make a signing key");
}

Owned<X509> self_signed(EVP_PKEY* key, std::string_view common_name, UtcTime now) {
  Owned<X509> certificate(X509_new());
  need(certificate != nullptr);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate.get()), seconds);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds - kDay);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds + 3652 * kDay);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  need(X509_sign(certificate.get(), key, EVP_sha256()) != 0);
  return certificate;
}

std::string pem_of(X509* certificate) {
  const Owned<BIO> memory(BIO_new(BIO_s_mem()));
  need(memory != nullptr && PEM_write_bio_X509(memory.get(), certificate) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

Result<std::string> message_text(const Message& message) {
  const auto type = message.find("type");
  const auto names = signed_members(type == message.end() ? "" : type->second);
  if (names.empty()) return fail(ErrorKind::kArgument, "the message is of no known type");
  std::string text;
  for (const std::string_view name : names) {
    const auto member = message.find(std::string(name));
    if (name == "subject" && (member == message.end() || member->second.empty())) continue;
    if (member == message.end()) {
      return fail(ErrorKind::kArgument, fmt::format("the message has no {}", name));
    }
    append_signed(text, name, member->second);
  }
  return text;
}

struct MessageKey::State {
  Owned<EVP_PKEY> key;
};

MessageKey::MessageKey(std::string_view common_name, UtcTime now)
    : state_(new State{Owned<EVP_PKEY>(EVP_RSA_gen(kKeyBits))}) {
  need(state_->key != nullptr);
  certificate_pem_ = pem_of(self_signed(state_->key.get(), common_name, now).get());
  certificate_id_ = sha256_hex(certificate_pem_).substr(0, 32);
}

MessageKey::~MessageKey() = default;

std::string MessageKey::sign(std::string_view text) const {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  need(context != nullptr &&
       EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, state_->key.get()) == 1);
  need(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1);
  std::string signature(size, '\0');
  auto* to = reinterpret_cast<unsigned char*>(signature.data());
  need(EVP_DigestSign(context.get(), to, &size, bytes, text.size()) == 1);
  signature.resize(size);
  return encode_base64(signature);
}

}  // namespace neap::sign
