#include "sign/verify.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "sign/canonical.h"

namespace neap::sign {
namespace {

tl::unexpected<Error> refuse(std::string_view reason) {
  Error error;
  error.kind = ErrorKind::kAuth;
  error.message = fmt::format("Incorrect IAM authentication information: {}", reason);
  error.code = "APIGW.0301";
  error.http_status = 401;
  return tl::unexpected<Error>(std::move(error));
}

constexpr std::string_view kWrong = "verify aksk signature fail";

// What an Authorization header says.
struct Claim {
  std::string_view access_key;
  HeaderNames names;
  std::string_view signature;
};

std::optional<std::string_view> take_field(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  const std::string_view value = text.substr(0, text.find(','));
  text.remove_prefix(std::min(text.size(), value.size() + 1));
  text = trim(text);
  return value;
}

std::optional<Claim> parse_claim(std::string_view text) {
  constexpr std::string_view kAlgorithm = "SDK-HMAC-SHA256 ";
  text = trim(text);
  if (!text.starts_with(kAlgorithm)) return std::nullopt;
  text.remove_prefix(kAlgorithm.size());
  const auto access_key = take_field(text, "Access=");
  const auto names = take_field(text, "SignedHeaders=");
  const auto signature = take_field(text, "Signature=");
  if (!access_key || !names || !signature || !text.empty()) return std::nullopt;
  Claim claim{*access_key, {}, *signature};
  for (const std::string_view name : split(*names, ';')) claim.names.emplace_back(name);
  return claim;
}

bool covers(const HeaderNames& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A stated hash stands for the body in the signature, so it has to be the body's.
bool body_matches(const http::Request& request, Sha256& sha256) {
  const std::string_view stated = trim(request.headers.get("X-Sdk-Content-Sha256"));
  return stated.empty() || stated == "UNSIGNED-PAYLOAD" ||
         equal_in_constant_time(stated, to_hex(sha256.digest(request.body)));
}

}  // namespace

Result<void> verify_signature(const http::Request& request, const KeyLookup& secret_of,
                              UtcTime now) {
  if (!request.headers.has("Authorization")) return refuse("x-auth-token not found");
  const std::optional<Claim> claim = parse_claim(request.headers.get("Authorization"));
  if (!claim || !covers(claim->names, "host") || !covers(claim->names, "x-sdk-date")) {
    return refuse(kWrong);
  }
  const std::string_view date = trim(request.headers.get("X-Sdk-Date"));
  const Result<UtcTime> signed_at = parse_basic(date);
  if (!signed_at) return refuse(kWrong);
  // Before the key is looked up, as a clock that is off should be called that.
  if (*signed_at > now + kDateWindow || *signed_at < now - kDateWindow) {
    return refuse("calc ak sk signature fail:signature expired");
  }
  const std::optional<Secret> secret = secret_of(claim->access_key);
  if (!secret) {
    return refuse(
        fmt::format("Get secretKey failed,ak:{},err:ak not exist", printable(claim->access_key)));
  }
  Sha256 sha256;
  const Result<std::string> canonical = canonical_request(request, claim->names, sha256);
  if (!canonical || !body_matches(request, sha256)) return refuse(kWrong);
  const std::string expected =
      to_hex(sha256.hmac(secret->reveal(), string_to_sign(*canonical, date, sha256)));
  if (!equal_in_constant_time(expected, claim->signature)) return refuse(kWrong);
  return {};
}

}  // namespace neap::sign
