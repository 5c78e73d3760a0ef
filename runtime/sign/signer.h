// AK/SK request signing, SDK-HMAC-SHA256 (auth.md section 1).
#pragma once

#include <string>

#include "base/error.h"
#include "base/time.h"
#include "http/message.h"
#include "sign/credentials.h"

namespace neap::sign {

// What was hashed and signed; the golden vectors compare all of it.
struct Signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signed_headers;
  std::string authorization;
};

// The signature of a request whose headers hold Host and X-Sdk-Date already. Signs host,
// x-sdk-date, content-type (unless multipart), x-project-id, x-domain-id, x-security-token and
// whatever else is in `request.headers` except authorization and what the transport or a proxy may
// rewrite (user-agent, accept, connection, content-length, …). Kind argument when a header is
// missing or repeated, or its value holds a line break or is not ASCII; kind auth when there is no
// key pair.
Result<Signature> compute_signature(const http::Request& request, const Credentials& credentials);

// Makes the request ready for the wire: sets Host (unless the caller did), X-Sdk-Date (from `now`),
// X-Project-Id or, without a project, X-Domain-Id, X-Security-Token and Authorization; with an IAM
// token sets X-Auth-Token instead. Replaces what an earlier signing set: a request is signed anew
// for every attempt.
Result<void> sign_request(http::Request& request, const Credentials& credentials, UtcTime now);

}  // namespace neap::sign
