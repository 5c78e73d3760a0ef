#include "serve/unit.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::serve {
namespace {

constexpr std::string_view kUnit = R"(# Made by: neap serve --print-unit. Install and start it with
#   neap serve --print-unit … > /etc/systemd/system/neap-serve.service
#   systemctl daemon-reload && systemctl enable --now neap-serve
[Unit]
Description=neap: answers the lifecycle hooks of Auto Scaling
Wants=network-online.target
After=network-online.target
# Instances are held while it is down, so it is started again for as long as it takes.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
)";

constexpr std::string_view kLife = R"(ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
# A wrong command line or setting does not mend itself.
RestartPreventExitStatus=2
KillSignal=SIGTERM
KillMode=mixed
LimitNOFILE=16384
StateDirectory=neap
StateDirectoryMode=0700
Environment=NEAP_STATE_DIR=%S/neap
)";

constexpr std::string_view kKeysFromFile =
    R"(# HUAWEICLOUD_SDK_AK=… and HUAWEICLOUD_SDK_SK=…; owned by root, mode 0600. Without the file the keys
# of the machine's agency are used.
EnvironmentFile=-/etc/neap/serve.env
)";

// MemoryDenyWriteExecute: handlers run with LuaJIT's compiler off, which then maps no code.
// AF_NETLINK: the C library asks for the machine's addresses when it looks names up.
constexpr std::string_view kHardening = R"(
DynamicUser=yes
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
)";

// Directories that the service cannot look into: ProtectHome, PrivateTmp, and its own user.
constexpr std::array<std::string_view, 5> kHidden = {"/home/", "/root/", "/run/user/", "/tmp/",
                                                     "/var/tmp/"};

Result<void> check_text(std::string_view text) {
  if (text.find_first_of("\r\n\t\x7f") == std::string_view::npos && valid_utf8(text) &&
      printable(text) == text) {
    return {};
  }
  return fail(
      ErrorKind::kArgument,
      fmt::format("\"{}\" cannot stand in a unit: it holds a control character", printable(text)));
}

Result<void> check_readable(std::string_view path) {
  for (const std::string_view hidden : kHidden) {
    if (!path.starts_with(hidden)) continue;
    return fail(ErrorKind::kUsage,
                fmt::format("{} is out of the service's sight: it does not see {}", printable(path),
                            hidden),
                "keep it in /etc/neap, or the program in /usr/local/bin");
  }
  return {};
}

Result<void> check(const UnitOptions& options) {
  if (!options.binary.starts_with('/')) {
    return fail(ErrorKind::kArgument, "the program's path is not absolute");
  }
  std::vector<std::string_view> paths = {options.binary};
  std::vector<std::string_view> texts = {options.binary, options.credentials_file};
  for (const std::string& argument : options.arguments) {
    if (argument == "--state-dir" || argument.starts_with("--state-dir=")) {
      return fail(ErrorKind::kUsage, "--state-dir: the unit's state is in /var/lib/neap",
                  "leave it out; to keep it elsewhere, edit StateDirectory in the unit");
    }
    // "--flag=/path" names one, too.
    const std::size_t equals = argument.starts_with('-') ? argument.find('=') : std::string::npos;
    paths.push_back(
        std::string_view(argument).substr(equals == std::string::npos ? 0 : equals + 1));
    texts.push_back(argument);
  }
  for (const HandedFile& file : options.files) {
    texts.push_back(file.flag);
    texts.push_back(file.path);
  }
  for (const std::string_view text : texts) {
    if (auto checked = check_text(text); !checked) return checked;
  }
  for (const std::string_view path : paths) {
    if (auto checked = check_readable(path); !checked) return checked;
  }
  return {};
}

// systemd replaces %x in every value.
std::string without_specifiers(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(c == '%' ? 2 : 1, c);
  return out;
}

// One word of a command line: quoted, and neither a variable nor a specifier in it is replaced.
std::string word(std::string_view text, bool program = false) {
  std::string out;
  for (const char c : without_specifiers(text)) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '$' && !program) out += '$';
    out += c;
  }
  const bool plain = !text.empty() && text.find_first_of(" \"'\\;") == std::string_view::npos;
  return plain ? out : '"' + out + '"';
}

std::string name_of(const HandedFile& file) {
  return file.flag.substr(std::min(file.flag.find_first_not_of('-'), file.flag.size()));
}

std::string command_line(const UnitOptions& options) {
  std::string line = "ExecStart=" + word(options.binary, true);
  for (const std::string& argument : options.arguments) line += " " + word(argument);
  for (const HandedFile& file : options.files) {
    line += fmt::format(" {} %d/{}", word(file.flag), name_of(file));
  }
  return line + "\n";
}

std::string keys(const UnitOptions& options) {
  std::string text;
  for (const HandedFile& file : options.files) {
    text += fmt::format("LoadCredential={}:{}\n", name_of(file), without_specifiers(file.path));
  }
  if (options.credentials_file.empty()) return text + std::string(kKeysFromFile);
  return text + fmt::format(
                    "LoadCredential=huaweicloud:{}\n"
                    "Environment=HUAWEICLOUD_SDK_CREDENTIALS_FILE=%d/huaweicloud\n",
                    without_specifiers(options.credentials_file));
}

// A namespace of users holds no capability over the ports of the machine.
std::string_view capabilities(const UnitOptions& options) {
  if (options.port != 0 && options.port < 1024) {
    return "AmbientCapabilities=CAP_NET_BIND_SERVICE\n"
           "CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n";
  }
  return "CapabilityBoundingSet=\nPrivateUsers=yes\n";
}

std::int64_t whole_seconds(Duration duration) {
  return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

}  // namespace

Result<std::string> unit_text(const UnitOptions& options) {
  if (auto checked = check(options); !checked) return tl::unexpected(std::move(checked.error()));
  constexpr std::chrono::seconds kToClose{15};  // after the drain: connections and the journal
  std::string text(kUnit);
  text += command_line(options);
  text += fmt::format("TimeoutStopSec={}\nWatchdogSec={}\n",
                      whole_seconds(options.drain + kToClose), whole_seconds(options.watchdog));
  text += kLife;
  text += keys(options);
  text += kHardening;
  text += capabilities(options);
  text += "\n[Install]\nWantedBy=multi-user.target\n";
  return text;
}

}  // namespace neap::serve
