#include "http/curl_transfer.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <system_error>
#include <type_traits>

#include <fmt/format.h>

#include "base/text.h"
#include "http/address_range.h"

namespace neap::http {
namespace {

constexpr long kConnectMilliseconds = 5000;
constexpr long kSlowBytesPerSecond = 100;
constexpr long kSlowSeconds = 5;

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return (c >= ' ' && c <= '~') || c == '\t'; });
}

// libcurl frames the body itself; a second opinion would be request smuggling.
bool is_framing(std::string_view name) {
  return equals_ignoring_case(name, "Content-Length") ||
         equals_ignoring_case(name, "Transfer-Encoding") || equals_ignoring_case(name, "Expect");
}

// libcurl results that end a transfer before its request; timeouts may do so.
bool ends_before_request(CURLcode result) {
  constexpr std::array kResults = {CURLE_UNSUPPORTED_PROTOCOL,
                                   CURLE_URL_MALFORMAT,
                                   CURLE_COULDNT_RESOLVE_PROXY,
                                   CURLE_COULDNT_RESOLVE_HOST,
                                   CURLE_COULDNT_CONNECT,
                                   CURLE_SSL_CONNECT_ERROR,
                                   CURLE_OPERATION_TIMEDOUT,
                                   CURLE_PEER_FAILED_VERIFICATION,
                                   CURLE_SSL_CACERT_BADFILE,
                                   CURLE_SSL_CERTPROBLEM,
                                   CURLE_SSL_CIPHER,
                                   CURLE_SSL_ISSUER_ERROR,
                                   CURLE_SSL_INVALIDCERTSTATUS,
                                   CURLE_ABORTED_BY_CALLBACK};  // on_request
  return std::find(kResults.begin(), kResults.end(), result) != kResults.end();
}

// Whether libcurl may take a proxy from the environment for https.
bool names_proxy() {
  constexpr std::array kNames = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  return std::any_of(kNames.begin(), kNames.end(), [](const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0';
  });
}

bool concerns_tls(CURLcode result) {
  constexpr std::array kResults = {CURLE_SSL_CONNECT_ERROR,  CURLE_PEER_FAILED_VERIFICATION,
                                   CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
                                   CURLE_SSL_CIPHER,         CURLE_SSL_ISSUER_ERROR};
  return std::find(kResults.begin(), kResults.end(), result) != kResults.end();
}

}  // namespace

CurlTransfer::CurlTransfer(const CurlLibrary& curl, CurlMulti& multi, const CurlSettings& settings)
    : curl_(curl),
      multi_(multi),
      settings_(settings),
      resolve_(nullptr, FreeList{&curl}),
      headers_(nullptr, FreeList{&curl}),
      easy_(curl.easy_init(), FreeEasy{&curl}) {
  if (!easy_) throw std::bad_alloc();
  set_once();
}

template <class Value>
void CurlTransfer::set(CURLoption option, Value value) {
  static_assert(std::is_pointer_v<Value> || std::is_same_v<Value, long>, "goes through varargs");
  const CURLcode result = curl_.easy_setopt(easy_.get(), option, value);
  if (setup_ == CURLE_OK) setup_ = result;
}

