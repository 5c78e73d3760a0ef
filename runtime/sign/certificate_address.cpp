#include "sign/certificate_address.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "http/url.h"

namespace neap::sign {
namespace {

constexpr std::string_view kLowerCase = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::size_t kIdDigits = 32;

bool holds_only(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

Result<void> check_origin(const std::string& text, bool loopback) {
  const Result<http::Url> url = http::parse_url(text);
  // What http::origin() writes is the one spelling that certificate_origin() may be made of.
  if (!url || http::origin(*url) != text) {
    return fail(ErrorKind::kConfig,
                fmt::format("{} is no origin for SMN certificates", printable(text)),
                "write it like https://smn.cn-north-4.myhuaweicloud.com, in lower case");
  }
  if (loopback && !http::is_loopback(url->host)) {
    return fail(ErrorKind::kConfig,
                fmt::format("{} is not on this machine, so it is no simulator's", text),
                "a simulator's address is like http://127.0.0.1:8780");
  }
  if (!loopback && url->scheme != "https") {
    return fail(ErrorKind::kConfig, fmt::format("{} must start with https://", text));
  }
  return {};
}

}  // namespace

std::string_view topic_region(std::string_view topic_urn) {
  const auto parts = split(topic_urn, ':');
  if (parts.size() != 5 || parts[0] != "urn" || parts[1] != "smn") return {};
  const bool named = !parts[3].empty() && !parts[4].empty();
  return named && holds_only(parts[2], kLowerCase) ? parts[2] : std::string_view{};
}

Result<void> check_places(const CertificatePlaces& places) {
  if (!places.simulator_origin.empty()) return check_origin(places.simulator_origin, true);
  for (const auto& [region, origin] : places.origins) {
    if (Result<void> usable = check_origin(origin, false); !usable) return usable;
  }
  return check_origin("https://smn." + places.cloud, false);
}

std::string certificate_origin(const CertificatePlaces& places, std::string_view region) {
  if (!places.simulator_origin.empty()) return places.simulator_origin;
  const auto exception = places.origins.find(region);
  if (exception != places.origins.end()) return exception->second;
  return config::public_endpoint("smn", region, places.cloud);
}

tl::expected<void, Rejection> check_certificate_address(std::string_view url,
                                                        std::string_view topic_urn,
                                                        const CertificatePlaces& places) {
  const std::string_view region = topic_region(topic_urn);
  if (region.empty()) {
    return reject(RejectionReason::kCertificateAddress, "the topic's URN names no region");
  }
  const std::string start =
      fmt::format("{}/smn/SMN_{}_", certificate_origin(places, region), region);
  constexpr std::string_view kEnd = ".pem";
  const bool fits = url.size() == start.size() + kIdDigits + kEnd.size() &&
                    url.starts_with(start) && url.ends_with(kEnd) &&
                    holds_only(url.substr(start.size(), kIdDigits), "0123456789abcdef");
  if (fits) return {};
  return reject(RejectionReason::kCertificateAddress,
                fmt::format("signing_cert_url is not {}<32 hexadecimal digits>.pem", start));
}

}  // namespace neap::sign
