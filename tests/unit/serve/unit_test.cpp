// The systemd unit: what it says, what systemd makes of it, and that the program can live in it.
#include "serve/unit.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>

#include <catch2/catch.hpp>
#include <lua.hpp>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "lua/state.h"
#include "support/temporary_directory.h"

namespace neap::serve {
namespace {

const UnitOptions kPlain{
    .binary = "/bin/true",
    .arguments = {"serve", "/etc/neap/handlers.lua", "--listen", "0.0.0.0:8443"},
    .port = 8443};

std::string text_of(const UnitOptions& options) {
  auto text = unit_text(options);
  if (!text) FAIL(describe(text.error()));
  return *text;
}

// Key to values, of all sections; a key may stand several times.
std::multimap<std::string, std::string> settings_of(const std::string& text) {
  std::multimap<std::string, std::string> settings;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line[0] == '#' || line[0] == '[') continue;
    const std::size_t equals = line.find('=');
    REQUIRE(equals != std::string_view::npos);
    settings.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return settings;
}

std::string only(const std::multimap<std::string, std::string>& settings, const std::string& key) {
  REQUIRE(settings.count(key) == 1);
  return settings.find(key)->second;
}

struct Ran {
  int status = -1;
  std::string output;
};

Ran run(const std::string& command) {
  Ran ran;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  for (std::size_t n = 0; (n = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    ran.output.append(buffer, n);
  }
  ran.status = ::pclose(pipe);
  return ran;
}

bool systemd_is_here() {
  return run("command -v systemd-analyze").status == 0;
}

TEST_CASE(
    "the unit is of type notify with a watchdog, and is started again unless set up wrongly") {
  const auto settings = settings_of(text_of(kPlain));
  CHECK(only(settings, "Type") == "notify");
  CHECK(only(settings, "NotifyAccess") == "main");
  CHECK(only(settings, "ExecStart") ==
        "/bin/true serve /etc/neap/handlers.lua --listen 0.0.0.0:8443");
  CHECK(only(settings, "ExecReload") == "/bin/kill -HUP $MAINPID");
  CHECK(only(settings, "WatchdogSec") == "30");
  CHECK(only(settings, "TimeoutStopSec") == "105");
  CHECK(only(settings, "Restart") == "on-failure");
  CHECK(only(settings, "RestartPreventExitStatus") == "2");
  CHECK(only(settings, "KillSignal") == "SIGTERM");
  CHECK(only(settings, "StateDirectory") == "neap");
  CHECK(only(settings, "Environment") == "NEAP_STATE_DIR=%S/neap");
}

TEST_CASE("the unit locks the service up") {
  const auto settings = settings_of(text_of(kPlain));
  for (const char* key :
       {"DynamicUser", "NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices",
        "PrivateUsers", "ProtectClock", "ProtectControlGroups", "ProtectHostname",
        "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "LockPersonality",
        "MemoryDenyWriteExecute", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID"}) {
    CAPTURE(key);
    CHECK(only(settings, key) == "yes");
  }
  CHECK(only(settings, "ProtectSystem") == "strict");
  CHECK(only(settings, "CapabilityBoundingSet").empty());
  CHECK(settings.count("AmbientCapabilities") == 0);
  CHECK(settings.count("SystemCallFilter") == 2);
}

TEST_CASE("a port below 1024 takes the one capability for it and no other") {
  UnitOptions options = kPlain;
  options.port = 443;
  const auto settings = settings_of(text_of(options));
  CHECK(only(settings, "AmbientCapabilities") == "CAP_NET_BIND_SERVICE");
  CHECK(only(settings, "CapabilityBoundingSet") == "CAP_NET_BIND_SERVICE");
  CHECK(settings.count("PrivateUsers") == 0);
}

TEST_CASE("words that systemd would take apart or replace reach the program as they are") {
  UnitOptions options = kPlain;
  options.binary = "/opt/my tools/100%/$x/neap";
  options.arguments = {"serve", "/etc/neap/a b.lua", "--x=$HOME", "50%n", "say \"hi\"\\", ""};
  CHECK(
      only(settings_of(text_of(options)), "ExecStart") ==
      R"("/opt/my tools/100%%/$x/neap" serve "/etc/neap/a b.lua" --x=$$HOME 50%%n "say \"hi\"\\" "")");
}

TEST_CASE("keys come from files that root alone reads, never from the unit") {
  CHECK(only(settings_of(text_of(kPlain)), "EnvironmentFile") == "-/etc/neap/serve.env");
  UnitOptions options = kPlain;
  options.credentials_file = "/root/.huaweicloud/credentials";
  options.files = {{"--tls-cert", "/etc/ssl/100%/neap.crt"}, {"--tls-key", "/etc/ssl/neap.key"}};
  const auto settings = settings_of(text_of(options));
  CHECK(settings.count("EnvironmentFile") == 0);
  CHECK(only(settings, "ExecStart")
            .ends_with(" --listen 0.0.0.0:8443 --tls-cert %d/tls-cert --tls-key %d/tls-key"));
  std::vector<std::string> loaded;
  const auto [from, to] = settings.equal_range("LoadCredential");
  for (auto at = from; at != to; ++at) loaded.push_back(at->second);
  CHECK(loaded == std::vector<std::string>{"tls-cert:/etc/ssl/100%%/neap.crt",
                                           "tls-key:/etc/ssl/neap.key",
                                           "huaweicloud:/root/.huaweicloud/credentials"});
  CHECK(settings.count("Environment") == 2);
  CHECK(text_of(options).find("HUAWEICLOUD_SDK_CREDENTIALS_FILE=%d/huaweicloud\n") !=
        std::string::npos);
}

TEST_CASE("what the service could not see, and text that no unit can hold, is refused") {
  const auto refused = [](std::vector<std::string> arguments) {
    UnitOptions options = kPlain;
    options.arguments = std::move(arguments);
    const auto text = unit_text(options);
    REQUIRE_FALSE(text);
    return describe(text.error());
  };
  CHECK(refused({"serve", "/home/anna/hooks.lua"}) ==
        "/home/anna/hooks.lua is out of the service's sight: it does not see /home/; "
        "keep it in /etc/neap, or the program in /usr/local/bin");
  for (const char* path :
       {"/root/h.lua", "/tmp/h.lua", "/var/tmp/h.lua", "/run/user/0/h.lua", "--log-file=/tmp/x"}) {
    CHECK(refused({"serve", path}).find("out of the service's sight") != std::string::npos);
  }
  CHECK(refused({"serve", "--state-dir", "/srv"}).starts_with("--state-dir: "));
  CHECK(refused({"serve", "--state-dir=/srv"}).starts_with("--state-dir: "));
  for (const char* text : {"a\nExecStartPre=/bin/sh", "a\rb", "a\tb", "a\x1b[0m", "\xff"}) {
    CHECK(refused({"serve", text}).find("cannot stand in a unit") != std::string::npos);
  }
  UnitOptions relative = kPlain;
  relative.binary = "build/release/neap";
  CHECK_FALSE(unit_text(relative));
  UnitOptions injected = kPlain;
  injected.files = {{"--tls-key", "/etc/a\nUser=root"}};
  CHECK_FALSE(unit_text(injected));
  injected = kPlain;
  injected.credentials_file = "/etc/a\nUser=root";
  CHECK_FALSE(unit_text(injected));
}

TEST_CASE("systemd finds nothing wrong with the unit, and its exposure small") {
  if (!systemd_is_here()) {
    std::cout << "unit: systemd-analyze is not here; the unit was not verified\n";
    return;
  }
  const test::TemporaryDirectory directory;
  UnitOptions bound = kPlain;
  bound.port = 443;
  bound.arguments.emplace_back("/etc/neap/a b\"c\\d%e$f;g'h");
  bound.files = {{"--tls-key", "/etc/ssl/neap.key"}};
  for (const UnitOptions& options : {kPlain, bound}) {
    const std::string path = directory / "neap-serve.service";
    std::ofstream(path) << text_of(options);
    const Ran verified = run("systemd-analyze verify " + path);
    CHECK(verified.status == 0);
    CHECK(verified.output.empty());
    const Ran secure = run("systemd-analyze security --offline=true --threshold=25 " + path);
    CAPTURE(secure.output);
    CHECK(secure.status == 0);  // 2.5 of 10 at most
  }
  const std::string wrong = directory / "wrong.service";
  std::ofstream(wrong) << "[Service]\nType=notfy\nExecStart=/bin/true\n";
  CHECK_FALSE(run("systemd-analyze verify " + wrong).output.empty());
}

// What a child process that may not make memory executable makes of a Lua program; -1: this kernel
// cannot forbid it.
int run_locked_up(bool jit) {
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr int kSetMdwe = 65;  // PR_SET_MDWE, Linux 6.3
    constexpr unsigned long kRefuseExecGain = 1;
    if (::prctl(kSetMdwe, kRefuseExecGain, 0UL, 0UL, 0UL) != 0) ::_exit(77);
    ::signal(SIGABRT, SIG_DFL);  // LuaJIT's panic, which is no failure of the tests
    ::close(STDERR_FILENO);
    lua::State state{{.memory_limit = 0, .jit = jit}};
    const char* const program = "local t = 0 for i = 1, 1e6 do t = t + i end return t";
    const bool fine = luaL_dostring(state.main(), program) == 0;
    ::_exit(fine ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) return -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

TEST_CASE(
    "handlers run where memory is never both written and executed, for their compiler is off") {
  const int off = run_locked_up(false);
  if (off < 0) {
    std::cout
        << "unit: this kernel has no PR_SET_MDWE; the ban on executable memory was not tried\n";
    return;
  }
  CHECK(off == 0);
  CHECK(run_locked_up(true) == 1);  // what the ban would do to a compiler
}

}  // namespace
}  // namespace neap::serve