void CurlTransfer::set_once() {
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, cause_.data());
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_PREREQFUNCTION, &on_request);
  set(CURLOPT_PREREQDATA, this);
  multi_.adopt(easy_.get());
  set(CURLOPT_OPENSOCKETFUNCTION, &on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a cancelled look-up must not make the loop wait for its thread
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PATH_AS_IS, 1L);  // the signature covers the path as written
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!settings_.ca_file.empty()) {
    set(CURLOPT_CAINFO, settings_.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  for (const std::string& entry : settings_.resolve) {
    curl_slist* const longer = curl_.slist_append(resolve_.get(), entry.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(resolve_.release());
    resolve_.reset(longer);
  }
  if (resolve_) set(CURLOPT_RESOLVE, resolve_.get());
}

Result<void> CurlTransfer::prepare(Request request, const Url& url, const Options& options) {
  request_ = std::move(request);
  options_ = options;
  target_ = authority(url);
  head_ = {};
  body_.clear();
  refusal_.clear();
  request_begun_ = refused_private_ = false;
  cause_.front() = '\0';
  set(CURLOPT_URL, request_.url.c_str());
  set_profile();
  set_method();
  set_trust(url);
  if (auto headers = set_headers(); !headers) return headers;
  if (setup_ == CURLE_OK) return {};
  return fail(ErrorKind::kInternal, fmt::format("libcurl cannot prepare the request to {}: {}",
                                                target_, curl_.easy_strerror(setup_)));
}

void CurlTransfer::set_profile() {
  if (options_.profile == Profile::kRead) {
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    return;
  }
  // On a reused connection libcurl sends a POST again by itself (reliability.md section 0).
  set(CURLOPT_FRESH_CONNECT, 1L);
  set(CURLOPT_FORBID_REUSE, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_LOW_SPEED_LIMIT, kSlowBytesPerSecond);
  set(CURLOPT_LOW_SPEED_TIME, kSlowSeconds);
}

void CurlTransfer::set_method() {
  const Method method = request_.method;
  const bool expects_body =
      method == Method::kPost || method == Method::kPut || method == Method::kPatch;
  if (method == Method::kHead) {
    set(CURLOPT_NOBODY, 1L);
  } else if (expects_body || !request_.body.empty()) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<long>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  if (method != Method::kHead && (method != Method::kGet || !request_.body.empty())) {
    set(CURLOPT_CUSTOMREQUEST, to_text(method).data());
  }
}

void CurlTransfer::set_trust(const Url& url) {
  const bool loopback = is_loopback(url.host);
  const bool verify = !(loopback && settings_.allow_unverified_loopback);
  set(CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
  const bool many_on_one = url.scheme == "https" && options_.profile == Profile::kRead;
  set(CURLOPT_PIPEWAIT, many_on_one ? 1L : 0L);
  const bool proxied =
      !settings_.proxy.empty() || (settings_.proxy_from_environment && names_proxy());
  public_only_ = options_.public_only && (loopback || !proxied);
  if (loopback || (settings_.proxy.empty() && !settings_.proxy_from_environment)) {
    set(CURLOPT_PROXY, "");
  } else if (settings_.proxy.empty()) {
    set(CURLOPT_PROXY, static_cast<const char*>(nullptr));
  } else {
    set(CURLOPT_PROXY, settings_.proxy.c_str());
    target_ += " through the proxy";
  }
}

bool CurlTransfer::append(const std::string& line) {
  curl_slist* const longer = curl_.slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) return false;
  static_cast<void>(headers_.release());
  headers_.reset(longer);
  return true;
}

Result<void> CurlTransfer::set_headers() {
  set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
  headers_.reset();
  bool complete = true;
  for (const auto& [name, value] : request_.headers) {
    if (!is_header_name(name)) {
      return fail(ErrorKind::kArgument, fmt::format("'{}' is not a header name", printable(name)));
    }
    if (!is_header_value(value)) {
      return fail(ErrorKind::kArgument,
                  fmt::format("the value of header {} holds a line end, a control or a non-ASCII "
                              "character",
                              name));
    }
    if (is_framing(name)) continue;
    // The semicolon is libcurl's way to say "send it empty"; a bare colon means "leave it out".
    const std::string line = value.empty() ? name + ";" : fmt::format("{}: {}", name, value);
    complete = append(line) && complete;
  }
  if (request_.method != Method::kGet) {
    complete = append("Expect:") && complete;
    if (!request_.headers.has("Content-Type")) complete = append("Content-Type:") && complete;
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
  if (!complete) return fail(ErrorKind::kInternal, "out of memory while preparing a request");
  return {};
}

bool CurlTransfer::reusable() const {
  return options_.profile == Profile::kRead && request_.method == Method::kGet &&
         request_.body.empty();
}

std::size_t CurlTransfer::on_header(char* data, std::size_t, std::size_t size,
                                    void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  try {
    const bool was_complete = transfer.head_.complete();
    if (!transfer.head_.add({data, size})) {
      transfer.refusal_ = transfer.head_.fault();
      return 0;
    }
    return was_complete || !transfer.head_.complete() || transfer.check_head() ? size : 0;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

// All headers are there: is the body worth reading?
bool CurlTransfer::check_head() {
  const auto length = head_.content_length();
  if (!length || request_.method == Method::kHead) return true;
  if (*length > options_.body_limit) {
    refusal_ = fmt::format("it is longer than {} bytes", options_.body_limit);
    return false;
  }
  body_.reserve(static_cast<std::size_t>(*length));
  return true;
}

std::size_t CurlTransfer::on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  try {
    if (size > transfer.options_.body_limit - transfer.body_.size()) {
      transfer.refusal_ = fmt::format("it is longer than {} bytes", transfer.options_.body_limit);
      return 0;
    }
    transfer.body_.append(data, size);
    return size;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

bool CurlTransfer::refuses(bool is_private) noexcept {
  if (!public_only_ || !is_private) return false;
  refused_private_ = true;
  return true;
}

curl_socket_t CurlTransfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.refuses(is_private_address(address->addr))) return CURL_SOCKET_BAD;
  return transfer.multi_.open(*address);
}

// The connection may also be one that another request has opened.
int CurlTransfer::on_request(void* self, char* peer, char*, int, int) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.refuses(is_private_address(peer))) return CURL_PREREQFUNC_ABORT;
  transfer.request_begun_ = true;
  return CURL_PREREQFUNC_OK;
}

// Proof P1 of reliability.md 2.2. libcurl's count alone would do, but a write that TLS took in
// part is not in it.
bool CurlTransfer::nothing_left(CURLcode result) const {
  long written = 0;
  const CURLcode known = curl_.easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &written);
  return known == CURLE_OK && written == 0 && !request_begun_ && ends_before_request(result);
}

Outcome CurlTransfer::failed(Delivery delivery, ErrorKind kind, std::string message) const {
  return Outcome{delivery, {}, Error{kind, std::move(message)}};
}

Outcome CurlTransfer::conclude(CURLcode result) {
  if (result != CURLE_OK) {
    const bool slow = result == CURLE_OPERATION_TIMEDOUT;
    return failed(nothing_left(result) ? Delivery::kNotSent : Delivery::kUnknown,
                  slow ? ErrorKind::kTimeout : ErrorKind::kNetwork, describe(result));
  }
  if (!head_.complete()) {
    return failed(Delivery::kUnknown, ErrorKind::kNetwork,
                  fmt::format("{} sent no complete answer", target_));
  }
  if (options_.profile == Profile::kEffect && !head_.delimited(request_.method)) {
    return failed(Delivery::kUnknown, ErrorKind::kNetwork,
                  fmt::format("the answer from {} has no length, so it may be cut short", target_));
  }
  Outcome outcome;
  outcome.delivery = Delivery::kAnswered;
  outcome.response.status = head_.status();
  outcome.response.headers = head_.take_headers();
  outcome.response.body = std::move(body_);
  return outcome;
}

Outcome CurlTransfer::expire() {
  const bool unsent = nothing_left(CURLE_OPERATION_TIMEDOUT);
  return failed(
      unsent ? Delivery::kNotSent : Delivery::kUnknown, ErrorKind::kTimeout,
      fmt::format("{} {} within {}", unsent ? "no connection to" : "no complete answer from",
                  target_, format_duration(options_.timeout)));
}

std::string CurlTransfer::system_cause() const {
  long number = 0;
  curl_.easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &number);
  if (number == 0) return "no address answered";
  std::string text = std::generic_category().message(static_cast<int>(number));
  return to_lower(text.substr(0, 1)) + text.substr(1);
}

