#include "sign/subscription_link.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "http/url.h"

namespace neap::sign {
namespace {

constexpr std::string_view kPath = "/smn/subscription/confirm?";
constexpr std::size_t kLongestToken = 1024;

tl::unexpected<Error> refuse(std::string_view rule) {
  return fail(ErrorKind::kPermission, fmt::format("the subscription link is refused: {}", rule));
}

std::string with_region(std::string origin, std::string_view region) {
  constexpr std::string_view kPlace = "{region}";
  const std::size_t at = origin.find(kPlace);
  if (at != std::string::npos) origin.replace(at, kPlace.size(), region);
  return origin;
}

// Behind origin and path; nothing when they are others.
std::optional<std::string_view> query_of(std::string_view link, std::string_view region,
                                         std::span<const std::string> origins) {
  for (const std::string& origin : origins) {
    const std::string start = with_region(origin, region).append(kPath);
    if (link.starts_with(start)) return link.substr(start.size());
  }
  return std::nullopt;
}

// The one parameter of that name; nothing when there is none or more than one.
std::optional<std::string_view> parameter(std::string_view query, std::string_view name) {
  std::optional<std::string_view> found;
  for (const std::string_view part : split(query, '&')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    if (part.substr(0, equals) != name) continue;
    if (found || equals == part.size()) return std::nullopt;
    found = part.substr(equals + 1);
  }
  return found;
}

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kLongestToken &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

}  // namespace

std::vector<std::string> console_origins() {
  return {"https://console.huaweicloud.com", "https://{region}-console.huaweicloud.com"};
}

Result<Secret> confirmation_token(const VerifiedMessage& message,
                                  std::span<const std::string> origins) {
  if (message.type != MessageType::kSubscriptionConfirmation) {
    return refuse("the message is no SubscriptionConfirmation");
  }
  const std::string_view link = message.subscribe_url.reveal();
  const auto query = query_of(link, topic_region(message.topic_urn), origins);
  if (!query) return refuse("it does not lead to the console's page for confirmations");
  if (!http::parse_url(link)) return refuse("it is no valid address");
  const auto topic = parameter(*query, "topic_urn");
  const Result<std::string> decoded = http::percent_decode(topic.value_or(""));
  if (!decoded || *decoded != message.topic_urn) return refuse("it is for another topic");
  const auto token = parameter(*query, "token");
  if (!token || !is_token(*token)) return refuse("its token is missing or not hexadecimal");
  return Secret(std::string(*token));
}

}  // namespace neap::sign
