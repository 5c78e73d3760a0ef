// The systemd unit that runs the service: locked up as far as its work allows, and without a secret
// in its text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace neap::serve {

// A file that only root can read, such as a TLS key: systemd reads it, and the service gets a copy
// of its own, named behind the flag.
struct HandedFile {
  std::string flag;  // "--tls-key"
  std::string path;
};

struct UnitOptions {
  std::string binary;                  // absolute
  std::vector<std::string> arguments;  // "serve", "/etc/neap/handlers.lua", …; paths absolute
  std::vector<HandedFile> files;
  // The SDKs' profile file; empty: keys come from /etc/neap/serve.env where there is one, else from
  // the metadata service.
  std::string credentials_file;
  std::uint16_t port = 0;  // that is listened on; one below 1024 takes a capability
  Duration drain = std::chrono::seconds{90};
  Duration watchdog = std::chrono::seconds{30};
};

// Kind usage for what such a service could not read or write, argument for text that no unit can
// hold.
Result<std::string> unit_text(const UnitOptions& options);

}  // namespace neap::serve