std::string CurlTransfer::describe(CURLcode result) const {
  if (!refusal_.empty()) return fmt::format("the answer from {} is refused: {}", target_, refusal_);
  const std::string cause = printable(cause_.data());
  if (concerns_tls(result)) {
    return fmt::format("cannot make a TLS connection to {}: {}", target_,
                       cause.empty() ? curl_.easy_strerror(result) : cause);
  }
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return fmt::format("cannot resolve {}: {}", target_, cause);
    case CURLE_COULDNT_CONNECT:
    case CURLE_ABORTED_BY_CALLBACK:
      if (refused_private_) {
        return fmt::format("no connection to {}: its address is one of a private network", target_);
      }
      return fmt::format("cannot connect to {}: {}", target_, system_cause());
    case CURLE_OPERATION_TIMEDOUT:
      if (!request_begun_) return fmt::format("cannot connect to {}: no answer in time", target_);
      return fmt::format("the answer from {} came more slowly than {} bytes/s for {} s", target_,
                         kSlowBytesPerSecond, kSlowSeconds);
    case CURLE_GOT_NOTHING:
      return fmt::format("{} closed the connection without an answer", target_);
    case CURLE_PARTIAL_FILE:
      return fmt::format("the answer from {} was cut short", target_);
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return fmt::format("the connection to {} broke: {}", target_, system_cause());
    default:
      return fmt::format("the request to {} failed: {}", target_, curl_.easy_strerror(result));
  }
}

}  // namespace neap::http
