#include "bench/peers.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace neap::bench {
namespace {

// {0} port, {1} directory of its files, {2} where its packages are unpacked.
constexpr const char* kNginx = R"(
daemon off; master_process off; worker_processes 1;
pid {1}/nginx.pid; error_log {1}/error.log crit;
load_module {2}/usr/lib/nginx/modules/ndk_http_module.so;
load_module {2}/usr/lib/nginx/modules/ngx_http_lua_module.so;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 10000000; client_body_buffer_size 16k;
  client_body_temp_path {1}/body; proxy_temp_path {1}/proxy; fastcgi_temp_path {1}/fastcgi;
  uwsgi_temp_path {1}/uwsgi; scgi_temp_path {1}/scgi;
  lua_package_path '{2}/usr/share/lua/5.1/?.lua;{2}/usr/share/lua/5.1/?/init.lua;;';
  lua_package_cpath '{2}/usr/lib/x86_64-linux-gnu/lua/5.1/?.so;;';
  server {{
    listen 127.0.0.1:{0};
    location = /hook {{
      content_by_lua_block {{
        local json = require "cjson"
        ngx.req.read_body()
        local event = json.decode(ngx.req.get_body_data())
        local answer = json.encode {{
          id = event.message_id, result = "CONTINUE", attempt = event.attempt }}
        ngx.header.content_type = "application/json"
        ngx.header.content_length = #answer
        ngx.print(answer)
      }}
    }}
  }}
}}
)";

constexpr const char* kNode = R"(
require("http").createServer((request, response) => {{
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {{
    const event = JSON.parse(Buffer.concat(parts).toString());
    const answer = JSON.stringify(
      {{ id: event.message_id, result: "CONTINUE", attempt: event.attempt }});
    response.writeHead(200, {{
      "Content-Type": "application/json", "Content-Length": Buffer.byteLength(answer) }});
    response.end(answer);
  }});
}}).listen({0}, "127.0.0.1");
)";

sockaddr_in local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = local(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool found = bind(probe, generic, size) == 0 && getsockname(probe, generic, &size) == 0;
  close(probe);
  if (!found) throw std::runtime_error("no port is free");
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = local(port);
  const int status = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  close(probe);
  return status == 0;
}

std::string written(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  return path;
}

// Where the search path leads.
std::string find_program(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::string rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::string file = rest.substr(0, end) + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
    rest.erase(0, end + 1);
  }
  return {};
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> all;
  all.reserve(words.size() + 1);
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

}  // namespace

Peer::Peer(const std::vector<std::string>& words, const std::vector<std::string>& environment,
           std::uint16_t port)
    : port_(port) {
  process_ = fork();
  if (process_ == 0) {
    execve(words.front().c_str(), pointers(words).data(), pointers(environment).data());
    _exit(127);
  }
  for (int i = 0; i < 500; ++i) {
    if (listens(port)) return;
    if (waitpid(process_, nullptr, WNOHANG) == process_) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  throw std::runtime_error(words.front() + " does not listen");
}

Peer::~Peer() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

std::unique_ptr<Peer> start_nginx(const std::string& directory) {
  const char* const peers = std::getenv("NEAP_BENCH_PEERS");
  if (peers == nullptr) return nullptr;
  const std::string root = std::filesystem::absolute(peers);
  const std::string program = root + "/usr/sbin/nginx";
  if (::access(program.c_str(), X_OK) != 0) return nullptr;
  const std::uint16_t port = free_port();
  const std::string file =
      written(directory + "/nginx.conf", fmt::format(kNginx, port, directory, root));
  return std::make_unique<Peer>(
      std::vector<std::string>{program, "-p", directory, "-e", directory + "/error.log", "-c",
                               file},
      std::vector<std::string>{"LD_LIBRARY_PATH=" + root + "/usr/lib/x86_64-linux-gnu"}, port);
}

std::unique_ptr<Peer> start_node(const std::string& directory) {
  const std::string program = find_program("node");
  if (program.empty()) return nullptr;
  const std::uint16_t port = free_port();
  return std::make_unique<Peer>(
      std::vector<std::string>{program,
                               written(directory + "/server.js", fmt::format(kNode, port))},
      std::vector<std::string>{"PATH=/usr/bin"}, port);
}

}  // namespace neap::bench
