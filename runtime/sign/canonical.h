// The canonical form of a request: the text that both sides of a signature hash (auth.md section
// 1, steps 2 to 8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/message.h"

namespace neap {
class Sha256;
}

namespace neap::sign {

// Parts of a URL, or of a request target such as "/v1/jobs?limit=2" (authority empty). Refuses
// nothing, unlike http::parse_url: a signature is about the bytes as they are.
struct UrlParts {
  std::string_view scheme;
  std::string_view authority;  // host, with the port when it is written
  std::string_view path;
  std::string_view query;  // without the question mark
};

UrlParts split_url(std::string_view url);
// The Host header of a URL: its authority, without a default port.
std::string host_of(const UrlParts& url);

// Decoded once and encoded again, so that a segment signs the same however the wire spells it;
// always ends in a slash.
std::string canonical_uri(std::string_view path);
// Pairs decoded, encoded, then sorted bytewise. A plus sign is a plus sign, not a space.
std::string canonical_query(std::string_view query);

// Lower-case names, sorted, none twice.
using HeaderNames = std::vector<std::string>;

std::string join_names(const HeaderNames& names);

// The names must all be in `request.headers`, once. Values are trimmed.
Result<std::string> canonical_request(const http::Request& request, const HeaderNames& names,
                                      Sha256& sha256);

// "SDK-HMAC-SHA256", the date and the hash of the canonical request.
std::string string_to_sign(std::string_view canonical_request, std::string_view date,
                           Sha256& sha256);

}  // namespace neap::sign
