// SHA-256 and HMAC-SHA256 by OpenSSL, and comparing what came from outside with them.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace neap {

// SHA-256 of no bytes: the payload hash of a request without a body.
inline constexpr std::string_view kEmptySha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// One context for many digests: making one costs more than hashing a request.
class Sha256 {
 public:
  using Bytes = std::array<unsigned char, 32>;

  Sha256();
  ~Sha256();

  Bytes digest(std::string_view bytes) { return digest(bytes, {}); }
  // Of the two texts on end.
  Bytes digest(std::string_view first, std::string_view second);
  Bytes hmac(std::string_view key, std::string_view bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

// Takes a time that depends on the lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace neap
