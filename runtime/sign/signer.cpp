#include "sign/signer.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "sign/canonical.h"

namespace neap::sign {
namespace {

// Not signed: the signature itself, and what the transport or a proxy may add or rewrite.
constexpr std::array<std::string_view, 10> kUnsigned = {
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "te",
    "transfer-encoding",
    "user-agent",
};

// Multipart bodies get a boundary later, in the transport; the SDKs leave the header out.
bool is_multipart(std::string_view name, std::string_view value) {
  return name == "content-type" && to_lower(value).starts_with("multipart/form-data");
}

bool is_safe_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7F); });
}

// The message names the header, never its value, which may be a secret.
Result<void> check_values(const http::Headers& headers) {
  for (const http::Header& header : headers) {
    if (is_safe_value(header.name) && is_safe_value(header.value)) continue;
    return fail(ErrorKind::kArgument,
                fmt::format("header {} holds a line break, a control character or a character "
                            "that is not ASCII",
                            printable(header.name)),
                "headers are ASCII; put other text into the body or percent-encode it");
  }
  return {};
}

HeaderNames names_to_sign(const http::Headers& headers) {
  HeaderNames names;
  names.reserve(headers.size());
  for (const http::Header& header : headers) {
    std::string name = to_lower(header.name);
    const bool skip = std::find(kUnsigned.begin(), kUnsigned.end(), name) != kUnsigned.end() ||
                      is_multipart(name, trim(header.value));
    if (!skip) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> check_key_pair(const Credentials& credentials) {
  if (credentials.access_key.empty() || credentials.secret_key.empty()) {
    return fail(ErrorKind::kAuth, "cannot sign: the credentials hold no access key pair");
  }
  if (!is_safe_value(credentials.access_key)) {
    return fail(ErrorKind::kAuth,
                fmt::format("the access key from {} holds a character that is not printable ASCII",
                            credentials.source));
  }
  return {};
}

}  // namespace

Result<Signature> compute_signature(const http::Request& request, const Credentials& credentials) {
  if (const Result<void> pair = check_key_pair(credentials); !pair) {
    return tl::unexpected(pair.error());
  }
  if (const Result<void> values = check_values(request.headers); !values) {
    return tl::unexpected(values.error());
  }
  for (const std::string_view name : {"Host", "X-Sdk-Date"}) {
    if (request.headers.has(name)) continue;
    return fail(ErrorKind::kArgument, fmt::format("cannot sign: header {} is missing", name));
  }
  Sha256 sha256;
  const HeaderNames names = names_to_sign(request.headers);
  Result<std::string> canonical = canonical_request(request, names, sha256);
  if (!canonical) return tl::unexpected(std::move(canonical.error()));

  Signature signature;
  signature.canonical_request = std::move(*canonical);
  signature.signed_headers = join_names(names);
  signature.string_to_sign =
      string_to_sign(signature.canonical_request, trim(request.headers.get("X-Sdk-Date")), sha256);
  signature.authorization =
      fmt::format("SDK-HMAC-SHA256 Access={}, SignedHeaders={}, Signature={}",
                  credentials.access_key, signature.signed_headers,
                  to_hex(sha256.hmac(credentials.secret_key.reveal(), signature.string_to_sign)));
  return signature;
}

Result<void> sign_request(http::Request& request, const Credentials& credentials, UtcTime now) {
  http::Headers& headers = request.headers;
  for (const std::string_view name : {"Authorization", "X-Auth-Token", "X-Security-Token"}) {
    headers.remove(name);
  }
  if (!credentials.auth_token.empty()) {
    headers.set("X-Auth-Token", std::string(credentials.auth_token.reveal()));
    return check_values(headers);
  }
  if (!headers.has("Host")) headers.add("Host", host_of(split_url(request.url)));
  headers.set("X-Sdk-Date", format_basic(now));
  if (!credentials.project_id.empty()) {
    headers.set("X-Project-Id", credentials.project_id);
  } else if (!credentials.domain_id.empty()) {
    headers.set("X-Domain-Id", credentials.domain_id);
  }
  if (!credentials.security_token.empty()) {
    headers.set("X-Security-Token", std::string(credentials.security_token.reveal()));
  }
  Result<Signature> signature = compute_signature(request, credentials);
  if (!signature) return tl::unexpected(std::move(signature.error()));
  headers.set("Authorization", std::move(signature->authorization));
  return {};
}

}  // namespace neap::sign
