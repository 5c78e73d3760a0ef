#include "app/serve_command.h"

#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "app/serve_process.h"
#include "base/text.h"
#include "config/surroundings.h"
#include "http/url.h"
#include "serve/unit.h"
#include "sign/subscription_link.h"

namespace neap::app {
namespace {

// Where the secrets of outgoing notifications come from: flags are seen by everybody.
constexpr const char* kSecretVariable = "NEAP_NOTIFY_SECRET";

Result<Duration> positive(const std::string& flag, const std::string& text) {
  Result<Duration> value = parse_duration(text);
  if (value && *value > Duration::zero()) return value;
  return fail(ErrorKind::kUsage, fmt::format("{}: \"{}\" is no duration", flag, printable(text)),
              "such as 30s or 5m");
}

bool is_local(const std::string& origin) {
  const Result<http::Url> url = http::parse_url(origin);
  return url && http::is_loopback(url->host);
}

// The simulator plays SMN too: where every service has one address on this machine, so has it.
std::string simulator_origin(const Invocation& invocation, const ServeOptions& options) {
  if (!options.smn_origin.empty()) return options.smn_origin;
  const std::string& endpoint = invocation.settings.endpoint.value;
  return is_local(endpoint) ? endpoint : std::string();
}

Result<std::optional<http::TlsFiles>> tls_of(const ServeOptions& options) {
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return fail(ErrorKind::kUsage, "--tls-certificate and --tls-key go together",
                "give both, or let a proxy in front of neap speak TLS");
  }
  if (options.tls_key.empty()) return std::optional<http::TlsFiles>();
  return std::optional(http::TlsFiles{options.tls_certificate, options.tls_key});
}

Result<std::vector<serve::Recipient>> recipients_of(const Invocation& invocation,
                                                    const ServeOptions& options) {
  std::vector<serve::Recipient> recipients;
  if (options.notify.empty()) return recipients;
  const std::string secrets = invocation.settings.environment(kSecretVariable).value_or("");
  std::vector<serve::WebhookKey> keys;
  for (const std::string_view word : split(secrets, ' ')) {
    if (word.empty()) continue;
    Result<serve::WebhookKey> key = serve::WebhookKey::parse(Secret(std::string(word)));
    if (!key) return tl::unexpected(std::move(key.error()));
    keys.push_back(*std::move(key));
  }
  if (keys.empty()) {
    return fail(ErrorKind::kConfig, "--notify needs a secret to sign with",
                fmt::format("put whsec_… into {}; several, with blanks between, while it changes",
                            kSecretVariable));
  }
  for (const std::string& url : options.notify) {
    serve::Recipient recipient{url, keys};
    if (Result<void> good = serve::Notifier::check(recipient); !good) {
      return tl::unexpected(std::move(good.error()));
    }
    recipients.push_back(std::move(recipient));
  }
  return recipients;
}

Result<serve::ServeSettings> settings_of(const ServeOptions& options) {
  serve::ServeSettings settings;
  settings.handlers = options.handlers;
  settings.topics = options.topics;
  if (options.confirm) settings.armed = options.topics;
  settings.groups = options.groups;
  const Result<Duration> interval = positive("--interval", options.interval);
  if (!interval) return tl::unexpected(interval.error());
  const Result<Duration> drain = positive("--drain", options.drain);
  if (!drain) return tl::unexpected(drain.error());
  settings.interval = *interval;
  settings.drain = *drain;
  settings.concurrency = options.concurrency;
  settings.topic_rate = options.topic_rate;
  return settings;
}

Result<ServePlan> plan_of(const Invocation& invocation, const ServeOptions& options) {
  ServePlan plan;
  Result<serve::ServeSettings> settings = settings_of(options);
  if (!settings) return tl::unexpected(std::move(settings.error()));
  plan.settings = *std::move(settings);
  const Result<http::ListenAddress> address = http::parse_listen_address(options.listen);
  if (!address) return tl::unexpected(address.error());
  plan.address = *address;
  if (!options.status_listen.empty()) {
    const Result<http::ListenAddress> status = http::parse_listen_address(options.status_listen);
    if (!status) return tl::unexpected(status.error());
    plan.status = *status;
  }
  Result<std::optional<http::TlsFiles>> tls = tls_of(options);
  if (!tls) return tl::unexpected(std::move(tls.error()));
  plan.tls = *std::move(tls);
  Result<std::vector<serve::Recipient>> recipients = recipients_of(invocation, options);
  if (!recipients) return tl::unexpected(std::move(recipients.error()));
  plan.recipients = *std::move(recipients);
  Result<std::optional<serve::NotifyTarget>> manager =
      serve::NotifyTarget::from(invocation.settings.environment);
  if (!manager) return tl::unexpected(std::move(manager.error()));
  plan.manager = *std::move(manager);
  plan.verifier.topics = options.topics;
  plan.verifier.places.cloud = invocation.settings.cloud.value;
  plan.verifier.places.simulator_origin = simulator_origin(invocation, options);
  if (!options.smn_ca.empty()) {
    if (::access(options.smn_ca.c_str(), R_OK) != 0) {
      return fail(ErrorKind::kConfig,
                  fmt::format("--smn-ca: {} cannot be read", printable(options.smn_ca)),
                  "name a PEM file of certificates that are trusted");
    }
    plan.verifier.ca_file = options.smn_ca;
  }
  plan.verifier.limits.public_only = !options.smn_private;
  plan.console_origins = sign::console_origins();
  if (!plan.verifier.places.simulator_origin.empty()) {
    plan.console_origins.push_back(plan.verifier.places.simulator_origin);
  }
  return plan;
}

std::string absolute(const std::string& path) {
  std::error_code ignored;
  const auto found = std::filesystem::absolute(path, ignored);
  return found.empty() ? path : found.lexically_normal().string();
}

// A bundled name is none.
bool is_path(const std::string& handlers) {
  return handlers.find('/') != std::string::npos || handlers.ends_with(".lua");
}

// Settings that were given as flags, as they were given; the service finds no others of this user.
std::vector<std::string> setting_flags(const config::Settings& settings) {
  constexpr std::string_view kFlag = "flag ";
  std::vector<std::string> words;
  for (const config::SettingRow& row : config::rows(settings)) {
    if (row.key == "allow" || !row.origin.starts_with(kFlag)) continue;
    words.push_back(row.origin.substr(kFlag.size()));
    words.push_back(row.value);
  }
  for (const std::string& grant : settings.allow.value) {
    words.insert(words.end(), {"--allow", grant});
  }
  return words;
}

// The options again, as the unit's command line.
serve::UnitOptions unit_options(const Invocation& invocation, const ServeOptions& options,
                                const ServePlan& plan) {
  serve::UnitOptions unit;
  std::error_code ignored;
  unit.binary = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  const std::string& handlers = options.handlers;
  unit.arguments = {"serve",         is_path(handlers) ? absolute(handlers) : handlers,
                    "--listen",      options.listen,
                    "--interval",    options.interval,
                    "--drain",       options.drain,
                    "--concurrency", std::to_string(options.concurrency),
                    "--topic-rate",  std::to_string(options.topic_rate)};
  const auto add = [&](const char* flag, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      unit.arguments.emplace_back(flag);
      unit.arguments.push_back(value);
    }
  };
  add("--topic", options.topics);
  add("--group", options.groups);
  add("--notify", options.notify);
  if (!options.status_listen.empty()) add("--status-listen", {options.status_listen});
  if (options.confirm) unit.arguments.emplace_back("--confirm");
  if (!options.smn_ca.empty()) add("--smn-ca", {absolute(options.smn_ca)});
  if (options.smn_private) unit.arguments.emplace_back("--smn-private");
  if (!options.smn_origin.empty()) add("--smn-origin", {options.smn_origin});
  const std::vector<std::string> settings = setting_flags(invocation.settings);
  unit.arguments.insert(unit.arguments.end(), settings.begin(), settings.end());
  if (plan.tls) {
    unit.files = {{"--tls-certificate", absolute(options.tls_certificate)},
                  {"--tls-key", absolute(options.tls_key)}};
  }
  unit.port = plan.address.port;
  unit.drain = plan.settings.drain + std::chrono::seconds{30};
  return unit;
}

