// The token in the link of a SubscriptionConfirmation. Nobody ever follows such a link: the token
// goes to the SMN API, whose host we know (reliability.md T6).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "sign/message_verifier.h"

namespace neap::sign {

// Where the console is; {region} stands for that of the topic.
std::vector<std::string> console_origins();

// Of a verified SubscriptionConfirmation: its link has to be {origin}/smn/subscription/confirm with
// one of these origins, the message's own topic and a token of hexadecimal digits. The error (kind
// permission) names the rule, and nothing of the link.
Result<Secret> confirmation_token(const VerifiedMessage& message,
                                  std::span<const std::string> origins);

}  // namespace neap::sign
