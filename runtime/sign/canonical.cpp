#include "sign/canonical.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "http/url.h"

namespace neap::sign {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Appends the text decoded and encoded again. A percent sign that escapes nothing is itself.
void append_recoded(std::string& out, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_unreserved)) {
    out += text;  // as nearly every path and query are
    return;
  }
  out += http::percent_encode(http::percent_decode(text).value_or(std::string(text)));
}

std::string recoded(std::string_view text) {
  std::string out;
  append_recoded(out, text);
  return out;
}

std::string payload_hash(const http::Request& request, Sha256& sha256) {
  const std::string_view stated = trim(request.headers.get("X-Sdk-Content-Sha256"));
  if (!stated.empty()) return std::string(stated);
  if (request.body.empty()) return std::string(kEmptySha256);
  return to_hex(sha256.digest(request.body));
}

}  // namespace

UrlParts split_url(std::string_view url) {
  UrlParts parts;
  url = url.substr(0, url.find('#'));
  if (const std::size_t at = url.find('?'); at != std::string_view::npos) {
    parts.query = url.substr(at + 1);
    url = url.substr(0, at);
  }
  constexpr std::string_view kMark = "://";
  if (const std::size_t at = url.find(kMark); at != std::string_view::npos && at < url.find('/')) {
    parts.scheme = url.substr(0, at);
    url.remove_prefix(at + kMark.size());
    parts.authority = url.substr(0, url.find('/'));
    url.remove_prefix(parts.authority.size());
  }
  parts.path = url;
  return parts;
}

std::string host_of(const UrlParts& url) {
  std::string_view host = url.authority;
  const std::string_view usual = url.scheme == "http" ? ":80" : ":443";
  if (host.ends_with(usual)) host.remove_suffix(usual.size());
  return std::string(host);
}

std::string canonical_uri(std::string_view path) {
  std::string out;
  out.reserve(path.size() + 16);
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    append_recoded(out, path.substr(0, slash));
    path.remove_prefix(slash);
    if (path.empty()) break;
    out += '/';
    path.remove_prefix(1);
  }
  if (out.empty() || out.back() != '/') out += '/';
  return out;
}

std::string canonical_query(std::string_view query) {
  if (query.empty()) return {};
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view part : split(query, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    pairs.emplace_back(recoded(part.substr(0, equals)),
                       recoded(part.substr(std::min(equals + 1, part.size()))));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  out.reserve(query.size() + 16);
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out.append(name).append(1, '=').append(value);
  }
  return out;
}

std::string join_names(const HeaderNames& names) {
  return join(names, ";");
}

Result<std::string> canonical_request(const http::Request& request, const HeaderNames& names,
                                      Sha256& sha256) {
  const UrlParts url = split_url(request.url);
  std::string text;
  text.reserve(512);
  text.append(to_text(request.method)).append(1, '\n');
  text.append(canonical_uri(url.path)).append(1, '\n');
  text.append(canonical_query(url.query)).append(1, '\n');
  for (const std::string& name : names) {
    if (request.headers.count(name) != 1) {
      return fail(
          ErrorKind::kArgument,
          fmt::format("header {} must be there exactly once to be signed", printable(name)));
    }
    text.append(name).append(1, ':').append(trim(request.headers.get(name))).append(1, '\n');
  }
  text.append(1, '\n').append(join_names(names)).append(1, '\n');
  text.append(payload_hash(request, sha256));
  return text;
}

std::string string_to_sign(std::string_view canonical_request, std::string_view date,
                           Sha256& sha256) {
  std::string text = "SDK-HMAC-SHA256\n";
  text.append(date).append(1, '\n').append(to_hex(sha256.digest(canonical_request)));
  return text;
}

}  // namespace neap::sign