// A service's log is read by machines, unless somebody sits in front of it.
void adjust_log(Invocation& invocation) {
  const config::Settings& settings = invocation.settings;
  const bool level = settings.log_level.origin.text == "default" && !invocation.verbose;
  const bool format = settings.log_format.origin.text == "default" && ::isatty(STDERR_FILENO) == 0;
  if (!level && !format) return;
  LogLevel wanted = invocation.verbose ? LogLevel::kDebug : settings.log_level.value;
  if (level) wanted = LogLevel::kInfo;
  invocation.log = Log(wanted, format ? LogFormat::kJson : settings.log_format.value);
}

}  // namespace

ExitCode serve_command(Invocation& invocation, const ServeOptions& options) {
  Result<ServePlan> plan = plan_of(invocation, options);
  if (!plan) return give_up(plan.error());
  if (options.print_unit) {
    const Result<std::string> text = serve::unit_text(unit_options(invocation, options, *plan));
    if (!text) return give_up(text.error());
    fmt::print("{}", *text);
    return ExitCode::kDone;
  }
  adjust_log(invocation);
  if (options.topics.empty()) {
    invocation.log.warn("no --topic is given: no message counts, and holds are found by looking");
  }
  ServeProcess process(invocation, *std::move(plan));
  return process.run();
}

