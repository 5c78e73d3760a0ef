#include "config/known_settings.h"

#include "config/endpoints.h"

namespace neap::config {
namespace {

constexpr KnownSetting kSettings[] = {
    {.file = {"default_profile"},
     .flag = "profile",
     .variables = {"NEAP_PROFILE"},
     .otherwise = "none",
     .about = "settings profile of the configuration files"},
    {.file = {"endpoint"},
     .flag = "endpoint",
     .variables = {"NEAP_ENDPOINT"},
     .otherwise = "each service has its own",
     .about = "one address for every service"},
    {.file = {"region"},
     .flag = "region",
     .variables = {"NEAP_REGION", "HUAWEICLOUD_SDK_REGION_ID", "HW_REGION_NAME"},
     .otherwise = "not known",
     .about = "region, such as cn-north-4"},
    {.file = {"project"},
     .flag = "project",
     .variables = {"HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID"},
     .otherwise = "looked up by the region's name",
     .about = "project id"},
    {.file = {"cloud"},
     .variables = {"HW_CLOUD"},
     .fallback = kDefaultCloud,
     .about = "domain of the services' public addresses"},
    {.file = {"state_dir"},
     .flag = "state-dir",
     .variables = {"NEAP_STATE_DIR"},
     .otherwise = "$XDG_STATE_HOME/neap, or ~/.local/state/neap, or without a home /var/lib/neap",
     .about = "where runs are kept"},
    {.file = {"log_level"},
     .flag = "log-level",
     .variables = {"NEAP_LOG_LEVEL"},
     .fallback = "warn",
     .about = "trace, debug, info, warn, error or off"},
    {.file = {"log_format"},
     .flag = "log-format",
     .variables = {"NEAP_LOG_FORMAT"},
     .fallback = "text",
     .about = "text, or json: one object a line"},
    {.file = {"output"},
     .flag = "output",
     .fallback = "human",
     .about = "human, json, jsonl or table"},
    {.file = {"color"},
     .flag = "no-color",
     .variables = {"NO_COLOR"},
     .fallback = "auto",
     .about = "colours: auto, always or never",
     .meant = "never"},
    {.file = {"limits.cpu_per_resume", Shape::kAmount},
     .fallback = "100ms",
     .about = "CPU time a script may take between two waits"},
    {.file = {"limits.cpu_per_run", Shape::kAmount},
     .fallback = "10s",
     .about = "CPU time a script may take in all"},
    {.file = {"limits.memory_per_run", Shape::kAmount},
     .fallback = "64MiB",
     .about = "memory a script may take"},
    {.file = {"allow", Shape::kList},
     .flag = "allow",
     .otherwise = "nothing",
     .about = "grant a capability that the runbook asks for, such as net:hooks.example.com; all "
              "places add up, but ./.neap.toml grants nothing"},
    {.file = {"endpoints.*"},
     .otherwise =
         "the SDKs' HUAWEICLOUD_SDK_REGION_SERVICE_REGION, or https://SERVICE.REGION.CLOUD",
     .about = "address of one service, as endpoints.sdrs"},
};

}  // namespace

std::span<const KnownSetting> known_settings() {
  return kSettings;
}

}  // namespace neap::config
