// Which address a service of the platform has (auth.md section 7).
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace neap::config {

inline constexpr std::string_view kDefaultCloud = "myhuaweicloud.com";

// Lower case; "autoscaling", Terraform's name, is the service "as".
std::string service_key(std::string_view service);

// "https://sdrs.cn-north-4.myhuaweicloud.com", or the address that the official SDKs list where a
// region departs from the pattern. Without a region only IAM has one: "https://iam.{cloud}". Empty
// when there is none.
std::string public_endpoint(std::string_view service, std::string_view region,
                            std::string_view cloud);

// The SDKs' variable for one service in one region: HUAWEICLOUD_SDK_REGION_SDRS_CN_NORTH_4.
std::string endpoint_variable(std::string_view service, std::string_view region);

// Scheme, host and port alone, without a trailing slash. Plain http is for a simulator on this
// machine: a loopback address. The error says which rule is broken.
Result<std::string> parse_endpoint(std::string_view text);

}  // namespace neap::config
