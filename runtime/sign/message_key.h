// Signing messages as SMN does (smn.md section 4): a key pair with its certificate, and the text
// that a signature covers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace neap::sign {

// The members of a message by name, decoded.
using Message = std::map<std::string, std::string>;

// What is signed: certain members of each type, in a certain order, each as name and value on lines
// of their own. A subject counts only when it is not empty. Kind argument for an unknown type or
// when a member is missing.
Result<std::string> message_text(const Message& message);

// An RSA-2048 key and its self-signed certificate (sha256WithRSAEncryption), made on the spot.
class MessageKey {
 public:
  // Valid from a day before `now` for ten years. Throws Failure when OpenSSL cannot make one.
  MessageKey(std::string_view common_name, UtcTime now);
  ~MessageKey();

  const std::string& certificate_pem() const { return certificate_pem_; }
  // 32 hexadecimal digits that differ between certificates.
  const std::string& certificate_id() const { return certificate_id_; }
  // SHA256withRSA, PKCS#1 v1.5, in base64.
  std::string sign(std::string_view text) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::string certificate_pem_;
  std::string certificate_id_;
};

}  // namespace neap::sign