void ServeCommand::define(CLI::App& app) {
  ServeOptions& o = options_;
  command_ = app.add_subcommand("serve", "Answer lifecycle hooks with the handlers of a Lua file");
  command_->add_option("HANDLERS", o.handlers, "file that registers handlers with hooks.on")
      ->required();
  command_->add_option("--listen", o.listen, "address and port of POST /smn")
      ->capture_default_str();
  command_->add_option("--status-listen", o.status_listen,
                       "another address for /healthz, /readyz and /metrics; strangers come to the "
                       "first one");
  const auto list = [&](const char* flag, std::vector<std::string>& values, const char* help) {
    command_->add_option(flag, values, help)->expected(1)->take_all()->allow_extra_args(false);
  };
  list("--topic", o.topics, "URN of a topic whose messages count; may be repeated");
  command_->add_flag("--confirm", o.confirm, "confirm subscriptions of these topics");
  list("--group", o.groups, "scaling group to watch, id or name; without any, all that scale");
  command_->add_option("--interval", o.interval, "between two looks at what is held")
      ->capture_default_str();
  command_->add_option("--concurrency", o.concurrency, "handlers at once, of all kinds together")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command_->add_option("--drain", o.drain, "how long running handlers may go on at the end")
      ->capture_default_str();
  command_->add_option("--tls-certificate", o.tls_certificate, "PEM file, with the chain");
  command_->add_option("--tls-key", o.tls_key, "PEM file of its key");
  command_->add_option("--smn-origin", o.smn_origin,
                       "of a simulator on this machine that plays SMN; by default the endpoint's");
  command_->add_option("--smn-ca", o.smn_ca,
                       "PEM file of authorities for SMN's certificates; by default the system's");
  command_->add_flag("--smn-private", o.smn_private,
                     "SMN's certificates may come from a private network: a VPC endpoint");
  command_
      ->add_option("--topic-rate", o.topic_rate,
                   "messages a second that one topic may bring; 200 times that at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  list("--notify", o.notify,
       "URL that is told of each event's end, signed with NEAP_NOTIFY_SECRET");
  command_->add_flag("--print-unit", o.print_unit, "print a systemd unit for this, and exit");
}

std::optional<ExitCode> ServeCommand::dispatch(Invocation& invocation) {
  if (!command_->parsed()) return std::nullopt;
  return serve_command(invocation, options_);
}

}  // namespace neap::app
