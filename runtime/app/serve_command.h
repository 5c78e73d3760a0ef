// neap serve: its options, and what it makes of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli.h"

namespace CLI {
class App;
}

namespace neap::app {

struct ServeOptions {
  std::string handlers;
  std::string listen = "127.0.0.1:8480";
  std::string status_listen;  // empty: the same
  std::string tls_certificate;
  std::string tls_key;
  std::vector<std::string> topics;
  bool confirm = false;
  std::vector<std::string> groups;
  std::string interval = "30s";
  std::size_t concurrency = 200;
  std::string drain = "60s";
  std::string smn_origin;  // of a simulator; empty: the endpoint's when that is on this machine
  std::string smn_ca;      // PEM file; empty: the system's
  bool smn_private = false;
  int topic_rate = 50;  // messages a second of one topic
  std::vector<std::string> notify;
  bool print_unit = false;
};

ExitCode serve_command(Invocation& invocation, const ServeOptions& options);

// Its place on the command line.
class ServeCommand {
 public:
  void define(CLI::App& app);
  std::optional<ExitCode> dispatch(Invocation& invocation);

 private:
  ServeOptions options_;
  CLI::App* command_ = nullptr;
};

}  // namespace neap::app
