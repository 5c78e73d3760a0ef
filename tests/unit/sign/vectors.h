// The golden signing vectors as requests, signatures and what they must come to.
#pragma once

#include <string>
#include <vector>

#include "sign/signer.h"

namespace neap::test {

struct SigningVector {
  std::string name;
  http::Request request;  // with Host and X-Sdk-Date
  sign::Credentials credentials;
  sign::Signature expected;
  std::string signature;  // the hex digits at the end of the authorization
  std::string canonical_request_sha256;
  UtcTime date;
};

// The portable ones of signing-vectors.json; the others record quirks of single SDKs.
std::vector<SigningVector> signing_vectors();

}  // namespace neap::test
