// Reading what IAM and the metadata service answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "base/time.h"
#include "http/transport.h"

namespace neap::sign {

// "2020-01-04T09:05:22.701000Z", to the second.
std::optional<UtcTime> parse_expiry(std::string_view text);

// Why IAM did not do what was asked ("log in as …"), from an outcome that is no success: kind auth
// for a refusal, network for the rest. Text from the answer that holds the secret is left out.
Error iam_error(const http::Outcome& outcome, std::string_view asked, const Secret& never_shown);

}  // namespace neap::sign
