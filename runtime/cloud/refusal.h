// What the body of a refusal says, whichever of the platform's shapes it has.
#pragma once

#include <string>
#include <string_view>

namespace neap::cloud {

// Empty where the body does not say.
struct Refusal {
  std::string code;  // IAM's numbers as text
  std::string message;
  std::string details;  // what ECS adds: "Ecs.0005 invalid id; Ecs.0114 no such server"
  std::string request_id;
  std::string unread;  // why nothing could be read: "a web page"; empty when something was
};

// Takes {code, message}, {error_code, error_msg} and what jobs say, {error_code, fail_reason}; flat
// or one level down under any key, with or without details. Texts are as the platform sent them:
// not yet printable, of any length.
Refusal read_refusal(std::string_view body);

}  // namespace neap::cloud
