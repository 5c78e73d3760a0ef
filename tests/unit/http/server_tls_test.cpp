// The server behind TLS, with a certificate made for the test and a blocking client on a thread.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>
#include <openssl/ssl.h>

#include "server_fixture.h"

using namespace neap;
using namespace neap::http;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

class Certificate {
 public:
  Certificate() {
    std::string pattern = (std::filesystem::temp_directory_path() / "neap-tls-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
        files().key + " -out " + files().certificate + " 2> /dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  TlsFiles files() const {
    return {(folder_ / "cert.pem").string(), (folder_ / "key.pem").string()};
  }

 private:
  std::filesystem::path folder_;
};

struct TlsAnswer {
  bool shook_hands = false;
  std::string text;    // everything up to the end of the connection
  bool ended = false;  // by close_notify, not by a cut
};

// Verifies the certificate against itself; no version above `newest`.
TlsAnswer ask(std::uint16_t port, const TlsFiles& files, const std::string& request, int newest) {
  using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
  using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;
  const Context context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_security_level(context.get(), 0);  // or TLS 1.1 would already fail on this side
  SSL_CTX_set_max_proto_version(context.get(), newest);
  SSL_CTX_load_verify_locations(context.get(), files.certificate.c_str(), nullptr);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const Session session(SSL_new(context.get()), SSL_free);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> unused(nullptr, BIO_free_all);
  BIO* link = BIO_new_connect(("127.0.0.1:" + std::to_string(port)).c_str());
  SSL_set_bio(session.get(), link, link);

  TlsAnswer answer;
  if (BIO_do_connect(link) != 1 || SSL_connect(session.get()) != 1) return answer;
  answer.shook_hands = true;
  SSL_write(session.get(), request.data(), static_cast<int>(request.size()));
  std::array<char, 4096> bytes{};
  int count = 0;
  while ((count = SSL_read(session.get(), bytes.data(), bytes.size())) > 0) {
    answer.text.append(bytes.data(), static_cast<std::size_t>(count));
  }
  answer.ended = SSL_get_error(session.get(), count) == SSL_ERROR_ZERO_RETURN;
  SSL_shutdown(session.get());
  return answer;
}

TlsAnswer ask_on_thread(TestServer& site, const TlsFiles& files, const std::string& request,
                        int newest = TLS1_3_VERSION) {
  TlsAnswer answer;
  bool done = false;
  const std::uint16_t port = site.server->port();
  std::thread client([&] {
    TlsAnswer got = ask(port, files, request, newest);
    site.loop.post_from_thread([&, got = std::move(got)]() mutable {
      answer = std::move(got);
      done = true;
    });
  });
  CHECK(site.until([&] { return done; }));
  client.join();
  return answer;
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 clients are served, older ones and plain text are not") {
  const Certificate certificate;
  TestServer site({}, {}, certificate.files());
  const std::string big(200'000, 'x');
  const std::string request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + big +
                              "GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsAnswer answer = ask_on_thread(site, certificate.files(), request, version);
    CHECK(answer.shook_hands);
    CHECK(answer.text.find("POST / " + big) != std::string::npos);
    CHECK(answer.text.ends_with("GET /2 "));
    CHECK(answer.ended);
  }
  CHECK_FALSE(ask_on_thread(site, certificate.files(), request, TLS1_1_VERSION).shook_hands);
  CHECK(site.targets.size() == 4);

  RawClient plain(site.loop, site.server->port());
  plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(site.until([&] { return plain.closed(); }));
  CHECK(plain.answers() == 0);
  CHECK(site.rejected("tls") == 2);
}

TEST_CASE("a refusal reaches a TLS client and ends its session properly") {
  const Certificate certificate;
  TestServer site({}, {}, certificate.files());
  const TlsAnswer answer = ask_on_thread(site, certificate.files(), "GET / HTTP/1.1\r\n\r\n");
  CHECK(answer.text.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(answer.ended);
}

TEST_CASE("a TLS handshake that stalls ends at the header's deadline") {
  const Certificate certificate;
  ServerLimits limits;
  limits.header_deadline = 50ms;
  TestServer site(limits, {}, certificate.files());
  RawClient client(site.loop, site.server->port());
  client.send("\x16\x03\x01");
  CHECK(site.until([&] { return client.closed(); }));
  CHECK(client.received().empty());
}

TEST_CASE("unusable TLS files are a config error that names the file") {
  const Certificate certificate;
  const Certificate other;
  SystemClock clock;
  Loop loop(clock);
  const auto open = [&](const TlsFiles& files) {
    const auto server = Server::open(
        loop, {}, {}, [](Exchange) {}, files);
    REQUIRE_FALSE(server);
    CHECK(server.error().kind == ErrorKind::kConfig);
    CHECK_FALSE(server.error().hint.empty());
    return server.error().message;
  };
  CHECK(open({"/nowhere/cert.pem", certificate.files().key}).find("/nowhere/cert.pem") !=
        std::string::npos);
  CHECK(open({certificate.files().certificate, "/nowhere/key.pem"}).find("/nowhere/key.pem") !=
        std::string::npos);
  const std::string mismatch = open({certificate.files().certificate, other.files().key});
  CHECK(mismatch.find(other.files().key) != std::string::npos);
  const std::string swapped = open({certificate.files().key, certificate.files().certificate});
  CHECK(swapped.find(certificate.files().key) != std::string::npos);
}
